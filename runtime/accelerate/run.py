"""Accelerated runs from start to end, and the certificates that they leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from triquetra.machines import BLANK, Configuration, Input, InputError, Machine, start

from .blocks import Blocks, actions
from .certificate import of_run
from .engine import Ending, Engine
from .tape import LongConfiguration

LARGEST_BLOCK = 8  # cells
SAMPLE = 2000  # steps after which it is looked for blocks that the tape repeats
TRIAL = 250  # macro-steps after which sizes of block are compared
FIRST_TURN = 2000  # macro-steps before another size than the likeliest is tried
MAX_MACRO_STEPS = 1_000_000

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class AcceleratedOutcome:
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
        max_macro_steps: most macro-steps and uses of rules, over all sizes of block that are tried.
        block: the size of blocks in cells; without it sizes are tried, those first that the tape repeats most.
        progress: called with the number of macro-steps before each.

    Raises: InputError: the machine has several tapes or a one-way tape, or it does not read the input.
    """
    require_accelerable(machine)
    at = start(machine, *inputs)
    return run_from(machine, at, max_macro_steps=max_macro_steps, block=block, progress=progress)


def run_from(
    machine: Machine,
    at: Configuration,
    *,
    max_macro_steps: int = MAX_MACRO_STEPS,
    block: int | None = None,
    progress: Progress | None = None,
) -> AcceleratedOutcome:
    """As `run`, from a start configuration."""
    sizes = [block] if block is not None else likely_sizes(machine, at)
    engines = (Engine(Blocks(machine, size), at) for size in sizes)
    budget = max_macro_steps

    def advance(engine: Engine, upto: int) -> bool:
        """Whether the run is over when it has had so many macro-steps, or all that are left."""
        nonlocal budget
        while engine.ending is None and budget:
            if len(engine.uses) == upto:
                return False
            if progress is not None:
                progress(max_macro_steps - budget)
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


def likely_sizes(machine: Machine, at: Configuration) -> list[int]:
    """Sizes of blocks, best first: those in which the tape of a short plain run has the fewest runs of equal blocks."""
    runs = dict.fromkeys(range(1, LARGEST_BLOCK + 1), 0)
    for first, cells in _samples(machine, at):
        for size in runs:
            aligned = [BLANK] * ((first - at.heads[0]) % size) + cells
            blocks = [aligned[i : i + size] for i in range(0, len(aligned), size)]
            runs[size] += size + sum(one != two for one, two in pairwise(blocks))
    return sorted(runs, key=lambda size: (runs[size], size))


def _samples(machine: Machine, at: Configuration) -> Iterator[tuple[int, list[int]]]:
    """The cells visited and where they begin, four times in a run of `SAMPLE` steps."""
    delta = actions(machine)
    cells = {at.tapes[0].origin + i: cell for i, cell in enumerate(at.tapes[0].cells)}
    state, head = at.state, at.heads[0]
    for _ in range(4):
        for _ in range(SAMPLE // 4):
            action = delta.get((state, cells.get(head, BLANK)))
            if action is None:
                break
            cells[head], move, state = action
            head += move
        first = min(cells, default=0)
        yield first, [cells.get(i, BLANK) for i in range(first, max(cells, default=0) + 1)]


def _outcome(machine: Machine, at: Configuration, engine: Engine) -> AcceleratedOutcome:
    ending = engine.ending or Ending.LIMIT
    return AcceleratedOutcome(
        ending, engine.steps, engine.configuration, engine.blocks.size, len(engine.uses), len(engine.rules),
        None if ending in (Ending.LIMIT, Ending.TOO_LARGE) else of_run(machine, at, engine),
    )  # fmt: skip
