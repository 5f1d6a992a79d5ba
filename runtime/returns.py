"""Runs that come back to where they were: noticed while a form runs, whichever form it is.

A run is looked at closely for `WINDOW` steps, at times sixteen times as far apart as before, and is left alone between.
What is compared is all that decides how the form goes on: of a network or an agent its activities and its memory too,
not only the configuration that they encode. So a return is a proof that the form runs for ever.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Protocol

from triquetra.machines import Return

FIRST_LOOK = 1 << 10  # steps; shorter runs are not looked at
APART = 16  # times as late is the next look
WINDOW = 1024  # steps that a look takes, twice the longest period that is surely noticed

Place = tuple[int, int]  # tape, position


class Course(Protocol):
    """A form in the middle of a run, one step at a time."""

    translatable: bool  # what it does depends on where on its only tape it is at nothing but the cells that it meets

    def step(self) -> bool:
        """Make a step; False where the run has ended, or must not go on."""

    def here(self) -> tuple[Hashable, tuple[int, ...]]:
        """All that decides how the run goes on, but for what the cells hold; and the positions of the heads."""

    def cell(self, tape: int, position: int) -> Hashable:
        """What a cell holds."""

    def extent(self) -> tuple[int, int]:
        """The first and the last cell of the only tape that may not be blank, or beyond which there is no tape."""


@dataclass(slots=True)
class _Kept:
    """A moment, and of the cells that the heads have looked at since what they held then."""

    steps: int
    key: Hashable
    heads: tuple[int, ...]
    cells: dict[Place, Hashable] = field(default_factory=dict)

    def same(self, course: Course, shift: int = 0, side: int = 0) -> bool:
        """Whether the cells hold the same again, `shift` further right; beyond its head on a `side` all is blank."""
        return all(
            course.cell(tape, position + shift) == held
            for (tape, position), held in self.cells.items()
            if (position - self.heads[0]) * side <= 0
        )


def next_look(steps: int) -> int:
    """When a run that has made so many steps is looked at next."""
    look = FIRST_LOOK
    while look < steps:
        look *= APART
    return look


def look(course: Course, steps: int) -> tuple[int, Return | None]:
    """Follow a run that has made `steps` steps for a window: the steps made then, and what was noticed.

    A return in place is seen where what was kept at a power of two steps comes again (R. P. Brent); one with a shift
    where the head has never been so far out, among such moments that are kept in the same way: the head has since come
    back over no more than what is the same at both moments (S. Lin).
    """
    began = steps
    low, high = course.extent() if course.translatable else (0, 0)
    key, heads = course.here()
    low, high = min(low, heads[0]), max(high, heads[0])
    kept: list[_Kept | None] = [_Kept(steps, key, heads), None, None]  # in place, left, right
    records = [0, 0]
    while steps < began + WINDOW:
        for place in enumerate(heads):
            held = course.cell(*place)
            for moment in kept:
                if moment is not None:
                    moment.cells.setdefault(place, held)
        if not course.step():
            return steps, None
        steps += 1
        key, heads = course.here()
        still = kept[0]
        if still is not None and (key, heads) == (still.key, still.heads) and still.same(course):
            return steps, Return(still.steps, steps)
        if (steps - began) & (steps - began - 1) == 0:
            kept[0] = _Kept(steps, key, heads)
        if not course.translatable or low <= heads[0] <= high:
            continue
        side = int(heads[0] > high)
        low, high = min(low, heads[0]), max(high, heads[0])
        out = kept[1 + side]
        if out is not None and key == out.key:
            shift = heads[0] - out.heads[0]
            if out.same(course, shift, side or -1):
                return steps, Return(out.steps, steps, shift)
        records[side] += 1
        if records[side] & (records[side] - 1) == 0:
            kept[1 + side] = _Kept(steps, key, heads)
    return steps, None
