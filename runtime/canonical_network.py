"""A canonical network in general: its energy 𝒜, and activity and plasticity as descent of it.

Nothing here knows the generative model that `generative_model` inverts; that the two agree is tested.
Equations are numbered as in docs/theory.md, where the sources are; all follow from the energy 𝒜 (1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, xlogy

from triquetra.forms import FloatArray
from triquetra.forms.canonical import OFF, ON, Arrays, CanonicalNetwork, Expectations, Signals, each_block

from .settings import LearningSettings

Evidence = tuple[FloatArray, FloatArray]  # for and against, in the shape of the synapses


def state_drive(network: CanonicalNetwork, signals: Signals, factor: int) -> FloatArray:
    """(5): (2, T) + s_f, (W1; W0) o_τ + (K1; K0) ψ_{τ−1} + (h1; h0), what state neurons and complements hear."""
    states = len(network.sizes.states[factor])
    drive = basis_drive(network.K[factor], signals.state_basis[factor], states)
    drive += np.expand_dims(network.threshold(factor), 1)
    for side, weights in ((ON, network.W1[factor]), (OFF, network.W0[factor])):
        for w, o in zip(weights, signals.observations):
            drive[side] += weigh(w, o, states)
    return drive


def action_drive(network: CanonicalNetwork, signals: Signals, factor: int) -> FloatArray:
    """(6): (2, T) + y_g, (1 − 2Γ_τ) ⊙ (V1; V0) ψ_{τ−1} + (φ1; φ0): risk reverses what synapses say."""
    actions = len(network.sizes.actions[factor])
    drive = basis_drive(network.V[factor], signals.action_basis[factor], actions)
    drive *= 1.0 - 2.0 * signals.risk[factor]
    drive += np.expand_dims(network.phi_y[factor], 1)
    return drive


def basis_drive(log_odds: FloatArray, basis: FloatArray, post_axes: int) -> FloatArray:
    """(2, T) + post: K1 ψ and K0 ψ, where K1 = ln sig(K̂) and K0 = ln sig(−K̂)."""
    return np.stack([weigh(-np.logaddexp(0.0, side * log_odds), basis, post_axes) for side in (-1.0, 1.0)])


def weigh(weights: FloatArray, pre: FloatArray, post_axes: int) -> FloatArray:
    """(T,) + post: weights (post + pre) applied to presynaptic activity (T,) + pre."""
    return np.tensordot(pre, weights, axes=(range(1, pre.ndim), range(post_axes, weights.ndim)))


def rest(drive: FloatArray) -> FloatArray:
    """(7): the activity (x; x̄) at which ∂𝒜/∂x = 0: x = sig(d1 − d0), x̄ = sig(d0 − d1). Any shape (2, …)."""
    difference = drive[ON] - drive[OFF]
    return np.stack([expit(difference), expit(-difference)])


def activity(network: CanonicalNetwork, signals: Signals, noise: Expectations | None = None) -> Expectations:
    """Activity at rest of all neurons in every step.

    `noise`: in nats, (1, T) + s_f and (1, T) + y_g, what is added to each neuron's drive of "on".
    """
    states = [state_drive(network, signals, f) for f in range(len(network.K))]
    actions = [action_drive(network, signals, g) for g in range(len(network.V))]
    if noise is not None:
        for drives, extras in ((states, noise.states), (actions, noise.actions)):
            for drive, extra in zip(drives, extras):
                drive[ON] += extra[0]
    return Expectations(tuple(map(rest, states)), tuple(map(rest, actions)))


def energy(network: CanonicalNetwork, x: Expectations, signals: Signals) -> float:
    """(1): 𝒜 of activities, in nats, summed over the T steps; without the constant c."""
    terms = [
        activity_term(pair, state_drive(network, signals, f)) for f, pair in enumerate(x.states)
    ] + [activity_term(pair, action_drive(network, signals, g)) for g, pair in enumerate(x.actions)]  # fmt: skip
    return float(sum(terms))


def activity_term(x: FloatArray, drive: FloatArray) -> float:
    """(x; x̄)·{ ln(x; x̄) − drive }: one population's part of 𝒜."""
    return float((xlogy(x, x) - x * drive).sum())


