"""The adder's likelihood: 25602 x 64 counts, kept as what they are made of, and the evidence they give.

All starting counts of an element add up to 1,002,000 over "on" and "off", for a state bit and for its complement alike,
and every step adds the same to every element's sum. So four counts of an element and a state bit follow from
one: n = how often (weighted by belief) the element was on while the bit was. The evidence for a bit against its
complement needs only ratios of counts. For the 31 of 32 bits that an element has nothing to do with, the two counts
are so close (both 501000 and a session's steps) that four terms of a series give the logarithm of their ratio to
rounding. The result equals that of the full array (tested), at a hundredth of its logarithms.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..common import Bytes, Floats, require
from .digits import PIXELS
from .world import BITS, ELEMENTS, REPEATS, STATES

WEIGHT = 500_000.0
BASE = 1000.0
TOTAL = 2 * (WEIGHT + BASE)
MAX_STEPS = 10_000  # of a session: up to it the series below is exact to rounding


class Likelihood(NamedTuple):
    """Counts of the 12801 elements; the last is the echo of the agent's action, which belongs to no state bit.

    on1, on0 (12801,): starting count "on" given that the element's own state bit is 1, and that it is 0;
    own (12801,): that bit's number, or -1; n (12801, 32): belief-weighted count of on while the bit is 1;
    on (12801,): steps in which the element was on; bit (32,): belief-weighted steps in which the bit was 1;
    steps (1,): steps learned from.
    """

    on1: Floats
    on0: Floats
    own: NDArray[np.int64]
    n: Floats
    on: Floats
    bit: Floats
    steps: Floats


def start(p1: Floats, p0: Floats) -> Likelihood:
    """The starting counts from how often each pixel is on in a digit 1 and in a digit 0, (784,) each.

    p0 is scaled by r, so that both digits have as many pixels on. Source: 1.2, likelihood counts.
    Raises: InputError: ones so much fatter than zeros that a scaled frequency exceeds 1 and a count is negative.
    """
    p0 = p0 * (p1.mean() / p0.mean())
    require(
        bool(p0.max() <= 1),
        f"a pixel of digit 0 is on {p0.max():.3f} of the time after scaling; thinner ones are needed",
    )
    one = np.concatenate([np.tile(p1, BITS), np.ones(BITS * REPEATS), [0.5]])
    zero = np.concatenate([np.tile(p0, BITS), np.zeros(BITS * REPEATS), [0.5]])
    own = np.concatenate([np.repeat(np.arange(BITS), PIXELS), BITS + np.repeat(np.arange(BITS), REPEATS), [-1]])
    n = ELEMENTS + 1
    counts = 2 * WEIGHT * one + BASE, 2 * WEIGHT * zero + BASE
    return Likelihood(*counts, own, np.zeros((n, STATES)), np.zeros(n), np.zeros(STATES), np.zeros(1))


def full_counts(likelihood: Likelihood) -> Floats:
    """The counts as the published array qa (25602, 64): rows on, then off; columns bit 1, then bit 0."""
    n, on, bit, steps = likelihood.n, likelihood.on[:, None], likelihood.bit, likelihood.steps
    other = np.full_like(n, TOTAL / 2)
    mine = likelihood.own[:, None] == np.arange(STATES)
    on1, on0 = np.where(mine, likelihood.on1[:, None], other), np.where(mine, likelihood.on0[:, None], other)
    return np.block([[on1 + n, on0 + on - n], [TOTAL - on1 + bit - n, TOTAL - on0 + (steps - bit) - (on - n)]])


@njit(cache=True, nogil=True, error_model="numpy")
def log_ratio_near_one(a: float, b: float) -> float:
    """log(a / b) for a and b within 1 % of each other: 2 artanh(u), u = (a - b) / (a + b), to rounding."""
    u = (a - b) / (a + b)
    v = u * u
    return 2 * u * (1 + v * (1 / 3 + v * (1 / 5 + v / 7)))


@njit(cache=True, nogil=True, error_model="numpy")
def _log_odds(likelihood: Likelihood, i: int, on: Floats, off: Floats) -> None:
    """Log of P(element i | bit) / P(element i | complement), (32,) for on and for off, but for the common totals."""
    half = TOTAL / 2
    n, total_on, bit, steps = likelihood.n[i], likelihood.on[i], likelihood.bit, likelihood.steps[0]
    for j in range(STATES):
        on[j] = log_ratio_near_one(half + n[j], half + (total_on - n[j]))
        off[j] = log_ratio_near_one(half + (bit[j] - n[j]), half + ((steps - bit[j]) - (total_on - n[j])))
    j = likelihood.own[i]
    if j >= 0:
        on1, on0 = likelihood.on1[i], likelihood.on0[i]
        on[j] = np.log((on1 + n[j]) / (on0 + (total_on - n[j])))
        off[j] = np.log((TOTAL - on1 + (bit[j] - n[j])) / (TOTAL - on0 + ((steps - bit[j]) - (total_on - n[j]))))


@njit(cache=True, nogil=True, error_model="numpy")
def block_evidence(likelihood: Likelihood, o: Bytes) -> tuple[Floats, Floats]:
    """Evidence of a block: ln A' [o; 1-o] for each bit less that for its complement, in nats.

    Args: o (16, 12800), all elements but the echo. Returns: (16, 32) for the steps, and (2, 32) for an echo 0 and 1.
    Source: 1.2, first step of a block.
    """
    elements = o.shape[1]
    evidence = np.zeros((o.shape[0], STATES))
    echo = np.zeros((2, STATES))
    common, on, off = np.zeros(STATES), np.empty(STATES), np.empty(STATES)
    for i in range(elements):
        _log_odds(likelihood, i, on, off)
        for j in range(STATES):
            common[j] += off[j]
        for t in range(o.shape[0]):
            if o[t, i]:
                for j in range(STATES):
                    evidence[t, j] += on[j] - off[j]
    _log_odds(likelihood, elements, echo[1], echo[0])
    totals = np.log((TOTAL + likelihood.steps[0] - likelihood.bit) / (TOTAL + likelihood.bit))
    echo += totals
    evidence += common + elements * totals
    return evidence, echo


@njit(cache=True, nogil=True, error_model="numpy")
def learn(likelihood: Likelihood, o: Bytes, a: Bytes, x: Floats) -> None:
    """Point 9: qa += [o; 1-o] qs' over a block, in place. o (16, 12800), echoes a (16,), state beliefs x (16, 32)."""
    elements = o.shape[1]
    for t in range(o.shape[0]):
        for i in range(elements):
            if o[t, i]:
                for j in range(STATES):
                    likelihood.n[i, j] += x[t, j]
                likelihood.on[i] += 1
        if a[t]:
            likelihood.n[elements] += x[t]
            likelihood.on[elements] += 1
        likelihood.bit[:] += x[t]
    likelihood.steps[0] += o.shape[0]


def copy(likelihood: Likelihood) -> Likelihood:
    """Counts of one's own to learn in, with the starting counts shared."""
    changing: Any = [array.copy() for array in likelihood[3:]]
    return Likelihood(*likelihood[:3], *changing)
