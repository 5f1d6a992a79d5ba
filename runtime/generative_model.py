"""A POMDP in general: posterior expectations that minimise F, and the conjugate update of its parameters.

Nothing here knows a synaptic weight: beliefs about parameters are Beta counts, and beliefs about states and
actions come from expected log-probabilities. `canonical_network` is the other side; that the two agree is tested.
Equations are numbered as in docs/theory.md, where the sources are. Expected log-parameters are the plain logarithm of
the expected parameter, with no digamma.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from string import ascii_lowercase

import numpy as np

from triquetra.forms import FloatArray
from triquetra.forms.canonical import OFF, ON, Arrays, CanonicalPomdp, Expectations, Signals, Sizes

from .settings import LearningSettings


def state_log_joint(pomdp: CanonicalPomdp, signals: Signals, factor: int) -> FloatArray:
    """(5): (2, T) + s_f, E[ln P(o, s | ψ)] for s = on and off, in nats: Σ ln A + Σ ln B + ln D."""
    total = expect(signals.state_basis[factor], pomdp.B[factor]) + pomdp.D[factor][:, None]
    for likelihood, o in zip(pomdp.A[factor], signals.observations):
        for outcome, probability in ((ON, o), (OFF, 1.0 - o)):
            total = total + np.stack([_sum_leading(probability, ln_p) for ln_p in likelihood[outcome]])
    return total


def action_log_joint(pomdp: CanonicalPomdp, signals: Signals, factor: int) -> FloatArray:
    """(6): (2, T) + y_g, (1 − 2Γ) Σ ln C + ln E, in nats."""
    preference = expect(signals.action_basis[factor], pomdp.C[factor])
    return (1.0 - 2.0 * signals.risk[factor]) * preference + pomdp.E[factor][:, None]


def expect(basis: FloatArray, log_p: FloatArray) -> FloatArray:
    """(2, T) + s: Σ_j ψ_j ln P(s | ψ_j), of a basis (T,) + b and log-probabilities (2,) + s + b."""
    entries = range(1, basis.ndim)
    return np.stack(
        [np.tensordot(basis, side, (entries, range(side.ndim - len(entries), side.ndim))) for side in log_p]
    )


def posterior(log_joint: FloatArray) -> FloatArray:
    """(7): Q (2, …) ∝ exp of the log joint, normalised in each pair: the minimum of F."""
    return np.asarray(np.exp(log_joint - np.logaddexp(log_joint[ON], log_joint[OFF])))


def infer(pomdp: CanonicalPomdp, signals: Signals, noise: Expectations | None = None) -> Expectations:
    """Posterior expectations of all states and actions in every step.

    `noise`: in nats, (1, T) + s_f and (1, T) + y_g, added to the log joint of "on".
    """
    joints = (
        [state_log_joint(pomdp, signals, f) for f in range(len(pomdp.B))],
        [action_log_joint(pomdp, signals, g) for g in range(len(pomdp.C))],
    )
    if noise is not None:
        for group, extras in zip(joints, (noise.states, noise.actions)):
            for joint, extra in zip(group, extras):
                joint[ON] += extra[0]
    return Expectations(*(tuple(map(posterior, group)) for group in joints))


def free_energy(pomdp: CanonicalPomdp, q: Expectations, signals: Signals) -> float:
    """(2): F = E_Q[ln Q − ln P(o, s, δ)] of posterior expectations, in nats, summed over the T steps."""
    joints = [state_log_joint(pomdp, signals, f) for f in range(len(pomdp.B))]
    joints += [action_log_joint(pomdp, signals, g) for g in range(len(pomdp.C))]
    return float(sum(-entropy(pair) - (pair * joint).sum() for pair, joint in zip(q.states + q.actions, joints)))


def entropy(q: FloatArray) -> float:
    """−Σ q ln q, in nats, where 0 ln 0 = 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return -float(np.where(q > 0, q * np.log(q), 0.0).sum())


@dataclass(frozen=True, eq=False)
class Counts:
    """Beta counts behind A, B and C, in the shapes of `CanonicalPomdp`; positive, in steps of experience."""

    a: tuple[Arrays, ...]
    b: Arrays
    c: Arrays


