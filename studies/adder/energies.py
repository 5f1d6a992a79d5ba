"""A step of the adder in the theory's terms: what it recognises, the bit it reads from memory, and its two risks."""

from __future__ import annotations

import numpy as np

from triquetra.theory.correspondence import pair_of_log_odds

from .. import energies
from ..common import Bytes, Floats, normalise
from .agent import Agent, attended_bit, empty_memory, risk_basis
from .likelihood import Likelihood, full_counts
from .world import STATES

POPULATIONS = ("state", "memory read", "risk")
SHARPNESS = 50.0  # of the risk's drive, ± Gamma psig


def recognition(
    before: Agent, after: Agent, likelihood: Likelihood, observation: Bytes, log_b: Floats
) -> energies.StudyPopulation:
    """Point 4: the state, from all elements (12801,), the echo last, and what the last state makes likely."""
    counts = full_counts(likelihood)
    log_a = np.log(normalise(counts)).reshape(2, len(counts) // 2, 2, STATES).transpose(0, 2, 1, 3)
    return energies.states(
        np.stack([after.x, 1 - after.x]),
        likelihood=(log_a, observation.astype(np.float64)),
        transition=(log_b.reshape(2, STATES, 2 * STATES), np.concatenate([before.x, 1 - before.x])),
    )


def memory_and_risk(before: Agent, after: Agent, gamma: Floats, reset: bool) -> dict[str, energies.StudyPopulation]:
    """Points 5 and 7: the bit read at the expected position, and two risks from the basis of point 6.

    The risks' drive ±50 Gamma psig is that of weights 100 Gamma from psig + 1/2, and a prior that takes the 1/2 back.
    """
    qc = empty_memory() if reset else before.qc
    psig = risk_basis(attended_bit(after.x), before)
    return {
        "memory read": energies.actions(after.qd[:, None], np.log(normalise(qc))[:, None], before.place),
        "risk": energies.states(
            after.qg.reshape(2, 2),
            prior=pair_of_log_odds(-SHARPNESS * gamma.sum(axis=1)),
            transition=(pair_of_log_odds(2 * SHARPNESS * gamma), psig + 0.5),
        ),
    }
