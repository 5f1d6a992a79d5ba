"""Inline tests of a program, in any form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from triquetra.machines import Outcome, Verdict
from triquetra.machines.language import Program, Test

from . import turing
from .lockstep import lockstep
from .protocol import Form
from .reference import TuringForm


@dataclass(frozen=True, slots=True)
class TestResult:
    """A test in one form: what it fell short of, in words, and whether the form ran it `whole`.

    A dense form runs a long test only in part: beside the machine, configuration for configuration.
    """

    __test__ = False
    test: Test
    form: str
    failures: tuple[str, ...]
    steps: int
    whole: bool


def run_tests(
    program: Program, forms: Sequence[Form[Any]], *, max_steps: int, dense_steps: int
) -> Iterator[TestResult]:
    """Run every test of `program` in each form. The Turing form runs by the fast kernel, up to `max_steps` where a
    test names no count of its own; the others beside the machine, up to `dense_steps`.
    """
    machine = program.machine
    for test in program.tests:
        outcome = turing.run(machine, *test.inputs, max_steps=test.max_steps(max_steps), watch=True)
        failures = test.failures(machine, outcome)
        for form in forms:
            if isinstance(form, TuringForm):
                yield TestResult(test, form.name, failures, outcome.steps, True)
            else:
                yield _beside(program, test, outcome, form, dense_steps)


def _beside(program: Program, test: Test, outcome: Outcome, form: Form[Any], dense_steps: int) -> TestResult:
    limit = min(outcome.steps, dense_steps)
    agreement = lockstep(program.machine, [form], *test.inputs, max_steps=limit)
    whole = agreement.outcome.steps == outcome.steps
    if agreement.difference is not None:
        return TestResult(test, form.name, (agreement.difference.what,), agreement.outcome.steps, whole)
    ended = whole and agreement.outcome.verdict is not Verdict.STEP_LIMIT
    failures = test.failures(program.machine, agreement.outcome if ended else outcome)
    return TestResult(test, form.name, failures, agreement.outcome.steps, whole)
