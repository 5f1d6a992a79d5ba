"""Figures of energies: a descent, the two sides of a run, a machine's run."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from triquetra.forms import FloatArray
from triquetra.machines import InputError

from .dynamics import Descent
from .runs import Equivalence, ModelRun

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, NETWORK, AGENT = "#1f2933", "#2b6a8f", "#b5402a"
LEAST_SPAN = 1e-6  # of an axis, relative to what it shows
ENERGY = r"$\mathcal{A}$"  # the letter 𝒜 is in few fonts


def plot(shown: Descent | Equivalence | ModelRun) -> Figure:
    """A Matplotlib figure: 𝒜 and F along a descent or along the two sides of a run, or one run's energy by population.

    Save it with `figure.savefig(path)`. Raises: InputError: Matplotlib is not installed.
    """
    if isinstance(shown, Descent):
        lifted = shown.network_energy.shape[2] * shown.constant.sum()
        return draw(shown.times, {"": _sides(shown.energy - lifted, shown.free_energy)}, "time constants")
    if isinstance(shown, Equivalence):
        panels = {
            name: _sides(shown.network.energies[name] - constant, shown.agent.energies[name])
            for name, constant in zip(shown.network.energies, shown.constant)
        }
        return draw(np.arange(1.0, len(shown.network.energy) + 1), panels, "step")
    letter = ENERGY if shown.symbol == "𝒜" else "F"
    return draw(
        np.arange(1.0, shown.signals.steps + 1), {name: {letter: e} for name, e in shown.energies.items()}, "step"
    )


def _sides(network: FloatArray, agent: FloatArray) -> dict[str, FloatArray]:
    """𝒜 less the stated constant, and F."""
    return {f"{ENERGY} of the network, less the constant": network, "F of the agent": agent}


def draw_trace(
    populations: tuple[str, ...], network: FloatArray, agent: FloatArray, constant: FloatArray, title: str
) -> Figure:
    """𝒜 less the stated constant and F over steps, of arrays (T, P), a panel for each population."""
    panels = {name: _sides(network[:, i] - constant[:, i], agent[:, i]) for i, name in enumerate(populations)}
    figure = draw(np.arange(1.0, len(network) + 1), panels, "step")
    figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    return figure


def draw(x: FloatArray, panels: Mapping[str, Mapping[str, FloatArray]], label: str) -> Figure:
    """One panel below the other; in each, series over x in nats: the first as a line, the second as dots on it.

    Raises: InputError: Matplotlib is not installed.
    """
    figure = new_figure(7.0, 1.2 + 1.9 * len(panels))
    grid = figure.subplots(len(panels), 1, sharex=True, squeeze=False)
    for place, (axes, (name, series)) in enumerate(zip(grid[:, 0], panels.items())):
        draw_energies(axes, x, series)
        axes.set_title(name, loc="left", fontsize=10, color=INK)
        if place == 0 and len(series) > 1:
            axes.legend(frameon=False, fontsize=8)
    grid[-1, 0].set_xlabel(label, fontsize=9, color=INK)
    return figure


def draw_energies(axes: Axes, x: FloatArray, series: Mapping[str, FloatArray]) -> None:
    """𝒜 as a line and F as dots on it, on given axes."""
    every = max(1, len(x) // 60)
    looks = (
        {"color": NETWORK, "linewidth": 1.6},
        {"color": AGENT, "marker": ".", "markersize": 5, "linestyle": "none"},
    )
    for (name, values), look, step in zip(series.items(), looks, (1, every)):
        axes.plot(x[::step], values[::step], label=name, **look)  # type: ignore[arg-type]
    values = np.concatenate([np.ravel(one) for one in series.values()])
    middle, span = float(values.mean()), float(np.ptp(values))
    if span < LEAST_SPAN * max(1.0, abs(middle)):  # a constant, but for rounding
        axes.set_ylim(middle - 0.5, middle + 0.5)
    axes.ticklabel_format(axis="y", useOffset=False)
    axes.set_ylabel("nats", fontsize=9, color=INK)
    axes.tick_params(labelsize=8, colors=INK)
    axes.spines[["top", "right"]].set_visible(False)


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of so many inches, without any window system. Raises: InputError: Matplotlib is not installed."""
    if find_spec("matplotlib") is None:
        raise InputError("a figure needs matplotlib: pip install 'triquetra[studies]'")
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")
