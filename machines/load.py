"""One door for machines from anywhere: a file in any format, standard input, the library, or text."""

from __future__ import annotations

import os
import sys

from .core import InputError
from .files import read_bytes
from .formats import by_name, detect, read_program
from .formats.beaver import recognise
from .formats.detection import NO_TEXT, Certainty
from .language import LanguageError, Program, decode, library_names, library_path
from .language.diagnostics import nearest
from .language.reading import LIBRARY

LOOKED_AT = 4_000  # bytes, to find out whether a file is text
MAX_SHOWN = 100  # characters of a name in a message


def load(source: str | os.PathLike[str], format: str | None = None) -> Program:
    """The machine that `source` names, its tests, and what else its file says.

    `source` is a path, `-` for standard input, `@name` for a machine of the library, or the text of a machine in any
    format: several lines, or one in busy-beaver text. The content decides how a file is read, its name where the
    content does not, and `format`, if given, before both.

    Raises: InputError: nothing of this kind is there, or what is there is not a machine.
    """
    name = os.fspath(source)
    if format is not None:
        by_name(format)
    if name == "-":
        return _read(sys.stdin.buffer.read(), "<stdin>", format)
    if name.startswith(LIBRARY) and "\n" not in name:
        return _read(read_bytes(library_path(name)), library_path(name), format)
    if os.path.exists(name):
        return _read(read_bytes(name), name, format)
    if "\n" in name or recognise(name).certainty is not Certainty.NO or _is_text(name):
        return read_program(name, format=format)
    raise InputError(_nothing(name))


def _read(raw: bytes, path: str, format: str | None) -> Program:
    try:
        text = decode(raw, path)
    except LanguageError:
        if b"\0" in raw[:LOOKED_AT]:
            raise InputError(f"{path} is not a machine: {NO_TEXT}") from None
        raise
    return read_program(text, path, format=format, path=path)


def _is_text(line: str) -> bool:
    """Whether one line, which is no path, is a machine in some format."""
    try:
        return len(line.split()) > 1 and detect(line) is not None
    except InputError:
        return False


def _nothing(name: str) -> str:
    name = name if len(name) <= MAX_SHOWN else f"{name[:MAX_SHOWN]}…"
    similar = nearest(name.removesuffix(".tm"), library_names())
    cure = (
        f"; the library has `@{similar}`" if similar else "; `triquetra library` lists the machines that come with it"
    )
    return f"`{name}` is neither a file nor busy-beaver text such as 1RB1LB_1LA1RZ{cure}"
