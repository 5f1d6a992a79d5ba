"""The zoo's counts, each confirmed by a run as far as one can go."""

import sys

import pytest

from triquetra.machines import Verdict, from_busy_beaver, is_busy_beaver, to_busy_beaver
from triquetra.machines.catalogue import zoo
from triquetra.runtime import turing
from triquetra.runtime.accelerate.engine import Ending
from triquetra.runtime.accelerate.run import run as accelerate

ZOO = zoo()
BEAVERS = {
    "busy-beaver-2": "1RB1LB_1LA1RZ",
    "busy-beaver-3": "1RB1RZ_1LB0RC_1LC1LA",
    "busy-beaver-3-marks": "1RB1RZ_0RC1RB_1LC1LA",
    "busy-beaver-4": "1RB1LB_1LA0LC_1RZ1LD_1RD0RA",
    "busy-beaver-5": "1RB1LC_1RC1RB_1RD0LE_1LA1LD_1RZ0LA",
    "busy-beaver-2x3": "1RB2LB1RZ_2LA2RB1LB",
    "busy-beaver-2x4": "1RB2LA1RA1RA_1LB1LA3RB1RZ",
}


def that(run):
    machines = [one for one in ZOO if one.runs == run]
    return pytest.mark.parametrize("one", machines, ids=lambda one: one.name)


@that("step by step")
def test_counts_of_short_runs(one):
    outcome = turing.run(one.machine, max_steps=10**8)
    assert outcome.verdict is Verdict.HALTED
    assert outcome.steps == one.steps
    assert outcome.configuration.tapes[0].nonblank == one.marks


@that("accelerated")
def test_counts_of_long_runs(one):
    outcome = accelerate(one.machine)
    assert outcome.ending is Ending.HALTED
    assert outcome.steps > 10**15
    for published, counted in ((one.steps, outcome.steps), (one.marks, outcome.nonblank)):
        assert published == (counted if isinstance(published, int) else first_digits(counted, published))


@that("not to its end")
def test_what_does_not_end_goes_on_for_a_while(one):
    assert one.steps is one.marks is None
    assert turing.run(one.machine, max_steps=100_000).verdict is Verdict.STEP_LIMIT


@pytest.mark.parametrize(("name", "text"), BEAVERS.items())
def test_busy_beavers_of_the_library_have_the_published_tables(name, text):
    one = next(one for one in ZOO if one.name == name)
    assert one.source == f"@{name}"
    assert to_busy_beaver(one.machine) == text


def test_the_zoo_is_complete_and_consistent():
    names = [one.name for one in ZOO]
    assert len(names) == len(set(names)) >= 20
    assert {one.ends for one in ZOO} == {"halts", "never halts", "unknown"}
    for one in ZOO:
        assert one.found and one.citation and one.note.endswith((".", "..."))
        assert one.ends == "halts" or one.steps is None
        if is_busy_beaver(one.source):
            assert to_busy_beaver(from_busy_beaver(one.source)) == one.source


def first_digits(number, like):
    """`number` written as `like` is: as many digits, cut off."""
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        digits = str(number)
    finally:
        sys.set_int_max_str_digits(limit)
    decimals = len(like.partition("e")[0]) - 2
    return f"{digits[0]}.{digits[1 : 1 + decimals]}e{len(digits) - 1}"
