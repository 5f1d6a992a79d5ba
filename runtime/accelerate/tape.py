"""Tapes as runs of equal blocks: stacks for the machine to work on, and a whole configuration to look at."""

from __future__ import annotations

from dataclasses import dataclass

from triquetra.machines import BLANK, Configuration, InputError, Tape
from triquetra.machines.core.numbers import ShortNumbers

ENDLESS = 0  # the count of a stack's lowest run, blanks without end


class Stack:
    """Runs on one side of the head, the nearest last. The lowest is `ENDLESS` blanks, and neighbours differ."""

    __slots__ = ("blocks", "counts")

    def __init__(self) -> None:
        self.blocks = [0]
        self.counts = [ENDLESS]

    def push(self, block: int, count: int) -> None:
        """Put `count` equal blocks next to the head."""
        if self.blocks[-1] != block:
            self.blocks.append(block)
            self.counts.append(count)
        elif len(self.blocks) > 1:
            self.counts[-1] += count

    def pop(self, runs: int) -> None:
        """Drop the nearest `runs` runs."""
        height = len(self.blocks) - runs
        del self.blocks[height:], self.counts[height:]

    def take(self) -> None:
        """Drop the nearest block."""
        if len(self.blocks) > 1:
            if self.counts[-1] == 1:
                self.pop(1)
            else:
                self.counts[-1] -= 1


@dataclass(frozen=True, slots=True, repr=False)
class LongConfiguration(ShortNumbers):
    """A configuration of one tape that may be too long to write out, as runs of words, leftmost first.

    `runs` are (word, how often), the first word's first cell at position `origin`; blank beyond them.
    """

    state: int
    head: int
    origin: int
    runs: tuple[tuple[tuple[int, ...], int], ...]

    @property
    def cells(self) -> int:
        """Number of cells that the runs cover."""
        return sum(len(word) * count for word, count in self.runs)

    @property
    def nonblank(self) -> int:
        """Number of cells that are not blank."""
        return sum(sum(cell != BLANK for cell in word) * count for word, count in self.runs)

    def configuration(self, max_cells: int = 1 << 24) -> Configuration:
        """The same, cell by cell.

        Raises: InputError: it has more than `max_cells` cells.
        """
        if (cells := self.cells) > max_cells:
            raise InputError(f"a tape of more than 2^{cells.bit_length() - 1} cells is not written out; use its runs")
        tape = Tape.of([cell for word, count in self.runs for cell in word * count], self.origin)
        return Configuration(self.state, (self.head,), (tape,))
