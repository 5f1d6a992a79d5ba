"""Network → POMDP: the same parameters read as paired log-probabilities."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from triquetra.forms import Network, Pomdp
from triquetra.theory.correspondence import pair_of_log_odds


def to_pomdp(network: Network) -> Pomdp:
    """The POMDP of a network: A, B from weights, D and E from biases, C from the memory's saturation."""
    axes = network.axes
    on, off = pair_of_log_odds(network.weights.data)
    structure = (network.weights.indices, network.weights.indptr)
    shape = network.weights.shape
    prior = pair_of_log_odds(network.bias)
    populations = axes.populations
    return Pomdp(
        axes=axes,
        likelihood=pair_of_log_odds(network.sensory_weights.transpose(0, 2, 1)),
        transition=(csr_array((on, *structure), shape=shape), csr_array((off, *structure), shape=shape)),
        count_floor=float(np.exp(-network.saturation)),
        count_rate=network.rate / (2 * network.saturation),
        bistability=network.bistability,
        state_prior=prior[:, : axes.n + 1],
        place_prior=pair_of_log_odds(network.place_bias),
        place_transition=pair_of_log_odds(network.place_weight),
        read_prior=pair_of_log_odds(network.sensory_bias),
        action_prior=prior[:, populations["move"]],
        risk_prior=prior[:, populations["risk"]],
    )