def activity_gradient(x: FloatArray, drive: FloatArray) -> FloatArray:
    """(8): ∂𝒜/∂x = sig⁻¹(x) − (d1 − d0), with x̄ = 1 − x; its negative is the activity's equation of motion."""
    return np.asarray(np.log(x[ON]) - np.log(x[OFF]) - (drive[ON] - drive[OFF]))


def correlate(post: FloatArray, pre: FloatArray) -> FloatArray:
    """post + pre: Σ_τ post_τ ⊗ pre_τ, the Hebbian product, of (T,) + post and (T,) + pre."""
    return np.tensordot(post, pre, axes=(0, 0))


@dataclass(frozen=True, eq=False)
class Gradient:
    """∂𝒜 by each synapse, in the shapes of the network's W1, W0, K and V."""

    W1: tuple[Arrays, ...]
    W0: tuple[Arrays, ...]
    K: Arrays
    V: Arrays


def synaptic_gradient(network: CanonicalNetwork, x: Expectations, signals: Signals) -> Gradient:
    """(9–11): the gradient of 𝒜 at fixed activity, minus post × pre, plus what the synapse already says.

    ∂𝒜/∂W1 = −(x oᵀ − sig(W1) ⊙ x 1ᵀ), W0 with x̄ (the second term by way of the threshold);
    ∂𝒜/∂K̂ = −(x − sig(K̂)) ψᵀ; ∂𝒜/∂V̂ = −(1 − 2Γ) ⊙ (y − sig(V̂)) ψᵀ.
    """

    def descent(log_odds: FloatArray, evidence: Evidence) -> FloatArray:
        potentiation, depression = evidence
        return np.asarray(expit(log_odds) * depression - expit(-log_odds) * potentiation)

    slopes = (descent(log_odds, evidence) for _, log_odds, evidence in each_synapse(network, x, signals))
    return Gradient(*rebuild(network, slopes))


def each_synapse(
    network: CanonicalNetwork, x: Expectations, signals: Signals
) -> Iterator[tuple[str, FloatArray, Evidence]]:
    """Name, log-odds, and evidence (for and against) of every block of synapses: W1, W0, K, V in this order.

    Evidence is what neurons did in these steps: a likelihood's is x ⊗ o against x ⊗ ō, where a neuron that is off
    teaches W0; a basis entry's is x ⊗ ψ against x̄ ⊗ ψ; a memory's is (1 − 2Γ) ⊙ y ⊗ ψ against (1 − 2Γ) ⊙ ȳ ⊗ ψ.
    """
    for name, blocks, side in (("W1", network.W1, ON), ("W0", network.W0, OFF)):
        for where, w, f, m in each_block(name, blocks, network.sizes):
            o, post = signals.observations[m], x.states[f][side]
            yield where, w, (correlate(post, o), correlate(post, 1.0 - o))
    for f, (k, post, pre) in enumerate(zip(network.K, x.states, signals.state_basis)):
        yield f"K[{f}]", k, (correlate(post[ON], pre), correlate(post[OFF], pre))
    for g, (v, post, pre) in enumerate(zip(network.V, x.actions, signals.action_basis)):
        modulated = (1.0 - 2.0 * signals.risk[g]) * post
        yield f"V[{g}]", v, (correlate(modulated[ON], pre), correlate(modulated[OFF], pre))


def rebuild(
    network: CanonicalNetwork, blocks: Iterator[FloatArray]
) -> tuple[tuple[Arrays, ...], tuple[Arrays, ...], Arrays, Arrays]:
    """W1, W0, K and V of blocks in the order of `each_synapse`."""
    W1 = tuple(tuple(next(blocks) for _ in row) for row in network.W1)
    W0 = tuple(tuple(next(blocks) for _ in row) for row in network.W0)
    return W1, W0, tuple(next(blocks) for _ in network.K), tuple(next(blocks) for _ in network.V)


