"""Runs followed by the engines: moment by moment what dense forms go through, and differences found where they are."""

import dataclasses
import time

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from triquetra.compiler import compile_machine
from triquetra.machines import Machine, Rule, Tape, Verdict, from_busy_beaver, start, steps
from triquetra.machines.load import load
from triquetra.machines.strategies import machines, machines_with_input
from triquetra.runtime.followed import FollowedForm, FollowedMachine
from triquetra.runtime.forms import FORMS, is_compiled, make_form, run_form
from triquetra.runtime.lockstep import lockstep
from triquetra.runtime.network import NetworkForm
from triquetra.runtime.protocol import Undecodable
from triquetra.runtime.reference import TuringForm
from triquetra.runtime.turing import run

DRAWN = machines_with_input(machines(max_tapes=2), max_left=3)
COMPILED = [kind for kind, form in FORMS.items() if is_compiled(form)]
INCREMENT = load("@increment").machine


def form_of(kind, machine, cells, gain):
    return FORMS[kind](FORMS[kind].of(compile_machine(machine, cells=cells or 64, gain=gain)), cells)


@given(DRAWN)
def test_the_machine_followed_goes_through_its_configurations(drawn):
    machine, tapes = drawn
    own = [start(machine, *tapes)]
    own += [each for each, _ in zip(steps(machine, *tapes), range(60))][1:]
    followed, seen = FollowedMachine(machine, *tapes), 0
    for chunk in (1, 2, 7, 20):
        rows = followed.rows(chunk)
        for number, row in enumerate(rows.tolist()):
            at, before = own[seen + number], own[seen + number - 1]
            left = [tape[head] for tape, head in zip(at.tapes, before.heads)]
            assert row == [at.state, *at.heads, *(left if number else [-1] * machine.tapes)]
        seen += len(rows) - 1
        assert followed.now() == own[seen]
        assert followed.ended() == (seen + 1 == len(own) and len(own) < 60)


@pytest.mark.parametrize("kind", COMPILED)
@given(DRAWN, st.sampled_from([None, 16, 40]), st.sampled_from([14.0, 30.0]), st.lists(st.integers(0, 30), max_size=4))
def test_an_engine_followed_is_the_dense_form(kind, drawn, cells, gain, chunks):
    machine, tapes = drawn
    form = form_of(kind, machine, cells, gain)
    engine, dense = form.follow(*tapes), FollowedForm(form, *tapes)
    assert engine is not None
    for chunk in (*chunks, 40):
        assert np.array_equal(engine.rows(chunk), dense.rows(chunk))
        assert engine.now() == dense.now()
        assert engine.ended() == dense.ended()
        if dense.failure() is not None:
            assert type(engine.failure()) is type(dense.failure())
        if dense.ended() or engine.failure() is not None or dense.failure() is not None:
            return


@given(DRAWN, st.sampled_from([None, 20]), st.floats(0.5, 12), st.data())
def test_weak_and_wrong_forms_part_where_their_dense_runs_part(drawn, cells, gain, data):
    machine, tapes = drawn
    compiled = compile_machine(machine, cells=64, gain=gain)
    weights = compiled.network.weights.copy()
    weights.data[data.draw(st.integers(0, weights.nnz - 1))] *= data.draw(st.sampled_from([1, 1, 0, -1, 3]))
    form = NetworkForm(dataclasses.replace(compiled.network, weights=weights), cells)
    try:
        dense = lockstep(machine, [form], *tapes, max_steps=30, dense=True)
    except ValueError:
        assume(False)
    fast = lockstep(machine, [form], *tapes, max_steps=30, dense=False)
    assert bool(fast) == bool(dense)
    assert fast.outcome == dense.outcome
    if not dense:
        assert fast.difference.step == dense.difference.step


@pytest.mark.parametrize("kind", COMPILED)
@given(DRAWN, st.sampled_from([None, 20]), st.floats(0.5, 12))
def test_a_run_of_a_form_ends_where_the_machine_is_or_is_an_error(kind, drawn, cells, gain):
    machine, tapes = drawn
    own = run(machine, *tapes, max_steps=40, max_cells=cells)
    try:
        outcome, _ = run_form(machine, form_of(kind, machine, cells, gain), *tapes, max_steps=40)
    except Undecodable:
        assert gain < 6
    else:
        assert outcome == own


