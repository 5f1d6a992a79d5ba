"""No certificate whatever makes the checker say what is false: random changes, and garbage."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.verifier_halting.truth import GENUINE

from triquetra.runtime.accelerate import DecisionKind, decide
from triquetra.verifier.halting_checker import RefusedHalting, check

NAMED = (
    "bb5", "bb2", "bouncer", "undefined", "turns", "runner", "counter", "remembering", "steps", "champion", "powers",
)  # fmt: skip
TRUTH = {name: check(*GENUINE[name]) for name in NAMED}


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


@given(st.sampled_from(NAMED), st.data())
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
    except RefusedHalting:
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
    with pytest.raises(RefusedHalting):
        check(GENUINE["bb5"][0], garbage)
    certificate = copy.deepcopy(GENUINE["champion"][1])
    part = data.draw(st.sampled_from([["input"], ["claim"], ["proof"], ["proof", "rules"], ["proof", "run"],
                                      ["proof", "block"], ["proof", "rules", 0], ["proof", "rules", 0, "proof"],
                                      ["proof", "rules", 0, "left"], ["proof", "run", 0]]))  # fmt: skip
    parent = certificate
    for key in part[:-1]:
        parent = parent[key]
    parent[part[-1]] = garbage
    with pytest.raises(RefusedHalting):
        check(GENUINE["champion"][0], certificate)


def test_decisions_name_their_kind():
    kinds = {name: decide(GENUINE[name][0]).kind for name in ("turns", "runner", "counter", "champion")}
    assert kinds == {
        "turns": DecisionKind.CYCLE,
        "runner": DecisionKind.TRANSLATED_CYCLE,
        "counter": DecisionKind.CLOSED_SET,
        "champion": DecisionKind.HALTS,
    }
