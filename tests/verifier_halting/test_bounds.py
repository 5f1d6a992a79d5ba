"""Each bound of the halting checker, by a certificate that is just beyond it, and one that is not."""

import json

import pytest
from tests.verifier_halting.hostile import DIGITS, RUNS_LEFT, RUNS_RIGHT, SWEEPS, first_sweep, rules, sweep
from tests.verifier_halting.hostile import certificate as made
from tests.verifier_halting.truth import GENUINE

from triquetra.machines import from_busy_beaver
from triquetra.verifier.halting_checker import RefusedHalting, check, limits, plain, read_certificate, reading
from triquetra.verifier.halting_checker import algebra as algebra_module
from triquetra.verifier.halting_checker import rules as rules_module


def answer(case) -> str:
    """The refusal of a certificate, or what it proves."""
    machine, text = case
    try:
        return repr(check(machine, read_certificate(text)))
    except RefusedHalting as refusal:
        return str(refusal)


def test_bytes():
    """Of the text: blanks at its end count."""
    machine, text = rules(RUNS_RIGHT, [], [-1])
    assert answer((machine, text.ljust(limits.MAX_BYTES))) == "<runs forever, by rules>"
    assert "longer than 16,777,216 bytes" in answer((machine, text.ljust(limits.MAX_BYTES + 1)))


def test_work(monkeypatch):
    """In macro-steps, in blocks, in rules and in closed sets."""
    everlasting = GENUINE["bouncer"], GENUINE["champion"], GENUINE["counter"], GENUINE["powers"]
    for machine, certificate in everlasting:
        check(machine, certificate)
    monkeypatch.setattr(limits, "MAX_WORK", 20)
    for machine, certificate in everlasting:
        with pytest.raises(RefusedHalting, match="more than 20 steps to check"):
            check(machine, certificate)


def test_room(monkeypatch):
    """For the tape's runs."""
    monkeypatch.setattr(limits, "MAX_ROOM", 1 << 20)
    cells = [0, 1] * 40
    assert answer(rules(RUNS_RIGHT, [], [-1, -200], cells=cells)).endswith("it goes on after the end")
    assert answer(rules(RUNS_RIGHT, [], [-1, -9000], cells=cells * 100)) == "proof: it takes more than 0 MB to check"


def test_room_is_given_back(monkeypatch):
    """A long run does not need more room the longer it goes on."""
    monkeypatch.setattr(limits, "MAX_ROOM", 1 << 17)
    assert answer(rules(SWEEPS, [], [-20_000], cells=[1, 2] * 5)) == "proof: the run breaks off before an end"


def test_plain_steps(monkeypatch):
    monkeypatch.setattr(plain, "MAX_PLAIN", 100)
    late = [1] * 98 + [2]  # it halts after 98 steps
    machine = from_busy_beaver("1RA1RA---")
    halts = {"ending": "undefined", "state": 0, "steps": 98, "nonblank": 99}
    text = json.loads(made(machine, {"method": "steps"}, late)[1]) | {"claim": halts}
    assert check(machine, text).steps == 98
    monkeypatch.setattr(plain, "MAX_PLAIN", 98)
    with pytest.raises(RefusedHalting, match="does not halt within 98 steps"):
        check(machine, text)
    monkeypatch.setattr(plain, "MAX_PLAIN", 100)
    cycle = {"method": "translated cycle"}
    assert answer(made(RUNS_RIGHT, cycle | {"before": 50, "period": 50})) == "<runs forever, by translated cycle>"
    assert "period: out of range" in answer(made(RUNS_RIGHT, cycle | {"before": 50, "period": 51}))
    for before in (-1, 101):
        assert "before: out of range" in answer(made(RUNS_RIGHT, cycle | {"before": before, "period": 1}))
    assert "period: out of range" in answer(made(RUNS_RIGHT, cycle | {"before": 0, "period": 0}))


