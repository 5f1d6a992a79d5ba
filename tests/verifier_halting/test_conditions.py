"""One false certificate for each thing that the checker must look at, and that a check could forget."""

from itertools import product

import pytest
from tests.verifier_halting.test_nothing_false import HALT_LATE, mirror
from tests.verifier_halting.test_rules import by_rules
from tests.verifier_halting.truth import must_be_true, truth

from triquetra.machines import Machine, from_busy_beaver
from triquetra.verifier.halting_checker import RefusedHalting, check


def of(machine: Machine, proof: dict, cells=(), origin: int = 0, **claim) -> dict:
    """A certificate; without a claim, that the machine runs forever."""
    return {
        "format": "triquetra halting certificate 1", "machine": machine.digest,
        "input": {"origin": origin, "cells": list(cells)}, "claim": claim or {"ending": "runs forever"}, "proof": proof,
    }  # fmt: skip


def refused(machine: Machine, certificate: dict, because: str) -> None:
    """It is false, and refused for that reason."""
    start = certificate["input"]
    true = truth(machine, start["cells"], start["origin"])
    assert true is not None and certificate["claim"]["ending"] == "runs forever"
    with pytest.raises(RefusedHalting, match=because):
        check(machine, certificate)


# --- cycles


@pytest.mark.parametrize("mirrored", [False, True])
def test_cells_are_compared_in_a_cycle(mirrored):
    """It takes the 1 away, turns, is back in its state at its place, and halts there."""
    machine, cells, origin = from_busy_beaver("1RZ0RB_1LA1LA"), [1, 1], 0
    if mirrored:
        machine, cells, origin = mirror(machine), cells[::-1], -1
    refused(machine, of(machine, {"method": "cycle", "before": 0, "period": 2}, cells, origin), "cell 0 differs")


def test_blanks_are_blank_whether_written_or_not():
    """To and fro over blanks; and to the right over blanks that were written before, and then others."""
    to_and_fro = from_busy_beaver("0RB_0LA")
    proof = {"method": "cycle", "before": 0, "period": 2}
    assert check(to_and_fro, of(to_and_fro, proof)).verdict == "runs forever"
    returns = from_busy_beaver("1RB---_0RB0LC_0LC0RD_0RD---")  # to the 1, back, and to the right for ever
    proof = {"method": "translated cycle", "before": 9, "period": 1}
    assert check(returns, of(returns, proof, [0, 0, 0, 0, 1])).verdict == "runs forever"


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("far", range(1, 10))
def test_all_cells_ahead_are_compared_in_a_translated_cycle(mirrored, far):
    """It runs on, and halts at a 1 that is farther away than the period is long."""
    machine = mirror(from_busy_beaver("0RA---")) if mirrored else from_busy_beaver("0RA---")
    for before in range(far):
        for period in range(1, far - before + 1):
            refused(machine, of(machine, {"method": "translated cycle", "before": before, "period": period}, [1],
                                -far if mirrored else far), "cell .* differs|halts")  # fmt: skip


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_cycle_with_a_shift_is_none_in_place(mirrored):
    """Nothing that the head has looked at differs, but it looks elsewhere next time, and halts there."""
    machine = mirror(from_busy_beaver("0RA---")) if mirrored else from_busy_beaver("0RA---")
    refused(machine, of(machine, {"method": "cycle", "before": 0, "period": 1}, [1], -4 if mirrored else 4), "moved by")


# --- rules
SWEEPS = from_busy_beaver("0LB1RA---_0RA1LB---")  # to and fro over 1s between blanks; a 2 halts it
BLANKS = [[0], -1, 0]  # without end


def rule(state: int, enters: str, left: list, right: list, proof: list) -> dict:
    """The text of a rule."""
    return {"state": state, "enters": enters, "left": left, "right": right, "proof": proof}


SWEEP = rule(0, "right", [[[0], 0, 1]], [[[0], 0, 1], [[1], 1, 0]], [-4])


def test_the_sweep_is_a_rule():
    """As a measure for what follows: it is proved, and used without end."""
    start = [0, 1, 1, 1, 0, 2]
    everlasting = by_rules(SWEEPS, [SWEEP], [-1, 0], start, -1)
    assert truth(SWEEPS, start, -1) is None
    with pytest.raises(RefusedHalting):
        check(SWEEPS, everlasting)


