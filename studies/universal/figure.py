"""The figure of the universal-machine study: four error curves, the belief in programs, and a learned program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..common import Arrays
from ..energies import panels
from ..report import ACCENT, INK, SECOND, SOFT, Page, new_figure, tidy
from .energies import POPULATIONS
from .study import POINTS, curves
from .world import MACHINES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CURVES = {
    "err_s": "Next state: err_s",
    "err_C": "Tape: err_C (given rule, at its floor)",
    "err_psid": "Which program: err_psid",
    "err_B": "Programs: err_B (untrained 12.45)",
}


def draw(settings: dict[str, Any], arrays: Arrays) -> Figure:
    """Errors over steps, each sample and the mean with its standard deviation; then sample 1 in detail."""
    figure = new_figure(11, 11.5)
    grid = figure.add_gridspec(4, 4)
    steps = settings["steps"] / POINTS * np.arange(1, POINTS + 1)
    for place, (name, title) in enumerate(CURVES.items()):
        axes = figure.add_subplot(grid[place // 2, 2 * (place % 2) : 2 * (place % 2) + 2])
        samples = curves(arrays, name)
        mean, spread = samples.mean(0), samples.std(0)
        axes.plot(steps, samples.T, color=SOFT, linewidth=0.5)
        axes.fill_between(steps, mean - spread, mean + spread, color=SECOND, alpha=0.35, linewidth=0, zorder=3)
        axes.plot(steps, mean, color=SECOND, linewidth=1.6, zorder=4)
        axes.set_ylim(bottom=0)
        tidy(axes, title, "step", "squared error")
    _beliefs(figure.add_subplot(grid[2, :2]), settings, arrays)
    _program(figure.add_subplot(grid[2, 2:]), arrays)
    first = {name: arrays[name][0] for name in ("energy", "free_energy")}
    below = [figure.add_subplot(grid[3, place]) for place in range(len(POPULATIONS))]
    panels(below, steps, first, POPULATIONS, "Sample 1", "step")
    return figure


def _beliefs(axes: Axes, settings: dict[str, Any], arrays: Arrays) -> None:
    """Belief in the slot of each machine over the whole run, and the machine in force."""
    slots = arrays["slots"][0, -1]
    beliefs = arrays["beliefs"][0][:, slots].T
    right = settings["steps"]
    axes.imshow(
        beliefs,
        aspect="auto",
        cmap="Greys",
        vmin=0,
        vmax=1,
        extent=(0, right, MACHINES + 0.5, 0.5),
        interpolation="none",
    )
    contexts = arrays["contexts"][0]
    axes.plot(np.linspace(0, right, len(contexts)), contexts + 1, ".", color=ACCENT, markersize=1.2)
    tidy(axes, "Sample 1: belief (grey) and the machine in force (red)", "step", "machine")


def _program(axes: Axes, arrays: Arrays) -> None:
    """Table of machine 1 above, and below it what its slot has learned."""
    slot = arrays["slots"][0, -1, 0]
    true, learned = arrays["tables"][0, 0], arrays["programs"][0, slot]
    gap = np.full((1, true.shape[1]), np.nan)
    axes.imshow(np.vstack([true, gap, learned]), cmap="magma", vmin=0.5, vmax=1, aspect="auto", interpolation="none")
    axes.set_yticks([4.5, 15.5], ["true", "learned"])
    axes.set_xticks(np.arange(true.shape[1]), [str(1 + j % len(true)) for j in range(true.shape[1])])
    axes.axvline(true.shape[1] / 2 - 0.5, color="white", linewidth=0.8)
    tidy(
        axes,
        "Sample 1, machine 1: its table, and the program learned",
        "state before, after reading 1 (left) and 0 (right)",
        "",
    )
    axes.tick_params(length=0, colors=INK)


def page(settings: dict[str, Any], arrays: Arrays, results: dict[str, Any]) -> Page:
    """The study's report."""
    return Page(
        name="universal",
        title="A network that learns to imitate ten machines",
        lead=(
            "The network sees ten external machines, one at a time and with noise, and is not told which. It infers "
            "the machine, stores a program for each in its synapses, and runs the program it believes in to predict "
            "what comes next. Its rule for writing the tape is given, so err_C is at its floor of about 0.05 from the "
            "start."
        ),
        figure=draw(settings, arrays),
        caption=(
            "Errors over the window before each hundredth of the run: each sample (thin), mean (line) and standard "
            "deviation (band). Below, the first sample: belief in the slot of each machine, one learned program, and "
            "the network's energy and the agent's free energy along the run, by population: they are one number."
        ),
        settings=settings,
        results=results,
    )
