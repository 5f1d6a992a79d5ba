"""The figure of the evolution study: the landscape, the course of selection, and what the early best remember."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..common import Arrays
from ..energies import panels
from ..report import ACCENT, INK, SECOND, SOFT, Page, new_figure, tidy
from .selection import FULL_ADDER_ID, GENOTYPES
from .study import SHOWN_STEPS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


SHOWN_SHARE = 0.05  # a genotype that never held more is not drawn


def draw(settings: dict[str, Any], arrays: Arrays) -> Figure:
    """Landscape, shares and costs over generations, and the memories of the best of each early generation."""
    figure = new_figure(11, 9.5)
    grid = figure.add_gridspec(3, 2)
    _landscape(figure.add_subplot(grid[0, 0]), arrays)
    _shares(figure.add_subplot(grid[0, 1]), arrays)
    _costs(figure.add_subplot(grid[1, 0]), arrays)
    _memories(figure.add_subplot(grid[1, 1]), arrays)
    steps = np.arange(2.0, 2 + arrays["energy"].shape[1])
    first = {name: arrays[name][0] for name in ("energy", "free_energy")}
    below = [figure.add_subplot(grid[2, column]) for column in range(2)]
    genotype = f"Genotype {arrays['shown_genotypes'][0, -1]}"
    panels(below, steps, first, ("memory read", "risk"), genotype, "step of the shared session")
    return figure


def _landscape(axes: Axes, arrays: Arrays) -> None:
    """Mean cost of each genotype."""
    numbers = np.arange(1, GENOTYPES + 1)
    costs = arrays["landscape"]
    axes.plot(numbers, costs, ".", color=SECOND, markersize=3)
    full = costs[FULL_ADDER_ID - 1]
    axes.plot(FULL_ADDER_ID, full, "o", color=ACCENT, markersize=7)
    axes.annotate(
        "full adder, 170", (FULL_ADDER_ID, full), (8, 4), textcoords="offset points", ha="left", va="bottom", fontsize=8
    )
    axes.set_ylim(bottom=0)
    tidy(axes, "Landscape: cost of each risk matrix", "genotype", "mean err_xi")


def _shares(axes: Axes, arrays: Arrays) -> None:
    """Share of each genotype that ever held a twentieth, over generations."""
    p = arrays["p"]
    generations = np.arange(1, p.shape[1] + 1)
    for run in p:
        for index in np.flatnonzero(run.max(0) > SHOWN_SHARE):
            winner = index + 1 == FULL_ADDER_ID
            axes.plot(generations, run[:, index], color=ACCENT if winner else SOFT, linewidth=1.6 if winner else 0.8)
    axes.set_ylim(0, 1)
    if p.max() <= SHOWN_SHARE:
        axes.text(
            0.5, 0.5, "no genotype held more than 5 %", transform=axes.transAxes, ha="center", color=INK, fontsize=9
        )
    tidy(axes, "Share: the full adder (red) and all others above 5 %", "generation", "P")


def _costs(axes: Axes, arrays: Arrays) -> None:
    """Mean and best cost of each generation."""
    generations = np.arange(1, arrays["err_xi"].shape[1] + 1)
    for k, run in enumerate(arrays["err_xi"]):
        axes.plot(generations, run.mean(1), color=SECOND, linewidth=1.6, label="mean" if k == 0 else None)
        axes.plot(generations, run.min(1), color=SOFT, linewidth=1.2, label="best" if k == 0 else None)
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, fontsize=8)
    tidy(axes, "Cost of a generation's individuals", "generation", "err_xi")


def _memories(axes: Axes, arrays: Arrays) -> None:
    """Memory after steps 32 and 48 of the best adder of each early generation, and the true sum below."""
    memory, target = arrays["shown_memory"][0], arrays["shown_target"][0]
    rows = np.concatenate([memory, target[None]]).astype(float)
    gap = np.full((len(rows), 1), np.nan)
    both = np.hstack([rows[:, 0, ::-1], gap, rows[:, 1, ::-1]])
    axes.imshow(both, cmap="Greys", vmin=0, vmax=1, aspect="auto", interpolation="none")
    labels = [f"generation {g}: {n}" for g, n in enumerate(arrays["shown_genotypes"][0], 1)]
    axes.set_yticks(np.arange(len(rows)), [*labels, "true sum"])
    axes.set_xticks([7.5, 24.5], [f"after step {t}" for t in SHOWN_STEPS])
    axes.axhline(len(memory) - 0.5, color=INK, linewidth=0.8)
    tidy(axes, "Memory that the best individual leaves (bit 1 at the right)", "", "")


def _not_found(results: dict[str, Any]) -> str:
    """What a run too small to tell has to say."""
    if results["lowest_cost_genotype"] == FULL_ADDER_ID and results["full_adder_wins"] == len(results["winners"]):
        return ""
    return (
        " This run is too small to find it: other matrices cost no more on its sessions, or hold more of its "
        "population. The published size does."
    )


def page(settings: dict[str, Any], arrays: Arrays, results: dict[str, Any]) -> Page:
    """The study's report."""
    sight = "told the states" if settings["given"] else f"shown images ({settings['images']})"
    return Page(
        name="evolution",
        title="Evolution finds the full adder",
        lead=(
            f"Of 256 risk matrices number 170 makes the full adder. {settings['individuals']} individuals a "
            f"generation, each {sight}, play one adder session; selection favours memories that held the right sum, "
            f"and one gene in a hundred mutates. Mutation alone bounds the winner's share.{_not_found(results)}"
        ),
        figure=draw(settings, arrays),
        caption=(
            "Mean cost of all 256 genotypes; shares and costs over the generations; and the memories that the best "
            "individual of each early generation (by its sums) leaves on one shared session. Below: the network's "
            "energy and the agent's free energy of the last of these, by population: they are one number."
        ),
        settings=settings,
        results=results,
    )
