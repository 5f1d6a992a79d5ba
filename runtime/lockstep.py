"""Forms side by side over the same input, until the run ends or they part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from triquetra.machines import Configuration, Input, InputError, Machine, Outcome, Verdict
from triquetra.machines.core.words import count

from .protocol import Form, LeftMemory, Margin, Undecodable
from .reference import TuringForm
from .world import THRESHOLD

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Moment:
    """What one form is at one step: a configuration, or why it encodes none.

    `margin` is that of the step which led here.
    """

    form: str
    configuration: Configuration | Undecodable
    halted: bool
    margin: Margin


@dataclass(frozen=True, slots=True)
class Difference:
    """The first step at which forms part, with what each of them is there; the first moment is the reference."""

    step: int
    moments: tuple[Moment, ...]
    what: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Outcome of a lockstep run. `margins` has the worst margin of each form over all steps."""

    outcome: Outcome
    margins: dict[str, Margin]
    difference: Difference | None

    @property
    def agrees(self) -> bool:
        """Whether every form had the same configuration at every step."""
        return self.difference is None

    def __str__(self) -> str:
        steps = count(self.outcome.steps, "step")
        if self.difference is not None:
            return f"turing and {', '.join(self.margins)} part after {steps}: {self.difference.what}"
        margins = ", ".join(f"{name} {margin.smallest:.6f}" for name, margin in self.margins.items())
        return f"turing and {', '.join(self.margins)} agree: {self.outcome.verdict} after {steps}; margins {margins}"


def trace(form: Form[Any], *inputs: Input) -> Iterator[Moment]:
    """What `form` is at each step, from its start on; the last moment is the one that halts or cannot be decoded."""
    state = form.init(*inputs)
    while True:
        configuration: Configuration | Undecodable
        try:
            configuration = form.decode(state)
        except Undecodable as error:
            configuration = error
        halted = form.halted(state)
        yield Moment(form.name, configuration, halted, margin(form, state))
        if halted or isinstance(configuration, Undecodable):
            return
        state = form.step(state)


def margin(form: Form[Any], state: Any) -> Margin:
    """The margin of the step that led to `state`."""
    worst = Margin()
    for names, activity in form.activities(state):
        if activity.size == 0:
            continue
        distance = np.abs(activity - THRESHOLD)
        unit = int(distance.argmin())
        off = activity[activity < THRESHOLD]
        worst = worst.join(Margin(float(distance[unit]), names[unit], float(off.max()) if off.size else 0.0))
    return worst


def run(form: Form[Any], *inputs: Input, max_steps: int, progress: Progress | None = None) -> tuple[Outcome, Margin]:
    """Run one form until it halts, leaves its memory, or has made `max_steps` steps.

    Raises: Undecodable: its activities stopped encoding a configuration.
    """
    worst = Margin()
    last: Configuration | None = None
    for steps, moment in enumerate(trace(form, *inputs)):
        if last is not None and steps > max_steps and not moment.halted:
            return Outcome(Verdict.STEP_LIMIT, last, max_steps), worst
        worst = worst.join(moment.margin)
        if isinstance(moment.configuration, Undecodable):
            if isinstance(moment.configuration, LeftMemory) and last is not None:
                return Outcome(Verdict.LEFT_MEMORY, last, steps - 1), worst
            raise moment.configuration
        last = moment.configuration
        if moment.halted:
            return Outcome(_how_it_halted(form, last), last, steps - 1), worst
        if progress is not None:
            progress(steps)
    raise AssertionError("a trace ends only by halting or by not decoding")


def _how_it_halted(form: Form[Any], configuration: Configuration) -> Verdict:
    return Verdict.UNDEFINED if form.verdicts[configuration.state] is None else Verdict.HALTED


def lockstep(
    machine: Machine, forms: Sequence[Form[Any]], *inputs: Input, max_steps: int, progress: Progress | None = None
) -> Agreement:
    """Run `forms` beside the machine itself and compare whole configurations at every step.

    The run ends when the machine halts (one step past the last, where no rule applies), after `max_steps` steps,
    when the head leaves a form's memory (verdict `left the memory`: they agreed until then), or at the first
    difference.
    """
    reference = TuringForm(machine)
    names = [form.name for form in forms]
    if len(set(names)) != len(names):
        raise InputError(f"forms in lockstep need different names; these are {', '.join(names)}")
    traces = [trace(form, *inputs) for form in (reference, *forms)]
    margins = {name: Margin() for name in names}
    last: Configuration | None = None
    for steps, moments in enumerate(zip(*traces)):
        true = moments[0]
        if last is not None and steps > max_steps and not any(moment.halted for moment in moments):
            return Agreement(Outcome(Verdict.STEP_LIMIT, last, max_steps), margins, None)
        assert isinstance(true.configuration, Configuration)
        for moment in moments[1:]:
            margins[moment.form] = margins[moment.form].join(moment.margin)
        what = [text for moment in moments[1:] if (text := _difference(true, moment))]
        if what:
            outcome = Outcome(Verdict.STEP_LIMIT, true.configuration, steps)
            return Agreement(outcome, margins, Difference(steps, moments, "; ".join(what)))
        if last is not None and any(isinstance(moment.configuration, LeftMemory) for moment in moments):
            return Agreement(Outcome(Verdict.LEFT_MEMORY, last, steps - 1), margins, None)
        last = true.configuration
        if true.halted:
            return Agreement(Outcome(_how_it_halted(reference, last), last, steps - 1), margins, None)
        if progress is not None:
            progress(steps)
    raise AssertionError("a trace ends only by halting or by not decoding")


def _difference(true: Moment, moment: Moment) -> str:
    """What differs between a form and the reference, in words; empty where nothing does."""
    here, there = true.configuration, moment.configuration
    assert isinstance(here, Configuration)
    if isinstance(there, LeftMemory) and there.outside(here.heads):
        return ""
    if isinstance(there, Undecodable):
        return f"{moment.form}: {there}"
    if there.state != here.state:
        return f"{moment.form}: another state"
    if there.heads != here.heads:
        return f"{moment.form}: another head position"
    if there.tapes != here.tapes:
        return f"{moment.form}: another tape"
    if moment.halted != true.halted:
        return f"{moment.form}: {'halts' if moment.halted else 'does not halt'}"
    return ""
