"""The network's side: its energy 𝒜, and activity and plasticity as descent of it.

Nothing here knows the generative model that `beliefs` inverts; that the two agree is tested.
Equations are numbered as in docs/theory.md, where the sources are; all follow from the energy 𝒜 (1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, xlogy

from triquetra.forms import FloatArray

from .models import OFF, ON, Arrays, CanonicalNetwork, Expectations, Signals, by_step, each_block, silence
from .settings import LearningSettings

Terms = dict[str, FloatArray]  # (T,) each, in nats


def state_drive(network: CanonicalNetwork, signals: Signals, factor: int) -> FloatArray:
    """(5): (L, T) + s_f, (W1; W0) o_τ + (K1; K0) ψ_{τ−1} + (h1; h0), what state neurons and complements hear."""
    return np.asarray(sum(_state_parts(network, signals, factor).values()))


def _state_parts(network: CanonicalNetwork, signals: Signals, factor: int) -> Terms:
    """The three summands of (5), each (L, T) + s_f."""
    states = len(network.sizes.states[factor])
    recurrence = basis_drive(network.K[factor], signals.state_basis[factor], states)
    heard, threshold = np.zeros_like(recurrence), np.zeros_like(recurrence)
    threshold += np.expand_dims(network.phi_x[factor], 1)
    for m, W in enumerate(network.W[factor]):
        outcome = signals.outcome(m, network.sizes.outcome_levels[m])[:-1]
        said = sum(np.stack([weigh(w, o, states) for w in level]) for level, o in zip(W, outcome))
        weight = signals.weight(m)
        heard += by_step(weight, np.asarray(said), 1)
        threshold += by_step(weight, np.broadcast_to(np.expand_dims(silence(W, states), 1), heard.shape), 1)
    return {"input": heard, "recurrence": recurrence, "threshold": threshold}


def action_drive(network: CanonicalNetwork, signals: Signals, factor: int) -> FloatArray:
    """(6): (L, T) + y_g, (1 − 2Γ_τ) ⊙ (V1; V0) ψ_{τ−1} + (φ1; φ0): risk reverses what synapses say."""
    return np.asarray(sum(_action_parts(network, signals, factor).values()))


def _action_parts(network: CanonicalNetwork, signals: Signals, factor: int) -> Terms:
    """The two summands of (6), each (L, T) + y_g."""
    recurrence = basis_drive(network.V[factor], signals.action_basis[factor], len(network.sizes.actions[factor]))
    recurrence *= 1.0 - 2.0 * signals.risk[factor]
    threshold = np.expand_dims(network.phi_y[factor], 1)
    return {"recurrence": recurrence, "threshold": np.broadcast_to(threshold, recurrence.shape)}


def basis_drive(log_odds: FloatArray, basis: FloatArray, post_axes: int) -> FloatArray:
    """(L, T) + post: K1 ψ and K0 ψ, where K1 = ln sig(K̂) and K0 = ln sig(−K̂)."""
    return np.stack([weigh(level, basis, post_axes) for level in log_shares(log_odds)])


def log_shares(log_odds: FloatArray) -> FloatArray:
    """(L, …): what log-odds (L − 1, …) against the last level say of each level, normalised."""
    if len(log_odds) == 1:
        return np.stack([-np.logaddexp(0.0, sign * log_odds[0]) for sign in (-1.0, 1.0)])
    padded = np.concatenate([log_odds, np.zeros_like(log_odds[:1])])
    return np.asarray(padded - np.logaddexp.reduce(padded, axis=0))


def shares(log_odds: FloatArray) -> FloatArray:
    """(L, …): θ and θ̄, sig of log-odds (L − 1, …) and of their negative; each to full precision."""
    if len(log_odds) == 1:
        return np.stack([expit(log_odds[0]), expit(-log_odds[0])])
    return np.exp(log_shares(log_odds))


def weigh(weights: FloatArray, pre: FloatArray, post_axes: int) -> FloatArray:
    """(T,) + post: weights (post + pre) applied to presynaptic activity (T,) + pre."""
    return np.tensordot(pre, weights, axes=(range(1, pre.ndim), range(post_axes, weights.ndim)))


def rest(drive: FloatArray) -> FloatArray:
    """(7): the activity (x; x̄) at which ∂𝒜/∂x = 0: x = sig(d1 − d0), x̄ = sig(d0 − d1). Any shape (L, …)."""
    if len(drive) == 2:
        difference = drive[ON] - drive[OFF]
        return np.stack([expit(difference), expit(-difference)])
    return np.asarray(np.exp(drive - np.logaddexp.reduce(drive, axis=0)))


def drives(network: CanonicalNetwork, signals: Signals, noise: Expectations | None = None) -> list[FloatArray]:
    """What each population hears, (L, T) + s_f and then (L, T) + y_g, in nats.

    `noise`: (1, T) + s_f and (1, T) + y_g, what is added to each neuron's drive of the first level.
    """
    heard = [state_drive(network, signals, f) for f in range(len(network.K))]
    heard += [action_drive(network, signals, g) for g in range(len(network.V))]
    if noise is not None:
        for drive, extra in zip(heard, noise.states + noise.actions, strict=True):
            drive[ON] += extra[0]
    return heard


def activity(network: CanonicalNetwork, signals: Signals, noise: Expectations | None = None) -> Expectations:
    """Activity at rest of all neurons in every step; `noise` as for `drives`."""
    x = tuple(map(rest, drives(network, signals, noise)))
    return Expectations(x[: len(network.K)], x[len(network.K) :])


def energy(network: CanonicalNetwork, x: Expectations, signals: Signals) -> float:
    """(1): 𝒜 of activities, in nats, summed over the T steps; without the constant c."""
    terms = [activity_term(pair, drive) for pair, drive in zip(x.states + x.actions, drives(network, signals))]
    return float(sum(terms))


def activity_term(x: FloatArray, drive: FloatArray) -> float:
    """(x; x̄)·{ ln(x; x̄) − drive }: one population's part of 𝒜."""
    return float((xlogy(x, x) - x * drive).sum())