@dataclass(frozen=True, eq=False)
class PlasticNetwork:
    """A network that learns, the memory load N of each synapse (in steps of experience), and what both were at first.

    `load` and `first_load` have a block for each of `each_synapse`; a synapse moves by 1/N of its error.
    """

    network: CanonicalNetwork
    load: Arrays
    first_network: CanonicalNetwork
    first_load: Arrays

    @staticmethod
    def of(network: CanonicalNetwork, load: float | Arrays) -> PlasticNetwork:
        """A network before its first experience; a number is the load of every synapse, in steps."""
        blocks = [b for row in (*network.W1, *network.W0) for b in row] + [*network.K, *network.V]
        loads = load if isinstance(load, tuple) else tuple(np.full(b.shape, float(load)) for b in blocks)
        return PlasticNetwork(network, loads, network, loads)


def learn(
    plastic: PlasticNetwork,
    x: Expectations,
    signals: Signals,
    settings: LearningSettings,
    synaptic_noise: Arrays | None = None,
) -> PlasticNetwork:
    """Hebbian (W, K) and three-factor (V) plasticity for the given steps, taken together; see `plasticity`.

    `synaptic_noise`: in nats, a block for each of `each_synapse`, added afterwards.
    """
    weights, kept = settings.weights(signals.steps)
    weighed = Expectations(*(tuple(_by_step(weights, pair) for pair in group) for group in (x.states, x.actions)))
    now = each_synapse(plastic.network, weighed, signals)
    first = each_synapse(plastic.first_network, weighed, signals)
    strengths, loads = [], []
    for (_, strength, evidence), (_, strength_0, _), load, load_0 in zip(now, first, plastic.load, plastic.first_load):
        strength, load = plasticity(strength, load, evidence, (strength_0, load_0), kept, settings.floor)
        strengths.append(strength)
        loads.append(load)
    if synaptic_noise is not None:
        strengths = [strength + noise for strength, noise in zip(strengths, synaptic_noise)]
    W1, W0, K, V = rebuild(plastic.network, iter(strengths))
    return replace(plastic, network=replace(plastic.network, W1=W1, W0=W0, K=K, V=V), load=tuple(loads))


def plasticity(
    strength: FloatArray,
    load: FloatArray,
    evidence: Evidence,
    first: tuple[FloatArray, FloatArray],
    kept: float,
    floor: float,
) -> tuple[FloatArray, FloatArray]:
    """(12): one step of synapses, strength (nats, within ±700) and load N after evidence e for and ē against.

    The strength grows by ln(1 + g/(N θ)) − ln(1 + ḡ/(N θ̄)), θ = sig(strength), where g is e and what drifts back
    from the first load; depression stops where N θ reaches `floor`. For large N this is
    −(∂𝒜/∂strength) / (N θ θ̄): descent of 𝒜 in the natural (Fisher) metric with a step of 1/N.
    """
    strength_0, load_0 = first
    growth, total = [], np.zeros_like(load)
    for sign, e in zip((1.0, -1.0), evidence):
        before = kept * load * expit(sign * strength)
        gained = np.maximum(e + (1.0 - kept) * load_0 * expit(sign * strength_0), floor - before)
        growth.append(np.log1p(gained / before))
        total += before + gained
    return strength + growth[ON] - growth[OFF], total


def learn_online(
    plastic: PlasticNetwork, signals: Signals, settings: LearningSettings, noise: Expectations | None = None
) -> Iterator[tuple[Expectations, PlasticNetwork]]:
    """Step by step: activity at rest with the synapses as they are, then plasticity; `noise` as for `activity`."""
    for step in range(signals.steps):
        now = signals.at(step)
        x = activity(plastic.network, now, None if noise is None else _step_of(noise, step))
        plastic = learn(plastic, x, now, settings)
        yield x, plastic


def _by_step(weights: FloatArray, pair: FloatArray) -> FloatArray:
    """Pairs (2, T) + … scaled by a weight (T,) for each step."""
    return pair * weights.reshape(-1, *[1] * (pair.ndim - 2))


def _step_of(noise: Expectations, step: int) -> Expectations:
    at = slice(step, step + 1)
    return Expectations(tuple(n[:, at] for n in noise.states), tuple(n[:, at] for n in noise.actions))
