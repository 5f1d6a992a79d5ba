"""What the equations say without noise: rest and its stability, onset of firing, the line of h and n, rates, planes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, least_squares
from scipy.special import expit

from ..common import Floats
from .neurons import (
    DAMPING,
    INTERCEPT,
    NEURONS,
    OFFSET,
    POTASSIUM_REVERSAL,
    SLOPE,
    SODIUM_REVERSAL,
    Neuron,
    NeuronKind,
    at_rest,
    ionic_current,
    potassium_activation,
    sodium_activation,
    sodium_inactivation,
    spike_times,
    trajectory,
)

GATES = (sodium_activation, sodium_inactivation, potassium_activation)
SETTLE = 200.0  # ms before a rate is measured


def derivatives(state: Floats, current: float) -> Floats:
    """(v', m', h', n') of the Hodgkin-Huxley equations; mV/ms and 1/ms."""
    v, gates = state[0], state[1:]
    rates = [gate(v) for gate in GATES]
    return np.array([
        current - ionic_current(v, *gates),
        *(alpha * (1 - x) - beta * x for (alpha, beta), x in zip(rates, gates)),
    ])  # fmt: skip


def steady_current(v: float) -> float:
    """The current that holds the membrane at v, µA/cm²."""
    return float(ionic_current(v, *(at_rest(gate(v)) for gate in GATES)))


def rest(current: float = 0.0) -> Floats:
    """(v, m, h, n) at rest under a current; v in mV."""
    v = brentq(lambda v: steady_current(v) - current, POTASSIUM_REVERSAL, SODIUM_REVERSAL, xtol=1e-12)
    return np.array([v, *(at_rest(gate(v)) for gate in GATES)])


def growth(v: float) -> float:
    """Largest real part of the eigenvalues of the linearised membrane at rest at v, 1/ms; positive: not stable."""
    state = np.array([v, *(at_rest(gate(v)) for gate in GATES)])
    current, d = steady_current(v), 1e-6
    jacobian = np.stack([
        (derivatives(state + d * unit, current) - derivatives(state - d * unit, current)) / (2 * d)
        for unit in np.eye(4)
    ], axis=1)  # fmt: skip
    return float(np.linalg.eigvals(jacobian).real.max())


@dataclass(frozen=True)
class Hopf:
    """Where rest gains or loses stability: the potential in mV, the current in µA/cm²."""

    potential: float
    current: float


def hopf_points() -> tuple[Hopf, ...]:
    """The currents between which the Hodgkin-Huxley membrane has no stable rest."""
    potentials = np.linspace(-70, -30, 81)
    signs = [growth(v) for v in potentials]
    crossings = [
        brentq(growth, a, b, xtol=1e-10)
        for a, b, x, y in zip(potentials, potentials[1:], signs, signs[1:])
        if x * y < 0
    ]
    return tuple(Hopf(float(v), steady_current(v)) for v in crossings)


def fires_for_ever(neuron: Neuron, current: float, duration: float = 2000.0) -> bool:
    """Whether a current switched on at rest still makes spikes in the second half of `duration` (units of its time)."""
    times = spike_times(
        neuron.kind, current, neuron.step, round(duration / neuron.step), neuron.threshold, neuron.rearm
    )
    return bool(times.size and times[-1] > duration / 2)


def onset(neuron: Neuron, low: float, high: float, tolerance: float = 0.005) -> float:
    """The least current, to `tolerance`, that makes a neuron at rest fire for ever; between `low` and `high`."""
    while high - low > tolerance:
        middle = (low + high) / 2
        low, high = (low, middle) if fires_for_ever(neuron, middle) else (middle, high)
    return high


def rate(neuron: Neuron, current: float, duration: float = 1000.0) -> float:
    """Spikes per second under a constant current, without noise, after `SETTLE`; `duration` in ms."""
    times = spike_times(
        neuron.kind, current, neuron.step, round((SETTLE + duration) / neuron.time / neuron.step),
        neuron.threshold, neuron.rearm,
    )  # fmt: skip
    return 1000 * float((times * neuron.time > SETTLE).sum()) / duration


@dataclass(frozen=True)
class Line:
    """h = intercept − slope n, and the share of h's variance that it explains."""

    intercept: float
    slope: float
    explained: float


