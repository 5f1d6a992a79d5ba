"""The figure of the membrane study: response curves and what they hide, and the phase planes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit, logit

from ..common import Arrays
from ..report import ACCENT, INK, SECOND, SOFT, Page, new_figure, tidy
from .analysis import canonical_nullcline
from .neurons import NEURONS, NeuronKind
from .study import NATS, PLANES, fits, leak

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = (INK, SECOND, "#4c9a6a", "#c98a1b", "#8a5aa8")
MARKS = ("o", "s", "^", "D", "v")
SELF_EXCITATION, DRIVE = 7.0, -3.5  # of the canonical neuron whose nullcline is shown, nats


def draw(settings: dict[str, Any], arrays: Arrays) -> Figure:
    """Above: the response, its distance from the logistic, the leak, the rates. Below: four phase planes."""
    figure = new_figure(15, 7.4)
    panels = figure.subplots(2, 4)
    _responses(panels[0, 0], panels[0, 1], arrays)
    _leak(panels[0, 2], arrays)
    _rates(panels[0, 3], arrays)
    for axes, (kind, current, _, _) in zip(panels[1], PLANES):
        _plane(axes, kind, current, arrays)
    _canonical(panels[1, 3])
    return figure


def _responses(axes: Axes, below: Axes, arrays: Arrays) -> None:
    axes.plot(NATS, expit(NATS), color=ACCENT, linewidth=3, alpha=0.5, label="canonical neuron, sig(u)")
    for k, (neuron, fit) in enumerate(zip(NEURONS, fits(arrays))):
        nats, share = fit.nats(arrays[f"current_{k}"]), arrays[f"share_{k}"]
        shown = (nats > -7) & (nats < 8)
        axes.plot(nats[shown], share[shown], MARKS[k], color=COLOURS[k], markersize=3.5, label=neuron.name)
        below.plot(
            nats[shown], (share - expit(nats))[shown], MARKS[k] + "-", color=COLOURS[k], markersize=3, linewidth=0.7
        )
    for bound in (-0.05, 0.05):
        below.axhline(bound, color=SOFT, linestyle="--", linewidth=1)
    axes.legend(fontsize=7, frameon=False, loc="lower right", bbox_to_anchor=(1.02, 0.05))
    tidy(axes, "Probability of a spike in a window", "drive u = (I − c)/k, nats", "x")
    tidy(below, "… minus sig(u)", "drive u, nats", "difference in probability")
    below.set_ylim(-0.08, 0.08)


def _leak(axes: Axes, arrays: Arrays) -> None:
    x = np.linspace(0.01, 0.99, 199)
    axes.plot(x, -logit(x), color=ACCENT, linewidth=3, alpha=0.5, label="−sig⁻¹(x)")
    for k, neuron in enumerate(NEURONS):
        share, measured = leak(arrays, k)
        axes.plot(share, measured, MARKS[k], color=COLOURS[k], markersize=3.5, label=neuron.name)
    tidy(axes, "Leak current, measured", "x", "nats")


def _rates(axes: Axes, arrays: Arrays) -> None:
    for k in (NeuronKind.HODGKIN_HUXLEY, NeuronKind.LINE, NeuronKind.EQUIVALENT):
        rates = arrays[f"rate_{int(k)}"]
        axes.plot(arrays["rate_current"], rates, MARKS[k] + "-", color=COLOURS[k], markersize=3.5, linewidth=1)
    tidy(axes, "Firing rate, no noise: does not match", "current, µA/cm²", "Hz")


def _plane(axes: Axes, kind: NeuronKind, current: float, arrays: Arrays) -> None:
    potential, fast, slow = arrays[f"nullclines_{int(kind)}"]
    path = arrays[f"path_{int(kind)}"]
    axes.plot(path[:, 0], path[:, 1], color=SOFT, linewidth=1, label="path from rest")
    axes.plot(potential, fast, color=COLOURS[kind], linewidth=1.6, label="potential stands still")
    axes.plot(potential, slow, color=ACCENT, linewidth=1.2, linestyle="--", label="recovery stands still")
    low, high = path[:, 1].min(), path[:, 1].max()
    room = 0.25 * (high - low)
    axes.set_ylim(low - room, high + 2.4 * room)
    axes.legend(fontsize=7, frameon=False, loc="upper left")
    unit = NEURONS[kind].unit
    names = {NeuronKind.LINE: "n", NeuronKind.EQUIVALENT: "u, mV", NeuronKind.FITZHUGH_NAGUMO: "U"}
    title = {NeuronKind.LINE: "h on a line", NeuronKind.EQUIVALENT: "Equivalent potential"}.get(kind, "FitzHugh-Nagumo")
    tidy(axes, f"{title}, I = {current:g} {unit}".rstrip(), "V" if not unit else "v, mV", names[kind])


def _canonical(axes: Axes) -> None:
    x = np.linspace(0.002, 0.998, 500)
    axes.plot(
        x, canonical_nullcline(x, SELF_EXCITATION, DRIVE), color=INK, linewidth=1.6, label="activity stands still"
    )
    axes.plot(x, canonical_nullcline(x, 0.0, 0.0), color=SOFT, linewidth=1, label="without self-excitation")
    axes.set_ylim(-4, 4)
    axes.legend(fontsize=7, frameon=False, loc="lower left")
    tidy(axes, f"Canonical neuron with self-excitation {SELF_EXCITATION:g}", "x", "recovery w, nats")


def page(settings: dict[str, Any], arrays: Arrays, results: dict[str, Any]) -> Page:
    """The report page."""
    return Page(
        name="membrane",
        title="From the membrane to the canonical neuron",
        lead=(
            "The Hodgkin-Huxley membrane of the squid axon, its two reductions to two dimensions, FitzHugh-Nagumo and "
            "an integrate-and-fire neuron receive a noisy current. The probability of at least one spike in a window "
            "of 20 ms (50 units for FitzHugh-Nagumo) is a sigmoid of the mean current: c stands for 0 nats, k for one, "
            "and in these units all five answer as the canonical neuron does. What does not match is the firing rate, "
            "which jumps and keeps rising, and in nats the leak, whose tails are Gaussian and not exponential."
        ),
        figure=draw(settings, arrays),
        caption=(
            "Response, distance from the logistic (dashed: 0.05), leak and rates; phase planes with nullclines; and "
            "the nullcline of a canonical neuron that excites itself, which has FitzHugh-Nagumo's N."
        ),
        settings=settings,
        results=results,
    )
