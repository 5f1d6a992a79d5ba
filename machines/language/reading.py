"""Files of the language: bytes to text, the library, and what a file includes. All reading from disk is here."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from importlib import resources

from ..core import InputError
from ..files import read_bytes
from . import messages
from .diagnostics import Diagnostic, LanguageError, nearest
from .parser import parse_syntax
from .source import SourceText, Span, with_plain_ends
from .syntax import Include, Name, Syntax

MAX_DEPTH = 8  # files that include files
LIBRARY = "@"  # begins the name of a file of the library


def decode(raw: bytes, path: str) -> str:
    """The text of a file's bytes, with line ends made `\\n`.

    Raises: LanguageError: a byte that is not UTF-8, with its place.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = error.object[: error.start].decode("utf-8-sig")
        source = SourceText(path, with_plain_ends(good + error.object[error.start :].decode("utf-8", "replace")))
        place = len(with_plain_ends(good))
        byte = error.object[error.start]
        raise LanguageError([messages.not_utf8(Span(source, place, place + 1), byte)]) from None
    return with_plain_ends(text)


def library_names() -> tuple[str, ...]:
    """Names of the library's files, without `@` and `.tm`, sorted; those of a folder after the others."""
    folder = resources.files("triquetra.machines") / "library"
    folders = {"": folder} | {f"{each.name}/": each for each in folder.iterdir() if each.is_dir()}
    names = [
        prefix + file.name.removesuffix(".tm")
        for prefix, each in folders.items()
        for file in each.iterdir()
        if file.name.endswith(".tm")
    ]
    return tuple(sorted(names, key=lambda name: ("/" in name, name)))


def library_path(name: str) -> str:
    """Path of the library's file `name`, which may be written with its `@`.

    Raises: InputError: there is none; the message names those like it.
    """
    name = name.removeprefix(LIBRARY)
    names = library_names()
    if name not in names:
        similar = nearest(name, names)
        cure = f"the nearest is `@{similar}`" if similar else "`triquetra library` lists what is"
        raise InputError(f"`@{name}` is not in the library; {cure}")
    return str(resources.files("triquetra.machines") / "library" / f"{name}.tm")


def read_includes(syntax: Syntax) -> Syntax:
    """The same file with all that it includes, directly or not, each file once.

    A path is relative to the folder of the file that names it; `@name` is a file of the library. A file that
    cannot be read, and a cycle, is noted in `problems`.
    """
    reader = _Reader()
    reader.follow(syntax, {os.path.abspath(syntax.source.path): Span(syntax.source, 0, 0)})
    return replace(syntax, included=tuple(reader.files.values()), problems=(*syntax.problems, *reader.problems))


@dataclass
class _Reader:
    files: dict[str, Syntax] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)

    def follow(self, syntax: Syntax, trail: dict[str, Span]) -> None:
        """Read what `syntax` includes; `trail` has the files on the way to it, each with the line that named it."""
        for line in syntax.lines:
            if isinstance(line.statement, Include):
                self._read(line.statement.path, syntax, trail)

    def _read(self, name: Name, syntax: Syntax, trail: dict[str, Span]) -> None:
        try:
            path = _locate(name.text, syntax.source)
            key = os.path.abspath(path)
            if key in trail:
                way = [span for at, span in enumerate(trail.values()) if at]
                self.problems.append(messages.include_circle(name, way))
            elif len(trail) > MAX_DEPTH:
                self.problems.append(messages.include_too_deep(name, MAX_DEPTH))
            elif key not in self.files:
                included = parse_syntax(SourceText(path, decode(read_bytes(path), path)))
                self.files[key] = included
                self.follow(included, {**trail, key: name.span})
        except LanguageError as error:
            self.problems += error.diagnostics
        except InputError as error:
            self.problems.append(messages.include_unreadable(name, str(error)))


def _locate(name: str, source: SourceText) -> str:
    """The path that an `include` means.

    Raises: InputError: it is not a file.
    """
    if name.startswith(LIBRARY):
        return library_path(name)
    path = os.path.normpath(os.path.join(os.path.dirname(source.path), name))
    if os.path.exists(path) and not os.path.isfile(path):
        raise InputError(f"{path} is not a file")
    return path
