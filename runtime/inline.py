"""Inline tests of a program: of the machine itself, and of its forms beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from triquetra.machines import Outcome
from triquetra.machines.language import Program, Test

from . import turing
from .forms import is_compiled
from .lockstep import Agreement, lockstep
from .protocol import MachineForm

COMPARED_STEPS = 1_000_000  # of a test, for which a form with an engine is compared with the machine
DENSE_STEPS = 20_000  # the same for a form without one, which computes every unit


@dataclass(frozen=True, slots=True)
class TestResult:
    """A test's result: what the machine's own run, `outcome`, falls short of, in words, and each other form beside it.

    A long test is compared in part, so many steps; `whole` says of each form whether it was all of it.
    """

    __test__ = False
    test: Test
    outcome: Outcome
    failures: tuple[str, ...]
    beside: dict[str, Agreement]

    @property
    def parted(self) -> dict[str, Agreement]:
        """The forms that were not where the machine was."""
        return {name: each for name, each in self.beside.items() if not each}

    @property
    def whole(self) -> dict[str, bool]:
        """Of each form whether it was compared up to the end of the machine's run."""
        return {name: each.outcome.steps == self.outcome.steps for name, each in self.beside.items()}

    @property
    def passed(self) -> bool:
        """Whether the machine passes, and no form parts from it."""
        return not self.failures and not self.parted


def run_tests(program: Program, forms: Sequence[MachineForm[Any]], *, max_steps: int) -> Iterator[TestResult]:
    """Run every test of `program`, up to `max_steps` where it names no count of its own, and `forms` beside it.

    The machine runs by its fast kernel; forms run in lockstep with it, as far as it ran but for at most
    `COMPARED_STEPS` steps, or `DENSE_STEPS` where there is no engine.
    """
    machine = program.machine
    for test in program.tests:
        outcome = turing.run(machine, *test.inputs, max_steps=test.max_steps(max_steps), watch=True)
        outcome = replace(outcome, machine=machine)
        beside = {}
        for form in forms:
            if is_compiled(type(form)):
                most = DENSE_STEPS if form.follow(*test.inputs) is None else COMPARED_STEPS
                limit = min(outcome.steps, most)
                beside[form.name] = lockstep(machine, [form], *test.inputs, max_steps=limit, dense=False)
        yield TestResult(test, outcome, test.failures(machine, outcome), beside)
