"""The membrane study: from Hodgkin-Huxley to the canonical neuron, by what each neuron answers to its input.

Activity x(I) is the probability of at least one spike in a window: the time average that turns spikes into a number
between 0 and 1. It saturates, since a second spike in the window does not count; the firing rate does not. The
canonical neuron says x = sig(u) for a drive of u nats, so each neuron gets two numbers: the current c that stands for
0 nats, and the current k that stands for one. They are measured here, and nothing else is fitted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit, logit

from ..common import Arrays, Floats, Progress, require_least, run_jobs, silent, stream
from . import analysis
from .analysis import Fit, fit_logistic
from .neurons import NEURONS, Neuron, NeuronKind, active_windows, trajectory

RATE_CURRENTS = np.arange(0.0, 31.0, 2.0)  # µA/cm², for the membranes' rates
NATS = np.linspace(-5, 6, 45)  # where response curves are compared
SURE = 0.02  # the leak is compared for shares in (SURE, 1 - SURE)
PLANES = (
    (NeuronKind.LINE, 10.0, -80.0, 50.0),
    (NeuronKind.EQUIVALENT, 10.0, -80.0, 50.0),
    (NeuronKind.FITZHUGH_NAGUMO, 0.5, -2.2, 2.2),
)
PLANE_POINTS = 261


@dataclass(frozen=True)
class MembraneSettings:
    """`samples`: windows in which spikes are counted at each current (1000 of 20 ms: 20 s)."""

    samples: int = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        require_least(self, samples=1, seed=0)


def response(neuron: Neuron, current: float, windows: int, rng: np.random.Generator) -> tuple[float, float]:
    """Share of windows with a spike at one mean current, and spikes per second (per 1000/`time` units of time)."""
    active, spikes = active_windows(
        neuron.kind, current, neuron.noise, neuron.correlation, neuron.step, round(neuron.window / neuron.step),
        windows, neuron.threshold, neuron.rearm, rng,
    )  # fmt: skip
    return active / windows, 1000 * spikes / (windows * neuron.window * neuron.time)


def run(settings: MembraneSettings, *, workers: int | None = None, progress: Progress = silent) -> Arrays:
    """Response curves: `current_K` and `share_K` (points,) for neuron K; rates without noise; planes and nullclines."""
    points = [(number, float(current)) for number, neuron in enumerate(NEURONS) for current in neuron.currents]

    def measure(index: int, tick: Any) -> float:
        number, current = points[index]
        share, _ = response(NEURONS[number], current, settings.samples, stream(settings.seed, index))
        tick()
        return share

    shares = run_jobs(measure, len(points), workers=workers, progress=progress)
    arrays: Arrays = {"rate_current": RATE_CURRENTS}
    for number, neuron in enumerate(NEURONS):
        arrays[f"current_{number}"] = neuron.currents
        arrays[f"share_{number}"] = np.array([share for share, (which, _) in zip(shares, points) if which == number])
    for number in (NeuronKind.HODGKIN_HUXLEY, NeuronKind.LINE, NeuronKind.EQUIVALENT):
        arrays[f"rate_{int(number)}"] = np.array([analysis.rate(NEURONS[number], i) for i in RATE_CURRENTS])
    for kind, current, lowest, highest in PLANES:
        potential = np.linspace(lowest, highest, PLANE_POINTS)
        every = 5
        steps = round(60 / NEURONS[kind].time / NEURONS[kind].step)
        arrays[f"path_{int(kind)}"] = trajectory(kind, current, NEURONS[kind].step, steps, every)[:, :2]
        arrays[f"nullclines_{int(kind)}"] = np.stack([
            potential, analysis.fast_nullcline(kind, potential, current), analysis.slow_nullcline(kind, potential)
        ])  # fmt: skip
    return arrays


def fits(arrays: Arrays) -> tuple[Fit, ...]:
    """The logistic fitted to each neuron's response."""
    return tuple(fit_logistic(arrays[f"current_{k}"], arrays[f"share_{k}"]) for k in range(len(NEURONS)))


def curves(arrays: Arrays) -> Floats:
    """Each neuron's response at the drives NATS, between measured points by straight lines: (neurons, drives)."""
    return np.stack([
        np.interp(NATS, fit.nats(arrays[f"current_{k}"]), arrays[f"share_{k}"]) for k, fit in enumerate(fits(arrays))
    ])  # fmt: skip


def leak(arrays: Arrays, number: int) -> tuple[Floats, Floats]:
    """The leak of a neuron, in nats, where its share is surely between 0 and 1: (points,) shares, (points,) leaks.

    To hold the neuron at x one injects u(x), so its leak is −u(x); the canonical neuron's is −sig⁻¹(x).
    """
    share = arrays[f"share_{number}"]
    sure = (share > SURE) & (share < 1 - SURE)
    return share[sure], -fits(arrays)[number].nats(arrays[f"current_{number}"][sure])


def summary(settings: MembraneSettings, arrays: Arrays) -> dict[str, Any]:
    """Facts without noise, c and k of each neuron, and what matches and what does not."""
    low, high = analysis.hopf_points()
    line = analysis.recovery_line()
    v, m, h, n = analysis.rest()
    found, answers = fits(arrays), curves(arrays)
    results: dict[str, Any] = {
        "rest": f"{v:.3f} mV, m {m:.5f}, h {h:.5f}, n {n:.5f}",
        "rest is stable below and above": f"{low.current:.5f} and {high.current:.5f} µA/cm²",
        "line of h and n": f"h = {line.intercept:.4f} - {line.slope:.4f} n, R² {line.explained:.4f}",
    }
    for number, bracket in (
        (NeuronKind.HODGKIN_HUXLEY, (5, 8)),
        (NeuronKind.LINE, (3, 6)),
        (NeuronKind.EQUIVALENT, (3, 6)),
    ):
        results[f"onset, {NEURONS[number].name}"] = f"{analysis.onset(NEURONS[number], *bracket):.2f} µA/cm²"
    for neuron, fit in zip(NEURONS, found):
        unit = f" {neuron.unit}" if neuron.unit else ""
        results[f"0 nats and 1 nat, {neuron.name}"] = (
            f"c {fit.centre:.3f}, k {fit.scale:.3f}{unit}; share to the logistic: RMS {fit.rms:.3f}, "
            f"largest {fit.largest:.3f}"
        )
    results["largest distance to the canonical neuron, u in [-5, 6]"] = float(np.abs(answers - expit(NATS)).max())
    results["largest distance of two neurons, u in [-5, 6]"] = float(np.ptp(answers, axis=0).max())
    share, measured = leak(arrays, 0)
    off = measured + logit(share)
    results["does not match: leak of Hodgkin-Huxley, nats"] = (
        f"RMS {np.sqrt((off**2).mean()):.2f}, largest {np.abs(off).max():.2f}"
    )
    both = arrays["rate_0"] > 0  # where the membrane itself fires
    for number in (NeuronKind.LINE, NeuronKind.EQUIVALENT):
        faster = (arrays[f"rate_{int(number)}"] - arrays["rate_0"])[both]
        results[f"does not match: rate, {NEURONS[number].name}"] = f"up to {faster.max():.0f} Hz too fast"
    return results
