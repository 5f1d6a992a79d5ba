"""2-tag systems inside the narrower classes of 2-tag systems that some universal machines simulate."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..tag import TagSystem, Word


@dataclass(frozen=True)
class Embedding:
    """The system as it is."""

    inner: TagSystem

    def put(self, word: Word) -> Word:
        """The inner system's word for `word`."""
        return word

    def take(self, word: Word) -> Word:
        """The word that an inner word stands for."""
        return word

    def is_silent(self, word: Word) -> bool:
        """Whether the inner step from `word` is no step of the outer system."""
        return False

    def skip_silent(self, word: Word) -> Word:
        """What is left of a word after the silent steps that come first, which delete letters in pairs."""
        while self.is_silent(word):
            word = word[2:]
        return word


@dataclass(frozen=True)
class Filled(Embedding):
    """Each production begins with two `filler` letters, and the filler's is just these: ff P, f → ff.

    Fillers come in pairs, so what stands after them is read as if they were not there, whichever of the pair is
    read; and each production has at least two letters.
    """

    filler: str

    @staticmethod
    def of(system: TagSystem) -> Filled:
        """The system with a filler of its own as its last letter."""
        filler = _fresh("f", system)
        pair = (filler, filler)
        productions = tuple((letter, pair + production) for letter, production in system.productions)
        return Filled(replace(system, productions=(*productions, (filler, pair))), filler)

    def take(self, word: Word) -> Word:
        return tuple(letter for letter in self.skip_silent(word) if letter != self.filler)

    def is_silent(self, word: Word) -> bool:
        return word[:1] == (self.filler,)


@dataclass(frozen=True)
class Bracketed(Embedding):
    """Each production stands between an `opening` and a `closing` letter, whose own productions are empty: ( P ).

    A block whose opening bracket was deleted as a second letter is one that the outer system reads from its first
    letter; a block whose opening bracket is read loses its first letter with it, as in the outer system.
    """

    opening: str
    closing: str

    @staticmethod
    def of(system: TagSystem) -> Bracketed:
        """The system with brackets of its own as its first and last letters."""
        opening, closing = _fresh("(", system), _fresh(")", system)
        productions = tuple((letter, (opening, *production, closing)) for letter, production in system.productions)
        inner = replace(system, productions=((opening, ()), *productions, (closing, ())))
        return Bracketed(inner, opening, closing)

    def put(self, word: Word) -> Word:
        return (*word, self.closing)

    def take(self, word: Word) -> Word:
        return tuple(letter for letter in self.skip_silent(word) if letter not in (self.opening, self.closing))

    def is_silent(self, word: Word) -> bool:
        return word[:1] in ((self.opening,), (self.closing,))


def _fresh(wanted: str, system: TagSystem) -> str:
    """A letter that the system does not have."""
    while wanted in system.letters:
        wanted += "'"
    return wanted
