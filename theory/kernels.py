"""Whole online runs of Bernoulli models, compiled: one for the network's rule, one for the agent's counts.

They do what `neurons.learn_online` and `beliefs.update_online` do, step by step and equation by equation, on flat
arrays; that they give the same is tested. They share `basis_at`, which knows neither synapses nor counts.

Flat arrays: S state and Y action neurons, together U = S + Y "units"; O outcomes; B basis entries. Basis synapses of
unit u are `first_synapse[u]` … (as many as `width[u]`), from the basis entries that begin at `first_entry[u]`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from triquetra.forms import FloatArray

Integers = NDArray[np.int64]


class Wiring(NamedTuple):
    """Which unit has which synapses, and where its activity goes in the history from which bases are built."""

    states: int
    first_entry: Integers
    first_synapse: Integers
    width: Integers
    population: Integers
    entry: Integers
    lag: Integers
    built: NDArray[np.bool_]
    place_on: Integers
    place_off: Integers
    outcome_on: Integers
    outcome_off: Integers
    size: int


class Series(NamedTuple):
    """What is met: observations (T, O), ψ (T, B) where it is given, Γ (T, Y), noise on drives (T, U)."""

    observations: FloatArray
    psi: FloatArray
    risk: FloatArray
    noise: FloatArray


class Weighing(NamedTuple):
    """How experience is weighed; `plastic` False: not at all."""

    plastic: bool
    rate: float
    kept: float
    floor: float


@njit(cache=True, nogil=True)
def basis_at(step: int, wiring: Any, history: FloatArray, psi: FloatArray) -> None:
    """Fill ψ of a step, in place, for the entries that are built from past activity."""
    one, zero = wiring.size - 2, wiring.size - 1
    for b in range(psi.shape[1]):
        if not wiring.built[b]:
            continue
        value = 1.0
        for k in range(wiring.entry.shape[1]):
            entry, lag = wiring.entry[b, k], wiring.lag[b, k]
            if entry == one:
                continue
            value *= 0.0 if entry == zero or lag > step else history[step - lag, entry]
        psi[step, b] = value


@njit(cache=True, nogil=True)
def remember(step: int, wiring: Any, history: FloatArray, x: FloatArray, off: FloatArray, o: FloatArray) -> None:
    """Write the activity of a step into the history."""
    for u in range(x.size):
        history[step, wiring.place_on[u]], history[step, wiring.place_off[u]] = x[u], off[u]
    for i in range(o.size):
        history[step, wiring.outcome_on[i]], history[step, wiring.outcome_off[i]] = o[i], 1.0 - o[i]


@njit(cache=True, nogil=True)
def xlogx(x: float) -> float:
    """x ln x, and 0 at 0."""
    return float(x * np.log(x)) if x > 0 else 0.0


@njit(cache=True, nogil=True)
def sigmoids(d: float) -> tuple[float, float]:
    """sig(d) and sig(−d), each to full precision."""
    t = np.exp(-abs(d))
    large, small = 1.0 / (1.0 + t), t / (1.0 + t)
    return (large, small) if d >= 0 else (small, large)


@njit(cache=True, nogil=True)
def softplus(d: float) -> float:
    """ln(1 + e^d) = −ln(1 − sig d)."""
    return float(max(d, 0.0) + np.log1p(np.exp(-abs(d))))


@njit(cache=True, nogil=True)
def synapse(
    strength: float, load: float, on: float, off: float, strength_0: float, load_0: float, kept: float, floor: float
) -> tuple[float, float]:
    """(12): a synapse and its load after evidence `on` and `off`; see `neurons.plasticity`."""
    theta, other = sigmoids(strength)
    before_on, before_off = kept * load * theta, kept * load * other
    gained_on, gained_off = on, off
    if kept < 1:
        theta_0, other_0 = sigmoids(strength_0)
        gained_on += (1 - kept) * load_0 * theta_0
        gained_off += (1 - kept) * load_0 * other_0
    gained_on, gained_off = max(gained_on, floor - before_on), max(gained_off, floor - before_off)
    grown = strength
    if gained_on != 0.0:  # where nothing was seen there is no logarithm to take
        grown += np.log1p(gained_on / before_on)
    if gained_off != 0.0:
        grown -= np.log1p(gained_off / before_off)
    return grown, before_on + gained_on + before_off + gained_off


@njit(cache=True, nogil=True)
def run_network(
    wiring: Any, series: Any, rule: Any, W: FloatArray, W_load: FloatArray, G: FloatArray, G_load: FloatArray,
    W_first: FloatArray, W_load_first: FloatArray, G_first: FloatArray, G_load_first: FloatArray,
    phi: FloatArray, terms: FloatArray,
) -> tuple[FloatArray, FloatArray]:  # fmt: skip
    """Activity at rest (T, U) and its complement, and plasticity of W (2, S, O) and G (synapses,) with loads, in place.

    `terms` (T, P, 4) receives 𝒜 by population: entropy, input, recurrence, threshold. phi (2, U).
    """
    o, psi, risk = series.observations, series.psi, series.risk
    steps, outcomes = o.shape
    units, states = phi.shape[1], wiring.states
    x, off = np.empty((steps, units)), np.empty((steps, units))
    history = np.zeros((steps if wiring.built.any() else 1, wiring.size))
    for t in range(steps):
        if wiring.built.any():
            basis_at(t, wiring, history, psi)
        for u in range(units):
            modulation = 1.0 if u < states else 1.0 - 2.0 * risk[t, u - states]
            heard_on = heard_off = silent_on = silent_off = said_on = said_off = 0.0
            if u < states:
                for i in range(outcomes):
                    heard_on += W[0, u, i] * o[t, i]
                    heard_off += W[1, u, i] * o[t, i]
                    silent_on -= softplus(W[0, u, i])
                    silent_off -= softplus(W[1, u, i])
            for j in range(wiring.width[u]):
                pre, strength = psi[t, wiring.first_entry[u] + j], G[wiring.first_synapse[u] + j]
                if pre != 0.0:
                    said_on -= softplus(-strength) * pre
                    said_off -= softplus(strength) * pre
            said_on, said_off = modulation * said_on, modulation * said_off
            silent_on, silent_off = silent_on + phi[0, u], silent_off + phi[1, u]
            difference = (heard_on - heard_off) + (said_on - said_off) + (silent_on - silent_off) + series.noise[t, u]
            x[t, u], off[t, u] = sigmoids(difference)
            p = wiring.population[u]
            terms[t, p, 0] += xlogx(x[t, u]) + xlogx(off[t, u])
            terms[t, p, 1] -= x[t, u] * heard_on + off[t, u] * heard_off
            terms[t, p, 2] -= x[t, u] * said_on + off[t, u] * said_off
            terms[t, p, 3] -= x[t, u] * silent_on + off[t, u] * silent_off
        if wiring.built.any():
            remember(t, wiring, history, x[t], off[t], o[t])
        if not rule.plastic:
            continue
        for u in range(units):
            modulation = rule.rate if u < states else rule.rate * (1.0 - 2.0 * risk[t, u - states])
            if u < states:
                for side in range(2):
                    post = rule.rate * (x[t, u] if side == 0 else off[t, u])
                    for i in range(outcomes):
                        W[side, u, i], W_load[side, u, i] = synapse(
                            W[side, u, i], W_load[side, u, i], post * o[t, i], post * (1.0 - o[t, i]),
                            W_first[side, u, i], W_load_first[side, u, i], rule.kept, rule.floor,
                        )  # fmt: skip
            for j in range(wiring.width[u]):
                at, pre = wiring.first_synapse[u] + j, psi[t, wiring.first_entry[u] + j]
                G[at], G_load[at] = synapse(
                    G[at], G_load[at], modulation * x[t, u] * pre, modulation * off[t, u] * pre,
                    G_first[at], G_load_first[at], rule.kept, rule.floor,
                )  # fmt: skip
    return x, off


@njit(cache=True, nogil=True)
def run_agent(
    wiring: Any, series: Any, rule: Any, a: FloatArray, g: FloatArray, a_first: FloatArray, g_first: FloatArray,
    prior: FloatArray, terms: FloatArray,
) -> tuple[FloatArray, FloatArray]:  # fmt: skip
    """Posterior expectations (T, U) of "on" and "off", and counts a (2, 2, O, S) and g (2, entries) updated in place.

    (5–7), then (13). `terms` (T, P, 4) receives F by factor: entropy, likelihood, transition, prior. prior (2, U).
    """
    o, psi, risk = series.observations, series.psi, series.risk
    steps, outcomes = o.shape
    units, states = prior.shape[1], wiring.states
    q, rest = np.empty((steps, units)), np.empty((steps, units))
    history = np.zeros((steps if wiring.built.any() else 1, wiring.size))
    lost = 1.0 - rule.kept
    for t in range(steps):
        if wiring.built.any():
            basis_at(t, wiring, history, psi)
        for u in range(units):
            modulation = 1.0 if u < states else 1.0 - 2.0 * risk[t, u - states]
            seen_on = seen_off = said_on = said_off = 0.0
            if u < states:
                for i in range(outcomes):
                    p, r = o[t, i], 1.0 - o[t, i]
                    ln_on, ln_off = np.log(a[0, 0, i, u] + a[1, 0, i, u]), np.log(a[0, 1, i, u] + a[1, 1, i, u])
                    seen_on += p * np.log(a[0, 0, i, u]) + r * np.log(a[1, 0, i, u]) - ln_on
                    seen_off += p * np.log(a[0, 1, i, u]) + r * np.log(a[1, 1, i, u]) - ln_off
            for j in range(wiring.width[u]):
                at, pre = wiring.first_synapse[u] + j, psi[t, wiring.first_entry[u] + j]
                if pre != 0.0:
                    total = np.log(g[0, at] + g[1, at])
                    said_on += pre * (np.log(g[0, at]) - total)
                    said_off += pre * (np.log(g[1, at]) - total)
            said_on, said_off = modulation * said_on, modulation * said_off
            on = seen_on + said_on + prior[0, u]
            off = seen_off + said_off + prior[1, u]
            top = max(on + series.noise[t, u], off)
            e_on, e_off = np.exp(on + series.noise[t, u] - top), np.exp(off - top)
            q[t, u], rest[t, u] = e_on / (e_on + e_off), e_off / (e_on + e_off)
            f = wiring.population[u]
            terms[t, f, 0] += xlogx(q[t, u]) + xlogx(rest[t, u])
            terms[t, f, 1] -= q[t, u] * seen_on + rest[t, u] * seen_off
            terms[t, f, 2] -= q[t, u] * said_on + rest[t, u] * said_off
            terms[t, f, 3] -= q[t, u] * prior[0, u] + rest[t, u] * prior[1, u]
        if wiring.built.any():
            remember(t, wiring, history, q[t], rest[t], o[t])
        if not rule.plastic:
            continue
        for u in range(units):
            if u < states:
                for side in range(2):
                    belief = rule.rate * (q[t, u] if side == 0 else rest[t, u])
                    for i in range(outcomes):
                        for seen in range(2):
                            outcome = o[t, i] if seen == 0 else 1.0 - o[t, i]
                            count = rule.kept * a[seen, side, i, u] + lost * a_first[seen, side, i, u]
                            a[seen, side, i, u] = max(count + outcome * belief, rule.floor)
            modulation = rule.rate if u < states else rule.rate * (1.0 - 2.0 * risk[t, u - states])
            for j in range(wiring.width[u]):
                at, pre = wiring.first_synapse[u] + j, psi[t, wiring.first_entry[u] + j]
                for side in range(2):
                    belief = modulation * (q[t, u] if side == 0 else rest[t, u])
                    g[side, at] = max(rule.kept * g[side, at] + lost * g_first[side, at] + belief * pre, rule.floor)
    return q, rest
