"""What leaves a command: text in any encoding, data as it is, tables that lose nothing, files that replace nothing."""

from __future__ import annotations

import codecs
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

WIDE = 1 << 20  # columns where nobody cuts a line: in a pipe or a file
HANDLER = "triquetra"  # of characters that the terminal's encoding has not

_PLAIN = {
    **dict.fromkeys("→▶", "->"), "←": "<-", "…": "...", "×": "x", "·": ".", "−": "-", "–": "-", "—": "-", "■": "#",
    "█": "#", "░": ".", "≤": "<=", "≥": ">=", "∞": "inf", "𝒜": "A", "δ": "delta", "ε": "epsilon", "Γ": "Gamma",
    **dict.fromkeys("─━", "-"), **dict.fromkeys("│┃", "|"), **dict.fromkeys("├╰╭╮╯┌┐└┘┤┬┴┼", "+"), "’": "'",
    **dict.fromkeys("“”", '"'),
}  # fmt: skip

Force = Annotated[bool, typer.Option("--force", help="Replace files that are there already.")]

_place: ContextVar[str | None] = ContextVar("place of the machine in a list", default=None)


def prepare_streams() -> None:
    """Make stdout and stderr take any text: what their encoding has not becomes ASCII that looks like it, or `\\u…`."""
    codecs.register_error(HANDLER, _plain)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=HANDLER)


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_PLAIN.get(c) or c.encode("ascii", "backslashreplace").decode() for c in text), error.end


def _speaks_unicode() -> bool:
    return (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "").startswith("utf")


def print_data(text: str) -> None:
    """Text for a program or a file on stdout: as UTF-8 whatever the terminal's encoding, so that nothing is lost."""
    if _speaks_unicode():
        print(text, end="")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())


def print_json(value: dict[str, Any]) -> None:
    """One JSON object on stdout; on one line, with its place, for a machine of a list."""
    place = _place.get()
    if place is not None:
        value = {"source": place} | value
    print(json.dumps(value, ensure_ascii=not _speaks_unicode(), indent=None if place else 2))


@contextmanager
def answering_for(place: str) -> Iterator[None]:
    """Inside, a command answers for the machine at this place of a list."""
    token = _place.set(place)
    try:
        yield
    finally:
        _place.reset(token)


def in_list() -> bool:
    """Whether the command answers for a machine of a list, so that its text should be one line."""
    return _place.get() is not None


def console() -> Console:
    """Where tables are printed: as wide as the terminal, and without any width in a pipe."""
    from rich.console import Console

    return Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)


def table(*headers: Any) -> Table:
    """An empty table whose cells are folded where they are too wide for the terminal, and never cut."""
    from rich import box
    from rich.table import Table

    empty = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, header in enumerate(headers):
        empty.add_column(header, style="" if number else "bold", overflow="fold")
    return empty


def count(number: int, what: str) -> str:
    """`1 step`, `2,000 steps`, `3 entries`."""
    from triquetra.machines.core import words  # not at the top: help needs no machines

    return words.count(number, what)


def new_files(force: bool, *paths: str | os.PathLike[str] | None) -> None:
    """Refuse, before any work, to write to what is there already, unless `force`; None and `-` are no files.

    Raises: InputError: one is there; the message names it.
    """
    from triquetra.machines.files import refuse_to_replace

    if not force:
        refuse_to_replace(*(os.fspath(path) for path in paths if path is not None and path != "-"))


def lost_output(error: OSError) -> str:
    """What an error of the system means that is about no file: most often, stdout goes to a disk that is full."""
    if error.filename is None:
        return f"error: standard output cannot be written: {error.strerror or error}"
    return f"error: {error.filename}: {error.strerror}"


def close_stdout() -> str | None:
    """Write out what stdout still holds; what prevented it, if anything, after which stdout leads nowhere.

    Raises: BrokenPipeError: nobody reads it any more; stdout leads nowhere then too.
    """
    try:
        sys.stdout.flush()
    except OSError as error:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise
        return lost_output(error)
    return None
