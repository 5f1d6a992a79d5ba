"""Forged halting certificates are refused, each for its reason."""

import copy

import pytest
from tests.verifier_halting.truth import GENUINE

from triquetra.machines import Machine
from triquetra.verifier.halting_checker import RefusedHalting, check, limits, plain, read_certificate

CHAMPION, BB2 = GENUINE["champion"][0], GENUINE["bb2"][0]
TRUTH = {name: check(machine, certificate) for name, (machine, certificate) in GENUINE.items()}


def test_the_genuine_ones_are_of_every_kind():
    assert {proved.method for proved in TRUTH.values()} == {
        "rules", "steps", "cycle", "translated cycle", "closed set",
    }  # fmt: skip
    assert {proved.verdict for proved in TRUTH.values()} == {"halted", "undefined", "runs forever"}
    assert (TRUTH["bb5"].steps, TRUTH["bb5"].nonblank) == (47176870, 4098)
    assert TRUTH["undefined"].state is not None
    rules = GENUINE["champion"][1]["proof"]["rules"]
    moduli = {run[1] for rule in rules for run in rule["left"] + rule["right"]}
    assert moduli >= {-1, 0, 1} and max(moduli) > 1


def _set(path, value):
    """A forgery: the entry at `path` (keys and indices) is `value`, or what it makes of the entry."""

    def forge(certificate):
        *parents, last = path
        for key in parents:
            certificate = certificate[key]
        certificate[last] = value(certificate[last]) if callable(value) else value

    return forge


def _rule_with(certificate, wanted):
    return next(rule for rule in certificate["proof"]["rules"] if wanted(rule))


def _varying(rule):
    return [run for run in rule["left"] + rule["right"] if run[1] > 0]


def _make_class_free(certificate):
    """A rule for counts of one class is given out for all counts."""
    rule = _rule_with(certificate, lambda rule: any(run[1] > 1 for run in rule["left"] + rule["right"]))
    for varying in _varying(rule):
        varying[1:] = [1, 0]


def _make_length_free(certificate):
    """A rule for a run of one length is given out for any length."""
    rule = _rule_with(certificate, lambda rule: any(run[1] == 0 for run in rule["left"] + rule["right"]))
    next(run for run in rule["left"] + rule["right"] if run[1] == 0)[1:] = [1, 0]


def _repeat_once_more(certificate):
    """A rule inside a rule is used once more than it holds."""
    rule = _rule_with(certificate, lambda rule: any(isinstance(use, list) for use in rule["proof"]))
    next(use for use in rule["proof"] if isinstance(use, list))[1][0] += 1


def _endless_without_steps(certificate):
    """The identity, proved by nothing, repeated for ever."""
    certificate["claim"] = {"ending": "runs forever"}
    identity = {"state": 0, "enters": "right", "left": [], "right": [], "proof": []}
    certificate["proof"] |= {"before": 0, "enters": "right", "rules": [identity], "run": [0]}


def _endless_over_nothing(certificate):
    """A rule that crosses a run of no blocks, and so comes back at once, repeated for ever."""
    certificate["claim"] = {"ending": "runs forever"}
    cross = {"state": 0, "enters": "left", "left": [[[1], 1, 0]], "right": [], "proof": [[0, [0, 0]]]}
    identity = {"state": 0, "enters": "left", "left": [[[1], 1, 0]], "right": [], "proof": []}
    certificate["proof"] |= {"before": 0, "enters": "right", "rules": [identity, cross], "run": [-3, 1]}


def _multiply(*times):
    """One rule more: the last one, that multiplies its variables, so many times."""

    def forge(certificate):
        rules = certificate["proof"]["rules"]
        rules.append(rules[-1] | {"proof": [[len(rules) - 1, list(times)]]})

    return forge


def _rule_proves_itself(certificate):
    certificate["proof"]["rules"][0]["proof"] = [0]


def _later_rule(certificate):
    rules = certificate["proof"]["rules"]
    rules[0]["proof"] = [len(rules) - 1]


def _halt_inside_a_rule(certificate):
    """The way to the halt, as a rule."""
    certificate["proof"]["rules"] = [
        {"state": 0, "enters": "right", "left": [[[0], -1, 0]], "right": [[[0], -1, 0]], "proof": [-100]}
    ]
    certificate["proof"]["run"] = [0]


