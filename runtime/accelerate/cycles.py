"""Plain runs watched for cycles: the same tape again, or the same tape but for a shift."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass

from triquetra.machines import BLANK, Configuration, Machine

from .blocks import actions
from .clock import Clock

TICK = 256  # steps between two looks at the clock
RECORDS = 32  # earlier records, for each side and state, with which a record is compared


@dataclass(frozen=True, slots=True)
class Halt:
    """The run halts in `state` after `steps` steps, leaving `nonblank` cells that are not blank."""

    steps: int
    state: int
    nonblank: int


@dataclass(frozen=True, slots=True)
class Cycle:
    """From `before` steps on, the run repeats itself every `period` steps, `shift` cells further right."""

    before: int
    period: int
    shift: int


def watch(machine: Machine, at: Configuration, max_steps: int, clock: Clock | None = None) -> Halt | Cycle | None:
    """Run a one-tape machine plainly until it halts or is seen to repeat itself.

    A cycle in place is seen when a tape comes back that was kept at a power of two steps (R. P. Brent). One with a
    shift is seen where the head has never been so far out on one side: if, since an earlier such moment in the same
    state, it has come back over no more than what is the same at both moments, it goes on like that (S. Lin).

    Raises: OutOfTime: by the clock.
    """
    delta = actions(machine)
    tape = at.tapes[0]
    low, high = min(tape.origin, at.heads[0]), max(tape.origin + len(tape.cells) - 1, at.heads[0])
    origin = low - max_steps
    cells = [BLANK] * (high - low + 1 + 2 * max_steps)
    cells[tape.origin - origin : tape.origin - origin + len(tape.cells)] = tape.cells
    state, head, low, high = at.state, at.heads[0] - origin, low - origin, high - origin
    heads = [head]
    kept = (0, state, head, list(cells))
    records: dict[tuple[int, int], deque[tuple[int, int, list[int]]]] = defaultdict(lambda: deque(maxlen=RECORDS))
    for steps in range(1, max_steps + 1):
        if clock is not None and steps % TICK == 1:
            clock.tick("plain steps", steps - 1)
        action = delta.get((state, cells[head]))
        if action is None:
            return Halt(steps - 1, state, len(cells) - cells.count(BLANK))
        cells[head], move, state = action
        head += move
        heads.append(head)
        if (state, head) == kept[1:3] and cells == kept[3]:
            return Cycle(kept[0], steps - kept[0], 0)
        if steps & (steps - 1) == 0:
            kept = (steps, state, head, list(cells))
        if low <= head <= high:
            continue
        low, high = min(low, head), max(high, head)
        side = records[state, move]
        for before, old_head, old_cells in reversed(side):
            shift = head - old_head
            if move > 0:
                turn = min(heads[before:])
                same = old_cells[turn:] == cells[turn + shift : head + 1]
            else:
                turn = max(heads[before:])
                same = old_cells[: turn - old_head + 1] == cells[head : turn + shift + 1]
            if same:
                return Cycle(before, steps - before, shift)
        side.append((steps, head, cells[head : high + 1] if move < 0 else cells[: head + 1]))
    return None
