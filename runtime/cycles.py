"""Configurations at the ends of a universal machine's cycles, in any form.

A cycle ends when the rule of one cell is applied, which happens nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from triquetra.machines import Configuration, Machine, Tape, Verdict, start, step
from triquetra.machines.universal import CycleEnd

from .forms import is_compiled
from .protocol import Followed, Form, LeftMemory, MachineForm
from .turing import run_from

State = TypeVar("State")
Cell = tuple[int, int]  # a state and the symbol read in it


def cycle_ends(cell: Cell, configurations: Iterable[Configuration]) -> Iterator[CycleEnd]:
    """Of a whole run, one configuration a step, those just after `cell`'s rule was applied."""
    ending = False
    for steps, configuration in enumerate(configurations):
        if ending:
            yield steps, configuration
        ending = (configuration.state, configuration.read[0]) == cell


def configurations(form: Form[State], tape: Tape, max_steps: int | None = None) -> Iterator[Configuration]:
    """A form's whole run, every unit computed and decoded at every step.

    Ends when the form halts or leaves its memory, and after `max_steps` steps.

    Raises: Undecodable: activities that are no configuration.
    """
    state, steps = form.init(tape), 0
    while not form.halted(state):
        try:
            configuration = form.decode(state)
        except LeftMemory:
            return
        yield configuration
        if steps == max_steps:
            return
        state, steps = form.step(state), steps + 1


def machine_cycle_ends(machine: Machine, cell: Cell, tape: Tape, max_steps: int | None = None) -> Iterator[CycleEnd]:
    """The machine's cycles by the fast Turing form, which runs without `cell`'s rule until it misses it.

    Ends when the machine halts, or before step `max_steps` + 1.
    """
    without = replace(machine, rules=tuple(rule for rule in machine.rules if (rule.state, rule.read[0]) != cell))
    configuration, steps = start(machine, tape), 0
    while True:
        room = None if max_steps is None else max_steps - steps
        outcome = run_from(without, configuration, max_steps=room)
        steps += outcome.steps
        at = outcome.configuration
        if outcome.verdict is not Verdict.UNDEFINED or (at.state, at.read[0]) != cell or steps == max_steps:
            return
        following = step(machine, at)
        assert following is not None
        configuration, steps = following, steps + 1
        yield steps, configuration


def followed_cycle_ends(
    followed: Followed, times: Iterable[CycleEnd], max_steps: int | None = None
) -> Iterator[CycleEnd]:
    """What a run encodes at the `times`, those of the machine's own cycles.

    Ends when it halts or leaves its memory, or before step `max_steps` + 1.

    Raises: Undecodable: activities that are no configuration.
    """
    at = 0
    for steps, _ in times:
        if max_steps is not None and steps > max_steps:
            return
        at += followed.skip(steps - at)
        error = followed.failure()
        if at < steps and (followed.ended() or isinstance(error, LeftMemory)):
            return
        if error is not None:
            raise error
        yield steps, followed.now()


def form_cycle_ends(
    machine: Machine,
    form: MachineForm[Any],
    cell: Cell,
    tape: Tape,
    *,
    max_steps: int | None = None,
    dense: bool = False,
) -> Iterator[CycleEnd]:
    """The cycles of a machine's run in one of its forms, by its engine, or with every unit computed if `dense`."""
    times = machine_cycle_ends(machine, cell, tape, max_steps)
    if not is_compiled(type(form)):
        return times
    followed = None if dense else form.follow(tape)
    if followed is None:
        return cycle_ends(cell, configurations(form, tape, max_steps))
    return followed_cycle_ends(followed, times, max_steps)
