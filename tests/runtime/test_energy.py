"""Activity and posterior minimise one energy, which two pieces of code compute."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triquetra.compiler import compile_machine
from triquetra.machines import from_busy_beaver
from triquetra.machines.strategies import machines, machines_with_input
from triquetra.runtime import energy
from triquetra.runtime.network import NetworkForm
from triquetra.runtime.pomdp import OFF, ON, PomdpForm
from triquetra.theory.dynamics import relax

BEAVER = from_busy_beaver("1RB1LB_1LA0LC_1RZ1LD_1RD0RA")


def both(machine, cells, gain=None):
    compiled = compile_machine(machine, cells=cells or 64, gain=gain)
    return NetworkForm(compiled.network, cells), PomdpForm(compiled.pomdp, cells)


@given(machines_with_input(machines(max_tapes=2)), st.sampled_from([(None, 3.0), (None, 40.0), (20, 12.0), (20, 40.0)]))
def test_network_and_agent_have_one_energy_up_to_the_stated_constant(drawn, mode):
    machine, tapes = drawn
    cells, gain = mode  # memory synapses must be saturated, as they are from gain 12 on
    network, pomdp = both(machine, cells, gain)
    activity, posterior = network.init(*tapes), pomdp.init(*tapes)
    for _ in range(6):
        activity, posterior = network.step(activity), pomdp.step(posterior)
        left = energy.network_energy(activity)
        right = energy.free_energy(posterior) + energy.normalisation(posterior)
        assert left == pytest.approx(right, rel=1e-9, abs=1e-9)
        if network.halted(activity):
            break


@pytest.mark.parametrize("cells", [None, 64])
def test_each_activity_is_the_minimiser_of_its_term(cells):
    network, _ = both(BEAVER, cells, gain=6.0)
    state = network.init()
    rng = np.random.default_rng(1)
    for _ in range(20):
        state = network.step(state)
        for population in state.populations:
            assert np.abs(energy.activity_gradient(population)).max() < 1e-9
            at_rest = energy.activity_energy(population)
            for size in (1e-4, 1e-2, 0.3):
                moved = np.clip(population.on + size * rng.uniform(-1, 1, population.on.shape), 0, 1)
                assert (energy.activity_energy_at(moved, 1 - moved, population.drive) >= at_rest - 1e-12).all()


def test_each_posterior_is_the_minimiser_of_its_free_energy():
    _, pomdp = both(BEAVER, 64, gain=6.0)
    state = pomdp.init()
    rng = np.random.default_rng(2)
    for _ in range(20):
        state = pomdp.step(state)
        for belief in state.beliefs:
            best = energy.belief_free_energy(belief)
            for size in (1e-4, 1e-2, 0.3):
                on = np.clip(belief.q[ON] + size * rng.uniform(-1, 1, belief.q[ON].shape), 1e-12, 1 - 1e-12)
                q = np.stack([on, 1 - on])
                moved = (q * (np.log(q) - belief.log_joint)).sum(axis=0)
                assert (moved >= best - 1e-9).all()


def test_the_gradient_is_the_slope_of_the_energy():
    drive = np.array([-3.0, -0.5, 0.0, 2.0])
    x = np.array([0.2, 0.9, 0.4, 0.6])
    h = 1e-6
    slope = (
        energy.activity_energy_at(x + h, 1 - x - h, drive) - energy.activity_energy_at(x - h, 1 - x + h, drive)
    ) / (2 * h)
    np.testing.assert_allclose(slope, np.log(x / (1 - x)) - drive, atol=1e-7)


def test_integrating_the_dynamics_arrives_at_the_activity_at_rest():
    network, _ = both(BEAVER, 16, gain=8.0)
    state = network.init()
    for _ in range(5):
        state = network.step(state)
        for population in state.populations:
            drive = np.stack([population.drive / 2, -population.drive / 2])
            end = relax(drive, np.zeros_like(drive), np.array([60.0]))[-1]
            np.testing.assert_allclose(end[0], population.on, atol=1e-8)


def test_pairs_keep_both_digits_where_one_minus_p_would_lose_them():
    _, pomdp = both(BEAVER, None, gain=50.0)
    state = pomdp.step(pomdp.init())
    on, off = state.state[ON], state.state[OFF]
    certain = on.argmax()
    assert 0 < off[certain] < 1e-20
