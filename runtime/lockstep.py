"""Forms side by side over the same input, until the run ends or they part."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from triquetra.forms import IntArray
from triquetra.machines import Configuration, Input, InputError, Machine, Outcome, Verdict, draw, sentence
from triquetra.machines.outcome import SHOWN

from .followed import FollowedForm, FollowedMachine
from .protocol import Followed, Form, LeftMemory, MachineForm, Margin, Progress, Undecodable
from .reference import TuringForm
from .world import THRESHOLD

FIRST_COMPARED, COMPARED = 1 << 10, 1 << 16  # steps between two comparisons of whole tapes, at first and at most


@dataclass(frozen=True, slots=True)
class Moment:
    """What one form is at one step: a configuration, or why it encodes none.

    `margin` is that of the step which led here.
    """

    form: str
    configuration: Configuration | Undecodable
    halted: bool
    margin: Margin

    def in_words(self, machine: Machine) -> str:
        """State, heads and tapes by name, or why there is no configuration."""
        if not isinstance(self.configuration, Configuration):
            return f"{self.form}: {self.configuration}"
        state, heads, tapes = self.configuration.state, self.configuration.heads, self.configuration.tapes
        places = [f"cell {h} of `{machine.spell(tape.cells)}` from {tape.origin}" for h, tape in zip(heads, tapes)]
        ended = "halted" if self.halted else "runs"
        return f"{self.form}: {ended} in state {machine.states[state]}, {', '.join(places)}"


@dataclass(frozen=True, slots=True)
class Difference:
    """The first step at which forms part, with what each of them is there; the first moment is the reference."""

    step: int
    moments: tuple[Moment, ...]
    what: str


@dataclass(frozen=True, slots=True, repr=False)
class Agreement:
    """What came of running forms beside the machine; true if they had the same configuration at every step.

    `forms` are their names, the machine's own first. `outcome` is the machine's where the comparison ended, with the
    verdict `disagreement` if there is a `difference`. `margins` has the worst margin of each form over all steps, where
    every unit was computed (`dense`).
    """

    machine: Machine
    forms: tuple[str, ...]
    outcome: Outcome
    margins: dict[str, Margin]
    difference: Difference | None

    @property
    def agrees(self) -> bool:
        """Whether the forms had the same configuration at every step."""
        return self.difference is None

    def __bool__(self) -> bool:
        return self.agrees

    def __str__(self) -> str:
        """How the run ended for all forms, or the first step at which they part and what each of them was there."""
        forms = f"{', '.join(self.forms[:-1])} and {self.forms[-1]}"
        if self.difference is not None:
            moments = "".join(f"\n  {moment.in_words(self.machine)}" for moment in self.difference.moments)
            return f"{forms} part at step {self.difference.step:,}: {self.difference.what}{moments}"
        margins = "".join(f"\n  {name:<14} {margin}" for name, margin in self.margins.items() if margin.unit)
        tapes = draw(self.machine, self.outcome.configuration, SHOWN)
        return f"{forms} agree at every step: {sentence(self.machine, self.outcome)}\n  {tapes}{margins}"

    def __repr__(self) -> str:
        return f"<{str(self).splitlines()[0]}>"

    def _repr_html_(self) -> str:
        """The words, for notebooks."""
        words, *lines = str(self).splitlines()
        return f"<p>{html.escape(words)}</p><pre>{html.escape(chr(10).join(line.strip() for line in lines))}</pre>"


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
    machine: Machine,
    forms: Sequence[Form[Any]],
    *inputs: Input,
    max_steps: int,
    dense: bool = True,
    progress: Progress | None = None,
) -> Agreement:
    """Run `forms` beside the machine itself and compare them to the first difference.

    The run ends when the machine halts (one step past the last, where no rule applies), after `max_steps` steps,
    when the head leaves a form's memory (verdict `left the memory`: they agreed until then), or at the first
    difference (`disagreement`).

    Control state, heads, halting and the symbol that each step leaves are compared at every step. Forms that have an
    engine run by it, and whole tapes are compared every `COMPARED` steps and at the end; the others, and all of them if
    `dense`, compute every unit and decode their whole configuration at every step. Only the latter have margins.
    Raises: InputError: an input does not fit, or two forms have one name.
    """
    names = [form.name for form in forms]
    if len(set(names)) != len(names):
        raise InputError(f"forms in lockstep need different names; these are {', '.join(names)}")
    if dense:
        return _dense(machine, forms, inputs, max_steps, progress)
    try:
        return _followed(machine, forms, inputs, max_steps, progress)
    except Undecodable:  # a form that encodes nothing even at its start
        return _dense(machine, forms, inputs, max_steps, progress)


def _dense(
    machine: Machine,
    forms: Sequence[Form[Any]],
    inputs: tuple[Input, ...],
    max_steps: int,
    progress: Progress | None,
) -> Agreement:
    reference = TuringForm(machine)
    names = [form.name for form in forms]
    traces = [trace(form, *inputs) for form in (reference, *forms)]
    margins = {name: Margin() for name in names}
    last: Configuration | None = None

    def result(verdict: Verdict, at: Configuration, steps: int, difference: Difference | None = None) -> Agreement:
        return Agreement(
            machine, (TuringForm.name, *names), Outcome(verdict, at, steps, machine=machine), margins, difference
        )

    for steps, moments in enumerate(zip(*traces)):
        true = moments[0]
        if last is not None and steps > max_steps and not any(moment.halted for moment in moments):
            return result(Verdict.STEP_LIMIT, last, max_steps)
        assert isinstance(true.configuration, Configuration)
        for moment in moments[1:]:
            margins[moment.form] = margins[moment.form].join(moment.margin)
        what = [text for moment in moments[1:] if (text := _difference(true, moment))]
        if what:
            return result(Verdict.PARTED, true.configuration, steps, Difference(steps, moments, "; ".join(what)))
        if last is not None and any(isinstance(moment.configuration, LeftMemory) for moment in moments):
            return result(Verdict.LEFT_MEMORY, last, steps - 1)
        last = true.configuration
        if true.halted:
            return result(_how_it_halted(reference, last), last, steps - 1)
        if progress is not None:
            progress(steps)
    raise AssertionError("a trace ends only by halting or by not decoding")


def _followed(
    machine: Machine,
    forms: Sequence[Form[Any]],
    inputs: tuple[Input, ...],
    max_steps: int,
    progress: Progress | None,
) -> Agreement:
    names = [form.name for form in forms]
    true, others = FollowedMachine(machine, *inputs), [_follow(form, inputs) for form in forms]
    done, chunk = 0, FIRST_COMPARED
    while True:
        rows = true.rows(min(chunk, max_steps - done))
        parted = [step for other in others if (step := _parts(rows, true, other)) is not None]
        if parted:
            return _at(machine, forms, inputs, done + min(parted))
        done += len(rows) - 1
        if true.ended() or done == max_steps:
            verdict = _how_it_halted(TuringForm(machine), true.now()) if true.ended() else Verdict.STEP_LIMIT
            return Agreement(
                machine, (TuringForm.name, *names), Outcome(verdict, true.now(), done, machine=machine), {}, None
            )
        if progress is not None:
            progress(done)
        chunk = min(2 * chunk, COMPARED)


def _follow(form: Form[Any], inputs: tuple[Input, ...]) -> Followed:
    """The form's run by its engine, or else step by step."""
    followed = form.follow(*inputs) if isinstance(form, MachineForm) else None
    return followed or FollowedForm(form, *inputs)