def recovery_line(current: float = 10.0) -> Line:
    """The line through (n, h) on the limit cycle, by least squares over time."""
    path = trajectory(NeuronKind.HODGKIN_HUXLEY, current, NEURONS[0].step, 50_000, 1)[30_000:]
    h, n = path[:, 2], path[:, 3]
    slope, intercept = np.polyfit(n, h, 1)
    return Line(float(intercept), float(-slope), float(np.corrcoef(n, h)[0, 1] ** 2))


@dataclass(frozen=True)
class Fit:
    """sig((I − centre)/scale), and how far measured shares are from it; `centre` and `scale` in units of current."""

    centre: float
    scale: float
    rms: float
    largest: float

    def nats(self, current: Floats) -> Floats:
        """u = (I − centre)/scale."""
        return (current - self.centre) / self.scale

    def current(self, nats: Floats) -> Floats:
        """I = centre + scale u: the current that stands for a drive in nats."""
        return self.centre + self.scale * nats


def _off(parameters: Floats, current: Floats, share: Floats) -> Floats:
    off: Floats = expit((current - parameters[0]) / parameters[1]) - share
    return off


def fit_logistic(current: Floats, share: Floats) -> Fit:
    """The logistic curve nearest to shares (points,) in [0, 1] at currents (points,), by least squares."""
    guess = [float(np.interp(0.5, share, current)), float(current[-1] - current[0]) / 15]
    found = least_squares(_off, guess, args=(current, share))
    off = np.abs(found.fun)
    return Fit(float(found.x[0]), float(found.x[1]), float(np.sqrt((off**2).mean())), float(off.max()))


def fast_nullcline(kind: NeuronKind, potential: Floats, current: float) -> Floats:
    """The recovery variable at which v' = 0, for each potential (points,); NaN where there is none between its bounds.

    The variable: n on the line, the equivalent potential u in mV, or FitzHugh-Nagumo's U.
    """
    if kind is NeuronKind.FITZHUGH_NAGUMO:
        return potential - potential**3 / 3 + current

    def leaving(recovery: float, v: float) -> float:
        m = at_rest(sodium_activation(v))
        if kind is NeuronKind.LINE:
            h, n = max(INTERCEPT - SLOPE * recovery, 0.0), recovery
        else:
            h, n = at_rest(sodium_inactivation(recovery)), at_rest(potassium_activation(recovery))
        return current - float(ionic_current(v, m, h, n))

    low, high = (0.0, 1.0) if kind is NeuronKind.LINE else (POTASSIUM_REVERSAL, SODIUM_REVERSAL)
    return np.array([
        brentq(leaving, low, high, args=(v,)) if leaving(low, v) * leaving(high, v) < 0 else np.nan for v in potential
    ])  # fmt: skip


def slow_nullcline(kind: NeuronKind, potential: Floats) -> Floats:
    """The recovery variable at which it stands still, for each potential (points,): n∞(v), u = v, or (V + a)/b."""
    if kind is NeuronKind.FITZHUGH_NAGUMO:
        return (potential + OFFSET) / DAMPING
    if kind is NeuronKind.LINE:
        return np.array([at_rest(potassium_activation(v)) for v in potential])
    return potential.copy()


def canonical_nullcline(x: Floats, self_excitation: float, drive: float) -> Floats:
    """The recovery w at which a canonical neuron that excites itself stands still: −sig⁻¹(x) + K x + I − w = 0, nats.

    N-shaped for K > 4: a FitzHugh-Nagumo neuron in canonical clothes.
    """
    return np.log1p(-x) - np.log(x) + self_excitation * x + drive