def energy_terms(network: CanonicalNetwork, x: Expectations, signals: Signals) -> dict[str, Terms]:
    """𝒜 by population and term, (T,) each in nats: `entropy` x·ln x, and −x·(`input`, `recurrence`, `threshold`)."""
    parts = [_state_parts(network, signals, f) for f in range(len(network.K))]
    parts += [_action_parts(network, signals, g) for g in range(len(network.V))]
    return {
        name: {"entropy": per_step(np.asarray(xlogy(pair, pair)))}
        | {term: -per_step(pair * part) for term, part in own.items()}
        for name, pair, own in zip(network.sizes.populations, x.states + x.actions, parts)
    }


def per_step(values: FloatArray) -> FloatArray:
    """(T,): values (L, T) + … summed over levels and units."""
    summed: FloatArray = values.sum(axis=(0, *range(2, values.ndim)))
    return summed


def activity_gradient(x: FloatArray, drive: FloatArray) -> FloatArray:
    """(8): (L − 1, …), ∂𝒜/∂x = sig⁻¹(x) − (d1 − d0), with x̄ = 1 − x; its negative is the activity's motion.

    With more levels: the derivative by each level at the cost of the last.
    """
    return np.asarray(np.log(x[:-1]) - np.log(x[-1]) - (drive[:-1] - drive[-1]))


def correlate(post: FloatArray, pre: FloatArray) -> FloatArray:
    """post + pre: Σ_τ post_τ ⊗ pre_τ, the Hebbian product, of (T,) + post and (T,) + pre."""
    return np.tensordot(post, pre, axes=(0, 0))


@dataclass(frozen=True, eq=False)
class SynapticGradient:
    """∂𝒜 by each synapse, in the shapes of the network's W, K and V."""

    W: tuple[Arrays, ...]
    K: Arrays
    V: Arrays


def synaptic_gradient(network: CanonicalNetwork, x: Expectations, signals: Signals) -> SynapticGradient:
    """(9–11): the gradient of 𝒜 at fixed activity, minus post × pre, plus what the synapse already says.

    ∂𝒜/∂W1 = −(x oᵀ − sig(W1) ⊙ x 1ᵀ), W0 with x̄ (the second term by way of the threshold);
    ∂𝒜/∂K̂ = −(x − sig(K̂)) ψᵀ; ∂𝒜/∂V̂ = −(1 − 2Γ) ⊙ (y − sig(V̂)) ψᵀ.
    """

    def descent(log_odds: FloatArray, evidence: FloatArray) -> FloatArray:
        share = shares(log_odds)
        if len(log_odds) == 1:
            return np.asarray(share[:1] * evidence[1:] - share[1:] * evidence[:1])
        return np.asarray(share[:-1] * evidence.sum(axis=0) - evidence[:-1])

    slopes = (descent(log_odds, evidence) for _, log_odds, evidence in each_synapse(network, x, signals))
    return SynapticGradient(*rebuild(network, slopes))


