"""Tag systems (Post 1943) and bi-tag systems (Neary & Woods 2009) as frozen values, and their runtime."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TypeAlias

from ..core import InputError

Word: TypeAlias = tuple[str, ...]


class TagError(InputError):
    """A tag or bi-tag system, or a word, that is not well formed."""


@dataclass(frozen=True, kw_only=True)
class TagSystem:
    """A tag system: delete the first `deletion` letters, append the production of the first of them.

    It stops at a word with a halting letter in front, or with fewer than `deletion` letters.
    `productions` pairs each other letter with what it appends, in the order of the alphabet.
    """

    name: str = field(default="tag system", compare=False)
    deletion: int = 2
    productions: tuple[tuple[str, Word], ...]
    halting: tuple[str, ...] = ()
    initial: Word = ()
    documentation: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        _require(self.deletion >= 1, f"deletion number {self.deletion}: at least 1 letter is deleted")
        _require(bool(self.productions), "a tag system needs at least one production")
        _require_letters(self.letters)
        for letter, production in self.productions:
            _require_known(self.letters, production, f"the production of `{letter}`")
        _require_known(self.letters, self.initial, "the initial word")

    @property
    def letters(self) -> Word:
        """The alphabet: letters with a production, then halting letters."""
        return tuple(letter for letter, _ in self.productions) + self.halting

    @cached_property
    def production(self) -> Mapping[str, Word]:
        """What each letter appends."""
        return MappingProxyType(dict(self.productions))

    def step(self, word: Word) -> Word | None:
        """The next word, or None where the system stops."""
        if len(word) < self.deletion or word[0] in self.halting:
            return None
        return word[self.deletion :] + self.production[word[0]]

    def word(self, text: str | Sequence[str]) -> Word:
        """The word that `text` spells.

        Raises: TagError: a letter that is not in the alphabet.
        """
        return _word(self.letters, text)

    def spell(self, word: Word) -> str:
        """The text of a word, the inverse of `word`."""
        return _spell(self.letters, word)


@dataclass(frozen=True, kw_only=True)
class BitagSystem:
    """A bi-tag system: each word has one active letter among passive ones.

    A passive letter in front goes to the end unchanged; an active letter in front and the passive one after it are
    deleted and their production is appended: one or more passive letters, then one active.
    It stops at a word with the halting letter in front, or with an active letter alone.
    """

    name: str = field(default="bi-tag system", compare=False)
    passive: Word
    active: Word
    productions: tuple[tuple[tuple[str, str], Word], ...]
    halting: tuple[str, ...]
    initial: Word = ()
    documentation: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        _require(bool(self.passive) and bool(self.active), "a bi-tag system needs passive and active letters")
        _require_letters(self.letters)
        for pair, production in self.productions:
            where = f"the production of `{pair[0]} {pair[1]}`"
            _require_known(self.letters, (*pair, *production), where)
            _require(pair[0] in self.active and pair[1] in self.passive, f"{where}: give an active, a passive letter")
            _require(
                len(production) > 1 and self._ends(production) and all(a in self.passive for a in production[:-1]),
                f"{where}: append passive letters, then one active or halting letter",
            )
        _require(
            len(self.production) == len(self.productions), "a pair of letters has two productions; keep one of them"
        )
        for e in self.active:
            for a in self.passive:
                _require((e, a) in self.production, f"`{e} {a}` has no production; each pair needs one")
        if self.initial:
            self.word(self.initial)

    def _ends(self, production: Word) -> bool:
        return production[-1] in self.active or production[-1] in self.halting

    @property
    def letters(self) -> Word:
        """The alphabet: passive letters, active letters, halting letters."""
        return self.passive + self.active + self.halting

    @cached_property
    def production(self) -> Mapping[tuple[str, str], Word]:
        """What each pair of an active and a passive letter appends."""
        return MappingProxyType(dict(self.productions))

    def step(self, word: Word) -> Word | None:
        """The next word, or None where the system stops."""
        if len(word) < 2 or word[0] in self.halting:
            return None
        if word[0] in self.active:
            return word[2:] + self.production[word[0], word[1]]
        return word[1:] + word[:1]

    def word(self, text: str | Sequence[str]) -> Word:
        """The word that `text` spells.

        Raises: TagError: a letter that is not in the alphabet, or not exactly one that is active or halting.
        """
        word = _word(self.letters, text)
        count = sum(letter not in self.passive for letter in word)
        _require(count == 1, f"`{self.spell(word)}` has {count} active letters; a bi-tag word has exactly one")
        return word

    def spell(self, word: Word) -> str:
        """The text of a word, the inverse of `word`."""
        return _spell(self.letters, word)


System: TypeAlias = TagSystem | BitagSystem


def words(system: System, word: Word | None = None) -> Iterator[Word]:
    """The whole run from `word` (default: the initial word): that word, then one for each step; it may never end."""
    current: Word | None = system.initial if word is None else word
    while current is not None:
        yield current
        current = system.step(current)


def _word(letters: Word, text: str | Sequence[str]) -> Word:
    if isinstance(text, str):
        single = all(len(letter) == 1 for letter in letters)
        names: Sequence[str] = "".join(text.split()) if single else text.split()
    else:
        names = text
    _require_known(letters, tuple(names), "the word")
    return tuple(names)


def _spell(letters: Word, word: Word) -> str:
    return ("" if all(len(letter) == 1 for letter in letters) else " ").join(word)


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise TagError(message)


def _require_letters(letters: Word) -> None:
    for letter in letters:
        _require(
            bool(letter) and not any(c.isspace() for c in letter),
            f"`{letter}` is not a letter: it is empty or has a space",
        )
        _require(letters.count(letter) == 1, f"letter `{letter}` is defined twice; keep one of them")


def _require_known(letters: Word, word: Word, where: str) -> None:
    for place, letter in enumerate(word, 1):
        known = " ".join(letters)
        _require(letter in letters, f"{where}: letter {place} is `{letter}`, but the alphabet is: {known}")
