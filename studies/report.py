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
EXTRAS = ("matplotlib", "jinja2", "threadpoolctl")
SOURCE = "T. Isomura, Triple equivalence for the emergence of biological intelligence, Communications Physics 2025"


@dataclass(frozen=True)
class Page:
    """What a report says: a title, a paragraph, the figure with its caption, and two tables of names and values."""

    name: str
    title: str
    lead: str
    figure: Figure
    caption: str
    settings: dict[str, Any]
    results: dict[str, Any]


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of so many inches, drawn without any window system or global state."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


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
    template = Environment(autoescape=True).from_string(Path(__file__).with_name("report.html").read_text("utf-8"))
    html = template.render(page=page, image=base64.b64encode(png).decode(), source=SOURCE)
    contents: dict[str, bytes] = {"png": png, "svg": render(page.figure, "svg"), "html": html.encode()}
    paths = []
    for kind, content in contents.items():
        path = folder / f"{page.name}.{kind}"
        write_whole(path, content)
        paths.append(path)
    return paths
