"""What it means that a system is a program on a universal machine's tape, and how its words are read off again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

from ..core import Configuration, InputError, Machine, Tape
from ..tag import System, TagSystem, Word
from .embedding import Embedding

CycleEnd = tuple[int, Configuration]  # steps so far, and the configuration at the end of a cycle


class CannotEncode(InputError):
    """A system, word or machine that a universal machine's code has no room for."""


class Garbled(InputError):
    """A universal machine's tape that is the code of nothing: its run went wrong."""


class Encoding(ABC):
    """One system as a program for one universal machine.

    A cycle simulates one step of the system. `cycle` is the cell (state, symbol) whose rule ends each cycle and is
    used nowhere else; so cycles can be found from outside, in any form that the machine is run in.
    """

    cycle: ClassVar[tuple[str, str]]

    def __init__(self, machine: Machine, system: System) -> None:
        self.machine = machine
        self.system = system
        self.cell = (machine.states.index(self.cycle[0]), machine.symbols.index(self.cycle[1]))

    def tape(self, word: Word) -> Tape:
        """The tape on which the machine, started in its start state on cell 0, simulates the system from `word`.

        Raises: CannotEncode: the machine cannot start from this word.
        """
        program, data = self.program(), self.data(word)
        return Tape.of([self.machine.symbols.index(name) for name in (*program, *data)], -len(program))

    def words(self, word: Word, ends: Iterable[CycleEnd]) -> Iterator[tuple[int, Word]]:
        """The system's words as they pass: steps of the machine, and the word decoded from its tape then.

        The first is `word` itself, at 0 steps. Ends where the system does; where it ends by a halting letter, the
        machine has halted by itself.

        Raises: Garbled: a tape that spells no word.
        """
        yield 0, word
        if self.system.step(word) is None:
            return
        for steps, simulated in self.simulated(word, ends):
            yield steps, simulated
            if self.system.step(simulated) is None and simulated[:1] != self.system.halting[:1]:
                return  # too short: nothing on the tape tells the machine so

    def simulated(self, word: Word, ends: Iterable[CycleEnd]) -> Iterator[tuple[int, Word]]:
        """The word after each cycle that was a step of the system."""
        for steps, configuration in ends:
            yield steps, self.read(self._from_head(configuration))

    def _from_head(self, configuration: Configuration) -> Sequence[str]:
        (head,), (tape,) = configuration.heads, configuration.tapes
        end = tape.origin + len(tape.cells)
        return [self.machine.symbols[tape[place]] for place in range(head, end)]

    @abstractmethod
    def program(self) -> Sequence[str]:
        """Symbols left of the head at the start."""

    @abstractmethod
    def data(self, word: Word) -> Sequence[str]:
        """Symbols from the head on at the start."""

    @abstractmethod
    def read(self, symbols: Sequence[str]) -> Word:
        """The word that the symbols from the head on spell at the end of a cycle."""


class TagEncoding(Encoding):
    """A 2-tag system whose letters are runs of one symbol, of lengths `code`.

    `embedding` first brings the system into the class that the machine simulates.
    """

    system: TagSystem

    def __init__(self, machine: Machine, system: TagSystem) -> None:
        super().__init__(machine, system)
        if system.deletion != 2:
            raise CannotEncode(
                f"`{system.name}` deletes {system.deletion} letters; {machine.name} simulates 2-tag systems"
            )
        if len(system.halting) > 1:
            raise CannotEncode(f"`{system.name}` has {len(system.halting)} halting letters; {machine.name} knows one")
        self.embedding = self.embed(system)
        self.code = self.lengths(self.embedding.inner)
        self.letter = {length: letter for letter, length in self.code.items()}

    def simulated(self, word: Word, ends: Iterable[CycleEnd]) -> Iterator[tuple[int, Word]]:
        previous = self.embedding.put(word)
        for steps, configuration in ends:
            inner = self.read(self._from_head(configuration))
            if not self.embedding.is_silent(previous):
                yield steps, self.embedding.take(inner)
            previous = inner

    def letters(self, lengths: Iterable[int]) -> Word:
        """The letters that have these codes."""
        try:
            return tuple(self.letter[length] for length in lengths)
        except KeyError as error:
            raise Garbled(f"a run of {error.args[0]} symbols on the tape is the code of no letter") from None

    @abstractmethod
    def embed(self, system: TagSystem) -> Embedding:
        """The system as one of the class that the machine simulates."""

    @abstractmethod
    def lengths(self, inner: TagSystem) -> Mapping[str, int]:
        """The length of each letter's run."""


def runs(symbols: Iterable[str], unit: str, separator: str) -> list[int]:
    """Lengths of the runs of `unit` between single `separator`s.

    Raises: Garbled: another symbol is among them.
    """
    lengths = [0]
    for symbol in symbols:
        if symbol == unit:
            lengths[-1] += 1
        elif symbol == separator:
            lengths.append(0)
        else:
            raise Garbled(f"`{symbol}` among the data on the tape")
    return lengths
