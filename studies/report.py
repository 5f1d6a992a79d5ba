"""The report of a study: one self-contained HTML page, and its figure as PNG and SVG."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from triquetra.machines import write_whole

from .common import require_extras

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, SOFT, ACCENT, SECOND = "#1f2933", "#b8c2cc", "#b5402a", "#2b6a8f"
# What a page calls results and settings; a name that is not here is in words already.
WORDS = {
    "err_s": "error of the predicted state, err_s",
    "err_C": "error of the memory, err_C",
    "err_psid": "error of the belief in a program, err_psid",
    "err_B": "error of the transitions, err_B",
    "first": "at first",
    "last": "at last",
    "last_spread": "spread at last",
    "exact_sums": "exact sums",
    "misread_bits": "misread bits",
    "largest_err_sum": "largest error of a sum, err_sum",
    "winner_shares": "shares of the winners",
    "full_adder_wins": "evolutions won by the full adder",
    "lowest_cost_genotype": "genotype of lowest cost",
    "full_adder_cost": "cost of the full adder",
    "second_lowest_cost": "second lowest cost",
    "energy_gap": "largest difference of network energy and free energy, nats",
    "posterior_gap": "largest difference of the theory's posterior and the simulation's",
    "landscape": "sessions of each genotype for the landscape",
    "given": "states are told",
}
EXTRAS = ("matplotlib", "jinja2", "threadpoolctl")
SOURCE = "T. Isomura, Triple equivalence for the emergence of biological intelligence, Communications Physics 2025"


@dataclass(frozen=True)
class Page:
    """What a report says: a title, a paragraph, the figure with its caption, and two tables of names and values.

    Words between backticks are shown as code. `command` is the one that made the page, `published` whether the
    simulation is one of those that the theory's author published.
    """

    name: str
    title: str
    lead: str
    figure: Figure
    caption: str
    settings: dict[str, Any]
    results: dict[str, Any]
    command: str = ""
    published: bool = False


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of so many inches, drawn without any window system or global state."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def in_words(name: str) -> str:
    """What a page calls a result or a setting."""
    return WORDS.get(name, name)


def with_code(text: str) -> Any:
    """Text for HTML, escaped, with what stands between backticks as code."""
    from markupsafe import Markup, escape

    parts = [
        escape(part) if i % 2 == 0 else Markup("<code>{}</code>").format(part) for i, part in enumerate(text.split("`"))
    ]
    return Markup("").join(parts)


def tidy(axes: Axes, title: str, x: str, y: str) -> None:
    """The look of all panels: a title at the left, labels, no box."""
    axes.set_title(title, loc="left", fontsize=10, color=INK)
    axes.set_xlabel(x, fontsize=9, color=INK)
    axes.set_ylabel(y, fontsize=9, color=INK)
    axes.tick_params(labelsize=8, colors=INK)
    axes.spines[["top", "right"]].set_visible(False)


def render(figure: Figure, kind: str) -> bytes:
    """The figure as `png` or `svg`; equal figures give equal bytes."""
    import matplotlib

    buffer = io.BytesIO()
    metadata = {"Date": None} if kind == "svg" else {"Software": None}
    with matplotlib.rc_context({"svg.hashsalt": "triquetra", "svg.fonttype": "none"}):
        figure.savefig(buffer, format=kind, dpi=110, metadata=metadata)
    return buffer.getvalue()


def write(folder: Path, page: Page) -> list[Path]:
    """Write NAME.png, NAME.svg and NAME.html, each whole or not at all. Returns: their paths.

    Raises: InputError: an extra is not installed, or the folder cannot be written.
    """
    require_extras(*EXTRAS)
    from jinja2 import Environment

    png = render(page.figure, "png")
    environment = Environment(autoescape=True)
    environment.filters |= {"code": with_code, "words": in_words}
    template = environment.from_string(Path(__file__).with_name("report.html").read_text("utf-8"))
    html = template.render(page=page, image=base64.b64encode(png).decode(), source=SOURCE)
    contents: dict[str, bytes] = {"png": png, "svg": render(page.figure, "svg"), "html": html.encode()}
    paths = []
    for kind, content in contents.items():
        path = folder / f"{page.name}.{kind}"
        write_whole(path, content)
        paths.append(path)
    return paths