@pytest.mark.parametrize("kind", COMPILED)
@pytest.mark.parametrize("cells", [None, 50])
def test_a_wrong_write_is_seen_at_its_step_though_it_is_never_read_again(kind, cells):
    right = from_busy_beaver("1RB---_1RC---_1RD---_---...".replace("...", "---"))
    wrong = dataclasses.replace(
        right, rules=tuple(dataclasses.replace(rule, write=(0,)) if rule.state == 1 else rule for rule in right.rules)
    )
    form = make_form(FORMS[kind].of(compile_machine(wrong)), cells)
    for dense in (True, False):
        result = lockstep(right, [form], max_steps=10, dense=dense)
        assert not result
        assert result.difference.step == 2
        assert result.difference.what == f"{form.name}: another tape"
        assert result.outcome.verdict is Verdict.PARTED


@pytest.mark.parametrize(("unit", "found"), [("risk:0", "no symbol"), ("risk:1", "several symbols")])
def test_half_a_write_leaves_no_symbol_or_several(unit, found):
    network = compile_machine(INCREMENT).network
    row, column = network.axes.unit_names.index(unit), network.axes.basis_names.index("cell:carry,1")
    weights = network.weights.tolil()
    assert weights[row, column] > 0
    weights[row, column] = 0
    form = NetworkForm(dataclasses.replace(network, weights=csr_array(weights)), 20)
    assert form.follow("1011") is not None
    for dense in (True, False):
        result = lockstep(INCREMENT, [form], "1011", max_steps=10, dense=dense)
        assert result.difference.step == 6
        assert f"memory cell 3 holds {found}" in result.difference.what


@pytest.mark.parametrize("kind", COMPILED)
def test_the_tape_whose_memory_is_left_is_known(kind):
    rule = Rule(state=0, read=(0, 0), write=(0, 0), move=(0, 1), goto=0)
    machine = Machine(states=("go",), symbols=("0", "1"), rules=(rule,), verdicts=(None,), one_way=(True, True))
    result = lockstep(machine, [form_of(kind, machine, 20, 20.0)], max_steps=30, dense=False)
    assert result
    assert (result.outcome.verdict, result.outcome.steps) == (Verdict.LEFT_MEMORY, 19)


def test_memory_that_fades_is_left_to_the_dense_form():
    network = compile_machine(INCREMENT).network
    fading = dataclasses.replace(network, bistability=0.5)
    assert NetworkForm(fading, 20).follow("1011") is None
    assert NetworkForm(fading).follow("1011") is not None
    assert not lockstep(INCREMENT, [NetworkForm(fading, 20)], "1" * 12, max_steps=100, dense=False)


def test_an_engine_serves_only_where_silent_units_cannot_matter():
    for gain, cells, serves in ((2, None, False), (10, None, True), (10, 1000, False), (28, 1000, True)):
        for kind in COMPILED:
            assert (form_of(kind, INCREMENT, cells, gain).follow("1") is not None) is serves, (gain, cells, kind)


def test_a_form_that_steps_in_its_own_way_is_not_run_by_the_engine():
    class Slow(NetworkForm):
        def step(self, state):
            return super().step(state)

    assert Slow(compile_machine(INCREMENT).network).follow("1") is None


def test_forms_without_an_engine_are_compared_beside_those_with_one():
    class Slow(NetworkForm):
        kind = "slow"

        def step(self, state):
            return super().step(state)

    compiled = compile_machine(INCREMENT)
    forms = [NetworkForm(compiled.network), Slow(compiled.network), TuringForm(INCREMENT)]
    forms[2].name = "itself"
    result = lockstep(INCREMENT, forms, "1011", max_steps=100, dense=False)
    assert result
    assert result.outcome.steps == 8
    assert str(result).startswith(
        "turing, network, slow and itself agree at every step: halted in state done after 8 s"
    )


def test_a_long_input_takes_seconds():
    """2 · 10^5 steps on 10^5 symbols, and a memory of 30,000 cells: a dense comparison takes minutes for either."""
    compiled = compile_machine(INCREMENT, cells=30_100)
    for word, cells in (("1" * 100_000, None), ("1" * 30_000, 30_100)):
        forms = [FORMS[kind](FORMS[kind].of(compiled), cells) for kind in COMPILED]
        began = time.perf_counter()
        result = lockstep(INCREMENT, forms, word, max_steps=10**6, dense=False)
        assert result
        assert result.outcome.steps == 2 * len(word) + 2
        assert result.outcome.configuration.tapes[0] == Tape.of([2, *[1] * len(word)], -1)
        assert time.perf_counter() - began < 60
