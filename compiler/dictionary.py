"""The dictionary of the theory: a canonical network and a POMDP are the same parameters in two notations.

Every equation is one short function, numbered as in docs/theory.md, where the sources are: Isomura, Shimazaki &
Friston (2022) and Isomura (2025, arXiv 2409.04928). A is a likelihood, P(outcome | state); B and C are read forwards,
P(state | basis) and P(action | basis), as in the simulations of 2025.
"""

from __future__ import annotations

import numpy as np

from triquetra.forms import FloatArray, FormError
from triquetra.forms.canonical import OFF, ON, CanonicalNetwork, CanonicalPomdp

from .to_pomdp import pair_of_log_odds


def pair_of_probability(p: FloatArray, name: str = "p") -> FloatArray:
    """(2, …): ln p and ln(1 − p) of probabilities.

    For p within 1e-8 of 1 give pairs instead: 1 − p has lost its digits by then.
    Raises: FormError: an entry is outside (0, 1), so that its weight would be infinite; the message names it.
    """
    p = np.asarray(p, dtype=np.float64)
    bad = np.argwhere(~((p > 0) & (p < 1)))
    if bad.size:
        place = tuple(bad[0].tolist())
        raise FormError(f"{name}{list(place)} = {p[place]:g} is outside (0, 1), so its weight is infinite")
    return np.stack([np.log(p), np.log1p(-p)])


def log_odds_of_pair(pair: FloatArray) -> FloatArray:
    """(17, 18): ln p − ln(1 − p) (…), in nats: the inverse of `pair_of_log_odds`."""
    return np.asarray(pair[ON] - pair[OFF])


def weights_of_likelihood(A: FloatArray, outcome_axes: int) -> tuple[FloatArray, FloatArray]:
    r"""(16): weights $W_1 = \operatorname{logit} A_{\cdot 1}^\top$, $W_0 = \operatorname{logit} A_{\cdot 0}^\top$.

    Args:
        A: (2, 2) + o + s: ln P(outcome | state).
        outcome_axes: number of axes of o.
    Returns: two arrays of shape s + o: the block of outcome axes moves behind that of the states, each keeps its order.
    """
    log_odds = log_odds_of_pair(A)
    return _swap(log_odds[ON], outcome_axes), _swap(log_odds[OFF], outcome_axes)


def likelihood_of_weights(W1: FloatArray, W0: FloatArray, state_axes: int) -> FloatArray:
    """(16): A (2, 2) + o + s, the inverse of `weights_of_likelihood`; W1, W0 are s + o, `state_axes` those of s."""
    return np.stack([pair_of_log_odds(_swap(w, state_axes)) for w in (W1, W0)], axis=1)


def prior_of_threshold(phi: FloatArray) -> FloatArray:
    """(19): D or E of φ, the pair normalised, ln D = φ1 − ln(e^φ1 + e^φ0). Any shape (2, …)."""
    return np.asarray(phi - np.logaddexp(phi[ON], phi[OFF]))


def constant(network: CanonicalNetwork) -> float:
    """(3): 𝒜 − F of one step, in nats: −Σ ln(e^φ1 + e^φ0), what normalising the priors costs.

    It depends on no activity and no synapse, and is 0 if φ are log-probabilities.
    """
    return -float(sum(np.logaddexp(phi[ON], phi[OFF]).sum() for phi in network.phi_x + network.phi_y))


def pomdp_of_network(network: CanonicalNetwork) -> CanonicalPomdp:
    """The generative model that a network's activity and plasticity invert; 𝒜 = F + `constant` for each step."""
    sizes = network.sizes
    return CanonicalPomdp(
        sizes=sizes,
        A=tuple(
            tuple(likelihood_of_weights(w1, w0, len(sizes.states[f])) for w1, w0 in zip(row1, row0))
            for f, (row1, row0) in enumerate(zip(network.W1, network.W0))
        ),
        B=tuple(map(pair_of_log_odds, network.K)),
        C=tuple(map(pair_of_log_odds, network.V)),
        D=tuple(map(prior_of_threshold, network.phi_x)),
        E=tuple(map(prior_of_threshold, network.phi_y)),
    )


def network_of_pomdp(pomdp: CanonicalPomdp) -> CanonicalNetwork:
    """The network that performs inference and learning of a generative model: the inverse of `pomdp_of_network`.

    Log-odds return to rounding; of φ1 and φ0 the difference returns, and φ are the log-probabilities D and E.
    """
    sizes = pomdp.sizes
    weights = [[weights_of_likelihood(a, len(o)) for a, o in zip(row, sizes.outcomes)] for row in pomdp.A]
    return CanonicalNetwork(
        sizes=sizes,
        W1=tuple(tuple(pair[ON] for pair in row) for row in weights),
        W0=tuple(tuple(pair[OFF] for pair in row) for row in weights),
        K=tuple(map(log_odds_of_pair, pomdp.B)),
        V=tuple(map(log_odds_of_pair, pomdp.C)),
        phi_x=pomdp.D,
        phi_y=pomdp.E,
    )


def _swap(array: FloatArray, leading: int) -> FloatArray:
    """The first `leading` axes moved behind the others, both groups in their order."""
    return np.ascontiguousarray(array.transpose(*range(leading, array.ndim), *range(leading)))
