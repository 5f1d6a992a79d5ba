"""A step of the learner in the theory's terms: four populations, each with its generative model.

The learner's tape and program reads are actions without risk in the step itself; its belief in a program is one
categorical variable, whose evidence are the transitions seen.
"""

from __future__ import annotations

import numpy as np

from triquetra.forms import FloatArray

from .. import energies
from ..common import Arrays, Floats, ln8, normalise
from .learner import GAIN, STATES, TABLE, Learner, coincidences, transition_table

POPULATIONS = ("state", "tape read", "program read", "program belief")


def moment(before: Learner, after: Learner, log_a: Floats, observation: Floats) -> Arrays:
    """𝒜, F and the posterior of the step that led from `before` to `after` on seeing `observation` (10,)."""
    return energies.moment(populations(before, after, log_a, observation))


def populations(
    before: Learner, after: Learner, log_a: Floats, observation: Floats
) -> dict[str, energies.StudyPopulation]:
    """The populations of a step, by name. Numbers of the points are those of `learner`."""
    x = before.qs[:STATES]
    b = transition_table(before.qd2)  # points 1 and 2
    log_b = ln8(np.block([[b, 1 - b], [1 - b, b]]))
    likelihood = log_a.reshape(2, STATES, 2, STATES).transpose(0, 2, 1, 3)
    state = energies.states(
        _pairs(after.qs),
        likelihood=(likelihood, observation),
        precision=GAIN,
        transition=(_pairs(log_b), before.psis),
    )
    tape = energies.actions(after.qd[:, None], np.log(normalise(before.qc))[:, None], x)  # point 3
    program = energies.actions(_pairs(after.qd2), _pairs(before.log_c2), before.psid)  # point 4
    seen = coincidences(after.qs[:STATES], before.psis)[:TABLE]  # points 6 and 7
    belief = energies.states(after.psid, prior=ln8(before.psid), transition=(before.log_c2[:TABLE].T, seen))
    return dict(zip(POPULATIONS, (state, tape, program, belief), strict=True))


def _pairs(paired: Floats) -> FloatArray:
    """(2n, …) as (2, n, …)."""
    return paired.reshape(2, len(paired) // 2, *paired.shape[1:])
