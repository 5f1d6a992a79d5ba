"""The figure of the adder study: sums, the memory's error, and the learning of transitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..common import Arrays
from ..energies import panels
from ..report import ACCENT, INK, SECOND, SOFT, Page, new_figure, tidy
from .digits import SIDE
from .energies import POPULATIONS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

EXACT = 1e-6  # err_sum below it is the memory's 1e-8 of doubt, not a wrong sum


def draw(settings: dict[str, Any], arrays: Arrays) -> Figure:
    """What the agent sees, one session's sums, and three error curves over blocks."""
    figure = new_figure(11, 9)
    grid = figure.add_gridspec(3, 3)
    _number(figure.add_subplot(grid[0, 0]), arrays)
    _sums(figure.add_subplot(grid[0, 1:]), arrays)
    for column, (name, title) in enumerate(
        {"err_sum": "Sum: err_sum", "err_C": "Memory: err_C", "err_B": "Transitions: err_B"}.items()
    ):
        axes = figure.add_subplot(grid[1, column])
        blocks = np.arange(1, settings["blocks"] + 1)
        curves = arrays[name]
        mean, spread = curves.mean(0), curves.std(0)
        axes.plot(blocks, curves.T, color=SOFT, linewidth=0.4)
        axes.fill_between(blocks, mean - spread, mean + spread, color=SECOND, alpha=0.35, linewidth=0, zorder=3)
        axes.plot(blocks, mean, color=SECOND, linewidth=1.6, zorder=4)
        axes.set_ylim(0, max(0.1, 1.1 * float(curves.max())))
        tidy(axes, title, "block (16 steps)", "relative error" if name != "err_C" else "squared error")
        if name != "err_B" and curves.max() < EXACT:
            axes.text(0.5, 0.5, "exact in every block", transform=axes.transAxes, ha="center", color=INK, fontsize=9)
    below = [figure.add_subplot(grid[2, column]) for column in range(len(POPULATIONS))]
    panels(below, arrays["watched_blocks"], arrays, POPULATIONS, "Session 1", "block (its last step)")
    return figure


def _number(axes: Axes, arrays: Arrays) -> None:
    """The sixteen images of one step, least significant bit at the right."""
    images = arrays["shown"].reshape(-1, SIDE, SIDE).transpose(0, 2, 1)[::-1]
    rows = np.vstack([np.hstack(list(images[k : k + 4])) for k in range(0, 16, 4)])
    axes.imshow(rows, cmap="Greys", interpolation="none")
    axes.set_xticks([])
    axes.set_yticks([])
    tidy(axes, f"What a step shows: {int(arrays['shown_number'])} in 16 bits", "", "")


def _sums(axes: Axes, arrays: Arrays) -> None:
    """Target and memory of the first session."""
    blocks = np.arange(1, arrays["target"].shape[1] + 1)
    axes.step(blocks, arrays["target"][0], where="mid", color=SOFT, linewidth=4, label="true running sum")
    axes.plot(blocks, arrays["estimate"][0], ".", color=ACCENT, markersize=4, label="read from memory")
    axes.legend(frameon=False, fontsize=8)
    tidy(axes, "Session 1: running sum, restarted at each quarter", "block (16 steps)", "sum")


def page(settings: dict[str, Any], arrays: Arrays, results: dict[str, Any]) -> Page:
    """The study's report."""
    return Page(
        name="adder",
        title="An adder by delayed modulation",
        lead=(
            "The agent sees a number as sixteen handwritten bits, attends to one bit after the other, and keeps a "
            "running sum in sixteen synapses: each memory bit it reads is kept or flipped, as two risks decide after "
            "the act. Where the digits are recognised the sums are exact from the first block; what is learned is "
            f"err_B. Images: {settings['images']}."
        ),
        figure=draw(settings, arrays),
        caption=(
            "Above: images of one step, and the sums of the first session. Middle: each session (thin), mean (line) "
            "and standard deviation (band) of the errors at each block's last step. Below: the network's energy and "
            "the agent's free energy in one step of 16 blocks, by population: they are one number."
        ),
        settings=settings,
        results=results,
    )
