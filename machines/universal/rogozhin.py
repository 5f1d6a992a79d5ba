"""Codes for Rogozhin's universal machines.

Source: Yu. Rogozhin, Small universal Turing machines, Theoretical Computer Science 168 (1996) 215-240. Productions
stand on the left in descending order, each spelled backwards; the word stands on the right. A letter is a run of as
many `1` as there are marks between its production and the word, which is how the machine finds the production.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..tag import TagSystem, Word
from .embedding import Bracketed, Embedding, Filled
from .encoding import Garbled, TagEncoding, runs


class Rogozhin218(TagEncoding):
    """UTM(2,18): any 2-tag system without empty productions."""

    cycle = ("q1", "c>1")

    def embed(self, system: TagSystem) -> Embedding:
        return filled_if_empty(system)

    def lengths(self, inner: TagSystem) -> Mapping[str, int]:
        code, marks = {}, 1
        for letter, production in inner.productions:
            code[letter] = marks
            marks += len(production) + 1
        return code | dict.fromkeys(inner.halting, marks)

    def program(self) -> Sequence[str]:
        symbols = ["c<1", "c<1"]
        for _, production in reversed(self.embedding.inner.productions):
            symbols += ["b", "b"]
            for place, letter in enumerate(reversed(production)):
                symbols += ["1", "b"] * (place > 0) + ["1"] * self.code[letter]
        return [*symbols, "b"]

    def data(self, word: Word) -> Sequence[str]:
        symbols = ["b"]
        for letter in self.embedding.put(word):
            symbols += ["1"] * self.code[letter] + ["c"]
        return symbols

    def read(self, symbols: Sequence[str]) -> Word:
        if "c2" not in symbols:
            raise Garbled("no `c2` ends the data on the tape")
        return self.letters(runs(symbols[: symbols.index("c2")], "1>1", "c>1"))


class Rogozhin46(TagEncoding):
    """UTM(4,6): 2-tag systems in which each production begins with two letters that do nothing else."""

    cycle = ("q3", "c")

    def embed(self, system: TagSystem) -> Embedding:
        return Filled.of(system)

    def lengths(self, inner: TagSystem) -> Mapping[str, int]:
        code, marks = {}, 1
        for letter, production in inner.productions:
            code[letter] = marks
            marks += 2 * len(production)
        return code | dict.fromkeys(inner.halting, marks)

    def program(self) -> Sequence[str]:
        filler = self.code[self.embedding.inner.productions[-1][0]]
        symbols = "<b"
        for letter, production in reversed(self.embedding.inner.productions):
            symbols += "b1" + "".join(f"b{'1' * self.code[a]}b" for a in reversed(production[2:]))
            symbols += f"b{'1' * filler}bb{'1' * (filler - self.code[letter])}"
        return symbols + "b"

    def data(self, word: Word) -> Sequence[str]:
        return "c".join("1" * self.code[letter] for letter in self.embedding.put(word))

    def read(self, symbols: Sequence[str]) -> Word:
        return self.letters(runs(symbols, "1", "c"))


class Rogozhin55(TagEncoding):
    """UTM(5,5): 2-tag systems in which each production stands in brackets.

    The machine appends to the last letter of a production, the closing bracket, a run of no meaning; so any run at
    least as long as the bracket's code is read as the bracket.
    """

    cycle = ("q5", "c")

    def embed(self, system: TagSystem) -> Embedding:
        return Bracketed.of(system)

    def lengths(self, inner: TagSystem) -> Mapping[str, int]:
        (opening, _), *ordinary, (closing, _) = inner.productions
        code, marks = {opening: 1}, 3
        for letter, production in ordinary:
            code[letter] = marks
            marks += len(production) + 2
        return code | dict.fromkeys(inner.halting, marks) | {closing: marks + 2}

    def program(self) -> Sequence[str]:
        symbols = "1b1b"
        for _, production in reversed(self.embedding.inner.productions[1:-1]):
            symbols += "bb" + "1" * (self.code[production[-1]] + 1)
            symbols += "".join("b" + "1" * (self.code[a] + 2) for a in reversed(production[:-1])) + "b"
        return symbols + "bbb"

    def data(self, word: Word) -> Sequence[str]:
        return "c".join("1" * self.code[letter] for letter in self.embedding.put(word))

    def read(self, symbols: Sequence[str]) -> Word:
        bracket = max(self.letter)
        written = [("1" if symbol == "0" else symbol) for symbol in symbols]
        return self.letters(min(length, bracket) for length in runs(written, "1", "c"))


def filled_if_empty(system: TagSystem) -> Embedding:
    """The system as it is, or with fillers where a production is empty."""
    return Embedding(system) if all(production for _, production in system.productions) else Filled.of(system)
