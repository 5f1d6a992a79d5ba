"""Recordings of activity: a matrix of time × units, as CSV with the units' names (or any column titles) on top.

A column `step` counts the rows of a run, from 0 for its start, so that a row that is lost is found. It may be left out.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from triquetra.machines import read_text, write_whole

from .axes import FloatArray, FormError, make_read_only, require

STEP = "step"


@dataclass(frozen=True, eq=False)
class Recording:
    """Activity (T, U) of U units over T rows, of one run or several, one after the other.

    A run begins with a row in which only the start state's unit is on; each further row is one step: the symbols
    read, then the control state, halt, movement and risk that follow.
    """

    units: tuple[str, ...]
    activity: FloatArray = field(repr=False)

    def __post_init__(self) -> None:
        make_read_only(self)
        shape = self.activity.shape
        require(self.activity.ndim == 2, f"a recording has axes time and unit, not shape {shape}")
        require(shape[1] == len(self.units), f"a recording of {shape[1]} columns has {len(self.units)} names")
        require(len(set(self.units)) == len(self.units), "a recording names a unit twice")
        bad = np.argwhere(~((self.activity >= 0) & (self.activity <= 1)))
        if bad.size:
            row, unit = bad[0].tolist()
            raise FormError(
                f"row {row + 1}: activity of `{self.units[unit]}` is {self.activity[row, unit]:g}, outside [0, 1]"
            )

    def join(self, other: Recording) -> Recording:
        """This recording and then another one of the same units."""
        require(self.units == other.units, "recordings of other units cannot be joined")
        return Recording(self.units, np.concatenate([self.activity, other.activity]))


def write_recording(recording: Recording, path: str | Path) -> None:
    """Save a recording as CSV, activities so that they come back exactly; rows are counted through."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((STEP, *recording.units))
    writer.writerows((step, *map(repr, row)) for step, row in enumerate(recording.activity.tolist()))
    write_whole(path, text.getvalue())


def read_recording(path: str | Path) -> Recording:
    """The recording in a CSV file.

    Raises: InputError: no such file, or (FormError) a row or an entry is wrong, or the column `step` shows that a row
        is missing; the message names the line.
    """
    try:
        rows = list(csv.reader(io.StringIO(read_text(path))))
    except csv.Error as error:
        raise FormError(f"{path} is not CSV: {error}") from None
    require(len(rows) >= 2, f"{path}: a recording has a line of unit names and at least one line of activities")
    units = tuple(name.strip() for name in rows[0])
    if STEP in units:
        _check_steps(path, units.index(STEP), rows)
        place = units.index(STEP)
        units = (*units[:place], *units[place + 1 :])
        rows = [[*row[:place], *row[place + 1 :]] for row in rows]
    activity = np.empty((len(rows) - 1, len(units)))
    for line, row in enumerate(rows[1:], 2):
        require(len(row) == len(units), f"{path}:{line}: {len(row)} entries for {len(units)} units")
        for column, text in enumerate(row):
            try:
                activity[line - 2, column] = float(text)
            except ValueError:
                raise FormError(f"{path}:{line}: `{text}` is not a number (unit `{units[column]}`)") from None
    return Recording(units, activity)


def _check_steps(path: str | Path, place: int, rows: list[list[str]]) -> None:
    """Each row must count one more than the row before, or 0, where a run begins."""
    before = -1
    for line, row in enumerate(rows[1:], 2):
        text = row[place].strip() if place < len(row) else ""
        try:
            step = int(text)
        except ValueError:
            raise FormError(f"{path}:{line}: `{text}` is not a number of steps (column `{STEP}`)") from None
        if step not in (0, before + 1):
            what = f"step {step} follows step {before}" if before >= 0 else f"the recording begins with step {step}"
            raise FormError(
                f"{path}:{line}: {what}: rows are missing or out of order; restore them, or delete all from here on"
            )
        before = step
