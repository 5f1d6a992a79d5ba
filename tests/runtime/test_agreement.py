"""The claim, tested: whole traces of all three forms, in both tape modes, on random machines and on the corpus."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.corpus.table import AMBIGUOUS

from triquetra.compiler import compile_machine
from triquetra.machines import Verdict, from_busy_beaver
from triquetra.machines.strategies import machines, machines_with_input
from triquetra.runtime.lockstep import lockstep
from triquetra.runtime.network import NetworkForm
from triquetra.runtime.pomdp import PomdpForm

CORPUS = Path(__file__).parent.parent / "corpus"
BEAVERS = json.loads((CORPUS / "busy_beavers.json").read_text())
SAMPLED = json.loads((CORPUS / "sampled.json").read_text())


def all_forms(machine, cells, gain=None):
    compiled = compile_machine(machine, cells=cells, gain=gain, checked=True)
    network, pomdp = compiled.network, compiled.pomdp
    return [NetworkForm(network), PomdpForm(pomdp), NetworkForm(network, cells), PomdpForm(pomdp, cells)]


@given(machines_with_input(machines(max_tapes=2), max_left=3), st.integers(14, 40), st.sampled_from([None, 12, 30, 90]))
def test_random_machines_agree_in_all_forms_and_modes(drawn, cells, gain):
    machine, tapes = drawn
    result = lockstep(machine, all_forms(machine, cells, gain), *tapes, max_steps=60)
    assert result.agrees, result.difference


@pytest.mark.parametrize("known", BEAVERS, ids=lambda known: known["id"])
def test_busy_beavers_have_their_published_counts_in_all_forms(known):
    machine = from_busy_beaver(known["table"])
    result = lockstep(machine, all_forms(machine, 400), max_steps=10_000)
    assert result.agrees, result.difference
    if known["steps"] <= 10_000:
        assert result.outcome.steps == known["steps"]
        assert result.outcome.configuration.tapes[0].nonblank == known["nonblank"]
    else:
        assert result.outcome.verdict is Verdict.STEP_LIMIT
        assert result.outcome.steps == 10_000


@pytest.mark.parametrize("part", range(6))
def test_corpus_in_all_forms(part):
    for known in SAMPLED[part::6]:
        machine = from_busy_beaver(known["table"])
        limit = min(known["max_steps"], 150)
        result = lockstep(machine, all_forms(machine, 400), known["input"], max_steps=limit)
        assert result.agrees, (known["id"], result.difference)
        if known["steps"] <= limit and known["verdict"] != "limit" and known["id"] not in AMBIGUOUS:
            assert result.outcome.verdict == known["verdict"]
            assert result.outcome.steps == known["steps"]
            assert result.outcome.configuration.heads == (known["head"],)
            assert machine.states[result.outcome.configuration.state] == known["state"]
            assert result.outcome.configuration.tapes[0].nonblank == known["nonblank"]


@given(st.data())
def test_leaving_the_memory_is_a_verdict_and_never_a_wrong_answer(data):
    machine = from_busy_beaver("1RB1RA_1LA1LB")  # wanders for ever
    cells = data.draw(st.integers(1, 6))
    result = lockstep(machine, all_forms(machine, cells), max_steps=200)
    assert result.agrees, result.difference
    assert result.outcome.verdict is Verdict.LEFT_MEMORY
