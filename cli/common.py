"""What every command shares: exit statuses, errors that people can read, and one JSON object on request."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, ParamSpec

import typer

if TYPE_CHECKING:
    from triquetra.machines import Program

P = ParamSpec("P")


class Exit(IntEnum):
    """Exit statuses of every command."""

    FINE = 0
    FAILED = 1  # disagreement, failed test, refuted
    BAD_INPUT = 2
    LIMIT = 3  # a limit was reached, or the answer is unknown
    INTERRUPTED = 130


def command(function: Callable[P, None]) -> Callable[P, None]:
    """Turn `InputError` and Ctrl-C inside a command into a message on stderr and an exit status."""

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        from triquetra.machines import InputError

        try:
            function(*args, **kwargs)
        except InputError as error:
            fail(_shown(error), Exit.BAD_INPUT)
        except MemoryError:
            fail("error: this needs more memory than there is; ask for fewer cells or steps", Exit.BAD_INPUT)
        except KeyboardInterrupt:
            fail("interrupted; nothing was left half-written", Exit.INTERRUPTED)
        except BrokenPipeError:
            sys.stderr.close()
            raise SystemExit(Exit.FINE) from None

    return guarded


def _shown(error: Exception) -> str:
    from triquetra.machines.language.diagnostics import LanguageError, render_all

    if isinstance(error, LanguageError):
        return render_all(error.diagnostics, colour=sys.stderr.isatty() and not os.environ.get("NO_COLOR"))
    text = str(error)
    return text if text.startswith("error") else f"error: {text}"


def fail(message: str, status: Exit) -> NoReturn:
    """Say `message` on stderr and leave with `status`."""
    sys.stdout.flush()
    print(message, file=sys.stderr)
    raise typer.Exit(int(status))


def open_program(file: str, format: str | None = None) -> Program:
    """The program that FILE names; what its reader left out or took in its own way is said on stderr.

    Raises: InputError: there is none.
    """
    from triquetra.machines.load import load

    program = load(file, format)
    print_notes(program.notes)
    return program


def print_notes(notes: Sequence[str]) -> None:
    """Say on stderr what was left out on the way."""
    for note in notes:
        print(f"note: {note}", file=sys.stderr)


def print_json(value: dict[str, Any]) -> None:
    """One JSON object on stdout."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def make_progress(label: str, total: int | None = None) -> tuple[Callable[[int], None], Callable[[], None]]:
    """A progress callback (steps so far) and what ends it; both do nothing unless stderr is a terminal."""
    if not sys.stderr.isatty():
        return (lambda _: None), (lambda: None)
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    progress = Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,} steps"), TimeElapsedColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    task = progress.add_task(label, total=total)
    progress.start()
    every = 1 << 10

    def report(steps: int) -> None:
        if steps % every == 0 or steps > every << 10:
            progress.update(task, completed=steps)

    return report, progress.stop


File = Annotated[
    str, typer.Argument(help="A path, - for standard input, a library name such as @increment, or busy-beaver text.")
]
From = Annotated[
    str | None, typer.Option("--from", help="The format of FILE (see docs/formats.md), instead of finding it out.")
]
Inputs = Annotated[
    list[str] | None, typer.Option("--input", "-i", help="What is on the tape; once for each tape that is not blank.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")]
TapeMode = Annotated[str, typer.Option("--tape", help="external: the tape is in the environment; synaptic: in memory.")]
Cells = Annotated[int | None, typer.Option("--cells", min=1, help="Cells of synaptic memory (default 1024).")]
GainOption = Annotated[float | None, typer.Option("--gain", help="Gain in nats; chosen from the cells if not given.")]
Artifact = Annotated[str | None, typer.Option("--artifact", help="A folder with saved forms, instead of compiling.")]


def memory_cells(tape: str, cells: int | None) -> int | None:
    """N of a synaptic tape, or None for an external one.

    Raises: InputError: another word than `external` or `synaptic`, or cells for an external tape.
    """
    from triquetra.compiler.gain import DEFAULT_CELLS
    from triquetra.machines import InputError

    if tape == "synaptic":
        return cells or DEFAULT_CELLS
    if tape != "external":
        raise InputError(f"--tape {tape}: the tape is `external` or `synaptic`")
    if cells is not None:
        raise InputError("--cells is for a memory in synapses; add --tape synaptic")
    return None
