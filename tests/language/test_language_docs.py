"""docs/language.md: every example in it holds, and its list of codes is the table of codes."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

import pytest

from triquetra.machines import Machine, Outcome, Test, Verdict, parse, steps
from triquetra.machines.language import codes, format_text

TEXT = (Path(__file__).parents[2] / "docs" / "language.md").read_text("utf-8")
EXAMPLES = re.findall(r"```tm\n(.*?)```", TEXT, re.DOTALL)


def run(machine: Machine, test: Test) -> Outcome:
    """The reference run that a test asks for."""
    *_, (count, end) = enumerate(islice(steps(machine, *test.inputs), test.max_steps(1000) + 1))
    if machine.verdicts[end.state] is not None:
        return Outcome(Verdict.HALTED, end, count)
    defined = (end.state, end.read) in machine.delta
    return Outcome(Verdict.STEP_LIMIT if defined else Verdict.UNDEFINED, end, count)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 6


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.split()[1])
def test_an_example_passes_its_tests_without_warnings_in_the_canonical_look(example: str) -> None:
    program = parse(example)
    assert program.tests
    assert program.warnings == ()
    for test in program.tests:
        assert test.failures(program.machine, run(program.machine, test)) == ()
    assert format_text(example) == example


def test_the_list_of_codes_is_the_table() -> None:
    listed = dict(re.findall(r"^\| ([EW]\d{3}) \| (.*?) \|$", TEXT, re.MULTILINE))
    assert listed == {code: each.title for code, each in codes().items()}
