"""Experience of a machine: what an observer sees of its runs on random tapes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

import numpy as np

from triquetra.machines import Machine, Rule, Tape, start, step

LONGEST_RUN = 200  # steps, then the tapes are new
MEAN_WORD = 6.0  # cells written on each side of the head


@dataclass(frozen=True, slots=True)
class Event:
    """One step: in `state`, reading `read`, `rule` was applied; None where the machine was seen to halt.

    `first`: the step begins a run. `state` and `rule.goto` are for observers to whom states are shown.
    """

    state: int
    read: tuple[int, ...]
    rule: Rule | None
    first: bool

    @property
    def action(self) -> Action | None:
        """What shows of it when states are hidden: symbols written and movements; None if the machine halted."""
        return None if self.rule is None else (self.rule.write, self.rule.move)


Action = tuple[tuple[int, ...], tuple[int, ...]]


def experience(machine: Machine, seed: int, *, longest_run: int = LONGEST_RUN) -> Iterator[Event]:
    """An endless stream of steps: run after run from the start state, each on new random tapes.

    A tape has a random word under and right of the head, of geometric length (mean 6 cells), blanks beyond. In every
    other run it is over the input alphabet; in the others over the whole, and on two-way tapes left of the head too.
    A run ends where it halts (which is seen as an event of its own) or after `longest_run` steps.
    """
    rng = np.random.default_rng(seed)
    anything = range(len(machine.symbols))
    for legal in cycle((True, False)):
        symbols = machine.input_symbols if legal else anything
        tapes = (_tape(rng, symbols, right_only=legal or one_way) for one_way in machine.one_way)
        configuration = start(machine, *tapes)
        for number in range(longest_run):
            read = configuration.read
            rule = machine.delta.get((configuration.state, read))
            yield Event(configuration.state, read, rule, number == 0)
            following = step(machine, configuration)
            if following is None:
                break
            configuration = following


def _tape(rng: np.random.Generator, symbols: Sequence[int], right_only: bool) -> Tape:
    left, right = (int(length) - 1 for length in rng.geometric(1 / (1 + MEAN_WORD), 2))
    if right_only:
        left = 0
    return Tape.of([symbols[i] for i in rng.integers(0, len(symbols), left + right)], -left)


def runs(events: Sequence[Event]) -> Iterator[list[Event]]:
    """The events of each run."""
    run: list[Event] = []
    for event in events:
        if event.first and run:
            yield run
            run = []
        run.append(event)
    if run:
        yield run
