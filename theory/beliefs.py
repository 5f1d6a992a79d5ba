"""The agent's side: posterior expectations that minimise F, and the conjugate update of its parameters.

Nothing here knows a synaptic weight: beliefs about parameters are Beta or Dirichlet counts, and beliefs about states
and actions come from expected log-probabilities. `neurons` is the other side; that the two agree is tested.
Equations are numbered as in docs/theory.md, where the sources are. Expected log-parameters are the plain logarithm of
the expected parameter, as in the simulations, or with `digamma` what the Dirichlet distribution expects.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from string import ascii_lowercase
from typing import Any

import numpy as np
from scipy.special import gammaln, psi

from triquetra.forms import FloatArray

from .models import ON, Arrays, Expectations, ExpectedLogs, GenerativeModel, Signals, Sizes, by_step
from .settings import LearningSettings

Terms = dict[str, FloatArray]  # (T,) each, in nats


def state_log_joint(model: ExpectedLogs, signals: Signals, factor: int) -> FloatArray:
    """(5): (L, T) + s_f, E[ln P(o, s | ψ)] at each level of s, in nats: Σ ln A + Σ ln B + ln D."""
    return np.asarray(sum(_state_parts(model, signals, factor).values()))


def _state_parts(model: ExpectedLogs, signals: Signals, factor: int) -> Terms:
    transition = expect(signals.state_basis[factor], model.B[factor])
    likelihood = np.zeros_like(transition)
    for m, A in enumerate(model.A[factor]):
        outcomes = signals.outcome(m, model.sizes.outcome_levels[m])
        for o, ln_p in zip(outcomes, A):
            seen = np.stack([_sum_leading(o, level) for level in ln_p])
            likelihood += by_step(signals.weight(m), seen, 1)
    prior = np.broadcast_to(np.expand_dims(model.D[factor], 1), transition.shape)
    return {"likelihood": likelihood, "transition": transition, "prior": prior}


def action_log_joint(model: ExpectedLogs, signals: Signals, factor: int) -> FloatArray:
    """(6): (L, T) + y_g, (1 − 2Γ) Σ ln C + ln E, in nats."""
    return np.asarray(sum(_action_parts(model, signals, factor).values()))


def _action_parts(model: ExpectedLogs, signals: Signals, factor: int) -> Terms:
    preference = (1.0 - 2.0 * signals.risk[factor]) * expect(signals.action_basis[factor], model.C[factor])
    return {"preference": preference, "prior": np.broadcast_to(np.expand_dims(model.E[factor], 1), preference.shape)}


def expect(basis: FloatArray, log_p: FloatArray) -> FloatArray:
    """(L, T) + s: Σ_j ψ_j ln P(s | ψ_j), of a basis (T,) + b and log-probabilities (L,) + s + b."""
    entries = range(1, basis.ndim)
    return np.stack(
        [np.tensordot(basis, side, (entries, range(side.ndim - len(entries), side.ndim))) for side in log_p]
    )


def posterior(log_joint: FloatArray) -> FloatArray:
    """(7): Q (L, …) ∝ exp of the log joint, normalised over the levels: the minimum of F."""
    return np.asarray(np.exp(log_joint - np.logaddexp.reduce(log_joint, axis=0)))


def log_joints(model: ExpectedLogs, signals: Signals, noise: Expectations | None = None) -> list[FloatArray]:
    """(5) and (6) of all factors, states first.

    `noise`: in nats, (1, T) + s_f and (1, T) + y_g, added to the log joint of the first level.
    """
    joints = [state_log_joint(model, signals, f) for f in range(len(model.B))]
    joints += [action_log_joint(model, signals, g) for g in range(len(model.C))]
    if noise is not None:
        for joint, extra in zip(joints, noise.states + noise.actions, strict=True):
            joint[ON] += extra[0]
    return joints


def infer(model: ExpectedLogs, signals: Signals, noise: Expectations | None = None) -> Expectations:
    """Posterior expectations of all states and actions in every step; `noise` as for `log_joints`."""
    q = tuple(map(posterior, log_joints(model, signals, noise)))
    return Expectations(q[: len(model.B)], q[len(model.B) :])


def free_energy(model: ExpectedLogs, q: Expectations, signals: Signals) -> float:
    """(2): F = E_Q[ln Q − ln P(o, s, δ)] of posterior expectations, in nats, summed over the T steps."""
    joints = log_joints(model, signals)
    return float(sum(-entropy(pair) - (pair * joint).sum() for pair, joint in zip(q.states + q.actions, joints)))


def free_energy_terms(model: ExpectedLogs, q: Expectations, signals: Signals) -> dict[str, Terms]:
    """F by factor and term, (T,) each in nats: `entropy` q·ln q, and −q·(`likelihood`, `transition`, `prior`)."""
    parts = [_state_parts(model, signals, f) for f in range(len(model.B))]
    parts += [_action_parts(model, signals, g) for g in range(len(model.C))]

    def per_step(values: FloatArray) -> FloatArray:
        return np.asarray(values.sum(axis=(0, *range(2, values.ndim))))

    return {
        name: {"entropy": per_step(_q_ln_q(pair))} | {term: -per_step(pair * part) for term, part in own.items()}
        for name, pair, own in zip(model.sizes.populations, q.states + q.actions, parts)
    }


def entropy(q: FloatArray) -> float:
    """−Σ q ln q, in nats, where 0 ln 0 = 0."""
    return -float(_q_ln_q(q).sum())


def _q_ln_q(q: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(q > 0, q * np.log(q), 0.0)


@dataclass(frozen=True, eq=False)
class ParameterCounts:
    """Beta or Dirichlet counts behind A, B and C, in the shapes of `GenerativeModel`; positive, in steps."""

    a: tuple[Arrays, ...]
    b: Arrays
    c: Arrays

    @property
    def blocks(self) -> Arrays:
        """All arrays: a by factor and modality, b, c."""
        return (*(block for row in self.a for block in row), *self.b, *self.c)


@dataclass(frozen=True, eq=False)
class LearningAgent:
    """Beliefs about parameters as counts, what they were at first, and the priors of states and actions."""

    sizes: Sizes
    counts: ParameterCounts
    first: ParameterCounts
    D: Arrays
    E: Arrays

    @staticmethod
    def of(model: GenerativeModel, strength: float | ParameterCounts) -> LearningAgent:
        """An agent before its first experience; a number is how many counts stand behind each parameter."""
        if isinstance(strength, ParameterCounts):
            counts = strength
        else:
            a = tuple(tuple(strength * np.exp(block) for block in row) for row in model.A)
            b, c = (tuple(strength * np.exp(block) for block in blocks) for blocks in (model.B, model.C))
            counts = ParameterCounts(a, b, c)
        return LearningAgent(model.sizes, counts, counts, model.D, model.E)

    @property
    def model(self) -> GenerativeModel:
        """The model at the expected parameters."""
        return GenerativeModel(**self._logs(digamma=False))

    def expected_logs(self, *, digamma: bool = False) -> ExpectedLogs:
        """E[ln θ] of A, B and C, and the priors: what inference uses."""
        return ExpectedLogs(**self._logs(digamma)) if digamma else self.model

    def _logs(self, digamma: bool) -> dict[str, Any]:
        counts = self.counts
        return {
            "sizes": self.sizes,
            "A": tuple(tuple(log_expectation(block, digamma) for block in row) for row in counts.a),
            "B": tuple(log_expectation(block, digamma) for block in counts.b),
            "C": tuple(log_expectation(block, digamma) for block in counts.c),
            "D": self.D,
            "E": self.E,
        }


def log_expectation(counts: FloatArray, digamma: bool = False) -> FloatArray:
    """ln E[θ] of counts, levels along the first axis, any shape (L, …); or with `digamma` E[ln θ] = ψ(a) − ψ(Σ a)."""
    function = psi if digamma else np.log
    return np.asarray(function(counts) - function(counts.sum(axis=0)))


def complexity(agent: LearningAgent, *, digamma: bool = True) -> Terms:
    r"""(16): what the parameters cost, by A, B and C in nats: $D_{KL}[Q(\theta) \| P(\theta)]$ of Dirichlet counts.

    ln B(a₀) − ln B(a) + Σ (a − a₀)·E[ln θ], with a₀ the first counts and B the multivariate Beta function. With
    `digamma` it is exact; without, E[ln θ] is replaced by ln E[θ], the approximation that the simulations infer with,
    and it is a divergence no more. (Each value is an array of no axes.)
    """
    groups = {
        "A": [(a, a0) for row, row0 in zip(agent.counts.a, agent.first.a) for a, a0 in zip(row, row0)],
        "B": list(zip(agent.counts.b, agent.first.b)),
        "C": list(zip(agent.counts.c, agent.first.c)),
    }
    return {
        name: np.asarray(sum((_dirichlet_divergence(a, a0, digamma) for a, a0 in group), 0.0))
        for name, group in groups.items()
    }


def _dirichlet_divergence(counts: FloatArray, first: FloatArray, digamma: bool) -> float:
    def log_beta(a: FloatArray) -> FloatArray:
        return np.asarray(gammaln(a).sum(axis=0) - gammaln(a.sum(axis=0)))

    surprise = ((counts - first) * log_expectation(counts, digamma)).sum(axis=0)
    return float((log_beta(first) - log_beta(counts) + surprise).sum())


def total_free_energy(agent: LearningAgent, q: Expectations, signals: Signals, *, digamma: bool = True) -> float:
    """(17): F of a whole run, E_Q[ln Q(s, δ) + ln Q(θ) − ln P(o, s, δ, θ)], at the beliefs that `agent` ended with.

    The states' part with E[ln θ] of the final counts, and the complexity of the parameters. With `digamma` it bounds
    −ln P(o) from above, and the conjugate update (13) is its exact minimum over Q(θ).
    """
    states = free_energy(agent.expected_logs(digamma=digamma), q, signals)
    return states + float(sum(complexity(agent, digamma=digamma).values()))


def update(agent: LearningAgent, q: Expectations, signals: Signals, settings: LearningSettings) -> LearningAgent:
    """(13): the conjugate update for the given steps, a += o ⊗ s, b += s ⊗ ψ, c += (1 − 2Γ) ⊙ δ ⊗ ψ."""
    weights, kept = settings.weights(signals.steps)

    def add(counts: FloatArray, first: FloatArray, evidence: FloatArray) -> FloatArray:
        return np.maximum(kept * counts + (1.0 - kept) * first + evidence, settings.floor)

    now, first = agent.counts, agent.first
    levels = agent.sizes.outcome_levels
    a = tuple(
        tuple(
            add(
                block,
                first.a[f][m],
                _outer(weights, by_step(signals.weight(m), signals.outcome(m, levels[m]), 1), q.states[f]),
            )
            for m, block in enumerate(row)
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
    return replace(agent, counts=ParameterCounts(a, b, c))


def update_online(
    agent: LearningAgent,
    signals: Signals,
    settings: LearningSettings,
    noise: Expectations | None = None,
    *,
    digamma: bool = False,
) -> Iterator[tuple[Expectations, LearningAgent]]:
    """Step by step: inference with the parameters as they are believed, then the update; `noise` as for `infer`."""
    for step in range(signals.steps):
        now = signals.at(step)
        q = infer(agent.expected_logs(digamma=digamma), now, None if noise is None else noise.at(step))
        agent = update(agent, q, now, settings)
        yield q, agent


def _outer(weights: FloatArray, child: FloatArray, parent: FloatArray) -> FloatArray:
    """(level, level) + child + parent: Σ_τ w_τ child_τ ⊗ parent_τ, of (level, T) + child and (level, T) + parent.

    The level axes of both lead; `parent` may have one entry there.
    """
    left = ascii_lowercase[: child.ndim - 2]
    right = ascii_lowercase[child.ndim - 2 : child.ndim - 2 + parent.ndim - 2]
    return np.asarray(np.einsum(f"T,XT{left},YT{right}->XY{left}{right}", weights, child, parent))


def _sum_leading(probability: FloatArray, log_p: FloatArray) -> FloatArray:
    """(T,) + s: Σ_o P(o) ln p(o, s), of (T,) + o and o + s."""
    return np.tensordot(probability, log_p, axes=probability.ndim - 1)
