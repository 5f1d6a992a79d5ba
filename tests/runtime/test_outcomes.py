"""All forms and engines end a run in the same way: verdict, steps and last configuration."""

from hypothesis import given
from hypothesis import strategies as st

from triquetra.compiler import compile_machine
from triquetra.machines.strategies import machines, machines_with_input
from triquetra.runtime import event_network, event_pomdp, lockstep, turing
from triquetra.runtime.network import NetworkForm
from triquetra.runtime.pomdp import PomdpForm


@given(machines_with_input(machines(max_tapes=2)), st.integers(0, 40), st.none() | st.integers(6, 12))
def test_every_way_to_run_ends_the_same(drawn, limit, cells):
    machine, tapes = drawn
    compiled = compile_machine(machine, cells=12)
    outcomes = {
        "kernel": turing.run(machine, *tapes, max_steps=limit, max_cells=cells),
        "reference": turing.run_reference(machine, *tapes, max_steps=limit, max_cells=cells),
        "network": lockstep.run(NetworkForm(compiled.network, cells), *tapes, max_steps=limit)[0],
        "pomdp": lockstep.run(PomdpForm(compiled.pomdp, cells), *tapes, max_steps=limit)[0],
        "event network": event_network.run(compiled.network, *tapes, cells=cells, max_steps=limit),
        "event pomdp": event_pomdp.run(compiled.pomdp, *tapes, cells=cells, max_steps=limit),
        "lockstep": lockstep.lockstep(
            machine, [NetworkForm(compiled.network, cells), PomdpForm(compiled.pomdp, cells)], *tapes, max_steps=limit
        ).outcome,
    }
    assert len(set(outcomes.values())) == 1, outcomes