def each_synapse(
    network: CanonicalNetwork, x: Expectations, signals: Signals
) -> Iterator[tuple[str, FloatArray, FloatArray]]:
    """Name, log-odds (n − 1, …), and evidence (n, …) for each level, of every block of synapses: W, K, V in this order.

    Evidence is what neurons did in these steps: a likelihood's is x ⊗ o for each outcome, where a neuron that is off
    teaches W0; a basis entry's is x ⊗ ψ against x̄ ⊗ ψ; a memory's is (1 − 2Γ) ⊙ y ⊗ ψ against (1 − 2Γ) ⊙ ȳ ⊗ ψ.
    """
    for where, W, f, m in each_block("W", network.W, network.sizes):
        outcomes = by_step(signals.weight(m), signals.outcome(m, network.sizes.outcome_levels[m]), 1)
        yield where, W, np.stack([np.stack([correlate(post, o) for post in x.states[f]]) for o in outcomes])
    for f, (K, levels, pre) in enumerate(zip(network.K, x.states, signals.state_basis)):
        yield f"K[{f}]", K, np.stack([correlate(post, pre) for post in levels])
    for g, (V, levels, pre) in enumerate(zip(network.V, x.actions, signals.action_basis)):
        modulated = (1.0 - 2.0 * signals.risk[g]) * levels
        yield f"V[{g}]", V, np.stack([correlate(post, pre) for post in modulated])


def rebuild(network: CanonicalNetwork, blocks: Iterator[FloatArray]) -> tuple[tuple[Arrays, ...], Arrays, Arrays]:
    """W, K and V of blocks in the order of `each_synapse`."""
    W = tuple(tuple(next(blocks) for _ in row) for row in network.W)
    return W, tuple(next(blocks) for _ in network.K), tuple(next(blocks) for _ in network.V)


@dataclass(frozen=True, eq=False)
class PlasticNetwork:
    """A network that learns, the memory load N of each synapse (in steps of experience), and what both were at first.

    `load` and `first_load` have a block for each of `each_synapse`, in its shape without the leading axis; a synapse
    moves by 1/N of its error.
    """

    network: CanonicalNetwork
    load: Arrays
    first_network: CanonicalNetwork
    first_load: Arrays

    @staticmethod
    def of(network: CanonicalNetwork, load: float | Arrays) -> PlasticNetwork:
        """A network before its first experience; a number is the load of every synapse, in steps."""
        blocks = [*(b for row in network.W for b in row), *network.K, *network.V]
        loads = load if isinstance(load, tuple) else tuple(np.full(b.shape[1:], float(load)) for b in blocks)
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
    weighed = Expectations(*(tuple(by_step(weights, pair, 1) for pair in group) for group in (x.states, x.actions)))
    now = each_synapse(plastic.network, weighed, signals)
    first = each_synapse(plastic.first_network, weighed, signals)
    strengths, loads = [], []
    for (_, strength, evidence), (_, strength_0, _), load, load_0 in zip(now, first, plastic.load, plastic.first_load):
        strength, load = plasticity(strength, load, evidence, (strength_0, load_0), kept, settings.floor)
        strengths.append(strength)
        loads.append(load)
    if synaptic_noise is not None:
        strengths = [strength + noise for strength, noise in zip(strengths, synaptic_noise)]
    W, K, V = rebuild(plastic.network, iter(strengths))
    return replace(plastic, network=replace(plastic.network, W=W, K=K, V=V), load=tuple(loads))


def plasticity(
    strength: FloatArray,
    load: FloatArray,
    evidence: FloatArray,
    first: tuple[FloatArray, FloatArray],
    kept: float,
    floor: float,
) -> tuple[FloatArray, FloatArray]:
    """(12): one step of synapses, strength (n − 1, …) in nats within ±700 and load N (…) after evidence (n, …).

    The strength grows by ln(1 + g/(N θ)) − ln(1 + ḡ/(N θ̄)), θ = sig(strength), where g is the evidence e and what
    drifts back from the first load; depression stops where N θ reaches `floor`. For large N this is
    −(∂𝒜/∂strength) / (N θ θ̄): descent of 𝒜 in the natural (Fisher) metric with a step of 1/N.
    """
    strength_0, load_0 = first
    before = kept * load * shares(strength)
    gained = np.maximum(evidence + (1.0 - kept) * load_0 * shares(strength_0), floor - before)
    growth = np.log1p(gained / before)
    return strength + growth[:-1] - growth[-1], (before + gained).sum(axis=0)


def learn_online(
    plastic: PlasticNetwork, signals: Signals, settings: LearningSettings, noise: Expectations | None = None
) -> Iterator[tuple[Expectations, PlasticNetwork]]:
    """Step by step: activity at rest with the synapses as they are, then plasticity; `noise` as for `drives`."""
    for step in range(signals.steps):
        now = signals.at(step)
        x = activity(plastic.network, now, None if noise is None else noise.at(step))
        plastic = learn(plastic, x, now, settings)
        yield x, plastic
