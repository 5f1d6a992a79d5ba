"""The correspondence against itself, against numerical differentiation of 𝒜 and F, and against pymdp."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from triquetra.forms import FloatArray, FormError
from triquetra.theory import beliefs as bayes_side
from triquetra.theory import neurons as network_side
from triquetra.theory.correspondence import (
    constant,
    likelihood_of_weights,
    log_odds_of_pair,
    pair_of_log_odds,
    pair_of_probability,
    prior_of_threshold,
    to_network,
    to_pomdp,
    weights_of_likelihood,
)
from triquetra.theory.models import OFF, ON, CanonicalNetwork, Expectations, GenerativeModel, Signals, Sizes
from triquetra.theory.strategies import networks, random_expectations, random_signals, sizes

SEEDS = st.integers(0, 2**32 - 1)
STEPS = 3
ANY = sizes(max_levels=4)  # Bernoulli and categorical variables


def parameters(network: CanonicalNetwork) -> list[FloatArray]:
    return [*(block for row in network.W for block in row), *network.K, *network.V]


@given(networks(ANY))
def test_a_network_returns_from_its_pomdp(network: CanonicalNetwork) -> None:
    back = to_network(to_pomdp(network))
    assert back.sizes == network.sizes
    for before, after in zip(parameters(network), parameters(back), strict=True):
        np.testing.assert_allclose(after, before, rtol=0, atol=8 * np.spacing(np.abs(before).max() + 1))
    for before, after in zip(network.phi_x + network.phi_y, back.phi_x + back.phi_y, strict=True):
        np.testing.assert_allclose(after - after[OFF], before - before[OFF], atol=1e-13)
    assert constant(back) == pytest.approx(0, abs=1e-12)


@given(networks(ANY))
def test_a_pomdp_returns_from_its_network(network: CanonicalNetwork) -> None:
    pomdp = to_pomdp(network)
    back = to_pomdp(to_network(pomdp))
    for name in ("B", "C", "D", "E"):
        for before, after in zip(getattr(pomdp, name), getattr(back, name), strict=True):
            np.testing.assert_allclose(after, before, rtol=1e-14, atol=1e-14)
    for before_row, after_row in zip(pomdp.A, back.A, strict=True):
        for before, after in zip(before_row, after_row, strict=True):
            np.testing.assert_allclose(after, before, rtol=1e-14, atol=1e-14)


@given(st.floats(-690, 690))
def test_log_odds_keep_their_digits_far_from_zero(log_odds: float) -> None:
    back = float(log_odds_of_pair(pair_of_log_odds(log_odds)))
    assert abs(back - log_odds) <= 2 * np.spacing(max(abs(log_odds), 1.0))


def test_axes_move_in_groups_and_keep_their_order() -> None:
    outcomes, states = (2, 3), (4, 5, 6)
    log_odds = np.random.default_rng(1).normal(size=(2, *outcomes, *states))
    likelihood = np.stack([pair_of_log_odds(log_odds[0]), pair_of_log_odds(log_odds[1])], axis=1)
    weights = weights_of_likelihood(likelihood, len(outcomes))
    ((w1, w0),) = weights
    assert w1.shape == states + outcomes
    for o in np.ndindex(*outcomes):
        for s in np.ndindex(*states):
            assert w1[s + o] == pytest.approx(log_odds[(0, *o, *s)], abs=1e-14)
            assert w0[s + o] == pytest.approx(log_odds[(1, *o, *s)], abs=1e-14)
    np.testing.assert_allclose(likelihood_of_weights(weights, len(states)), likelihood, atol=1e-14)


@given(networks(ANY), SEEDS)
def test_the_energies_differ_by_the_stated_constant(network: CanonicalNetwork, seed: int) -> None:
    pomdp = to_pomdp(network)
    signals = random_signals(network.sizes, STEPS, seed)
    x = random_expectations(network.sizes, STEPS, seed + 1)
    a = network_side.energy(network, x, signals)
    f = bayes_side.free_energy(pomdp, x, signals)
    assert a == pytest.approx(f + STEPS * constant(network), rel=1e-11, abs=1e-9)


@given(networks(ANY), SEEDS)
def test_activity_at_rest_is_the_posterior(network: CanonicalNetwork, seed: int) -> None:
    signals = random_signals(network.sizes, STEPS, seed)
    x = network_side.activity(network, signals)
    q = bayes_side.infer(to_pomdp(network), signals)
    for mine, theirs in zip(x.states + x.actions, q.states + q.actions, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-9)


def shifted(x: Expectations, group: str, which: int, place: tuple[int, ...], by: float) -> Expectations:
    """x with one activity, (level, step, …), moved by `by`, that of the last level by −`by`."""
    arrays = list(getattr(x, group))
    moved = arrays[which].copy()
    moved[place] += by
    moved[-1, *place[1:]] -= by
    arrays[which] = moved
    return Expectations(**{"states": x.states, "actions": x.actions, group: tuple(arrays)})


@given(networks(sizes(max_length=3, max_levels=3)), SEEDS, st.data())
def test_activity_gradient_is_the_derivative_of_both_energies(
    network: CanonicalNetwork, seed: int, data: st.DataObject
) -> None:
    pomdp = to_pomdp(network)
    signals = random_signals(network.sizes, STEPS, seed)
    x = random_expectations(network.sizes, STEPS, seed + 1)
    h = 1e-5
    for group, drive in (("states", network_side.state_drive), ("actions", network_side.action_drive)):
        for which, pair in enumerate(getattr(x, group)):
            place = tuple(data.draw(st.integers(0, n - 1)) for n in pair.shape[1:])
            level = data.draw(st.integers(0, len(pair) - 2))
            gradient = network_side.activity_gradient(pair, drive(network, signals, which))[level, *place]
            up, down = (shifted(x, group, which, (level, *place), by) for by in (h, -h))
            by_a = network_side.energy(network, up, signals) - network_side.energy(network, down, signals)
            by_f = bayes_side.free_energy(pomdp, up, signals) - bayes_side.free_energy(pomdp, down, signals)
            assert by_a / (2 * h) == pytest.approx(gradient, rel=1e-4, abs=1e-4)
            assert by_f / (2 * h) == pytest.approx(gradient, rel=1e-4, abs=1e-4)


@given(networks(sizes(max_length=3, max_levels=3)), SEEDS, st.data())
def test_synaptic_gradient_is_the_derivative_of_the_energy(
    network: CanonicalNetwork, seed: int, data: st.DataObject
) -> None:
    signals = random_signals(network.sizes, STEPS, seed)
    x = random_expectations(network.sizes, STEPS, seed + 1)
    gradient = network_side.synaptic_gradient(network, x, signals)
    slopes = [*(block for row in gradient.W for block in row), *gradient.K, *gradient.V]
    h = 1e-5
    for i, (block, slope) in enumerate(zip(parameters(network), slopes, strict=True)):
        assert slope.shape == block.shape
        place = tuple(data.draw(st.integers(0, n - 1)) for n in block.shape)
        values = []
        for by in (h, -h):
            blocks = parameters(network)
            blocks[i] = block.copy()
            blocks[i][place] += by
            W, K, V = network_side.rebuild(network, iter(blocks))
            moved = CanonicalNetwork(sizes=network.sizes, W=W, K=K, V=V, phi_x=network.phi_x, phi_y=network.phi_y)
            values.append(network_side.energy(moved, x, signals))
        assert (values[0] - values[1]) / (2 * h) == pytest.approx(slope[place], rel=1e-4, abs=1e-4)


@given(networks(ANY), SEEDS)
def test_the_posterior_minimises_the_free_energy(network: CanonicalNetwork, seed: int) -> None:
    pomdp = to_pomdp(network)
    signals = random_signals(network.sizes, STEPS, seed)
    least = bayes_side.free_energy(pomdp, bayes_side.infer(pomdp, signals), signals)
    for s in range(3):
        other = random_expectations(network.sizes, STEPS, seed + s)
        assert bayes_side.free_energy(pomdp, other, signals) >= least - 1e-9


SIZES = Sizes(outcomes=((4, 3),), states=((2,),), state_basis=((5,),), actions=((3,),), action_basis=((2,),))


@pytest.mark.parametrize("value", [0.0, 1.0, -0.5, float("nan")])
def test_a_probability_without_finite_weight_is_refused_by_name(value: float) -> None:
    p = np.full((4, 3), 0.5)
    p[3, 1] = value
    with pytest.raises(FormError, match=rf"A\[3, 1\] = {value:g} is outside \(0, 1\)"):
        pair_of_probability(p, "A")


def test_a_certain_parameter_of_a_model_is_refused_by_name() -> None:
    def pairs(*shape: int) -> FloatArray:
        return np.full((2, *shape), np.log(0.5))

    likelihood = pairs(2, 4, 3, 2)
    likelihood[:, 0, 3, 1, 1] = 0.0, -np.inf
    with pytest.raises(FormError, match=r"A\[0\]\[0\]\[0, 3, 1, 1\] = 1 is outside"):
        GenerativeModel(
            sizes=SIZES, A=((likelihood,),), B=(pairs(2, 5),), C=(pairs(3, 2),), D=(pairs(2),), E=(pairs(3),)
        )
    unequal = pairs(2, 5)
    unequal[0, 1, 4] = np.log(0.6)
    with pytest.raises(FormError, match=r"B\[0\]\[:, \[1, 4\]\]: the pair sums to 1.1"):
        GenerativeModel(
            sizes=SIZES, A=((pairs(2, 4, 3, 2),),), B=(unequal,), C=(pairs(3, 2),), D=(pairs(2),), E=(pairs(3),)
        )
    with pytest.raises(FormError, match=r"D\[0\] has shape"):
        GenerativeModel(
            sizes=SIZES, A=((pairs(2, 4, 3, 2),),), B=(pairs(2, 5),), C=(pairs(3, 2),), D=(pairs(3),), E=(pairs(3),)
        )


def test_priors_are_normalised_thresholds() -> None:
    phi = np.random.default_rng(2).normal(size=(2, 3, 4))
    np.testing.assert_allclose(np.exp(prior_of_threshold(phi)).sum(axis=0), 1, rtol=1e-14)


@given(sizes(max_factors=1, max_length=2), SEEDS)
def test_single_layer_inference_is_that_of_pymdp(of: Sizes, seed: int) -> None:
    """Each state neuron is an agent of its own for pymdp: one hidden factor of two levels, one modality an outcome."""
    pymdp = pytest.importorskip("pymdp.legacy.algos.fpi", reason="inferactively-pymdp is not installed")
    rng = np.random.default_rng(seed)
    shape, basis = of.states[0], of.state_basis[0]
    A = tuple(pair_of_probability(rng.uniform(0.3, 0.7, (2, *o, *shape))) for o in of.outcomes)
    D = pair_of_probability(rng.uniform(0.05, 0.95, shape))
    none = pair_of_log_odds(np.zeros(shape + basis))
    one_layer = Sizes(outcomes=of.outcomes, states=of.states, state_basis=of.state_basis)
    network = to_network(GenerativeModel(sizes=one_layer, A=(A,), B=(none,), D=(D,)))
    observed = tuple(rng.integers(0, 2, o) for o in of.outcomes)
    signals = Signals(observations=tuple(o[None].astype(float) for o in observed), state_basis=(np.zeros((1, *basis)),))
    x = network_side.activity(network, signals).states[0][:, 0]
    neuron = tuple(int(rng.integers(n)) for n in shape)
    likelihoods, outcomes = [], []
    for a, o in zip(A, observed):
        for place in np.ndindex(*o.shape):
            likelihoods.append(np.exp(a[:, :, *place, *neuron]))
            outcomes.append(np.eye(2)[OFF if o[place] == 0 else ON])
    prior = _objects([np.exp(D[:, *neuron])])
    q = pymdp.run_vanilla_fpi(_objects(likelihoods), _objects(outcomes), [2] * len(outcomes), [2], prior=prior)
    np.testing.assert_allclose(x[:, *neuron], q[0], rtol=1e-6)  # pymdp adds 1e-16 inside logarithms


def _objects(arrays: list[FloatArray]) -> NDArray[np.object_]:
    box = np.empty(len(arrays), dtype=object)
    for i, array in enumerate(arrays):
        box[i] = array
    return box
