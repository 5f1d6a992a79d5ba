"""Codes for Neary and Woods' universal machines, which simulate bi-tag systems in polynomial time.

Source: T. Neary and D. Woods, Four small universal Turing machines, Fundamenta Informaticae 91 (2009) 105-126,
Tables 1 to 4 and 16. With q passive letters, active letter j counts as q·j places in the list of productions and
passive letter i as i more, so that a pair is found by walking over as many productions as its two codes say.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence

from ..core import Machine
from ..tag import BitagSystem, Word
from .encoding import CannotEncode, Encoding, Garbled


class BitagEncoding(Encoding):
    """A bi-tag system whose productions append one or two passive letters and an active one."""

    system: BitagSystem

    def __init__(self, machine: Machine, system: BitagSystem) -> None:
        super().__init__(machine, system)
        if len(system.halting) > 1:
            raise CannotEncode(f"`{system.name}` has {len(system.halting)} halting letters; {machine.name} knows one")
        for (e, a), production in system.productions:
            if len(production) > 3:
                raise CannotEncode(
                    f"the production of `{e} {a}` appends {len(production)} letters; at most 3 have a code"
                )
        self.q = len(system.passive)
        self.h = len(system.active) + 1  # the halting letter's number

    def passive(self, letter: str) -> int:
        """The number of a passive letter, from 1."""
        return self.system.passive.index(letter) + 1

    def active(self, letter: str) -> int:
        """The number of an active letter, from 1; the halting letter comes last."""
        return self.h if letter in self.system.halting else self.system.active.index(letter) + 1

    def program(self) -> Sequence[str]:
        outputs = [
            self.output([self.passive(a) for a in production[:-1]], self.active(production[-1]))
            for e in reversed(self.system.active)
            for a in reversed(self.system.passive)
            for production in [self.system.production[e, a]]
        ]
        return self.listing(outputs, [self.rotation(i) for i in range(self.q, 0, -1)])

    def pair(self, places: int) -> Word:
        """The letters, an active one before a passive one or the passive one alone, that count as many places."""
        j, i = divmod(places - 1, self.q)
        if not 0 <= j < self.h:
            raise Garbled(f"a code of {places} places on the tape is that of no letters")
        return (*((self.system.active[j - 1],) if j else ()), self.system.passive[i])

    def active_letter(self, number: int) -> str:
        """The active or halting letter of this number."""
        letters = (*self.system.active, *self.system.halting)
        if not 0 < number <= len(letters):
            raise Garbled(f"a code on the tape is that of active letter {number}, which does not exist")
        return letters[number - 1]

    @abstractmethod
    def output(self, passive: Sequence[int], active: int) -> str:
        """The code of what an active production appends."""

    @abstractmethod
    def rotation(self, passive: int) -> str:
        """The code of the production that moves a passive letter to the end."""

    @abstractmethod
    def listing(self, outputs: Sequence[str], rotations: Sequence[str]) -> str:
        """The whole program."""


class NearyWoods93(BitagEncoding):
    """U(9,3). It needs two passive letters at least: with one alone it runs off to the right for ever."""

    cycle = ("u9", "d")

    def output(self, passive: Sequence[int], active: int) -> str:
        front = "dccdd" if len(passive) == 1 else "dd"
        letters = "".join("d" + "c" * (8 * i) for i in reversed(passive))
        return front + "c" * (8 * active * self.q + 2) + letters

    def rotation(self, passive: int) -> str:
        return "ddccd" + "c" * (8 * passive)

    def listing(self, outputs: Sequence[str], rotations: Sequence[str]) -> str:
        return "bccbc" + "dcc".join(outputs) + "dccdcc" + "dccdcc".join(rotations) + "dccdccdcc"

    def data(self, word: Word) -> Sequence[str]:
        if len(word) < 3:
            raise CannotEncode(f"`{self.system.spell(word)}`: {self.machine.name} needs two passive letters at least")
        return "".join(
            "b" * (4 * self.passive(letter) - 1) + "d"
            if letter in self.system.passive
            else "b" * (4 * self.active(letter) * self.q)
            for letter in word
        )

    def read(self, symbols: Sequence[str]) -> Word:
        return tuple(self._letters("".join(symbols)))

    def _letters(self, text: str) -> Iterator[str]:
        *closed, last = text.split("d")
        for run in closed:
            _expect(run, "b")
            places = _divide(len(run) + 1, 4)
            if places > self.h * self.q:
                yield self.active_letter(self.h)
                places -= self.h * self.q
            yield from self.pair(places)
        if last:
            _expect(last, "b")
            yield self.active_letter(_divide(len(last), 4 * self.q))


class NearyWoods152(BitagEncoding):
    """U(15,2). Symbols come in pairs: `cb` counts, `bb` separates."""

    cycle = ("u14", "c")

    def output(self, passive: Sequence[int], active: int) -> str:
        halts = active == self.h
        marks = 5 - 2 * (len(passive) == 2)
        front = "cb" * (marks - 2) + "cccb" * 2 if halts else "cb" * marks
        letters = "".join("cccb" * 2 + "cc" * (8 * i - 5) for i in reversed(passive))
        return front + "cc" * (8 * active * self.q + 3 * halts) + letters

    def rotation(self, passive: int) -> str:
        return "cb" * 4 + "cccb" * 2 + "cc" * (8 * passive - 5)

    def listing(self, outputs: Sequence[str], rotations: Sequence[str]) -> str:
        return "bbcccb" + "cb".join(outputs) + "cbcb" + "cbcb".join(rotations) + "cbcbcb" + "b"

    def data(self, word: Word) -> Sequence[str]:
        return "c" + "".join(self._code(letter) for letter in word)

    def _code(self, letter: str) -> str:
        if letter in self.system.passive:
            return "cb" * (8 * self.passive(letter) - 5) + "bb"
        if letter in self.system.halting:
            return "cb" * (8 * self.h * self.q + 3) + "bb"
        return "cb" * (8 * self.active(letter) * self.q)

    def read(self, symbols: Sequence[str]) -> Word:
        text = "".join(symbols[1:])
        pairs = [text[place : place + 2] for place in range(0, len(text), 2)]
        return tuple(self._letters(pairs))

    def _letters(self, pairs: Sequence[str]) -> Iterator[str]:
        count = 0
        for pair in pairs:
            if pair == "cb":
                count += 1
                continue
            if pair != "bb":
                raise Garbled(f"`{pair}` among the data on the tape")
            places, count = _divide(count + 5, 8), 0
            if places == self.h * self.q + 1:
                yield self.active_letter(self.h)
            else:
                yield from self.pair(places)
        if count:
            yield self.active_letter(_divide(count, 8 * self.q))


def _expect(run: str, symbol: str) -> None:
    if run.strip(symbol):
        raise Garbled(f"`{run}` among the data on the tape")


def _divide(count: int, by: int) -> int:
    if count % by:
        raise Garbled(f"a run of {count} on the tape is no multiple of {by}, so the code of no letter")
    return count // by
