"""SourceText text and places in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath


def with_plain_ends(text: str) -> str:
    """The text with each line end made `\\n`."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True)
class SourceText:
    """The text of one file; `path` is how its reader named it."""

    path: str
    text: str = field(repr=False)

    @cached_property
    def name(self) -> str:
        """The last part of the path."""
        return PurePath(self.path).name or self.path

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Offset of the first character of each line."""
        return (0, *(end.end() for end in re.finditer("\n", self.text)))

    def line_number(self, offset: int) -> int:
        """The line, counted from 1, that holds the character at `offset`."""
        return bisect_right(self.line_starts, offset)

    def line(self, number: int) -> str:
        """Text of line `number`, counted from 1, without its end."""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] - 1 if number < len(self.line_starts) else len(self.text)
        return self.text[start:end]


@dataclass(frozen=True, slots=True)
class Span:
    """The characters `start` to `end` (excluded) of a source, within one line."""

    source: SourceText
    start: int
    end: int

    @property
    def line(self) -> int:
        """Line number, counted from 1."""
        return self.source.line_number(self.start)

    @property
    def column(self) -> int:
        """Column of the first character, counted from 1."""
        return self.start - self.source.line_starts[self.line - 1] + 1

    def to(self, other: Span) -> Span:
        """The span from here to the end of `other`."""
        return Span(self.source, self.start, other.end)