@pytest.mark.parametrize("times", [0, -1, -5])
def test_no_rule_is_applied_no_times(times):
    """What a rule leads to is not reached by applying it no times: the end of another rule is claimed so."""
    halts = from_busy_beaver("1RB---_0LA---")  # A B A: halts on the 1 that it wrote
    assert truth(halts, [], 0) is not None
    there = rule(0, "right", [], [[[0], -1, 0]], [-1])
    back = rule(0, "right", [], [[[0], -1, 0]], [[0, [times]]])
    refused(halts, by_rules(halts, [there, back], [1, -1]), "rule 1")


@pytest.mark.parametrize("times", [0, -1, -3])
def test_a_repeating_rule_is_not_applied_no_times(times):
    """In a rule, a number of times that may be 0 or less is a condition; as a constant it is refused."""
    again = SWEEP | {"proof": [[0, [times, 0]]]}
    with pytest.raises(RefusedHalting, match=r"rule 1.*negative"):
        check(SWEEPS, by_rules(SWEEPS, [SWEEP, again], [-1, 1], [0, 1, 1, 0], -1))


def test_a_rule_is_used_in_its_own_state():
    """Rule 0 is about B, which runs on for ever; the machine is in A, and halts at once."""
    machine = from_busy_beaver("------_1RC---_1RB---")
    runs_on = rule(1, "right", [BLANKS, [[1], 1, 1]], [BLANKS], [-2])
    refused(machine, by_rules(machine, [runs_on], [0], [1], -1), "another state")


def test_a_rule_is_used_on_its_own_way():
    """Rule 0 is about A on its way to the left, for ever; the machine stands right of there, and halts at once."""
    machine = from_busy_beaver("1LB---_1LA---")
    runs_on = rule(0, "left", [BLANKS], [BLANKS, [[1], 1, 1]], [-2])
    refused(machine, by_rules(machine, [runs_on], [0], [1]), "another state")


def test_blocks_are_compared():
    """It would run on over a 1, but there is a 2, and it halts."""
    machine = from_busy_beaver("0RA1RA---")
    for count in ([0, 1], [1, 0], [1, 1]):
        runs_on = rule(0, "right", [], [BLANKS, [[1], *count]], [-1])
        refused(machine, by_rules(machine, [runs_on], [0, -1], [2]), "does not look like")


def test_what_is_endless_is_compared():
    """It would run on over blanks, but there are only three of them."""
    machine = from_busy_beaver("0RB------_0RA------")
    runs_on = rule(0, "right", [BLANKS], [BLANKS], [-2])
    refused(machine, by_rules(machine, [runs_on], [0], [0, 0, 0, 2]), "does not look like")
    assert check(machine, by_rules(machine, [runs_on], [0])).verdict == "runs forever"


def test_far_runs_are_compared():
    """It would run on over 1s and then blanks, but behind the 1s there is a 2."""
    machine = from_busy_beaver("0RA1RA---")
    runs_on = rule(0, "right", [], [BLANKS, [[1], 1, 1]], [-1])
    refused(machine, by_rules(machine, [runs_on], [0, -1], [1, 1, 1, 2]), "does not look like")
    assert check(machine, by_rules(machine, [runs_on], [0, -1], [1, 1, 1])).verdict == "runs forever"


PARITY = from_busy_beaver("---1RB_0RB1RA")  # halts after an even number of 1s, runs on after an odd number


@pytest.mark.parametrize("length", range(1, 8))
def test_lengths_are_compared(length):
    """Rule 0 is about three 1s, after which it runs on."""
    three = rule(0, "right", [], [BLANKS, [[1], 0, 3]], [-3])
    certificate = by_rules(PARITY, [three], [0, -1], [1] * length)
    if length == 3:
        assert check(PARITY, certificate).verdict == "runs forever"
    elif length % 2 == 0:
        refused(PARITY, certificate, "another length")
    else:
        with pytest.raises(RefusedHalting, match="another length"):
            check(PARITY, certificate)


