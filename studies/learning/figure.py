"""The figure of the learning study: experience needed over size, and accuracy far past the lengths of training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..common import Arrays
from ..report import ACCENT, INK, SECOND, SOFT, Page, new_figure, tidy
from .study import COMPARED_STEPS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = (ACCENT, SOFT, SECOND)


def draw(settings: dict[str, Any], arrays: Arrays) -> Figure:
    """Left: median steps needed against rules, states shown and hidden. Right: runs without an error over length."""
    compared = "compared" in arrays
    figure = new_figure(11 if compared else 5.5, 4.4)
    _needed(figure.add_subplot(1, 2 if compared else 1, 1), settings, arrays)
    if compared:
        _lengths(figure.add_subplot(1, 2, 2), arrays)
    return figure


def _needed(axes: Axes, settings: dict[str, Any], arrays: Arrays) -> None:
    rules = arrays["sizes"][:, 2]
    for name, colour in (("shown", SECOND), ("hidden", ACCENT)):
        enough = ~np.isnan(arrays[name]).any(axis=1)
        axes.plot(rules[enough], np.median(arrays[name][enough], axis=1), "o", color=colour, markersize=5,
                  label=f"states {name}: {enough.sum()} of {enough.size}")  # fmt: skip
        axes.plot(rules[~enough], np.full((~enough).sum(), settings["steps"] * 1.3), "x", color=colour, markersize=4)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.axhline(settings["steps"], color=INK, linewidth=0.6, linestyle=":")
    axes.legend(fontsize=8, frameon=False, loc="lower right")
    tidy(axes, "Experience until the machine is known", "rules", "steps (× not enough)")


def _lengths(axes: Axes, arrays: Arrays) -> None:
    lengths = arrays["lengths"]
    for j, (model, colour) in enumerate(zip(arrays["models"].tolist(), COLOURS)):
        axes.plot(lengths, arrays["right"][:, j].T, color=colour, linewidth=0.6, alpha=0.6)
        axes.plot(lengths, arrays["right"][:, j].mean(axis=0), "o-", color=colour, linewidth=2, label=model)
    axes.set_xscale("log")
    axes.set_xticks(lengths, [str(length) for length in lengths.tolist()])
    axes.minorticks_off()
    axes.set_ylim(-0.03, 1.05)
    axes.legend(fontsize=8, loc="lower left")
    tidy(axes, f"States hidden, {COMPARED_STEPS} steps of experience", "cells of the tape", "runs without an error")


def page(settings: dict[str, Any], arrays: Arrays, results: dict[str, Any]) -> Page:
    """The report page."""
    return Page(
        name="learning",
        title="Learning a machine from experience",
        lead=_lead(arrays),
        figure=draw(settings, arrays),
        caption=_caption(arrays),
        settings=settings,
        results=results,
    )


def _caption(arrays: Arrays) -> str:
    text = "A point is a library machine, at the median of the steps needed."
    if "compared" not in arrays:
        return text
    return (
        f"Left: {text[0].lower()}{text[1:]} Right: thin lines are {', '.join(arrays['compared'].tolist())}, thick ones "
        "their mean; tapes in the experience have 6 cells on average."
    )


def _lead(arrays: Arrays) -> str:
    text = (
        "A network with a coincidence unit for every cell of δ watches an unknown machine on random tapes and learns "
        "by its own local rule, online. Its weights are decompiled, and the verifier proves that the network is what "
        "was read off it; `proved` means that this is the whole machine, `partly` that some cell was never met, "
        "`wrong` that something is done otherwise, which only happens with hidden states. Those are inferred by "
        "merging histories whose futures agree; what can be learned is then the machine up to the names of its states. "
    )
    if "compared" not in arrays:
        return text + "PyTorch is not installed, so nothing was compared: pip install 'triquetra[torch]'."
    fastest, local = np.nanmin(arrays["gradient"], axis=1), arrays["local"]
    better = ", ".join(
        name for name, f, own in zip(arrays["compared"].tolist(), fastest, local) if np.isfinite(f) and f < own
    )
    return text + (
        "With states shown, gradient training of the same synapses comes down to the same thing: with a learning "
        "rate as large as the gain it needs as few steps as the local rule, which has no rate to choose; with small "
        "rates it needs many times as many. "
        + (f"It needed fewer on {better}. " if better else "On none of these machines did it need fewer. ")
        + "With states hidden, trained recurrent networks are compared by what they do on longer tapes."
    )