def test_plain_steps_before_the_run():
    machine, text = rules(RUNS_RIGHT, [], [-1])
    for before, said in ((0, "<runs"), (10_000, "<runs"), (10_001, "before: out"), (-1, "before: out")):
        certificate = json.loads(text)
        certificate["proof"]["before"] = before
        assert said in answer((machine, json.dumps(certificate).encode()))


def test_digits():
    assert "not an integer of at most 160,000 digits" in answer(rules(SWEEPS, [sweep(1, [], rest="1" * 160_001)]))
    assert "not an integer" not in answer(rules(SWEEPS, [sweep(1, [], rest="1" * 1000)]))


def test_bits(monkeypatch):
    """Of numbers that come up by products: lengths, steps, and conditions."""
    assert "a number has more than 524,288 bits" in answer(rules(SWEEPS, [sweep(1, [], modulus="9" * 159_000)]))
    doubles = GENUINE["powers"]
    assert check(*doubles).steps.bit_length() > 30_000
    for module, name in ((algebra_module, "a number has more than 30,000 bits"), (rules_module, "30,000 bits")):
        with monkeypatch.context() as patch:
            patch.setattr(module, "MAX_BITS", 30_000)
            with pytest.raises(RefusedHalting, match=name):
                check(*doubles)


def test_doublings():
    """Of how often a rule is repeated that multiplies."""
    machine, certificate = GENUINE["powers"]
    all_ = certificate["proof"]["rules"]
    last = len(all_) - 1
    for times, said in ((str(2**4096), "2\\^4096 times"), (str(2**4096 - 1), "bits|steps to check")):
        forged = certificate | {"proof": certificate["proof"] | {
            "rules": [*all_, all_[-1] | {"proof": [[last, [times, 0, 0]]]}]
        }}  # fmt: skip
        with pytest.raises(RefusedHalting, match=said):
            check(machine, forged)


def test_cells_of_a_block():
    for size, said in ((64, "<runs forever"), (65, "block: out of range"), (0, "block: out of range")):
        assert said in answer(rules(RUNS_RIGHT, [], [-1], block=size))


def test_cells_of_a_word():
    for radius, history, said in (
        (64, 64, "<runs"), (65, 0, "radius: out"), (0, 0, "radius: out"),
        (1, 65, "history: out"), (1, -1, "history: out"),
    ):  # fmt: skip
        passed = [1, 0, 0] if history > 0 else [1]
        left = [[[0]] * (radius - i) + [passed] * i for i in range(radius + 1)]
        proof = {
            "method": "closed set", "radius": radius, "history": history, "left": left, "right": [[[0]] * radius],
            "middles": [[0, word, [0], [[0]] * radius] for word in left],
        }  # fmt: skip
        assert said in answer(made(RUNS_RIGHT, proof))


def test_cells_remember_no_more_than_they_say():
    """And hold a symbol of the machine."""
    for cell, said in (
        ([1, 0, 0], "<runs"),
        ([1, 0, 0, 0], "more than 3 entries"),
        ([], "no symbol"),
        ([2, 0, 0], "not closed"),
        ([-1, 0, 0], "out of range"),
        ([1, -1, 0], "out of range"),
        ([1, 0, limits.MAX_BITS], "not closed"),
        ([1, 0, limits.MAX_BITS + 1], "out of range"),
    ):
        proof = {
            "method": "closed set", "radius": 1, "history": 1, "left": [[[0]], [cell]], "right": [[[0]]],
            "middles": [[0, [[0]], [0], [[0]]], [0, [cell], [0], [[0]]]],
        }  # fmt: skip
        assert said in answer(made(RUNS_RIGHT, proof))


def test_states_of_a_middle():
    """One that the machine has not is one in which it halts."""
    for state, said in (
        (1, "state 1 halts on symbol 0"), (limits.MAX_BITS, "halts on symbol 0"),
        (limits.MAX_BITS + 1, "out of range"), (-1, "out of range"),
    ):  # fmt: skip
        proof = {
            "method": "closed set", "radius": 1, "history": 0, "left": [[[0]], [[1]]], "right": [[[0]]],
            "middles": [[0, [[0]], [0], [[0]]], [0, [[1]], [0], [[0]]], [state, [[0]], [0], [[0]]]],
        }  # fmt: skip
        assert said in answer(made(RUNS_RIGHT, proof))


