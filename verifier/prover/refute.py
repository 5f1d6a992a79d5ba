"""Finds a counterexample: an input and the first step at which a form parts from the machine.

An input that leads to a given cell is found on a *lazy tape*: a symbol is chosen only where the machine reads what
was never written, so one search covers all inputs at once, the shortest runs first.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice, product
from typing import Any

from triquetra.machines import BLANK, Configuration, Machine, MachineError, Tape
from triquetra.runtime.lockstep import lockstep
from triquetra.runtime.protocol import Form, MemoryTooSmall, Undecodable

from ..checker.claim import instants
from ..checker.reading import Read
from .result import Refuted, Word

Cell = tuple[int, Read]

NODES = 20_000  # of the search for an input that leads to a cell
AFTER = 64  # steps that a run goes on after it has met the cell
RUNS = 24  # random inputs
STEPS = 400  # of a run on a random input
LONG = 3_000  # of the run on blank tapes


def find_counterexample(
    machine: Machine, form: Form[Any], cells: int | None, suspects: Collection[Cell], *, seed: int = 0
) -> Refuted | None:
    """A counterexample, looked for first on inputs that lead to `suspects`, then on the blank and on random inputs."""
    for steps, words in _inputs(machine, suspects, random.Random(seed)):
        found = replay(machine, form, cells, words, steps)
        if found is not None:
            return found
    return None


def replay(machine: Machine, form: Form[Any], cells: int | None, words: tuple[Word, ...], steps: int) -> Refuted | None:
    """Run a form beside the machine for at most `steps` steps; the counterexample, if they part."""
    try:
        tapes = [Tape.of(word) for word in words]
        result = lockstep(machine, [form], *tapes, max_steps=steps, dense=True)  # what the claim is about
    except (MemoryTooSmall, MachineError):
        return None
    if result.difference is None:
        return None
    reference, moment = result.difference.moments
    expected, found = reference.configuration, moment.configuration
    assert isinstance(expected, Configuration)
    before = _configuration_at(machine, words, result.difference.step - 1)
    return Refuted(
        machine=machine,
        form=form.name.partition("[")[0],
        cells=cells,
        inputs=words,
        step=result.difference.step,
        cell=None if before is None else (before.state, before.read),
        expected=expected,
        found=str(found) if isinstance(found, Undecodable) else found,
        what=result.difference.what,
    )


def _configuration_at(machine: Machine, words: tuple[Word, ...], step: int) -> Configuration | None:
    if step < 0:
        return None
    return next(islice(instants(machine, *map(Tape.of, words)), step, None)).configuration


def _inputs(
    machine: Machine, suspects: Collection[Cell], choose: random.Random
) -> Iterator[tuple[int, tuple[Word, ...]]]:
    """Inputs to try, each with the number of steps to run."""
    for steps, words in inputs_that_lead_to(machine, suspects):
        yield steps + AFTER, words
    yield LONG, ((),) * machine.tapes
    for length in range(1, RUNS + 1):
        yield STEPS, tuple(tuple(choose.choices(machine.input_symbols, k=length)) for _ in machine.one_way)


@dataclass(frozen=True, slots=True)
class _Lazy:
    """A tape of which only some cells are known: `input` as chosen so far, `now` as written since."""

    head: int = 0
    input: dict[int, int] = field(default_factory=dict)
    now: dict[int, int] = field(default_factory=dict)
    end: int | None = None  # the input has no cell from here on

    def choices(self, machine: Machine) -> list[tuple[int, _Lazy]]:
        """What can be read here: each symbol, and the tape on which it is so."""
        if self.head in self.now:
            return [(self.now[self.head], self)]
        if self.head < 0 or (self.end is not None and self.head >= self.end):
            return [(BLANK, self)]
        known = [
            (a, replace(self, input={**self.input, self.head: a}, now={**self.now, self.head: a}))
            for a in machine.input_symbols
        ]
        if BLANK not in machine.input_symbols and self.head > max(self.input, default=-1):
            known.append((BLANK, replace(self, end=self.head)))
        return known

    def word(self, machine: Machine) -> Word:
        """An input that holds what was chosen."""
        filler = BLANK if BLANK in machine.input_symbols else machine.input_symbols[0]
        return tuple(self.input.get(place, filler) for place in range(max(self.input, default=-1) + 1))


def inputs_that_lead_to(machine: Machine, cells: Collection[Cell]) -> Iterator[tuple[int, tuple[Word, ...]]]:
    """For each cell an input that leads there, with the number of steps it takes, while the search can find one."""
    wanted, nodes = set(cells), 0
    todo: deque[tuple[int, int, tuple[_Lazy, ...]]] = deque([(0, machine.start, (_Lazy(),) * machine.tapes)])
    while todo and wanted:
        steps, state, tapes = todo.popleft()
        for choice in product(*(tape.choices(machine) for tape in tapes)):
            nodes += 1
            if nodes > NODES:
                return
            read, known = tuple(symbol for symbol, _ in choice), [tape for _, tape in choice]
            if (state, read) in wanted:
                wanted.remove((state, read))
                yield steps, tuple(tape.word(machine) for tape in known)
            rule = machine.delta.get((state, read))
            if rule is not None:
                after = tuple(
                    replace(
                        tape,
                        now={**tape.now, tape.head: write},
                        head=max(tape.head + move, 0) if one_way else tape.head + move,
                    )
                    for tape, write, move, one_way in zip(known, rule.write, rule.move, machine.one_way)
                )
                todo.append((steps + 1, rule.goto, after))
