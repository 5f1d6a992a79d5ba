"""Numbers of more digits than `str` writes: wherever one is turned to text, or text to one."""

import json
import subprocess
import sys
from decimal import Decimal

import pytest

from triquetra.machines import from_busy_beaver, start
from triquetra.machines.core.numbers import decimal, integer, long_number
from triquetra.runtime.accelerate import DecisionKind, Ending, LongConfiguration, decide, run
from triquetra.runtime.accelerate.blocks import BlockMachine
from triquetra.runtime.accelerate.certificate import write_certificate
from triquetra.runtime.accelerate.decide import Decision
from triquetra.runtime.accelerate.engine import MacroEngine
from triquetra.runtime.accelerate.polynomials import Polynomial
from triquetra.runtime.accelerate.rules import Count, Power
from triquetra.runtime.accelerate.run import AcceleratedOutcome
from triquetra.studies.survey.results import Results
from triquetra.studies.survey.space import parse_space
from triquetra.studies.survey.task import SurveyRow, SurveySettings
from triquetra.verifier.halting_checker import check, read_certificate
from triquetra.verifier.halting_checker.reading import ProvedHalting

HUGE = 10**100_000 + 7
# For each 1 of its input it doubles a word: after n of them about 4^n steps are made.
DOUBLING = "0LB1RA------_0RZ2RD3RC3LB_3LB------3RC_0LB------2RD"
ONES = "1" * 170_000


@pytest.fixture(scope="module")
def decision():
    return decide(from_busy_beaver(DOUBLING), ONES, closed_sets=())


def test_numbers_are_read_as_they_are_written():
    for number in (0, 7, -7, HUGE, -HUGE):
        assert integer(decimal(number)) == number
    assert len(decimal(HUGE)) == 100_001
    with pytest.raises(ValueError, match="integer string conversion"):
        str(HUGE)
    for number in (10**59, 10**60 - 1, 10**60, 2**800 + 1, 3**5000):
        power = Decimal(number).log10()
        assert long_number(number) == (f"10^{power:.3f}" if number >= 10**60 else f"{number:,}")
    assert (long_number(HUGE), long_number(-HUGE), long_number(-5000)) == ("10^100000.000", "-10^100000.000", "-5,000")


@pytest.mark.parametrize(
    "value",
    [
        Decision(DecisionKind.HALTS, HUGE, HUGE, {"rest": HUGE, "list": [HUGE, (HUGE,)]}),
        LongConfiguration(0, -HUGE, -HUGE, (((0, 1), HUGE),)),
        AcceleratedOutcome(Ending.HALTED, HUGE, LongConfiguration(0, HUGE, 0, ()), 1, 1, 1, None),
        Count(2, HUGE, 0),
        Power((HUGE, Polynomial({(0,): HUGE})), Polynomial({}), Polynomial({})),
        ProvedHalting("halted", "rules", 0, HUGE, HUGE),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_holds_them_prints(value):
    shown = repr(value)
    assert "10^100000.000" in shown
    assert str(value) == shown and len(shown) < 400


def test_short_ones_print_as_a_dataclass_does():
    assert repr(Decision(DecisionKind.HALTS, 6, 4)) == (
        f"Decision(kind={DecisionKind.HALTS!r}, steps=6, nonblank=4, certificate=None, reason=None)"
    )
    assert (
        repr(LongConfiguration(1, 2, 3, (((0,), 4),)))
        == "LongConfiguration(state=1, head=2, origin=3, runs=(((0,), 4),))"
    )


def test_a_decision_of_so_many_digits(decision):
    assert abs(float(Decimal(decision.steps).log10()) - 102_350.624) < 0.001
    assert f"steps={long_number(decision.steps)}" in repr(decision)
    text = write_certificate(decision.certificate)
    proved = check(from_busy_beaver(DOUBLING), read_certificate(text.encode()))
    assert (proved.steps, proved.nonblank) == (decision.steps, decision.nonblank)
    assert "10^102350.624" in repr(proved)


def test_rules_and_runs_of_such_numbers_print():
    machine = from_busy_beaver(DOUBLING)
    outcome = run(machine, "1" * 20_000, block=1)
    assert "10^12041.626" in repr(outcome)
    engine = MacroEngine(BlockMachine(machine, 1), start(machine, "1" * 20_000))
    while engine.ending is None:
        engine.advance()
    assert all(repr(rule).startswith("MacroRule(") for rule in engine.rules)


def test_surveys_keep_them(tmp_path):
    space = parse_space("2x2", 0, 0)
    results = Results(tmp_path / "results.sqlite", space, SurveySettings())
    results.add("task", [SurveyRow("machine", "halts", HUGE, HUGE, None)], 1.0)
    assert results.report().champion == ("machine", HUGE)
    results.close()


def test_commands_print_them(tmp_path):
    word, certificate = "1" * 20_000, tmp_path / "certificate.json"
    found = _triquetra("halts", DOUBLING, "--input", word, "--out", certificate, "--json")
    assert len(json.loads(found)["steps"]) == 12_042
    assert "10^12041.626 steps" in _triquetra("check-halts", certificate, DOUBLING)
    assert len(json.loads(_triquetra("check-halts", certificate, DOUBLING, "--json"))["steps"]) == 12_042
    assert "10^12041.626 steps" in _triquetra("halts", DOUBLING, "--input", word)


def _triquetra(*arguments):
    command = [sys.executable, "-c", "from triquetra.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
