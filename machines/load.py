"""One door for machines from anywhere: a file in any format, standard input, the library, or busy-beaver text."""

from __future__ import annotations

import os
import sys

from .busy_beaver import from_busy_beaver, is_busy_beaver
from .core import InputError
from .files import read_bytes
from .formats import detect, read
from .language import Program, decode, library_names, library_path, parse
from .language.diagnostics import nearest
from .language.reading import LIBRARY


def load(source: str | os.PathLike[str]) -> Program:
    """The machine, and its tests if it has any, that `source` names.

    `source` is a path, `-` for standard input, `@name` for a machine of the library, or busy-beaver text.
    The content of a file decides how it is read, and its name where the content does not.

    Raises: InputError: nothing of this kind is there, or what is there is not a machine.
    """
    name = os.fspath(source)
    if name == "-":
        return _read(sys.stdin.buffer.read(), "<stdin>")
    if name.startswith(LIBRARY):
        name = library_path(name)
    elif not os.path.exists(name):
        if is_busy_beaver(name):
            return Program(from_busy_beaver(name))
        raise InputError(_nothing(name))
    return _read(read_bytes(name), name)


def _read(raw: bytes, path: str) -> Program:
    text = decode(raw, path)
    format = detect(text, path)
    if format.name == "tm":
        return parse(text, path)
    return Program(read(text, format=format.name, path=path))


def _nothing(name: str) -> str:
    similar = nearest(name.removesuffix(".tm"), library_names())
    cure = (
        f"; the library has `@{similar}`" if similar else "; `triquetra library` lists the machines that come with it"
    )
    return f"`{name}` is neither a file nor busy-beaver text such as 1RB1LB_1LA1RZ{cure}"
