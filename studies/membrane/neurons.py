"""Five neurons: the Hodgkin-Huxley membrane, two reductions of it, FitzHugh-Nagumo, integrate-and-fire.

Sources: Hodgkin & Huxley 1952 (squid axon, in the modern sign); the line is the textbooks' reduction, fitted anew in
`analysis.recovery_line`; the equivalent potential is that of Abbott & Kepler 1990. Potentials in mV, time in ms,
currents in µA/cm², conductances in mS/cm², the capacitance in µF/cm². FitzHugh-Nagumo has no units, nor has the
current of integrate-and-fire.

Every neuron is four numbers, `y`, of which it uses as many as it needs; `y[0]` is the potential. Conductance equations
are linear in each variable when the others are held, and are integrated so (exponential Euler).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numba import njit

from ..common import Floats

CAPACITANCE = 1.0
SODIUM, POTASSIUM, LEAK = 120.0, 36.0, 0.3
SODIUM_REVERSAL, POTASSIUM_REVERSAL, LEAK_REVERSAL = 50.0, -77.0, -54.387
# h = INTERCEPT - SLOPE n on the limit cycle at 10 µA/cm² (`analysis.recovery_line` finds these again).
INTERCEPT, SLOPE = 0.8711, 1.0749
RATE, OFFSET, DAMPING = 0.08, 0.7, 0.8  # FitzHugh-Nagumo: ε, a, b
MEMBRANE_TIME, REFRACTORY = 10.0, 5.0  # ms, integrate-and-fire; threshold 1, reset to 0


class NeuronKind(IntEnum):
    """Which equations a neuron obeys."""

    HODGKIN_HUXLEY = 0
    LINE = 1
    EQUIVALENT = 2
    FITZHUGH_NAGUMO = 3
    INTEGRATE_AND_FIRE = 4


@dataclass(frozen=True)
class Neuron:
    """A neuron model and how its spikes are counted.

    Args:
        name: as pages call it.
        step: time step.
        window: D, in which at least one spike counts as activity.
        noise, correlation: standard deviation and correlation time of the input's noise (Ornstein-Uhlenbeck).
        threshold, rearm: a spike is the potential rising through `threshold`; it counts again once below `rearm`.
        lowest, highest, spacing: the currents at which the response is measured.
        unit: of the current; times are in ms, or in units of `time` ms.
        time: one unit of time in ms.
    """

    kind: NeuronKind
    name: str
    step: float
    window: float
    noise: float
    correlation: float
    threshold: float
    rearm: float
    lowest: float
    highest: float
    spacing: float
    unit: str
    time: float = 1.0

    @property
    def currents(self) -> Floats:
        """The currents at which the response is measured."""
        return np.arange(self.lowest, self.highest + self.spacing / 2, self.spacing)


_MEMBRANE = (0.01, 20.0, 8.0, 2.0, 0.0, -40.0, -28.0, 30.0, 2.0, "µA/cm²")
NEURONS = (
    Neuron(NeuronKind.HODGKIN_HUXLEY, "Hodgkin-Huxley", *_MEMBRANE),
    Neuron(NeuronKind.LINE, "two dimensions, h on a line", *_MEMBRANE),
    Neuron(NeuronKind.EQUIVALENT, "two dimensions, equivalent potential", *_MEMBRANE),
    # 0.4 ms a unit: the period at mid-current, 36 units, is then that of the membrane at 10 µA/cm², 14.6 ms.
    Neuron(NeuronKind.FITZHUGH_NAGUMO, "FitzHugh-Nagumo", 0.02, 50.0, 0.3, 5.0, 1.0, -0.5, -1.7, 1.0, 0.1, "", 0.4),
    Neuron(NeuronKind.INTEGRATE_AND_FIRE, "integrate-and-fire", 0.01, 20.0, 1.0, 2.0, 1.0, 0.5, -1.0, 2.8, 0.14, ""),
)  # fmt: skip


@njit(cache=True, nogil=True)
def ratio(x: float) -> float:
    """x / (1 - e^-x), whose singularity at 0 is removed: 1 there."""
    return 1 + x / 2 if abs(x) < 1e-6 else x / (1 - np.exp(-x))


@njit(cache=True, nogil=True)
def sodium_activation(v: float) -> tuple[float, float]:
    """α and β of m at potential v, 1/ms."""
    return ratio((v + 40) / 10), 4 * np.exp(-(v + 65) / 18)


@njit(cache=True, nogil=True)
def sodium_inactivation(v: float) -> tuple[float, float]:
    """α and β of h at potential v, 1/ms."""
    return 0.07 * np.exp(-(v + 65) / 20), 1 / (1 + np.exp(-(v + 35) / 10))


@njit(cache=True, nogil=True)
def potassium_activation(v: float) -> tuple[float, float]:
    """α and β of n at potential v, 1/ms."""
    return 0.1 * ratio((v + 55) / 10), 0.125 * np.exp(-(v + 65) / 80)


@njit(cache=True, nogil=True)
def at_rest(rates: tuple[float, float]) -> float:
    """What a gate with rates (α, β) tends to: α / (α + β)."""
    return rates[0] / (rates[0] + rates[1])


@njit(cache=True, nogil=True)
def ionic_current(v: float, m: float, h: float, n: float) -> float:
    """The current out of the membrane, µA/cm²: gNa m³h (v − ENa) + gK n⁴ (v − EK) + gL (v − EL)."""
    return (
        SODIUM * m**3 * h * (v - SODIUM_REVERSAL)
        + POTASSIUM * n**4 * (v - POTASSIUM_REVERSAL)
        + LEAK * (v - LEAK_REVERSAL)
    )


@njit(cache=True, nogil=True)
def inactivation_slope(v: float) -> float:
    """h∞'(v), 1/mV: h∞ (1 − h∞) (ln α/β)'."""
    alpha, beta = sodium_inactivation(v)
    h = alpha / (alpha + beta)
    slope: float = h * (1 - h) * (-1 / 20 - (1 - beta) / 10)
    return slope


@njit(cache=True, nogil=True)
def activation_slope(v: float) -> float:
    """n∞'(v), 1/mV: n∞ (1 − n∞) (ln α/β)'."""
    alpha, beta = potassium_activation(v)
    n = alpha / (alpha + beta)
    x = (v + 55) / 10
    # (ln ratio)' = 1/x − 1/(e^x − 1), which is ½ − x/12 about 0
    slope: float = n * (1 - n) * ((0.5 - x / 12 if abs(x) < 1e-4 else 1 / x - 1 / (np.exp(x) - 1)) / 10 + 1 / 80)
    return slope


@njit(cache=True, nogil=True)
def equivalent_rate(v: float, u: float, m: float) -> float:
    """u' of the equivalent potential, mV/ms: it gives the ionic current the time derivative that h and n would give it.

    u' = [wh kh (h∞(v) − h∞(u)) + wn kn (n∞(v) − n∞(u))] / [wh h∞'(u) + wn n∞'(u)], with wh = gNa m³ (v − ENa),
    wn = 4 gK n³ (v − EK), k = α + β at v. Between the reversal potentials both terms of the denominator are positive.
    Noise takes v beyond them, where u would run away from v and the denominator pass 0; so the weights' sizes are
    taken, which changes nothing in between.
    """
    alpha_h, beta_h = sodium_inactivation(v)
    alpha_n, beta_n = potassium_activation(v)
    h, n = at_rest(sodium_inactivation(u)), at_rest(potassium_activation(u))
    weight_h = -abs(SODIUM * m**3 * (v - SODIUM_REVERSAL)) - 1e-12
    weight_n = abs(4 * POTASSIUM * n**3 * (v - POTASSIUM_REVERSAL))
    gain = weight_h * inactivation_slope(u) + weight_n * activation_slope(u)
    drive = weight_h * (alpha_h - (alpha_h + beta_h) * h) + weight_n * (alpha_n - (alpha_n + beta_n) * n)
    return drive / gain


@njit(cache=True, nogil=True)
def _membrane(v: float, m: float, h: float, n: float, current: float, dt: float) -> float:
    """The potential after dt, gates held: exponential Euler."""
    sodium, potassium = SODIUM * m**3 * h, POTASSIUM * n**4
    total = sodium + potassium + LEAK
    target = (sodium * SODIUM_REVERSAL + potassium * POTASSIUM_REVERSAL + LEAK * LEAK_REVERSAL + current) / total
    after: float = target + (v - target) * np.exp(-dt * total / CAPACITANCE)
    return after


@njit(cache=True, nogil=True)
def _gate(x: float, rates: tuple[float, float], dt: float) -> float:
    """A gate after dt, the potential held: exponential Euler."""
    target = at_rest(rates)
    after: float = target + (x - target) * np.exp(-dt * (rates[0] + rates[1]))
    return after


@njit(cache=True, nogil=True)
def advance(kind: int, y: Floats, current: float, dt: float) -> None:
    """One step of length dt under an input current, in place."""
    v = y[0]
    if kind == 0:
        y[1] = _gate(y[1], sodium_activation(v), dt)
        y[2] = _gate(y[2], sodium_inactivation(v), dt)
        y[3] = _gate(y[3], potassium_activation(v), dt)
        y[0] = _membrane(v, y[1], y[2], y[3], current, dt)
    elif kind == 1:
        y[1] = _gate(y[1], potassium_activation(v), dt)
        y[0] = _membrane(v, at_rest(sodium_activation(v)), max(INTERCEPT - SLOPE * y[1], 0.0), y[1], current, dt)
    elif kind == 2:
        m = at_rest(sodium_activation(v))
        u = y[1] + dt * equivalent_rate(v, y[1], m)
        y[1] = u
        y[0] = _membrane(v, m, at_rest(sodium_inactivation(u)), at_rest(potassium_activation(u)), current, dt)
    elif kind == 3:
        y[0] = v + dt * (v - v**3 / 3 - y[1] + current)
        y[1] = y[1] + dt * RATE * (v + OFFSET - DAMPING * y[1])
    elif y[1] > 0:  # refractory, for y[1] ms more
        y[1] -= dt
        y[0] = 0.0
    else:
        y[0] = current + (v - current) * np.exp(-dt / MEMBRANE_TIME)
        if v >= 1:
            y[0], y[1] = 0.0, REFRACTORY


@njit(cache=True, nogil=True)
def start(kind: int) -> Floats:
    """At rest without a current (to three digits; the first window is never counted)."""
    y = np.zeros(4)
    if kind <= 2:
        v = -64.996
        y[0] = v
        if kind == 0:
            y[1], y[2] = at_rest(sodium_activation(v)), at_rest(sodium_inactivation(v))
            y[3] = at_rest(potassium_activation(v))
        else:
            y[1] = v if kind == 2 else at_rest(potassium_activation(v))
    elif kind == 3:
        y[0], y[1] = -1.19941, -0.62426
    return y


@njit(cache=True, nogil=True)
def spike_times(kind: int, current: float, dt: float, steps: int, threshold: float, rearm: float) -> Floats:
    """Times of spikes from rest under a constant current, without noise; between steps by interpolation."""
    times = np.empty(steps)
    y, count, armed = start(kind), 0, True
    for i in range(steps):
        before = y[0]
        advance(kind, y, current, dt)
        if armed and before < threshold <= y[0]:
            times[count] = dt * (i + (threshold - before) / (y[0] - before))
            count += 1
            armed = False
        armed = armed or y[0] < rearm
    return times[:count].copy()


@njit(cache=True, nogil=True)
def trajectory(kind: int, current: float, dt: float, steps: int, every: int) -> Floats:
    """Path from rest under a constant current: (steps // every, 4)."""
    y = start(kind)
    path = np.empty((steps // every, 4))
    for i in range(steps):
        advance(kind, y, current, dt)
        if (i + 1) % every == 0:
            path[i // every] = y
    return path


@njit(cache=True, nogil=True)
def active_windows(
    kind: int,
    current: float,
    noise: float,
    correlation: float,
    dt: float,
    window: int,
    windows: int,
    threshold: float,
    rearm: float,
    rng: np.random.Generator,
) -> tuple[int, int]:
    """Windows with at least one spike, and spikes, in `windows` windows of `window` steps under a noisy current.

    One window passes first and is not counted. The noise is an Ornstein-Uhlenbeck process in its stationary state.
    """  # fmt: skip
    y = start(kind)
    keep = np.exp(-dt / correlation)
    fresh = noise * np.sqrt(1 - keep**2)
    disturbance = noise * rng.standard_normal()
    active, spikes, armed = 0, 0, True
    for number in range(windows + 1):
        seen = 0
        for _ in range(window):
            before = y[0]
            advance(kind, y, current + disturbance, dt)
            disturbance = keep * disturbance + fresh * rng.standard_normal()
            if armed and before < threshold <= y[0]:
                seen += 1
                armed = False
            armed = armed or y[0] < rearm
        if number:
            active += seen > 0
            spikes += seen
    return active, spikes
