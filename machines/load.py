"""One door for machines from anywhere: a file in any format, standard input, the library, the zoo, busy-beaver text.

A file or standard input may also hold a list: busy-beaver text, one machine a line.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .busy_beaver import from_busy_beaver
from .core import InputError, MachineError
from .files import MAX_BYTES, read_bytes
from .formats import by_name, detect, read_program
from .formats.beaver import recognise
from .formats.detection import NO_TEXT, Certainty
from .language import LanguageError, Program, decode, library_names, library_path
from .language.diagnostics import nearest
from .language.reading import LIBRARY

LOOKED_AT = 4_000  # bytes, to find out whether a file is text
MAX_SHOWN = 100  # characters of a name in a message
_CELL = r"(?:---|\.\.\.|\d[A-Za-z]{2})"  # the field's spellings, older ones too; busy_beaver.py reads them
_ROW = rf"{_CELL}(?: ?{_CELL})+"
_MACHINE = re.compile(rf"\s*({_ROW}(?:(?:_|\s{{2,}}|\t){_ROW})*)(?![^\s,;#|])")  # what follows are results
_COMMENT = re.compile(r"\s*(?:#|;|//)|\s*$")


class Loaded(str):
    """What a user wrote for a machine, such as a path or busy-beaver text, together with what was read from it."""

    program: Program

    def __new__(cls, source: str, program: Program) -> Loaded:
        loaded = super().__new__(cls, source)
        loaded.program = program
        return loaded


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: its place as `file:line`, its busy-beaver text, and the machine or what is wrong with it."""

    place: str
    text: str
    found: Program | InputError


def load(source: str | os.PathLike[str], format: str | None = None) -> Program:
    """The machine that `source` names, its tests, and what else its file says.

    `source` is a path, `-` for standard input, `@name` for a machine of the library or the zoo, or the text of a
    machine in any format: several lines, or one in busy-beaver text. The content decides how a file is read, its name
    where the content does not, and `format`, if given, before both.

    Raises: InputError: nothing of this kind is there, or what is there is not a machine, or is a list of several.
    """
    found = load_many(source, format)
    if isinstance(found, Program):
        return found
    raise InputError(
        f"{os.fspath(source)} is a list of {sum(1 for _ in found):,} machines in busy-beaver text, one a line; this "
        "takes one machine, and run, halts, verify, convert, lint and survey take lists"
    )


def load_many(source: str | os.PathLike[str], format: str | None = None) -> Program | Iterator[Entry]:
    """The machine that `source` names, as `load` has it, or all that its list holds, in order.

    A list has a machine in busy-beaver text on each line; what follows it on the line, empty lines, and comments after
    `#`, `;` or `//` are skipped. A line that is no machine is an entry with its error.

    Raises: InputError: as `load`, but for lists.
    """
    if isinstance(source, Loaded):
        return source.program
    name = os.fspath(source)
    if format is not None:
        by_name(format)
    if name == "-":
        return _read(read_stdin(), "<stdin>", format)
    if name.startswith(LIBRARY) and "\n" not in name:
        return _named(name)
    if os.path.isdir(name):
        raise InputError(_folder(name))
    if os.path.exists(name):
        return _read(read_bytes(name), name, format)
    if "\n" in name or recognise(name).certainty is not Certainty.NO or _is_text(name):
        return read_program(name, format=format)
    raise InputError(_nothing(name))


def read_stdin() -> bytes:
    """All of standard input, at most 64 MiB.

    Raises: InputError: there is more.
    """
    raw = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise InputError(f"standard input has more than the {MAX_BYTES:,} bytes that are read")
    return raw


def _read(raw: bytes, path: str, format: str | None) -> Program | Iterator[Entry]:
    try:
        text = decode(raw, path)
    except LanguageError:
        if b"\0" in raw[:LOOKED_AT]:
            raise InputError(f"{path} is not a machine: {NO_TEXT}") from None
        raise
    may_be_list = format == "busy-beaver" or (format is None and not path.endswith(".tm"))
    lines = _lines_of_list(text) if may_be_list else []
    if len(lines) > 1:
        return _entries(lines, path)
    if not lines:
        return read_program(text, path, format=format, path=path)
    (number, line), *_ = lines  # one machine, perhaps with results after it
    match = _MACHINE.match(line)
    rest = line[match.end() :].strip() if match else ""
    if match is None or not rest:
        return read_program(text, path, format=format, path=path)
    program = read_program("\n" * (number - 1) + match[1], path, format=format, path=path)
    return replace(program, notes=(*program.notes, f"{path}:{number}: left out: `{rest[:MAX_SHOWN]}`"))


def _lines_of_list(text: str) -> list[tuple[int, str]]:
    """The lines that say something, with their numbers, if at least half of them begin with a machine; else none."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if not _COMMENT.match(line)]
    machines = sum(_MACHINE.match(line) is not None for _, line in lines)
    return lines if machines and 2 * machines >= len(lines) else []


def _entries(lines: list[tuple[int, str]], path: str) -> Iterator[Entry]:
    matches = [match[1] for _, line in lines if (match := _MACHINE.match(line))]
    goals = {cell[-1].upper() for text in matches for cell in re.findall(_CELL, text)} - set("-.A")
    rows = [chr(ord("A") + number) for number in range(1, min(len(matches), 26))]
    if goals & set(rows) and not any(re.search(r"_|\s{2,}|\t", text) for text in matches):
        raise InputError(
            f"{path} has one row of busy-beaver text a line; write all rows of a machine on one line, joined by `_`, "
            f"such as {'_'.join(text.replace(' ', '') for text in matches[:2])}"
        )
    return (_entry(f"{path}:{number}", line) for number, line in lines)


def _entry(place: str, line: str) -> Entry:
    match = _MACHINE.match(line)
    text = match[1] if match else line.split()[0]
    try:
        return Entry(place, text, Program(from_busy_beaver(text)))
    except MachineError as error:
        return Entry(place, text, InputError(f"{place}: {error}"))


def _named(name: str) -> Program:
    """A machine of the library, or else of the zoo."""
    from .catalogue import zoo

    plain = name.removeprefix(LIBRARY)
    names = library_names()
    if plain in names:
        path = library_path(plain)
        return read_program(decode(read_bytes(path), path), path, path=path)
    famous = {one.name: one for one in zoo()}
    if plain in famous:
        return Program(replace(famous[plain].machine, name=plain))
    similar = nearest(plain, (*names, *famous))
    cure = f"the nearest is `@{similar}`" if similar else "`triquetra library` lists the one, `triquetra zoo` the other"
    raise InputError(f"`@{plain}` is neither in the library nor in the zoo; {cure}")


def _folder(name: str) -> str:
    saved = any(os.path.exists(os.path.join(name, f"{kind}.json")) for kind in ("network", "pomdp"))
    if saved:
        return f"{name} is a folder of saved forms; name the machine, and the folder with --artifact"
    return f"{name} is a folder; name a file in it"


def _is_text(line: str) -> bool:
    """Whether one line, which is no path, is a machine in some format."""
    try:
        return len(line.split()) > 1 and detect(line) is not None
    except InputError:
        return False


def _nothing(name: str) -> str:
    from .catalogue import zoo

    name = name if len(name) <= MAX_SHOWN else f"{name[:MAX_SHOWN]}…"
    similar = nearest(name.removesuffix(".tm"), (*library_names(), *(one.name for one in zoo())))
    cure = (
        f"; there is a machine `@{similar}`"
        if similar
        else "; `triquetra library` lists the machines that come with it"
    )
    return f"`{name}` is neither a file nor busy-beaver text such as 1RB1LB_1LA1RZ{cure}"
