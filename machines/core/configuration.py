"""Tapes, configurations, and the step function that every other form is held against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .machine import Alphabet, Machine, MachineError, Rule, word
from .words import plural

BLANK = 0


@dataclass(frozen=True, slots=True)
class Tape:
    """A tape that is blank but for `cells`, whose first cell stands at position `origin` (in cells).

    Build with `Tape.of`, which trims blanks at both ends, so that equal tapes compare equal.
    """

    cells: tuple[int, ...] = ()
    origin: int = 0

    @staticmethod
    def of(cells: Sequence[int], origin: int = 0) -> Tape:
        """The tape with `cells` written from position `origin` on."""
        first, last = 0, len(cells)
        while first < last and cells[first] == BLANK:
            first += 1
        while last > first and cells[last - 1] == BLANK:
            last -= 1
        return Tape(tuple(cells[first:last]), origin + first) if first < last else Tape()

    def __getitem__(self, position: int) -> int:
        """Symbol at `position`; blank outside what is written."""
        place = position - self.origin
        return self.cells[place] if 0 <= place < len(self.cells) else BLANK

    def write(self, position: int, symbol: int) -> Tape:
        """The tape with `symbol` at `position`."""
        if self[position] == symbol:
            return self
        if not self.cells:
            return Tape.of((symbol,), position)
        first = min(position, self.origin)
        last = max(position + 1, self.origin + len(self.cells))
        cells = [self[place] for place in range(first, last)]
        cells[position - first] = symbol
        return Tape.of(cells, first)

    @property
    def nonblank(self) -> int:
        """Number of cells that are not blank (the busy beaver's marks)."""
        return sum(symbol != BLANK for symbol in self.cells)


@dataclass(frozen=True, slots=True)
class Configuration:
    """State, head positions and tapes: all that a machine is at one moment."""

    state: int
    heads: tuple[int, ...]
    tapes: tuple[Tape, ...]

    @property
    def read(self) -> tuple[int, ...]:
        """The symbols under the heads."""
        return tuple(tape[head] for tape, head in zip(self.tapes, self.heads))


class NoConfiguration(Exception):
    """Raised by a form's `decode` where its state encodes no configuration; the message says why."""


Input = str | Sequence[str] | Tape


def inputs_to_tapes(alphabet: Alphabet, inputs: Sequence[Input]) -> tuple[Tape, ...]:
    """One tape for each of the alphabet's tapes: each input written from cell 0 on, the rest blank.

    Raises: MachineError: more inputs than tapes, or a symbol outside the input alphabet.
    """
    count = len(alphabet.one_way)
    if len(inputs) > count:
        raise MachineError(f"{len(inputs)} inputs, but `{alphabet.name}` has {count} {plural(count, 'tape')}")
    tapes = [each if isinstance(each, Tape) else Tape.of(word(alphabet, each)) for each in inputs]
    tapes += [Tape()] * (count - len(tapes))
    for number, (tape, one_way) in enumerate(zip(tapes, alphabet.one_way), 1):
        if one_way and tape.origin < 0:
            raise MachineError(f"tape {number} is one-way: nothing can be written left of cell 0")
        if any(not 0 <= symbol < len(alphabet.symbols) for symbol in tape.cells):
            raise MachineError(f"tape {number} holds a symbol outside the alphabet of `{alphabet.name}`")
    return tuple(tapes)


def start(machine: Machine, *inputs: Input) -> Configuration:
    """The configuration with each input on its tape from cell 0, heads on cell 0, in the start state.

    Raises: MachineError: as `inputs_to_tapes`.
    """
    return Configuration(machine.start, (0,) * machine.tapes, inputs_to_tapes(machine, inputs))


def apply(machine: Machine, configuration: Configuration, rule: Rule) -> Configuration:
    """The configuration after `rule` is applied."""
    tapes = tuple(
        tape.write(head, symbol) for tape, head, symbol in zip(configuration.tapes, configuration.heads, rule.write)
    )
    heads = tuple(
        max(head + move, 0) if one_way else head + move
        for head, move, one_way in zip(configuration.heads, rule.move, machine.one_way)
    )
    return Configuration(rule.goto, heads, tapes)


def step(machine: Machine, configuration: Configuration) -> Configuration | None:
    """One step of δ, or None where no rule applies (a halting state or an undefined cell)."""
    rule = machine.delta.get((configuration.state, configuration.read))
    return None if rule is None else apply(machine, configuration, rule)


def steps(machine: Machine, *inputs: Input) -> Iterator[Configuration]:
    """The whole run: the start configuration, then one configuration for each rule applied; it may never end.

    A rule that enters a halting state is applied and counts; an undefined cell ends the run without a step.
    """
    configuration: Configuration | None = start(machine, *inputs)
    while configuration is not None:
        yield configuration
        configuration = step(machine, configuration)
