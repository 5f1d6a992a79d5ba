"""The code for Minsky's machine with 7 states and 4 symbols.

Source of the table: M. Minsky, Size and structure of universal Turing machines using tag systems, Proc. Symposia in
Pure Mathematics 5 (1962) 229-238, and Computation: Finite and Infinite Machines (1967), section 14.8. The halting
letter is here the empty run, which sends the machine's search off the program's end into its one halting cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..tag import TagSystem, Word
from .embedding import Embedding
from .encoding import TagEncoding, runs
from .rogozhin import filled_if_empty


class Minsky74(TagEncoding):
    """Minsky's (7,4): any 2-tag system without empty productions."""

    cycle = ("q7", "B")

    def embed(self, system: TagSystem) -> Embedding:
        return filled_if_empty(system)

    def lengths(self, inner: TagSystem) -> Mapping[str, int]:
        code, marks = {}, 1
        for letter, production in inner.productions:
            code[letter] = marks
            marks += len(production)
        return code | dict.fromkeys(inner.halting, 0)

    def program(self) -> Sequence[str]:
        symbols = "11"
        for _, production in reversed(self.embedding.inner.productions):
            codes = ["0" * self.code[letter] for letter in reversed(production)]
            symbols += "01".join(codes) + "11"
        return symbols

    def data(self, word: Word) -> Sequence[str]:
        return "B".join("X" * self.code[letter] for letter in self.embedding.put(word))

    def read(self, symbols: Sequence[str]) -> Word:
        return self.letters(runs(symbols, "X", "B"))
