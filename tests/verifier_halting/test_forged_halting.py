"""Forged halting certificates are refused, and no certificate whatever makes the checker say what is false."""

import copy
import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triquetra.machines import Machine, from_busy_beaver
from triquetra.runtime.accelerate import Kind, decide, run
from triquetra.runtime.accelerate.certificate import write_certificate
from triquetra.verifier.halting import Refused, check, plain, read_certificate, reading

BB5 = from_busy_beaver("1RB1LC_1RC1RB_1RD0LE_1LA1LD_1RZ0LA")
BB2 = from_busy_beaver("1RB1LB_1LA1RZ")
CHAMPION = from_busy_beaver("1RB2LA1RA2LB2LA_0LA2RB3RB4RA1RZ")
POWERS = from_busy_beaver("1RB2LA1RZ5LB5LA4LB_1LA4RB3RB5LB1LB4RA")  # one rule multiplies a count by 4, again and again
BOUNCER = from_busy_beaver("1RB1LA_0LA1RB")  # writes a longer and longer run of 1s, to and fro
UNDEFINED = from_busy_beaver("1RB1LB_1LA---")
TURNS = from_busy_beaver("1RB1LB_1LC0RC_0LA1RC")  # repeats itself in place
RUNNER = from_busy_beaver("1RB1LC_1LC1LB_1LA1RB")  # repeats itself further and further on
COUNTER = from_busy_beaver("1RB1LA_0LA0RB_1LA1LB")  # counts in binary
REMEMBERING = from_busy_beaver("1RB1LC_0LA0RB_1LA---")  # counts too, but words of its tape say little without history


def genuine(machine, **options):
    return json.loads(write_certificate(run(machine, **options).certificate))


GENUINE = {
    "bb5": (BB5, genuine(BB5)),
    "bb2": (BB2, genuine(BB2, block=1)),
    "champion": (CHAMPION, genuine(CHAMPION)),
    "powers": (POWERS, genuine(POWERS)),
    "bouncer": (BOUNCER, genuine(BOUNCER, block=1)),
    "undefined": (UNDEFINED, genuine(UNDEFINED)),
    "turns": (TURNS, decide(TURNS).certificate),
    "runner": (RUNNER, decide(RUNNER).certificate),
    "counter": (COUNTER, decide(COUNTER).certificate),
    "remembering": (REMEMBERING, decide(REMEMBERING).certificate),
    "steps": (BB2, decide(BB2).certificate),
}
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
    "power too large to write down": ("powers", _multiply(10**8, 0, 0), "more than 524,288 bits"),
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
    "closed set that forgets": ("remembering", _set(["proof", "history"], 1), "not closed|missing"),
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
    monkeypatch.setattr(reading, "MAX_WORK", 20_000)
    monkeypatch.setattr(plain, "MAX_PLAIN", 20_000)
    source, forge, reason = FORGERIES[name]
    machine, certificate = GENUINE[source]
    forged = copy.deepcopy(certificate)
    forge(forged)
    assert forged != certificate
    with pytest.raises(Refused, match=reason):
        check(machine, forged)


def _numbers(value, path=()):
    """The paths of all integers in a certificate's proof."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _numbers(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _numbers(each, (*path, index))
    elif isinstance(value, int):
        yield path


@given(st.sampled_from(sorted(GENUINE)), st.data())
@settings(max_examples=400)
def test_whatever_is_accepted_is_true(name, data):
    """Numbers changed, entries dropped, doubled or exchanged at random: refused, or true nevertheless."""
    machine, certificate = GENUINE[name]
    forged = copy.deepcopy(certificate)
    for _ in range(data.draw(st.integers(1, 3))):
        paths = list(_numbers(forged["proof"], ("proof",)))
        if not paths:
            break
        path = data.draw(st.sampled_from(paths))
        change = data.draw(st.sampled_from(["more", "less", "drop", "double", "zero"]))
        parent = forged
        for key in path[:-1]:
            parent = parent[key]
        if change in ("more", "less", "zero"):
            parent[path[-1]] = 0 if change == "zero" else parent[path[-1]] + (1 if change == "more" else -1)
        elif isinstance(parent, list):
            parent[path[-1] : path[-1] + 1] = [] if change == "drop" else [parent[path[-1]]] * 2
    forged["claim"] = data.draw(st.sampled_from([certificate["claim"], {"ending": "runs forever"}]))
    try:
        proved = check(machine, forged)
    except Refused:
        return
    truth = TRUTH[name]
    assert (proved.verdict, proved.state, proved.steps, proved.nonblank) == (
        truth.verdict, truth.state, truth.steps, truth.nonblank,
    )  # fmt: skip


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.floats(allow_nan=True),
                    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
                        st.sampled_from(["format", "machine", "claim", "proof", "input", "method", "rules", "run"]),
                        inner, max_size=5), max_leaves=12), st.data())  # fmt: skip
@settings(max_examples=200)
def test_garbage_is_refused(garbage, data):
    with pytest.raises(Refused):
        check(BB5, garbage)
    certificate = copy.deepcopy(GENUINE["champion"][1])
    part = data.draw(st.sampled_from([["input"], ["claim"], ["proof"], ["proof", "rules"], ["proof", "run"],
                                      ["proof", "block"], ["proof", "rules", 0], ["proof", "rules", 0, "proof"],
                                      ["proof", "rules", 0, "left"], ["proof", "run", 0]]))  # fmt: skip
    _set(part, garbage)(certificate)
    with pytest.raises(Refused):
        check(CHAMPION, certificate)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[" * 100_000, b'{"claim": ' + b"1" * 5000 + b"}"])
def test_bytes_that_are_no_json_are_refused(raw):
    with pytest.raises(Refused, match="not JSON"):
        read_certificate(raw)


def test_machines_without_halting_certificates():
    machine = Machine(states=("a",), symbols=("_",), verdicts=(None,), rules=(), one_way=(True,))
    certificate = copy.deepcopy(GENUINE["bb2"][1]) | {"machine": machine.digest}
    with pytest.raises(Refused, match="one two-way tape"):
        check(machine, certificate)


def test_the_checker_knows_nothing_of_the_accelerator():
    program = (
        "import sys, triquetra.verifier.halting\n"
        "print(*sorted(m for m in sys.modules if m.startswith('triquetra.') and m.count('.') >= 1))"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    allowed = ("triquetra.machines", "triquetra.verifier")
    assert all(module.startswith(allowed) for module in loaded)
    assert "triquetra.verifier.halting.rules" in loaded


def test_decisions_name_their_kind():
    kinds = {name: decide(machine).kind for name, (machine, _) in GENUINE.items()}
    assert kinds["turns"] is Kind.CYCLE
    assert kinds["runner"] is Kind.TRANSLATED_CYCLE
    assert kinds["counter"] is Kind.CLOSED_SET
    assert kinds["champion"] is Kind.HALTS