@dataclass(frozen=True, eq=False)
class LearningAgent:
    """Beliefs about parameters as counts, what they were at first, and the priors of states and actions."""

    sizes: Sizes
    counts: Counts
    first: Counts
    D: Arrays
    E: Arrays

    @staticmethod
    def of(pomdp: CanonicalPomdp, strength: float | Counts) -> LearningAgent:
        """An agent before its first experience; a number is how many counts stand behind each parameter."""
        if isinstance(strength, Counts):
            counts = strength
        else:
            a = tuple(tuple(strength * np.exp(block) for block in row) for row in pomdp.A)
            b, c = (tuple(strength * np.exp(block) for block in blocks) for blocks in (pomdp.B, pomdp.C))
            counts = Counts(a, b, c)
        return LearningAgent(pomdp.sizes, counts, counts, pomdp.D, pomdp.E)

    @property
    def pomdp(self) -> CanonicalPomdp:
        """The model at the expected parameters."""
        return CanonicalPomdp(
            sizes=self.sizes,
            A=tuple(tuple(map(log_expectation, row)) for row in self.counts.a),
            B=tuple(map(log_expectation, self.counts.b)),
            C=tuple(map(log_expectation, self.counts.c)),
            D=self.D,
            E=self.E,
        )


def log_expectation(counts: FloatArray) -> FloatArray:
    """ln E[θ] of Beta counts, pairs along the first axis; any shape (2, …)."""
    return np.asarray(np.log(counts) - np.log(counts.sum(axis=0)))


def update(agent: LearningAgent, q: Expectations, signals: Signals, settings: LearningSettings) -> LearningAgent:
    """(13): the conjugate update for the given steps, a += o ⊗ s, b += s ⊗ ψ, c += (1 − 2Γ) ⊙ δ ⊗ ψ."""
    weights, kept = settings.weights(signals.steps)

    def add(counts: FloatArray, first: FloatArray, evidence: FloatArray) -> FloatArray:
        return np.maximum(kept * counts + (1.0 - kept) * first + evidence, settings.floor)

    now, first = agent.counts, agent.first
    a = tuple(
        tuple(
            add(block, first.a[f][m], _outer(weights, np.stack([o, 1.0 - o]), q.states[f]))
            for m, (block, o) in enumerate(zip(row, signals.observations))
        )
        for f, row in enumerate(now.a)
    )
    b = tuple(
        add(block, first.b[f], _outer(weights, q.states[f], signals.state_basis[f][None])[:, 0])
        for f, block in enumerate(now.b)
    )
    c = tuple(
        add(block, first.c[g], _outer(weights, (1.0 - 2.0 * risk) * q.actions[g], signals.action_basis[g][None])[:, 0])
        for g, (block, risk) in enumerate(zip(now.c, signals.risk))
    )
    return replace(agent, counts=Counts(a, b, c))


def update_online(
    agent: LearningAgent, signals: Signals, settings: LearningSettings, noise: Expectations | None = None
) -> Iterator[tuple[Expectations, LearningAgent]]:
    """Step by step: inference with the parameters as they are believed, then the update; `noise` as for `infer`."""
    for step in range(signals.steps):
        now = signals.at(step)
        at = slice(step, step + 1)
        extra = noise and Expectations(tuple(n[:, at] for n in noise.states), tuple(n[:, at] for n in noise.actions))
        q = infer(agent.pomdp, now, extra)
        agent = update(agent, q, now, settings)
        yield q, agent


def _outer(weights: FloatArray, child: FloatArray, parent: FloatArray) -> FloatArray:
    """(pair, pair) + child + parent: Σ_τ w_τ child_τ ⊗ parent_τ, of (pair, T) + child and (pair, T) + parent.

    The pair axes of both lead; `parent` may have one entry there.
    """
    left = ascii_lowercase[: child.ndim - 2]
    right = ascii_lowercase[child.ndim - 2 : child.ndim - 2 + parent.ndim - 2]
    return np.asarray(np.einsum(f"T,XT{left},YT{right}->XY{left}{right}", weights, child, parent))


def _sum_leading(probability: FloatArray, log_p: FloatArray) -> FloatArray:
    """(T,) + s: Σ_o P(o) ln p(o, s), of (T,) + o and o + s."""
    return np.tensordot(probability, log_p, axes=probability.ndim - 1)
