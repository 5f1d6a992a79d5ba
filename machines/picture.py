"""A drawing of the transition graph by matplotlib: states as circles, rules as arrows with labels."""

from __future__ import annotations

import math
import textwrap
import warnings
from collections import deque
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .core import InputError, Machine
from .files import write_whole
from .formats.drawings import edge_labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Point = tuple[float, float]
Curve = Callable[[float], Point]
KINDS = (".svg", ".png", ".pdf")
MAX_STATES = 60
MAX_LABELS = 6  # rules named on one arrow
INK, PALE, ACCENT = "#1f2933", "#f4f6f8", "#2f6f9f"
VERDICT_FILL = {"accept": "#d8f0dd", "reject": "#f7dcdc"}
BENDS = [sign * bend for bend in (0.03, 0.1, 0.15, 0.22, 0.3, 0.4, 0.5) for sign in (1, -1)]
RADIUS = 0.62  # of a state
SPACING = 2.6  # between the states of a column


def draw(machine: Machine, path: str | Path) -> None:
    """Write the drawing to `path`, as SVG, PNG or PDF by its suffix.

    Raises: InputError: another suffix, too many states to be told apart, or matplotlib is missing.
    """
    kind = Path(path).suffix.lower()
    if kind not in KINDS:
        raise InputError(f"`{path}`: a drawing ends in {', '.join(KINDS)}")
    if len(machine.states) > MAX_STATES:
        raise InputError(
            f"`{machine.name}` has {len(machine.states)} states, a drawing at most {MAX_STATES}; write DOT or GraphML"
        )
    try:
        import matplotlib
    except ImportError:
        raise InputError("drawings need matplotlib; `pip install triquetra[studies]` brings it") from None
    import io

    from matplotlib.figure import Figure

    places = _places(machine)
    xs, ys = zip(*places.values())
    width, height = max(xs) - min(xs) + 3.2, max(ys) - min(ys) + 3.2
    style: Any = {"svg.fonttype": "none", "svg.hashsalt": "triquetra", "font.family": "DejaVu Sans"}
    with matplotlib.rc_context(style), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # a symbol that no font here has is drawn as a box
        figure = Figure(figsize=(width * 0.62, height * 0.62), facecolor="white")
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(min(xs) - 1.6, max(xs) + 1.6)
        axes.set_ylim(min(ys) - 1.6, max(ys) + 1.6)
        axes.set_aspect("equal")
        axes.axis("off")
        _draw_edges(axes, machine, places)
        _draw_states(axes, machine, places)
        buffer = io.BytesIO()
        metadata: dict[str, Any] = {} if kind == ".png" else {"CreationDate" if kind == ".pdf" else "Date": None}
        figure.savefig(buffer, format=kind[1:], dpi=200, metadata=metadata, bbox_inches="tight", pad_inches=0.1)
    write_whole(path, buffer.getvalue())


def _places(machine: Machine) -> dict[str, Point]:
    """Centres of the states: columns by distance from the start, each column ordered so that few arrows cross."""
    columns = _columns(machine)
    neighbours: dict[str, set[str]] = {name: set() for name in machine.states}
    for (state, goto), _ in edge_labels(machine):
        neighbours[state].add(goto)
        neighbours[goto].add(state)
    for _ in range(8):  # median heuristic, forwards and backwards
        for order in (columns, columns[::-1]):
            height = {name: _offset(column, place) for column in columns for place, name in enumerate(column)}
            for column in order:
                own = {name: height[name] for name in column}
                column.sort(key=lambda name: (_mean([height[m] for m in neighbours[name] - {name}], own[name]), name))
                height.update({name: _offset(column, place) for place, name in enumerate(column)})
    return {
        name: (3.4 * x, SPACING * _offset(column, place))
        for x, column in enumerate(columns)
        for place, name in enumerate(column)
    }


def _columns(machine: Machine) -> list[list[str]]:
    """States by distance from the start; those out of reach stand last. Long columns are folded."""
    follows: dict[str, list[str]] = {name: [] for name in machine.states}
    for (state, goto), _ in edge_labels(machine):
        follows[state].append(goto)
    distance = {machine.states[machine.start]: 0}
    queue = deque(distance)
    while queue:
        name = queue.popleft()
        for goto in follows[name]:
            if goto not in distance:
                distance[goto] = distance[name] + 1
                queue.append(goto)
    last = max(distance.values()) + 1
    columns: list[list[str]] = []
    tallest = max(3, math.ceil(math.sqrt(len(machine.states))))
    for level in range(last + 1):
        names = [name for name in machine.states if distance.get(name, last) == level]
        columns += [names[first : first + tallest] for first in range(0, len(names), tallest)]
    return columns


def _offset(column: list[str], place: int) -> float:
    return (len(column) - 1) / 2 - place


def _mean(values: list[float], otherwise: float) -> float:
    return -(sum(values) / len(values) if values else otherwise)


