"""Words as text: how the symbols of an input are told apart, and how a word is written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence, Set
from dataclasses import dataclass

from .errors import InputError

ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|(.))", re.DOTALL)
ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", '"': '"'}
_WRITTEN = {written: f"\\{letter}" for letter, written in ESCAPES.items()}
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"(?=\s|$)|\S+', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Letter:
    """A symbol's name in a text, and the characters `start` to `end` (excluded) where it stands."""

    name: str
    start: int
    end: int


def is_single(symbols: Collection[str]) -> bool:
    """Whether every symbol has one character, so that a word needs nothing between its symbols."""
    return all(len(name) == 1 for name in symbols)


def letters(text: str, single: bool) -> Iterator[Letter]:
    """The symbols that a text names.

    If `single`, each character is one. Otherwise white space stands between them, and a symbol that holds white space
    or begins with a quote is written in quotes, with the escapes of the language: `a "b c" a`.

    Raises: InputError: a symbol in quotes is not closed.
    """
    if single:
        yield from (Letter(character, at, at + 1) for at, character in enumerate(text))
        return
    for match in _TOKEN.finditer(text):
        if match[1] is not None:
            yield Letter(unescape(match[1]), match.start(), match.end())
        elif match[0].startswith('"'):
            raise InputError(f"the quote in `{match[0]}` is not closed; a quoted symbol has space around it")
        else:
            yield Letter(match[0], match.start(), match.end())


def unescape(text: str) -> str:
    """A quoted symbol's name; what is no escape of the language stands for itself."""

    def character(escape: re.Match[str]) -> str:
        code, letter = escape.groups()
        if code:
            return chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else escape[0]
        return ESCAPES.get(letter, escape[0])

    return ESCAPE.sub(character, text)


def quote(text: str) -> str:
    """A name in quotes, with escapes for what cannot be printed."""
    shown = (_WRITTEN.get(c) or (c if c.isprintable() else f"\\u{{{ord(c):x}}}") for c in text)
    return f'"{"".join(shown)}"'


def visible(name: str) -> str:
    """A symbol's name as one reads and gives it: in quotes where it holds space, begins with a quote or is not seen."""
    bare = name.isprintable() and not name.startswith('"') and not any(map(str.isspace, name))
    return name if bare else quote(name)


def shown(name: str) -> str:
    """A name for people where space does no harm: in quotes, with escapes, only where it would not be seen."""
    return name if name.isprintable() and not name.startswith('"') else quote(name)


def spell(symbols: Sequence[str], word: Sequence[int]) -> str:
    """The text of a word of symbol indices, as `letters` reads it."""
    if is_single(symbols):
        return "".join(symbols[a] for a in word)
    return " ".join(visible(symbols[a]) for a in word)


def cut(text: str, symbols: Set[str], most: int = 200) -> list[str] | None:
    """The symbols that make up a text without space between them, if there is a way; `most` characters at most."""
    if len(text) > most:
        return None
    ways: list[list[str] | None] = [[], *[None] * len(text)]
    for end in range(1, len(text) + 1):
        for start in range(end):
            before = ways[start]
            if before is not None and text[start:end] in symbols:
                ways[end] = [*before, text[start:end]]
                break
    return ways[len(text)]