def test_runs_of_a_start():
    assert "breaks off" in answer(rules(SWEEPS, [sweep(63, [])], []))
    assert "right: more than 64 entries" in answer(rules(SWEEPS, [sweep(64, [])], []))


def test_variables():
    """Both sides together."""

    def rule(left: int) -> dict:
        return sweep(63, []) | {"left": [[[1 + i % 2], 1, 0] for i in range(left)]}

    assert "breaks off" in answer(rules(SWEEPS, [rule(1)], []))
    assert "more than 64 variables" in answer(rules(SWEEPS, [rule(2)], []))


def test_conditions():
    def rule(number: int) -> dict:
        return sweep(1, [[0, [2000, -1 - i]] for i in range(number)])

    assert "breaks off" in answer(rules(SWEEPS, [first_sweep(1), rule(1024)], []))
    assert "more than 1,024 conditions" in answer(rules(SWEEPS, [first_sweep(1), rule(1025)], []))


def test_conditions_that_say_less_are_none():
    """Of two with the same factors the stronger stands for both, so that nothing doubles."""
    doubled = [sweep(1, [i, i]) for i in range(300)]
    assert "breaks off" in answer(rules(SWEEPS, [first_sweep(1), *doubled], []))


def test_terms(monkeypatch):
    monkeypatch.setattr(algebra_module, "MAX_TERMS", 6)
    sums = [sweep(1, [[i, [0, 1]]]) for i in range(10)]
    assert "rule 5: proof: a number of steps has more than 6 terms" in answer(rules(SWEEPS, [first_sweep(1), *sums]))
    wide = [first_sweep(4), sweep(4, [[0, [0, 1, 1, 1, 1]]])]
    assert "rule 1: proof: a number of steps has more than 6 terms" in answer(rules(SWEEPS, wide))


def test_products_of_terms(monkeypatch):
    """They are counted before they are made."""
    monkeypatch.setattr(algebra_module, "MAX_TERMS", 1)
    algebra = algebra_module.Algebra(limits.Work())
    many = {(i,): algebra_module.Fraction(1) for i in range(16)}
    assert len(algebra.multiply(many, {(): algebra_module.Fraction(1)})) == 16
    with pytest.raises(RefusedHalting, match="terms"):
        algebra.multiply(many, {(): algebra_module.Fraction(1), (0,): algebra_module.Fraction(1)})


def test_degree(monkeypatch):
    monkeypatch.setattr(algebra_module, "MAX_DEGREE", 3)
    sums = [sweep(1, [[i, [0, 1]]]) for i in range(10)]
    assert "rule 4: proof: a number of steps is of more than 3th degree" in answer(
        rules(SWEEPS, [first_sweep(1), *sums])
    )


def test_entries_of_a_list(monkeypatch):
    assert reading.read_list([0] * 10, "x", 10)
    case = rules(RUNS_LEFT, [], [-1] * 11)
    assert "goes on after the end" in answer(case)


def test_times_for_each_variable():
    for form in ([1], [1, 0, 0], []):
        assert "not a constant and a factor" in answer(rules(SWEEPS, [first_sweep(1), sweep(1, [[0, form]])]))
    assert "times: more than 65 entries" in answer(rules(SWEEPS, [first_sweep(1), sweep(1, [[0, [0] * 66]])]))
    for use in ([0], [0, [1, 0], 1], []):
        assert "a use is not" in answer(rules(SWEEPS, [first_sweep(1), sweep(1, [use])]))


def test_macro_steps_at_once():
    assert "use: out of range" in answer(rules(RUNS_RIGHT, [], [-5_000_001]))
    assert "after the end" in answer(rules(RUNS_RIGHT, [], [-5_000_000]))
    assert DIGITS < limits.MAX_DIGITS
