"""The correspondence: a canonical network and a generative model are one set of parameters in two notations.

Every equation is one short function, numbered as in docs/theory.md, where the sources are: Isomura, Shimazaki &
Friston (2022) and Isomura (2025, arXiv 2409.04928). A is a likelihood, P(outcome | state); B and C are read forwards,
P(state | basis) and P(action | basis), as in the simulations of 2025.
"""

from __future__ import annotations

import numpy as np

from triquetra.forms import FloatArray, FormError

from .models import OFF, ON, CanonicalNetwork, GenerativeModel


def pair_of_log_odds(log_odds: FloatArray | float) -> FloatArray:
    """(2, …): ln p and ln(1 − p) of log-odds in nats, each to full precision.

    ln sig(d) = −ln(1 + e^−d): Ŵ = logit A, read backwards (docs/theory.md).
    """
    d = np.asarray(log_odds, dtype=np.float64)
    return np.stack([-np.logaddexp(0.0, -d), -np.logaddexp(0.0, d)])


def logs_of_log_odds(log_odds: FloatArray) -> FloatArray:
    """(19, 20): (L, …), the log-probabilities that log-odds (L − 1, …) against the last level stand for."""
    if len(log_odds) == 1:
        return pair_of_log_odds(log_odds[0])
    total = np.logaddexp(0.0, np.logaddexp.reduce(log_odds, axis=0))
    return np.concatenate([log_odds - total, -total[None]])


def log_odds_of_logs(logs: FloatArray) -> FloatArray:
    """(19, 20): (L − 1, …), the inverse of `logs_of_log_odds`."""
    return np.asarray(logs[:-1] - logs[-1])


def pair_of_probability(p: FloatArray, name: str = "p") -> FloatArray:
    """(2, …): ln p and ln(1 − p) of probabilities.

    For p within 1e-8 of 1 give pairs instead: 1 − p has lost its digits by then.
    Raises: FormError: an entry is outside (0, 1), so that its weight would be infinite; the message names it.
    """
    p = np.asarray(p, dtype=np.float64)
    bad = np.argwhere(~((p > 0) & (p < 1)))
    if len(bad):
        place = tuple(bad[0].tolist())
        raise FormError(f"{name}{list(place)} = {p[place]:g} is outside (0, 1), so its weight is infinite")
    return np.stack([np.log(p), np.log1p(-p)])


def log_odds_of_pair(pair: FloatArray) -> FloatArray:
    """ln p − ln(1 − p) (…), in nats: the inverse of `pair_of_log_odds`."""
    return np.asarray(pair[ON] - pair[OFF])


def weights_of_likelihood(A: FloatArray, outcome_axes: int) -> FloatArray:
    r"""(18): weights W (M − 1, L) + s + o; of pairs $W_1 = \operatorname{logit} A_{\cdot 1}^\top$ and $W_0$ likewise.

    Args:
        A: (M, L) + o + s: ln P(outcome | state).
        outcome_axes: number of axes of o.
    The block of outcome axes moves behind that of the states, each keeps its order.
    """
    return _swap(log_odds_of_logs(A), outcome_axes)


def likelihood_of_weights(W: FloatArray, state_axes: int) -> FloatArray:
    """(18): A (M, L) + o + s of W (M − 1, L) + s + o, the inverse of the above; s has `state_axes` axes."""
    return logs_of_log_odds(_swap(W, state_axes))


def prior_of_threshold(phi: FloatArray) -> FloatArray:
    """(21): D or E of φ, normalised over its levels, ln D = φ1 − ln(e^φ1 + e^φ0). Any shape (L, …)."""
    return np.asarray(phi - np.logaddexp.reduce(phi, axis=0))


def constant(network: CanonicalNetwork) -> float:
    """(3): 𝒜 − F of one step, in nats: −Σ ln(e^φ1 + e^φ0), what normalising the priors costs.

    It depends on no activity and no synapse, and is 0 if φ are log-probabilities.
    """
    return float(constants(network).sum())


def constants(network: CanonicalNetwork) -> FloatArray:
    """(3): the same for each population, in the order of `Sizes.populations`."""
    return np.array([-float(np.logaddexp.reduce(phi, axis=0).sum()) for phi in network.phi_x + network.phi_y])


def to_pomdp(network: CanonicalNetwork) -> GenerativeModel:
    """The generative model that a network's activity and plasticity invert; 𝒜 = F + `constant` for each step."""
    sizes = network.sizes
    return GenerativeModel(
        sizes=sizes,
        A=tuple(tuple(likelihood_of_weights(W, len(sizes.states[f])) for W in row) for f, row in enumerate(network.W)),
        B=tuple(map(logs_of_log_odds, network.K)),
        C=tuple(map(logs_of_log_odds, network.V)),
        D=tuple(map(prior_of_threshold, network.phi_x)),
        E=tuple(map(prior_of_threshold, network.phi_y)),
    )


def to_network(model: GenerativeModel) -> CanonicalNetwork:
    """The network that performs inference and learning of a generative model: the inverse of `to_pomdp`.

    Log-odds return to rounding; of φ1 and φ0 the difference returns, and φ are the log-probabilities D and E.
    """
    sizes = model.sizes
    return CanonicalNetwork(
        sizes=sizes,
        W=tuple(tuple(weights_of_likelihood(a, len(o)) for a, o in zip(row, sizes.outcomes)) for row in model.A),
        K=tuple(map(log_odds_of_logs, model.B)),
        V=tuple(map(log_odds_of_logs, model.C)),
        phi_x=model.D,
        phi_y=model.E,
    )


def _swap(array: FloatArray, leading: int) -> FloatArray:
    """Behind two axes of levels, the first `leading` axes moved behind the others, both groups in their order."""
    first = range(2, 2 + leading)
    return np.ascontiguousarray(array.transpose(0, 1, *range(2 + leading, array.ndim), *first))