def _draw_states(axes: Axes, machine: Machine, places: dict[str, Point]) -> None:
    from matplotlib.patches import Circle, FancyArrowPatch

    for name, verdict in zip(machine.states, machine.verdicts):
        x, y = places[name]
        fill = PALE if verdict is None else VERDICT_FILL.get(verdict, "#e4ebf5")
        axes.add_patch(Circle((x, y), RADIUS, facecolor=fill, edgecolor=INK, linewidth=1.2, zorder=3))
        if verdict is not None:
            axes.add_patch(Circle((x, y), RADIUS - 0.08, fill=False, edgecolor=INK, linewidth=0.8, zorder=4))
        lines = textwrap.wrap(name, 10) or [name]
        size = min(9.0, 80 / max(map(len, lines)))
        axes.text(
            x, y, "\n".join(lines), ha="center", va="center", fontsize=size, color=INK, zorder=5, parse_math=False
        )
    x, y = places[machine.states[machine.start]]
    axes.add_patch(
        FancyArrowPatch((x - 1.35, y), (x - RADIUS, y), arrowstyle="-|>", mutation_scale=11, color=ACCENT, zorder=2)
    )


def _draw_edges(axes: Axes, machine: Machine, places: dict[str, Point]) -> None:
    pairs = dict(edge_labels(machine))
    loops = [(x, y + 0.9) for name, (x, y) in places.items() if (name, name) in pairs]
    taken = [(x, y + 0.4) for x, y in loops]  # where labels stand already
    for (state, goto), labels in pairs.items():
        more = len(labels) - MAX_LABELS
        text = "\n".join(labels if more <= 1 else [*labels[:MAX_LABELS], f"and {more} more"])
        if state == goto:
            _loop(axes, places[state], text)
            continue
        others = [place for name, place in places.items() if name not in (state, goto)]
        bends = [bend for bend in BENDS if bend >= 0.15] if (goto, state) in pairs else BENDS
        curves = [_curve(places[state], places[goto], bend) for bend in bends]
        curve = min(curves, key=lambda curve: _cost(curve, others, loops, taken))
        taken.append(curve(0.5))
        _arrow(axes, curve, text)


def _curve(a: Point, b: Point, bend: float) -> Curve:
    """The cubic curve from `a` to `b` that bends to its left by `bend` of its length, as a function on [0, 1]."""
    (ax, ay), (bx, by) = a, b
    dx, dy = bx - ax, by - ay
    side = (-dy * bend * 4 / 3, dx * bend * 4 / 3)
    first = (ax + dx / 4 + side[0], ay + dy / 4 + side[1])
    second = (bx - dx / 4 + side[0], by - dy / 4 + side[1])

    def at(t: float) -> Point:
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        points = (a, first, second, b)
        return sum(w * x for w, (x, _) in zip(weights, points)), sum(w * y for w, (_, y) in zip(weights, points))

    return at


def _cost(curve: Curve, states: list[Point], loops: list[Point], labels: list[Point]) -> float:
    """How bad a way for an arrow this is: its length, what it runs through, labels in the place of its own."""
    points = [curve(i / 32) for i in range(33)]

    def hits(places: list[Point], radius: float) -> int:
        return sum(min(math.dist(place, point) for point in points) < radius for place in places)

    length = sum(math.dist(p, q) for p, q in pairwise(points))
    middle = points[16]
    crowded = sum(abs(x - middle[0]) < 0.9 and abs(y - middle[1]) < 0.4 for x, y in labels)
    crowded += 2 * sum(math.dist(place, middle) < RADIUS + 0.4 for place in states)
    return length + 30 * hits(states, RADIUS + 0.1) + 6 * hits(loops, 0.4) + 2 * crowded


def _arrow(axes: Axes, curve: Curve, text: str) -> None:
    """An arrow along a curve, from rim to rim, with its label in the middle."""
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path as Outline

    points = [curve(i / 200) for i in range(201)]
    points = [p for p in points if math.dist(p, points[0]) >= RADIUS and math.dist(p, points[-1]) >= RADIUS]
    outline = Outline(points, [Outline.MOVETO] + [Outline.LINETO] * (len(points) - 1))
    axes.add_patch(
        FancyArrowPatch(
            path=outline, arrowstyle="-|>", mutation_scale=11, color=INK, linewidth=1.0, zorder=2, clip_on=False
        )
    )
    _label(axes, *curve(0.5), text)


def _loop(axes: Axes, at: Point, text: str) -> None:
    """An arrow from a state to itself, above it."""
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path as Outline

    x, y = at
    side, height = RADIUS * math.sin(0.45), RADIUS * math.cos(0.45)
    outline = Outline(
        [(x - side, y + height), (x - 0.75, y + 1.35), (x + 0.75, y + 1.35), (x + side, y + height)],
        [Outline.MOVETO, Outline.CURVE4, Outline.CURVE4, Outline.CURVE4],
    )
    axes.add_patch(
        FancyArrowPatch(
            path=outline, arrowstyle="-|>", mutation_scale=11, color=INK, linewidth=1.0, zorder=2, clip_on=False
        )
    )
    _label(axes, x, y + 1.16, text, bottom=True)


def _label(axes: Axes, x: float, y: float, text: str, bottom: bool = False) -> None:
    axes.text(
        x, y, text, ha="center", va="bottom" if bottom else "center", fontsize=7.5, color=ACCENT, linespacing=1.15,
        zorder=6, parse_math=False,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85},
    )  # fmt: skip
