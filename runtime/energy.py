"""One energy, computed twice: 𝒜 of the network's activity and F of the agent's posterior, in nats.

𝒜 = Σ (x; x̄)·{ ln(x; x̄) − (drive of "on"; drive of "off") }, summed over the populations of one step, with each
weight difference split evenly, W1 = Ŵ/2 and W0 = −Ŵ/2 (docs/theory.md). F = E_Q[ln Q − ln P] has normalised
parameters ln P. Both have one minimum; they differ by what the normalisation of P costs, which does not depend
on the activity that is minimised: 𝒜 − F = `normalisation`.
"""

from __future__ import annotations

import numpy as np
from scipy.integrate import solve_ivp
from scipy.special import xlogy

from triquetra.forms import FloatArray

from .network import NetworkState, Population, sigmoid
from .pomdp import OFF, ON, Belief, PomdpState


def activity_energy(population: Population) -> FloatArray:
    """𝒜 of each unit of a population at its activity (units,), in nats."""
    return activity_energy_at(population.on, population.off, population.drive)


def activity_energy_at(on: FloatArray, off: FloatArray, drive: FloatArray) -> FloatArray:
    """x (ln x − d/2) + x̄ (ln x̄ + d/2): the term of 𝒜 at any activity x, with x̄ = 1 − x."""
    return np.asarray(xlogy(on, on) + xlogy(off, off) - (on - off) * drive / 2)


def activity_gradient(population: Population) -> FloatArray:
    """∂𝒜/∂x = sig⁻¹(x) − drive (units,): zero at rest."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(population.on) - np.log(population.off) - population.drive)


def network_energy(state: NetworkState) -> float:
    """𝒜 of the step that led to `state`, in nats."""
    return float(sum(activity_energy(population).sum() for population in state.populations))


def belief_free_energy(belief: Belief) -> FloatArray:
    """F of each pair of a factor (units,): Σ q (ln q − E[ln P]), in nats."""
    q = belief.q
    return np.asarray(xlogy(q, q).sum(axis=0) - (q * belief.log_joint).sum(axis=0))


def free_energy(state: PomdpState) -> float:
    """F of the step that led to `state`, in nats."""
    return float(sum(belief_free_energy(belief).sum() for belief in state.beliefs))


def normalisation(state: PomdpState) -> float:
    """The constant 𝒜 − F of a step: ½ (E[ln P] + E[ln(1 − P)]) over all pairs, in nats.

    It depends on what is presynaptic in the step, not on the activity that minimises.
    """
    return float(sum((belief.log_joint[ON] + belief.log_joint[OFF]).sum() / 2 for belief in state.beliefs))


def integrate_activity(drive: FloatArray, start: FloatArray, time: float = 60.0) -> FloatArray:
    """The activity that ẋ = x(1 − x)·(−sig⁻¹(x) + drive) arrives at after `time` units, from `start` in (0, 1).

    Integrated in u = sig⁻¹(x), where u̇ = −u + drive: the descent of 𝒜 in its natural metric.
    """
    u = np.log(start) - np.log1p(-start)
    solution = solve_ivp(lambda _, u: drive - u, (0.0, time), u, rtol=1e-10, atol=1e-12)
    return sigmoid(solution.y[:, -1])
