"""Plasticity of the network and the conjugate update of the agent are one and the same, step by step."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.special import expit, logit

from triquetra.forms import FloatArray
from triquetra.machines import InputError
from triquetra.theory import beliefs as bayes_side
from triquetra.theory import neurons as network_side
from triquetra.theory.correspondence import pair_of_log_odds, to_pomdp
from triquetra.theory.models import CanonicalNetwork, Expectations, GenerativeModel, Signals, Sizes
from triquetra.theory.settings import LearningSettings
from triquetra.theory.strategies import networks, random_expectations, random_signals, sizes

SEEDS = st.integers(0, 2**32 - 1)
STEPS = 6
SETTINGS = st.builds(
    LearningSettings,
    rate=st.floats(0.1, 10),
    forgetting=st.just(0.0) | st.floats(0.001, 0.9),
    floor=st.floats(0.001, 0.2),
)
LOADS = st.floats(1, 100)


def assert_same_parameters(network: CanonicalNetwork, pomdp: GenerativeModel) -> None:
    ours = to_pomdp(network)
    for name in ("B", "C"):
        for mine, theirs in zip(getattr(ours, name), getattr(pomdp, name), strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-7, atol=1e-9)
    for mine_row, theirs_row in zip(ours.A, pomdp.A, strict=True):
        for mine, theirs in zip(mine_row, theirs_row, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-7, atol=1e-9)


def assert_same_expectations(x: Expectations, q: Expectations) -> None:
    for mine, theirs in zip(x.states + x.actions, q.states + q.actions, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-6, atol=1e-12)


def random_noise(of: Sizes, seed: int) -> Expectations:
    draw = np.random.default_rng(seed).normal
    return Expectations(
        tuple(draw(0, 1, (1, STEPS, *s)) for s in of.states), tuple(draw(0, 1, (1, STEPS, *y)) for y in of.actions)
    )


@given(networks(sizes(max_length=3, max_levels=3), scale=1.0), SEEDS, SETTINGS, LOADS, st.booleans())
def test_both_learn_the_same_at_every_step(
    network: CanonicalNetwork, seed: int, settings: LearningSettings, load: float, noisy: bool
) -> None:
    signals = random_signals(network.sizes, STEPS, seed)
    noise = random_noise(network.sizes, seed) if noisy else None
    plastic = network_side.PlasticNetwork.of(network, load)
    agent = bayes_side.LearningAgent.of(to_pomdp(network), load)
    steps = zip(
        network_side.learn_online(plastic, signals, settings, noise),
        bayes_side.update_online(agent, signals, settings, noise),
        strict=True,
    )
    for (x, plastic), (q, agent) in steps:
        assert_same_expectations(x, q)
        assert_same_parameters(plastic.network, agent.model)
    load_of_agent = [row.sum(axis=0) for row in (*agent.counts.b, *agent.counts.c)]
    for mine, theirs in zip(plastic.load[-len(load_of_agent) :], load_of_agent, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-8)


@given(networks(sizes(max_length=3, max_levels=3), scale=1.0), SEEDS, SETTINGS, LOADS)
def test_both_learn_the_same_from_a_batch(
    network: CanonicalNetwork, seed: int, settings: LearningSettings, load: float
) -> None:
    signals = random_signals(network.sizes, STEPS, seed)
    x = random_expectations(network.sizes, STEPS, seed + 1)
    plastic = network_side.learn(network_side.PlasticNetwork.of(network, load), x, signals, settings)
    agent = bayes_side.update(bayes_side.LearningAgent.of(to_pomdp(network), load), x, signals, settings)
    assert_same_parameters(plastic.network, agent.model)


@given(networks(sizes(max_length=3, max_levels=3), scale=1.0), SEEDS, st.floats(0, 0.5), LOADS)
def test_a_batch_is_its_steps_taken_together(
    network: CanonicalNetwork, seed: int, forgetting: float, load: float
) -> None:
    """Given the activities, and without a floor that would act in between (no risk above ½)."""
    signals = random_signals(network.sizes, STEPS, seed)
    signals = Signals(
        observations=signals.observations,
        state_basis=signals.state_basis,
        action_basis=signals.action_basis,
        risk=tuple(r / 2 for r in signals.risk),
    )
    x = random_expectations(network.sizes, STEPS, seed + 1)
    settings = LearningSettings(forgetting=forgetting)
    start = network_side.PlasticNetwork.of(network, load)
    batch = network_side.learn(start, x, signals, settings)
    online = start
    for t in range(STEPS):
        now = Expectations(tuple(p[:, t : t + 1] for p in x.states), tuple(p[:, t : t + 1] for p in x.actions))
        online = network_side.learn(online, now, signals.at(t), settings)
    assert_same_parameters(online.network, to_pomdp(batch.network))


@given(networks(sizes(max_length=3), scale=1.0), SEEDS)
def test_plasticity_descends_the_energy_in_its_natural_metric(network: CanonicalNetwork, seed: int) -> None:
    """At a large load N the change is −(∂𝒜/∂strength)/(N θ θ̄)."""
    load = 1e6
    signals = random_signals(network.sizes, 1, seed)
    x = random_expectations(network.sizes, 1, seed + 1)
    after = network_side.learn(network_side.PlasticNetwork.of(network, load), x, signals, LearningSettings()).network
    gradient = network_side.synaptic_gradient(network, x, signals)
    for name in ("K", "V"):
        for old, new, slope in zip(getattr(network, name), getattr(after, name), getattr(gradient, name)):
            wanted = -slope / (load * expit(old) * expit(-old))
            np.testing.assert_allclose(new - old, wanted, rtol=1e-2, atol=1e-7)
    for old_row, new_row, slope_row in zip(network.W, after.W, gradient.W):
        for old, new, slope in zip(old_row, new_row, slope_row):
            np.testing.assert_allclose(new - old, -slope / (load * expit(old) * expit(-old)), rtol=1e-2, atol=1e-7)


def test_the_gradient_flow_ends_where_counting_does() -> None:
    """K̇ = −∂𝒜/∂K, with the first counts as a part of 𝒜, comes to rest at the expected Beta parameter."""
    of = Sizes(outcomes=((1,),), states=((3,),), state_basis=((2,),))
    signals = random_signals(of, 40, 5)
    x = random_expectations(of, 40, 6)
    load = 4.0
    network = networks_with_zero_weights(of)
    counted = network_side.learn(network_side.PlasticNetwork.of(network, load), x, signals, LearningSettings()).network

    def flow(_: float, k: FloatArray) -> FloatArray:
        now = CanonicalNetwork(sizes=of, W=network.W, K=(k.reshape(1, 3, 2),), phi_x=network.phi_x)
        slope = network_side.synaptic_gradient(now, x, signals).K[0].ravel()
        return -(slope + load * (expit(k) - 0.5))

    end = solve_ivp(flow, (0, 20), np.zeros(6), rtol=1e-9, atol=1e-11).y[:, -1]
    np.testing.assert_allclose(end, counted.K[0].ravel(), atol=1e-6)


def networks_with_zero_weights(of: Sizes) -> CanonicalNetwork:
    return CanonicalNetwork(
        sizes=of,
        W=tuple(tuple(np.zeros((1, 2, *s, *o)) for o in of.outcomes) for s in of.states),
        K=tuple(np.zeros((1, *s, *b)) for s, b in zip(of.states, of.state_basis)),
        phi_x=tuple(np.log(np.full((2, *s), 0.5)) for s in of.states),
    )


def memory(strength: float, load: float) -> network_side.PlasticNetwork:
    of = Sizes(outcomes=(), states=(), state_basis=(), actions=((1,),), action_basis=((1,),))
    network = CanonicalNetwork(
        sizes=of, W=(), K=(), phi_x=(), V=(np.array([[[strength]]]),), phi_y=(np.log(np.full((2, 1), 0.5)),)
    )
    return network_side.PlasticNetwork.of(network, load)


@pytest.mark.parametrize("risk, grows", [(0.0, 1), (1.0, -1), (0.5, 0)])
def test_risk_decides_whether_an_act_is_strengthened_or_reversed(risk: float, grows: int) -> None:
    signals = Signals(observations=(), state_basis=(), action_basis=(np.ones((1, 1)),), risk=(np.full((1, 1), risk),))
    act = Expectations((), (np.array([[[0.9]], [[0.1]]]),))
    after = network_side.learn(memory(0.5, 10.0), act, signals, LearningSettings(floor=0.01))
    assert np.sign(after.network.V[0][0, 0, 0] - 0.5) == grows


def test_the_floor_bounds_what_risk_can_take() -> None:
    signals = Signals(observations=(), state_basis=(), action_basis=(np.ones((1, 1)),), risk=(np.ones((1, 1)),))
    act = Expectations((), (np.array([[[0.999]], [[0.001]]]),))
    plastic = memory(3.0, 2.0)
    for _ in range(50):
        plastic = network_side.learn(plastic, act, signals, LearningSettings(floor=0.01))
    theta = float(expit(plastic.network.V[0][0, 0, 0]))
    assert theta * float(plastic.load[0][0, 0]) == pytest.approx(0.01)


def test_forgetting_bounds_the_memory_load_and_without_experience_brings_back_the_first_synapse() -> None:
    f = 0.1
    on = Signals(observations=(), state_basis=(), action_basis=(np.ones((1, 1)),), risk=(np.zeros((1, 1)),))
    silent = Signals(observations=(), state_basis=(), action_basis=(np.zeros((1, 1)),), risk=(np.zeros((1, 1)),))
    act = Expectations((), (np.array([[[1.0]], [[0.0]]]),))
    plastic = memory(0.0, 2.0)
    loads = []
    for _ in range(400):
        plastic = network_side.learn(plastic, act, on, LearningSettings(forgetting=f))
        loads.append(float(plastic.load[0][0, 0]))
    assert loads[-1] == pytest.approx(2.0 + 1 / f)
    assert all(b > a - 1e-12 for a, b in pairwise(loads))
    strong = float(plastic.network.V[0][0, 0, 0])
    assert strong == pytest.approx(float(logit((1 + 1 / f) / (2 + 1 / f))))
    for _ in range(400):
        plastic = network_side.learn(plastic, act, silent, LearningSettings(forgetting=f))
    assert float(plastic.network.V[0][0, 0, 0]) == pytest.approx(0.0, abs=1e-9)
    assert float(plastic.load[0][0, 0]) == pytest.approx(2.0)


def test_synaptic_noise_is_added_to_what_was_learned() -> None:
    signals = Signals(observations=(), state_basis=(), action_basis=(np.ones((1, 1)),), risk=(np.zeros((1, 1)),))
    act = Expectations((), (np.array([[[1.0]], [[0.0]]]),))
    still = network_side.learn(memory(0.0, 2.0), act, signals, LearningSettings())
    moved = network_side.learn(memory(0.0, 2.0), act, signals, LearningSettings(), (np.array([[[0.25]]]),))
    assert float(moved.network.V[0][0, 0, 0] - still.network.V[0][0, 0, 0]) == pytest.approx(0.25)


@given(SEEDS, st.floats(0.1, 5))
def test_the_likelihood_update_is_that_of_pymdp(seed: int, rate: float) -> None:
    learning = pytest.importorskip("pymdp.legacy.learning", reason="inferactively-pymdp is not installed")
    rng = np.random.default_rng(seed)
    of = Sizes(outcomes=((3,),), states=((1,),), state_basis=((1,),))
    likelihood = np.stack([pair_of_log_odds(rng.normal(size=(3, 1))) for _ in range(2)], axis=1)
    half = np.log(np.full((2, 1), 0.5))
    pomdp = GenerativeModel(sizes=of, A=((likelihood,),), B=(half[..., None],), D=(half,))
    agent = bayes_side.LearningAgent.of(pomdp, 5.0)
    observed = rng.integers(0, 2, 3)
    signals = Signals(observations=(observed[None].astype(float),), state_basis=(np.zeros((1, 1)),))
    q = bayes_side.infer(pomdp, signals)
    after = bayes_side.update(agent, q, signals, LearningSettings(rate=rate)).counts.a[0][0]
    counts, model, outcomes = (np.empty(3, dtype=object) for _ in range(3))
    for i in range(3):
        counts[i] = agent.counts.a[0][0][:, :, i, 0]
        model[i] = np.exp(likelihood[:, :, i, 0])
        outcomes[i] = np.array([observed[i], 1 - observed[i]], dtype=float)
    beliefs = np.empty(1, dtype=object)
    beliefs[0] = q.states[0][:, 0, 0]
    theirs = learning.update_obs_likelihood_dirichlet(counts, model, outcomes, beliefs, lr=rate)
    for i in range(3):
        np.testing.assert_allclose(after[:, :, i, 0], theirs[i].astype(float), rtol=1e-9)


@pytest.mark.parametrize(
    "wrong", [{"rate": 0.0}, {"rate": float("nan")}, {"forgetting": 1.0}, {"forgetting": -0.1}, {"floor": -1.0}]
)
def test_settings_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError, match=next(iter(wrong))):
        LearningSettings(**wrong)
