"""The figure of the noise study: error rates over amplitude, a curve for each gain, certified amplitudes marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..common import Arrays
from ..report import Page, new_figure, tidy
from .study import CELLS, MACHINE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PANELS = (
    ("activity", "Noise on every activity", "amplitude (uniform ±)"),
    ("synapses", "Noise on every weight", "amplitude / gain (uniform ±)"),
    ("normal", "Gaussian noise on every activity", "standard deviation"),
)


def draw(settings: dict[str, Any], arrays: Arrays) -> Figure:
    """Three panels; a dot on the axis is what the certificate of that gain promises: left of it no run may err."""
    import matplotlib

    figure = new_figure(12, 4.2)
    colours = matplotlib.colormaps["viridis"]
    gains = arrays["gains"]
    for place, (name, title, label) in enumerate(PANELS, 1):
        axes = figure.add_subplot(1, 3, place)
        for i, gain in enumerate(gains):
            colour = colours(i / len(gains))
            axes.plot(arrays[name], arrays[f"error_{name}"][i], color=colour, linewidth=1.4, label=f"{gain:g} nats")
            if name != "normal":
                certified = arrays[f"certified_{name}"][i] / (gain if name == "synapses" else 1.0)
                axes.plot(certified, -0.03, "o", color=colour, markersize=5, clip_on=False)
        axes.set_ylim(-0.05, 1.02)
        tidy(axes, title, label, f"share of {settings['samples']} runs with an error" if place == 1 else "")
        if place == 1:
            axes.legend(title="gain", fontsize=8, title_fontsize=8, frameon=False, loc="upper left")
    return figure


def page(settings: dict[str, Any], arrays: Arrays, results: dict[str, Any]) -> Page:
    """The report page."""
    return Page(
        name="noise",
        title="Noise, and what the certificate promises",
        lead=(
            f"The network of {MACHINE} with {CELLS} cells of synaptic memory runs with fresh noise in every step, on "
            "all activities or on all weights. A run errs where it is first not decoded as the machine's configuration."
            " The certificate speaks of bounded noise, and for ever: below its amplitude not one run may err; the"
            " room above it is what the proof gives away. Gaussian noise has no bound, so nothing is promised there."
        ),
        figure=draw(settings, arrays),
        caption="Error rate over the amplitude of noise, for each gain. Dots on the axis: the certified amplitude.",
        settings=settings,
        results=results,
    )
