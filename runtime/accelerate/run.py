"""Accelerated runs from start to end, and the certificates that they leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm
from typing import Any

import numpy as np

from triquetra.machines import BLANK, Configuration, Input, InputError, Machine, Tape, start
from triquetra.machines.core.numbers import ShortNumbers

from .blocks import BlockMachine, actions
from .certificate import of_run
from .clock import Clock, Progress
from .engine import Ending, MacroEngine
from .tape import LongConfiguration

LARGEST_BLOCK = 8  # cells
MOST_CUTS = 12  # that are tried
SAMPLE = 2000  # steps in which it is looked for blocks that the tape repeats
TRIAL = 250  # macro-steps after which cuts are compared
FIRST_TURN = 2000  # macro-steps before another cut than the likeliest is tried
MAX_MACRO_STEPS = 1_000_000


@dataclass(frozen=True, slots=True, repr=False)
class AcceleratedOutcome(ShortNumbers):
    """The end of an accelerated run.

    `steps` is exact. `macro_steps` is what it took, with blocks of `block` cells. `certificate`, if the run came to an
    end, is what `verifier.halting_checker` checks.
    """

    ending: Ending
    steps: int
    configuration: LongConfiguration
    block: int
    macro_steps: int
    rules: int
    certificate: dict[str, Any] | None

    @property
    def nonblank(self) -> int:
        """Number of cells that are not blank at the end."""
        return self.configuration.nonblank


def require_accelerable(machine: Machine) -> None:
    """Refuse what cannot be accelerated.

    Raises: InputError: the machine has several tapes or a one-way tape.
    """
    if machine.tapes != 1 or machine.one_way[0]:
        raise InputError(
            f"`{machine.name}` has {'several tapes' if machine.tapes > 1 else 'a one-way tape'}; only machines with "
            "one two-way tape are accelerated. Run it step by step"
        )


def run(
    machine: Machine,
    *inputs: Input,
    max_macro_steps: int = MAX_MACRO_STEPS,
    block: int | None = None,
    progress: Progress | None = None,
) -> AcceleratedOutcome:
    """Run a machine in macro-steps and proved rules until it halts, is seen to run forever, or a limit is reached.

    Args:
        max_macro_steps: most macro-steps and uses of rules, over all cuts into blocks that are tried.
        block: the size of blocks in cells; without it all up to `LARGEST_BLOCK`.
        progress: called with `macro-steps` and how many are done, before each.

    Raises: InputError: the machine has several tapes or a one-way tape, or it does not read the input.
    """
    require_accelerable(machine)
    at = start(machine, *inputs)
    return run_from(machine, at, max_macro_steps=max_macro_steps, block=block, clock=Clock(progress=progress))


def run_from(
    machine: Machine,
    at: Configuration,
    *,
    max_macro_steps: int = MAX_MACRO_STEPS,
    block: int | None = None,
    clock: Clock | None = None,
) -> AcceleratedOutcome:
    """As `run`, from a start configuration.

    Raises: OutOfTime: by the clock.
    """
    clock = clock or Clock()
    sizes = range(1, LARGEST_BLOCK + 1) if block is None else [block]
    engines = (_engine(machine, at, cut) for cut in likely_cuts(machine, at, sizes))
    budget = max_macro_steps

    def advance(engine: MacroEngine, upto: int) -> bool:
        """Whether the run is over when it has had so many macro-steps, or all that are left."""
        nonlocal budget
        while engine.ending is None and budget:
            if len(engine.uses) == upto:
                return False
            clock.tick("macro-steps", max_macro_steps - budget)
            engine.advance()
            budget -= 1
        return True

    leader = next(engines)
    if advance(leader, TRIAL):
        return _outcome(machine, at, leader)
    to_beat = leader.steps
    if advance(leader, FIRST_TURN):
        return _outcome(machine, at, leader)
    field = [leader]
    for engine in engines:
        if advance(engine, TRIAL):
            return _outcome(machine, at, engine)
        if engine.steps > to_beat:
            field.append(engine)
    turn = FIRST_TURN
    while True:
        for engine in field:
            if advance(engine, turn):
                return _outcome(machine, at, max(field, key=lambda e: (e.ending is not None, e.steps)))
        field = sorted(field, key=lambda engine: -engine.steps)[: (len(field) + 1) // 2]
        turn *= 2


@dataclass(frozen=True, slots=True)
class Cut:
    """How the tape is cut into blocks of `size` cells: so that step `before` takes the head over a cut.

    From there on the run is accelerated. `rightward`: the head has come from the left.
    """

    size: int
    before: int
    rightward: bool


def likely_cuts(machine: Machine, at: Configuration, sizes: Sequence[int]) -> list[Cut]:
    """Cuts, best first: those in which the tape of a short plain run has the fewest runs of equal blocks.

    A size has as many cuts as cells. Of two that are as good, the one that the head crosses first is better: nothing
    here prefers a direction, so that the mirror image of a machine has the same cuts in the same order.
    """
    walk = _Walk(machine, at)
    samples = []
    near = range(walk.head - SAMPLE, walk.head + SAMPLE + 1)  # of a long input no more than could matter yet
    while walk.steps < SAMPLE and walk.go(SAMPLE // 4):
        first, last = max(min(walk.cells), near[0]), min(max(walk.cells), near[-1])
        samples.append((first, [walk.cells.get(i, BLANK) for i in range(first, last + 1)]))
    cuts: dict[tuple[int, int], Cut] = {}
    for edge, (before, rightward) in walk.edges.items():
        for size in sizes:
            cuts.setdefault((size, edge % size), Cut(size, before, rightward))
    runs = _runs(sizes, samples)
    likely = sorted(cuts, key=lambda cut: (runs[cut[0]][cut[1]], cut[0], cuts[cut].before))
    return [cuts[cut] for cut in likely[:MOST_CUTS]] or [Cut(size, 0, True) for size in sizes]


def _runs(sizes: Sequence[int], samples: Sequence[tuple[int, list[int]]]) -> dict[int, list[int]]:
    """Runs of equal blocks in the samples (first cell, cells), plus a block each: by size, and phase of the cuts."""
    if not samples:
        return {size: [0] * size for size in sizes}
    origin = min(first for first, _ in samples)
    # one sample after the other, blanks between them, and each with its cells in the same phases
    apart = lcm(*sizes)
    apart *= -(-(max(first + len(cells) for first, cells in samples) - origin + 4 * max(sizes)) // apart)
    laid = np.zeros(apart * len(samples), np.int64)
    for number, (first, cells) in enumerate(samples):
        laid[number * apart + 2 * max(sizes) + first - origin :][: len(cells)] = cells
    runs = {}
    for size in sizes:
        differ = np.concatenate([[0], np.cumsum(laid[:-size] != laid[size:])])
        changes = np.flatnonzero(differ[size:] > differ[:-size])  # where a block begins unlike the next
        phases = np.bincount((changes + origin - 2 * max(sizes)) % size, minlength=size)
        runs[size] = (phases + size * len(samples)).tolist()
    return runs


class _Walk:
    """A plain run. `edges`: by the cell right of an edge, when the head first crossed it and whether rightward."""

    def __init__(self, machine: Machine, at: Configuration) -> None:
        self.cells = {at.tapes[0].origin + i: cell for i, cell in enumerate(at.tapes[0].cells)}
        self.state, self.head, self.steps = at.state, at.heads[0], 0
        self.edges: dict[int, tuple[int, bool]] = {}
        self._delta = actions(machine)

    def go(self, steps: int) -> bool:
        """Make so many steps; False where the machine halts before."""
        delta, cells, edges, state, head = self._delta, self.cells, self.edges, self.state, self.head
        for moment in range(self.steps + 1, self.steps + steps + 1):
            action = delta.get((state, cells.get(head, BLANK)))
            if action is None:
                return False
            cells[head], move, state = action
            edge = head + 1 if move > 0 else head
            if move and edge not in edges:
                edges[edge] = moment, move > 0
            head += move
        self.state, self.head, self.steps = state, head, self.steps + steps
        return True


def _engine(machine: Machine, at: Configuration, cut: Cut) -> MacroEngine:
    """At the moment of the cut."""
    walk = _Walk(machine, at)
    walk.go(cut.before)
    cells = walk.cells
    first = min(cells, default=0)
    tape = Tape.of([cells.get(i, BLANK) for i in range(first, max(cells, default=0) + 1)], first)
    there = Configuration(walk.state, (walk.head,), (tape,))
    return MacroEngine(BlockMachine(machine, cut.size), there, cut.before, cut.rightward)


def _outcome(machine: Machine, at: Configuration, engine: MacroEngine) -> AcceleratedOutcome:
    ending = engine.ending or Ending.LIMIT
    return AcceleratedOutcome(
        ending, engine.steps, engine.configuration, engine.blocks.size, len(engine.uses), len(engine.rules),
        None if ending in (Ending.LIMIT, Ending.TOO_LARGE) else of_run(machine, at, engine),
    )  # fmt: skip