# name: (which genuine one, how it is forged, what the refusal says)
FORGERIES = {
    "one step more": ("bb5", _set(["claim", "steps"], "47176871"), "steps is not what"),
    "one mark more": ("bb5", _set(["claim", "nonblank"], "4099"), "nonblank is not what"),
    "another halting state": ("bb5", _set(["claim", "state"], 0), "state is not what"),
    "no number of steps": ("bb5", _set(["claim", "steps"], None), "not an integer"),
    "halting said to run forever": ("bb5", _set(["claim"], {"ending": "runs forever"}), "ending is"),
    "endless said to halt": (
        "bouncer", _set(["claim"], {"ending": "halted", "state": 0, "steps": "9", "nonblank": "9"}), "ending is",
    ),
    "undefined said to halt": ("undefined", _set(["claim", "ending"], "halted"), "ending is"),
    "another machine": ("bb5", _set(["machine"], BB2.digest), "another machine"),
    "another input": ("bb5", _set(["input", "cells"], [1]), "use 0 of the run|use 1 of the run|not what"),
    "input outside the alphabet": ("bb5", _set(["input", "cells"], [2]), "out of range"),
    "input far away": ("bb5", _set(["input", "origin"], 10**9), "out of range"),
    "another size of block": ("bb5", _set(["proof", "block"], 2), "not 2 cells"),
    "blocks of no cells": ("bb5", _set(["proof", "block"], 0), "out of range"),
    "run broken off": ("bb5", _set(["proof", "run"], lambda run: run[:-1]), "breaks off"),
    "run that goes on after the halt": ("bb5", _set(["proof", "run"], lambda run: [*run, -1]), "after the end"),
    "run of nothing": ("bb5", _set(["proof", "run"], []), "breaks off"),
    "unknown rule": ("bb5", _set(["proof", "run", 1], 99), "out of range"),
    "rule where it does not hold": ("bb5", _set(["proof", "run"], lambda run: [0, *run]), "use 0 of the run"),
    "rule in another state": (
        "bb5", _set(["proof", "rules", 0, "state"], lambda state: (state + 1) % 5), "proof: (rule|use)",
    ),
    "rule from another side": (
        "bb5", _set(["proof", "rules", 0, "enters"], lambda side: "left" if side == "right" else "right"), "proof: ",
    ),
    "rule from nowhere": ("bb5", _set(["proof", "rules", 0, "enters"], "both"), "neither"),
    "rule with too few runs": ("bb5", _set(["proof", "rules", 0, "right"], []), "leaves the runs"),
    "rule with one macro-step less": (
        "bb5", _set(["proof", "rules", 0, "proof", 0], lambda use: use + 1), "proof: use",
    ),
    "rule for counts of all classes": ("champion", _make_class_free, "class|whole|negative|another|not possible"),
    "rule for runs of all lengths": ("champion", _make_length_free, "proof: "),
    "rule used once too often inside a rule": ("champion", _repeat_once_more, "proof: "),
    "power with an exponent that varies": ("powers", _multiply(1, 1, 0), "not fixed"),
    "power too large to write down": ("powers", _multiply(10**8, 0, 0), "steps to check"),
    "power of an exponent beyond all bounds": ("powers", _multiply("9" * 2000, 0, 0), "more than 2\\^4096 times"),
    "power taken once more": (
        "powers", lambda certificate: certificate["proof"]["rules"].append(certificate["proof"]["rules"][-1]) or
        certificate["proof"]["run"].insert(certificate["proof"]["run"].index(1), 1), "use [0-9]+ of the run",
    ),
    "rule that proves itself": ("bb5", _rule_proves_itself, "out of range"),
    "rule proved by a later one": ("champion", _later_rule, "out of range"),
    "rule that goes on for ever without a step": ("bb2", _endless_without_steps, "without taking a step"),
    "rule that crosses nothing for ever": ("bb2", _endless_over_nothing, "use 1 of the run|rule 1"),
    "rule that halts": ("bb2", _halt_inside_a_rule, "after the end"),
    "endless run in the middle": (
        "bb5", _set(["proof", "rules", 0, "left"], lambda runs: [*runs, [[0, 0, 0], -1, 0]]), "only blanks are endless",
    ),
    "endless run of marks": (
        "bb5", _set(["proof", "rules", 0, "left", 0], [[1, 1, 1], -1, 0]), "only blanks are endless",
    ),
    "run of negative length": ("bb5", _set(["proof", "rules", 0, "right", 0, 2], -1), "out of range"),
    "run too long to do": ("bb5", _set(["proof", "run"], [-(10**15)]), "out of range"),
    "run of more macro-steps than are done": ("bouncer", _set(["proof", "run"], [-30_000]), "steps to check"),
    "plain steps that are not made": ("bb5", _set(["proof", "before"], lambda n: n - 1), "proof: |claim: "),
    "plain steps too many": ("bb5", _set(["proof", "before"], lambda n: n + 1), "proof: |claim: "),
    "more plain steps than there are": ("bb2", _set(["proof", "before"], 7), "halts after 6 steps"),
    "fewer plain steps than none": ("bb5", _set(["proof", "before"], -1), "out of range"),
    "more plain steps than are done": ("bouncer", _set(["proof", "before"], 10_001), "out of range"),
    "blocks entered from the other side": ("bb5", _set(["proof", "enters"], "left"), "proof: |claim: "),
    "blocks entered from nowhere": ("bb5", _set(["proof", "enters"], "up"), "neither"),
    "cycle that does not close": ("turns", _set(["proof", "period"], lambda n: n + 1), "differ|moved"),
    "cycle of no steps": ("turns", _set(["proof", "period"], 0), "out of range"),
    "cycle that moves": ("runner", _set(["proof", "method"], "cycle"), "moved by"),
    "translated cycle in place": ("turns", _set(["proof", "method"], "translated cycle"), "moved by"),
    "translated cycle of half a period": ("runner", _set(["proof", "period"], 1), "states at both ends"),
    "cycle of a machine that halts": (
        "steps", _set(["proof"], {"method": "cycle", "before": 0, "period": 100}), "halts after 6",
    ),
    "steps of a machine that runs forever": ("bouncer", _set(["proof"], {"method": "steps"}), "does not halt"),
    "closed set without a middle": ("counter", _set(["proof", "middles"], lambda all_: all_[1:]), "not closed|start"),
    "closed set without its start": (
        "counter", _set(["proof", "middles"], lambda all_: [m for m in all_ if m[0] != 0]), "start is not|not closed",
    ),
    "closed set without a word": ("counter", _set(["proof", "left"], lambda words: words[:-1]), "missing|not in"),
    "closed set without blanks": ("counter", _set(["proof", "right"], []), "not in the set|missing"),
    "closed set that forgets": ("remembering", _set(["proof", "history"], 1), "more than 3 entries"),
    "empty closed set": ("counter", _set(["proof"], {"method": "closed set", "radius": 1, "history": 0, "left": [],
                                                     "right": [], "middles": []}), "start is not"),
    "closed set of a machine that halts": ("steps", _set(["proof"], {
        "method": "closed set", "radius": 1, "history": 0, "left": [[[0]], [[1]]], "right": [[[0]], [[1]]],
        "middles": [[s, [[a]], [b], [[c]]] for s in range(3) for a in (0, 1) for b in (0, 1) for c in (0, 1)],
    }), "halts on symbol"),
    "unknown method": ("bb5", _set(["proof", "method"], "trust me"), "method is not one of"),
    "method that is a list": ("bb5", _set(["proof", "method"], []), "method is not one of"),
    "another format": ("bb5", _set(["format"], "triquetra halting certificate 2"), "format"),
    "true for one": ("bb5", _set(["proof", "rules", 0, "right", 0, 1], True), "not an integer"),
    "no proof": ("bb5", _set(["proof"], None), "not an object"),
    "digits of another script": ("bb5", _set(["claim", "steps"], "४७१७६८७०"), "not an integer"),
    "more digits than are read": ("bb5", _set(["claim", "steps"], "1" * 160_001), "not an integer of at most"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_forgeries_are_refused(name, monkeypatch):
    monkeypatch.setattr(limits, "MAX_WORK", 20_000)
    monkeypatch.setattr(plain, "MAX_PLAIN", 20_000)
    source, forge, reason = FORGERIES[name]
    machine, certificate = GENUINE[source]
    forged = copy.deepcopy(certificate)
    forge(forged)
    assert forged != certificate
    with pytest.raises(RefusedHalting, match=reason):
        check(machine, forged)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[" * 100_000, b'{"claim": ' + b"1" * 5000 + b"}"])
def test_bytes_that_are_no_json_are_refused(raw):
    with pytest.raises(RefusedHalting, match="not JSON"):
        read_certificate(raw)


def test_machines_without_halting_certificates():
    machine = Machine(states=("a",), symbols=("_",), verdicts=(None,), rules=(), one_way=(True,))
    certificate = copy.deepcopy(GENUINE["bb2"][1]) | {"machine": machine.digest}
    with pytest.raises(RefusedHalting, match="one two-way tape"):
        check(machine, certificate)