@pytest.mark.parametrize("length", range(3, 12))
def test_classes_are_compared(length):
    """Rule 0 takes two 1s away from an odd number of them, and leaves some; from the last one it runs on."""
    odd = rule(0, "right", [], [BLANKS, [[1], 2, 3]], [-2])
    certificate = by_rules(PARITY, [odd], [*[0] * ((length - 1) // 2), -2], [1] * length)
    if length % 2:
        assert check(PARITY, certificate).verdict == "runs forever"
    else:
        refused(PARITY, certificate, "another class")


def test_a_rule_holds_only_where_there_are_enough_blocks():
    """Rule 0 takes two 1s away and leaves some; of two it would leave none."""
    some = rule(0, "right", [], [BLANKS, [[1], 1, 1]], [-2])
    assert must_be_true(PARITY, by_rules(PARITY, [some], [0, -2], [1] * 3))
    for length in (1, 2):
        for run in ([0], [0, -1], [0, -2]):
            with pytest.raises(RefusedHalting, match="negative"):
                check(PARITY, by_rules(PARITY, [some], run, [1] * length))


def test_a_head_stays_in_its_block_for_ever():
    """Turning in one cell, or in two, or to and fro over some, and never coming out."""
    for table, cells, block in (
        ("0RA1SA", [1], 1), ("1RB1RB_1LA1LA", [], 2), ("---1RA2RA3LB_---1LB2RA---", [2, 1, 1, 3], 4),
    ):  # fmt: skip
        machine = from_busy_beaver(table)
        assert check(machine, by_rules(machine, [], [-1], cells, 0, block)).verdict == "runs forever"
        inside = rule(0, "right", [], [[cells or [0] * block, 0, 1]], [-1])
        with pytest.raises(RefusedHalting, match="comes to an end"):
            check(machine, by_rules(machine, [inside], [-1], cells, 0, block))


def test_runs_have_at_least_one_block():
    """Over a run of no blocks a head would stay inside a block that it never enters."""
    stays = from_busy_beaver("0RA1SA")  # for ever on a 1
    nothing = rule(0, "right", [], [[[1], 0, 0]], [])
    with pytest.raises(RefusedHalting, match="a run of no blocks"):
        check(stays, by_rules(stays, [nothing], [-1]))


@pytest.mark.parametrize("block", [1, 2, 3])
@pytest.mark.parametrize("origin", range(-7, 8))
@pytest.mark.parametrize("mirrored", [False, True])
def test_the_input_is_laid_where_it_stands(block, origin, mirrored):
    """Runs to the first 2 and halts there: after as many steps as that is away, or never."""
    machine = from_busy_beaver("0RA1RA---_---------_---------")
    cells = [1, 0, 2, 1, 1]
    if mirrored:
        machine, cells = mirror(machine), cells[::-1]
        origin = -origin - len(cells) + 1
    true = truth(machine, cells, origin, 60)
    claim = {} if true is None else {
        "ending": true.verdict, "state": true.state, "steps": true.steps, "nonblank": true.nonblank,
    }  # fmt: skip
    accepted = 0
    for macro_steps in range(1, 12):
        certificate = by_rules(machine, [], [-macro_steps], cells, origin, block)
        accepted += must_be_true(machine, certificate)
        if claim:
            accepted += must_be_true(machine, certificate | {"claim": claim})
    assert accepted == 1


@pytest.mark.parametrize(("table", "word"), HALT_LATE)
@pytest.mark.parametrize("enters", ["right", "left"])
def test_the_run_begins_after_plain_steps(table, word, enters):
    """Wherever the tape is cut, and on whatever side the head enters: it ends as it does, or it is refused."""
    machine, cells = from_busy_beaver(table), list(word)
    true = truth(machine, cells, 0, 60)
    if true is None:
        return
    claim = {"ending": true.verdict, "state": true.state, "steps": true.steps, "nonblank": true.nonblank}
    for block, before in product((1, 2, 3), range(true.steps + 1)):
        accepted = 0
        for macro_steps in range(1, true.steps - before + 2):
            certificate = by_rules(machine, [], [-macro_steps], cells, 0, block, **claim)
            certificate["proof"] |= {"before": before, "enters": enters}
            accepted += must_be_true(machine, certificate)
        assert accepted == 1
    certificate["proof"]["before"] = true.steps + 1
    with pytest.raises(RefusedHalting, match=f"halts after {true.steps} steps"):
        check(machine, certificate)


@pytest.mark.parametrize("enters", [None, "both", 1, []])
def test_it_enters_left_or_right(enters):
    certificate = by_rules(SWEEPS, [], [-1])
    certificate["proof"]["enters"] = enters
    with pytest.raises(RefusedHalting, match="enters: neither"):
        check(SWEEPS, certificate)
    with pytest.raises(RefusedHalting, match="rule 0: enters: neither"):
        check(SWEEPS, by_rules(SWEEPS, [SWEEP | {"enters": enters}], [-1]))
