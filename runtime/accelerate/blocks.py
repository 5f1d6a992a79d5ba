"""A machine seen through blocks of cells: what happens from entering a block to leaving it, as one macro-step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from triquetra.machines import Machine, Verdict

PATIENCE = 1000  # steps in one block before it is watched for a loop


Action = tuple[int, int, int]  # write, move, goto


def actions(machine: Machine) -> dict[tuple[int, int], Action]:
    """δ of a one-tape machine, by state and symbol."""
    return {(rule.state, rule.read[0]): (rule.write[0], rule.move[0], rule.goto) for rule in machine.rules}


class MacroStepKind(IntEnum):
    """What a macro-step does."""

    CHAIN = 0  # leaves on the far side as it entered: a whole run of equal blocks is crossed at once
    PASS = 1  # leaves on the far side
    TURN = 2  # leaves where it entered
    STOP = 3  # halts inside the block
    LOOP = 4  # never leaves it


@dataclass(frozen=True, slots=True)
class Inside:
    """A halt within a block: state, cell of the head, cells, and why."""

    state: int
    head: int
    cells: tuple[int, ...]
    verdict: Verdict


# kind, block left behind, facing after it, steps
MacroStep = tuple[MacroStepKind, int, int, int]


class BlockMachine:
    """A one-tape machine on blocks of `size` cells.

    A block is numbered by its cells as digits, leftmost first, so the blank block is 0. A *facing* is 2·state + 1
    where the head enters the block to its right, 2·state where it enters the block to its left.
    """

    def __init__(self, machine: Machine, size: int) -> None:
        self.machine = machine
        self.size = size
        self._table: dict[tuple[int, int], MacroStep] = {}
        self.inside: dict[tuple[int, int], Inside] = {}
        self._delta = actions(machine)

    def number(self, cells: Sequence[int]) -> int:
        """The number of a block."""
        number = 0
        for cell in cells:
            number = number * len(self.machine.symbols) + cell
        return number

    def cells(self, block: int) -> tuple[int, ...]:
        """The cells of a block."""
        k = len(self.machine.symbols)
        cells = []
        for _ in range(self.size):
            block, cell = divmod(block, k)
            cells.append(cell)
        return tuple(reversed(cells))

    def step(self, facing: int, block: int) -> MacroStep:
        """What happens when the head enters `block`; remembered."""
        try:
            return self._table[facing, block]
        except KeyError:
            result = self._table[facing, block] = self._walk(facing, block)
            return result

    def _walk(self, facing: int, block: int) -> MacroStep:
        state, rightward = divmod(facing, 2)
        cells = list(self.cells(block))
        head = 0 if rightward else self.size - 1
        steps = 0
        seen: set[tuple[int, int, tuple[int, ...]]] = set()
        verdicts, delta, size = self.machine.verdicts, self._delta, self.size
        while 0 <= head < size:
            action = delta.get((state, cells[head]))
            if action is None:
                verdict = Verdict.UNDEFINED if verdicts[state] is None else Verdict.HALTED
                self.inside[facing, block] = Inside(state, head, tuple(cells), verdict)
                return MacroStepKind.STOP, self.number(cells), facing, steps
            cells[head], move, state = action
            head += move
            steps += 1
            if steps > PATIENCE:
                here = (state, head, tuple(cells))
                if here in seen:
                    return MacroStepKind.LOOP, block, facing, 0
                seen.add(here)
        rightward_out = head == size
        after = 2 * state + rightward_out
        if after == facing:
            return MacroStepKind.CHAIN, self.number(cells), after, steps
        return (
            (MacroStepKind.PASS if rightward_out == rightward else MacroStepKind.TURN),
            self.number(cells),
            after,
            steps,
        )
