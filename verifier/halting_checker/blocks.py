"""A machine on blocks of cells: what happens from the moment the head enters a block until it leaves it."""

from __future__ import annotations

from dataclasses import dataclass

from triquetra.machines.core import Machine

from .limits import NUMBER, Work
from .reading import halting_verdict

Block = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BlockExit:
    """What a macro-step does to a block; `halted` where the head stops inside it."""

    block: Block
    state: int
    rightward: bool
    steps: int
    halted: str | None = None


class Blocks:
    """A machine on blocks of `size` cells."""

    def __init__(self, machine: Machine, size: int, work: Work) -> None:
        self.machine, self.size, self.work = machine, size, work
        self._known: dict[tuple[int, bool, Block], BlockExit | None] = {}

    def enter(self, state: int, rightward: bool, block: Block) -> BlockExit | None:
        """What happens when the head enters a block; None if it stays inside for ever."""
        key = (state, rightward, block)
        if key not in self._known:
            self.work.spend(4 + self.size // 8)
            self.work.keep(16 * NUMBER + 2 * 64 * self.size)
            self._known[key] = self._enter(*key)
        return self._known[key]

    def _enter(self, state: int, rightward: bool, block: Block) -> BlockExit | None:
        cells, head, steps = list(block), 0 if rightward else self.size - 1, 0
        kept = None  # what was there after 0, 1, 2, 4, 8, ... steps: what repeats itself comes back to one of them
        while 0 <= head < self.size:
            rule = self.machine.delta.get((state, (cells[head],)))
            if rule is None:
                return BlockExit(tuple(cells), state, rightward, steps, halting_verdict(self.machine, state))
            if (state, head, cells) == kept:
                return None
            if steps & (steps - 1) == 0:
                kept = (state, head, list(cells))
            self.work.spend(2)
            cells[head] = rule.write[0]
            head += rule.move[0]
            state = rule.goto
            steps += 1
        return BlockExit(tuple(cells), state, head > 0, steps)
