"""The event-driven engines give the dense forms' decoded traces, and their activities within the stated bound."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triquetra.compiler import compile_machine
from triquetra.machines import InputError, Verdict, from_busy_beaver
from triquetra.machines.strategies import machines, machines_with_input
from triquetra.runtime import event_network, event_pomdp, turing
from triquetra.runtime.event_network import EventNetwork
from triquetra.runtime.event_pomdp import EventPomdp
from triquetra.runtime.events import Stop
from triquetra.runtime.network import NetworkForm
from triquetra.runtime.pomdp import ON, PomdpForm
from triquetra.runtime.protocol import LeftMemory

BB5 = from_busy_beaver("1RB1LC_1RC1RB_1RD0LE_1LA1LD_1RZ0LA")
drawn = machines_with_input(machines(max_tapes=2), max_left=3)


def pair(kind, machine, tapes, cells, gain):
    compiled = compile_machine(machine, cells=cells or 64, gain=gain)
    if kind == "network":
        return NetworkForm(compiled.network, cells), EventNetwork(compiled.network, *tapes, cells=cells)
    return PomdpForm(compiled.pomdp, cells), EventPomdp(compiled.pomdp, *tapes, cells=cells)


def control(state):
    return state.x if hasattr(state, "x") else state.state[ON]


def place(state, tape):
    return tape.place if tape.place.ndim == 1 else tape.place[ON]


@pytest.mark.parametrize("kind", ["network", "pomdp"])
@given(drawn, st.sampled_from([None, 16, 40]), st.sampled_from([14.0, 30.0]))
def test_step_by_step_as_the_dense_form(kind, drawn, cells, gain):
    machine, tapes = drawn
    dense, event = pair(kind, machine, tapes, cells, gain)
    state = dense.init(*tapes)
    for _ in range(40):
        after = dense.step(state)
        try:
            made = event.advance(1)
        except LeftMemory:
            with pytest.raises(LeftMemory):
                dense.decode(after)
            return
        if dense.halted(after):
            assert made == 0
            assert event.stop is Stop.HALTED
            return
        assert made == 1
        state = after
        assert event.configuration() == dense.decode(state)
        off = max(float(a[a < 0.5].max(initial=0.0)) for _, a in dense.activities(state))
        bound = event.leak(off) / 4 + 1e-15
        assert abs(control(state).max() - event.x) <= bound
        if cells is not None:
            for number, tape in enumerate(state.tapes):
                assert abs(place(state, tape).max() - event.place[number]) <= bound


@pytest.mark.parametrize("run", [event_network.run, event_pomdp.run])
@pytest.mark.parametrize("cells", [None, 30_000, 10_000_000])
def test_the_five_state_busy_beaver_to_its_end(run, cells):
    compiled = compile_machine(BB5, cells=cells or 1024)
    form = compiled.network if run is event_network.run else compiled.pomdp
    outcome = run(form, cells=cells)
    assert (outcome.verdict, outcome.steps) == (Verdict.HALTED, 47_176_870)
    assert outcome == turing.run(BB5)


def test_ambiguous_senses_are_refused():
    import dataclasses

    network = compile_machine(BB5).network
    blurred = dataclasses.replace(network, sensory_weights=np.abs(network.sensory_weights) + 100.0)
    with pytest.raises(InputError, match="sensory_weights"):
        EventNetwork(blurred)
