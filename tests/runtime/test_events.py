"""The event-driven engines give the dense forms' decoded traces, and their activities within the stated bound."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import types
from numba.core.caching import NullCache

from triquetra.compiler import compile_machine
from triquetra.machines import InputError, Verdict, disjoint_union, from_busy_beaver
from triquetra.machines.strategies import machines, machines_with_input
from triquetra.runtime import event_network, event_pomdp, turing
from triquetra.runtime.event_network import EventNetwork
from triquetra.runtime.event_pomdp import EventPomdp
from triquetra.runtime.events import EventStop
from triquetra.runtime.network import NetworkForm
from triquetra.runtime.pomdp import ON, PomdpForm
from triquetra.runtime.protocol import LeftMemory

BB5 = from_busy_beaver("1RB1LC_1RC1RB_1RD0LE_1LA1LD_1RZ0LA")
drawn = machines_with_input(machines(max_tapes=2), max_left=3)


def pair(kind, machine, tapes, cells, gain):
    compiled = compile_machine(machine, cells=cells or 64, gain=gain)
    if kind == "network":
        return NetworkForm(compiled.network, cells), EventNetwork(compiled.network, [tapes], cells=cells)
    return PomdpForm(compiled.pomdp, cells), EventPomdp(compiled.pomdp, [tapes], cells=cells)


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
        (made,) = event.advance(1)
        if isinstance(event.error(0), LeftMemory):
            with pytest.raises(LeftMemory):
                dense.decode(after)
            return
        if dense.halted(after):
            assert made == 0
            assert event.stop[0] == EventStop.HALTED
            return
        assert made == 1
        state = after
        assert event.configuration(0) == dense.decode(state)
        off = max(float(a[a < 0.5].max(initial=0.0)) for _, a in dense.activities(state))
        bound = event.leak(off) / 4 + 1e-15
        assert abs(control(state).max() - event.x[0]) <= bound
        if cells is not None:
            for number, tape in enumerate(state.tapes):
                assert abs(place(state, tape).max() - event.place[0, number]) <= bound


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
        EventNetwork(blurred, [()])


@pytest.mark.parametrize("kind", ["network", "pomdp"])
@given(
    st.lists(machines_with_input(machines(one_way=False)), min_size=1, max_size=5),
    st.sampled_from([None, 40]),
    st.integers(0, 60),
)
def test_many_machines_at_once_end_as_they_do_alone(kind, batch, cells, limit):
    union, starts = disjoint_union([machine for machine, _ in batch])
    inputs = [tapes for _, tapes in batch]
    compiled = compile_machine(union, cells=64)
    engine = (EventNetwork if kind == "network" else EventPomdp)(
        getattr(compiled, kind), inputs, cells=cells, starts=[start for _, start in zip(batch, starts)]
    )
    for (machine, tapes), start, outcome in zip(batch, starts, engine.finish(limit)):
        alone = turing.run(machine, *tapes, max_steps=limit, max_cells=cells)
        assert (outcome.verdict, outcome.steps) == (alone.verdict, alone.steps)
        assert outcome.configuration.heads == alone.configuration.heads
        assert outcome.configuration.tapes == alone.configuration.tapes
        first = start - machine.start
        assert outcome.configuration.state == first + alone.configuration.state


def test_a_batch_whose_tapes_grow_at_different_times():
    walker = from_busy_beaver("1RB1RA_1LA1LB")
    runner = from_busy_beaver("1RA1RA")
    union, starts = disjoint_union([walker, runner, BB5])
    compiled = compile_machine(union)
    outcomes = EventNetwork(compiled.network, [()] * 3, starts=starts).finish(200_000)
    for machine, outcome in zip((walker, runner, BB5), outcomes):
        alone = turing.run(machine, max_steps=200_000)
        assert outcome.steps == alone.steps
        assert outcome.configuration.tapes == alone.configuration.tapes


def test_caches_on_disk_name_no_class():
    """numba cannot read the index of a cache that names a class which has since got another name or place."""
    compiled = compile_machine(from_busy_beaver("1RB1LB_1LA1RZ"), cells=16)
    for engine, kernels in (
        (event_network.EventNetwork(compiled.network, [()]), (event_network._walk_one, event_network._walk)),
        (event_pomdp.EventPomdp(compiled.pomdp, [()]), (event_pomdp._infer_one, event_pomdp._infer)),
    ):
        engine.finish(10)
        outer, inner = kernels
        cached = [kind for signature in outer.signatures for kind in signature]
        assert cached and not any(isinstance(kind, types.NamedTuple) for kind in cached)
        assert isinstance(inner._cache, NullCache)


@pytest.mark.parametrize("module", [event_network, event_pomdp])
def test_kernels_of_one_run_and_of_many_have_caches_of_their_own(module):
    """One function compiled in two ways shares a cache on disk: a process that ran a batch broke later single runs."""
    kernels = [each for each in vars(module).values() if hasattr(each, "py_func") and each._cache.cache_path]
    files = [kernel._cache._cache_file._index_name for kernel in kernels]
    assert len(files) >= 2
    assert len(set(files)) == len(files)