def _parts(rows: IntArray, true: Followed, other: Followed) -> int | None:
    """The first of the machine's `rows` that a form, going on as far, does not have; None where it has them all."""
    found = other.rows(len(rows) - 1)
    both = min(len(rows), len(found))
    wrong = np.flatnonzero((found[:both] != rows[:both]).any(axis=1))
    if wrong.size:
        return int(wrong[0])
    if other.failure() is not None or len(found) != len(rows) or true.ended() != other.ended():
        return both
    try:
        return None if other.now() == true.now() else both - 1
    except Undecodable:
        return both - 1


def _at(machine: Machine, forms: Sequence[Form[Any]], inputs: tuple[Input, ...], step: int) -> Agreement:
    """What there is to say of runs that part, or leave a memory, at `step`: each is run to there once more."""
    names = [form.name for form in forms]
    true = _moment(TuringForm.name, FollowedMachine(machine, *inputs), step)
    moments = (true, *(_moment(form.name, _follow(form, inputs), step) for form in forms))
    assert isinstance(true.configuration, Configuration)
    what = "; ".join(text for moment in moments[1:] if (text := _difference(true, moment)))
    if what:
        outcome = Outcome(Verdict.PARTED, true.configuration, step, machine=machine)
        return Agreement(machine, (TuringForm.name, *names), outcome, {}, Difference(step, moments, what))
    if not any(isinstance(moment.configuration, LeftMemory) for moment in moments):
        raise AssertionError(f"runs that parted at step {step:,} are alike there")
    before = _moment(TuringForm.name, FollowedMachine(machine, *inputs), step - 1).configuration
    assert isinstance(before, Configuration)
    return Agreement(
        machine, (TuringForm.name, *names), Outcome(Verdict.LEFT_MEMORY, before, step - 1, machine=machine), {}, None
    )


def _moment(name: str, followed: Followed, step: int) -> Moment:
    """What a form is at a step, or why it does not get there; where it halts before, it is there still."""
    done = 0
    while done < step and not followed.ended() and followed.failure() is None:
        done += len(followed.rows(min(COMPARED, step - done))) - 1
    failure = followed.failure() if done < step else None
    try:
        return Moment(name, failure or followed.now(), done < step and followed.ended(), Margin())
    except Undecodable as error:
        return Moment(name, error, False, Margin())


def _difference(true: Moment, moment: Moment) -> str:
    """What differs between a form and the machine, in words; empty where nothing does."""
    here, there = true.configuration, moment.configuration
    assert isinstance(here, Configuration)
    if isinstance(there, LeftMemory) and there.outside(here.heads):
        return ""
    if isinstance(there, Undecodable):
        return f"{moment.form}: {there}"
    if moment.halted and not true.halted:
        return f"{moment.form}: halts"
    if there.state != here.state:
        return f"{moment.form}: another state"
    if there.heads != here.heads:
        return f"{moment.form}: another head position"
    if there.tapes != here.tapes:
        return f"{moment.form}: another tape"
    return f"{moment.form}: does not halt" if true.halted and not moment.halted else ""
