"""Recordings of activity → the part of δ that was visited, and what could not be inferred.

Units are known by their names; `anonymous` finds out which unit is what where those are lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from numpy.typing import NDArray

from triquetra.forms import FormError
from triquetra.forms.recording import Recording
from triquetra.machines import Machine, Rule

from .decompile import NoMachine

CLEAR = 1 / 8  # from 0 or 1, beyond which an activity is undecided
_NAME = re.compile(r"(?P<what>read|state|move|risk)(?:\[(?P<tape>\d+)\])?:(?P<name>.+)|(?P<halt>halt)", re.DOTALL)

Bits = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Visited:
    """What a recording shows of a machine.

    `machine` has the rules that were seen; `halting` are the cells that were seen to halt. All other cells are
    unknown, whatever `machine` lacks there. `notes` say what else could not be inferred.
    """

    machine: Machine
    halting: frozenset[tuple[int, tuple[int, ...]]]
    notes: tuple[str, ...] = field(default=())

    def unknown(self) -> list[tuple[int, tuple[int, ...]]]:
        """Cells (state, symbols read) that were never visited."""
        machine = self.machine
        cells = product(range(len(machine.states)), product(range(len(machine.symbols)), repeat=len(machine.one_way)))
        return [cell for cell in cells if cell not in machine.delta and cell not in self.halting]


def from_activity(recording: Recording, *, name: str = "recorded", one_way: bool = False) -> Visited:
    """The visited part of the machine whose units' activity was recorded, names as in `Axes.unit_names`.

    `one_way`: whether tapes begin at cell 0; activity does not show that.
    Raises: NoMachine: an activity is undecided, units of a population are on together, or a cell does two things;
        FormError: a unit's name says nothing, or a population is missing.
    """
    on = decided(recording)
    roles = _roles(recording.units)
    tapes = len(roles.read)
    rules: dict[tuple[int, tuple[int, ...]], Rule] = {}
    halting: set[tuple[int, tuple[int, ...]]] = set()
    starts = set()
    state = -1
    for row in range(len(on)):
        reads = [on[row, columns] for columns in roles.read]
        before, state = state, _one(on[row, roles.state], recording, roles.state, row)
        if not any(read.any() for read in reads):
            starts.add(state)
            continue
        if before < 0:
            raise NoMachine("row 1 reads a symbol; a recording begins with a row in which only the start state is on")
        symbols = tuple(_one(read, recording, columns, row) for read, columns in zip(reads, roles.read))
        cell = (before, symbols)
        if on[row, roles.halt].any():
            halting.add(cell)
        else:
            writes = []
            for read, columns in zip(symbols, roles.risk):
                after = on[row, columns].copy()
                after[read] ^= True
                writes.append(_one(after, recording, columns, row))
            moves = tuple(int(right) - int(left) for left, right in (on[row, pair] for pair in roles.move))
            rule = Rule(before, symbols, tuple(writes), moves, state)
            if rules.setdefault(cell, rule) != rule:
                raise NoMachine(f"row {row + 1}: {_cell(recording, roles, cell)} does something else than before")
        if cell in rules and cell in halting:
            raise NoMachine(f"row {row + 1}: {_cell(recording, roles, cell)} halts once and acts once")
    if len(starts) != 1:
        raise NoMachine("the runs begin in different states, so no start state can be told")
    names = recording.units
    machine = Machine(
        name=name,
        states=tuple(names[c].split(":", 1)[1] for c in roles.state),
        symbols=tuple(names[c].split(":", 1)[1] for c in roles.read[0]),
        rules=tuple(rules[cell] for cell in sorted(rules)),
        verdicts=(None,) * len(roles.state),
        start=starts.pop(),
        one_way=(one_way,) * tapes,
    )
    return Visited(machine=machine, halting=frozenset(halting))


@dataclass(frozen=True)
class Roles:
    """Which columns are which population: states; for each tape symbols read, left and right, risks; halt."""

    state: list[int]
    read: list[list[int]]
    move: list[list[int]]
    risk: list[list[int]]
    halt: list[int]


def _roles(units: tuple[str, ...]) -> Roles:
    states: list[int] = []
    halt: list[int] = []
    by_tape: dict[str, dict[int, list[int]]] = {"read": {}, "move": {}, "risk": {}}
    for column, unit in enumerate(units):
        match = _NAME.fullmatch(unit)
        if match is None:
            raise FormError(
                f"column {column + 1}: `{unit}` is no unit's name, such as state:A, read:1 or halt; "
                "where names are lost, use --anonymous"
            )
        if match["halt"]:
            halt.append(column)
        elif match["what"] == "state":
            states.append(column)
        else:
            by_tape[match["what"]].setdefault(int(match["tape"] or 1), []).append(column)
    tapes = sorted(by_tape["read"])
    if not states or not halt or not tapes or any(sorted(group) != tapes for group in by_tape.values()):
        raise FormError("a recording needs units of all kinds: state:…, halt, and for each tape read:…, move:…, risk:…")
    reads, moves, risks = ([by_tape[kind][tape] for tape in tapes] for kind in ("read", "move", "risk"))
    for tape, read, move, risk in zip(tapes, reads, moves, risks):
        symbols, flipped, directions = ([units[c].split(":", 1)[1] for c in columns] for columns in (read, risk, move))
        if symbols != flipped:
            raise FormError(f"tape {tape}: read and risk units do not stand for the same symbols: {symbols}, {flipped}")
        if directions != ["L", "R"]:
            raise FormError(f"tape {tape}: the movement units must be move:L and move:R, in this order")
    return Roles(states, reads, moves, risks, halt)


def decided(recording: Recording) -> Bits:
    """(T, U): which units are on.

    Raises: NoMachine: an activity is further than 1/8 from both 0 and 1; the message names row and unit.
    """
    on = recording.activity > 0.5
    faint = np.argwhere(np.abs(recording.activity - on) > CLEAR)
    if faint.size:
        row, unit = faint[0].tolist()
        raise NoMachine(f"row {row + 1}: `{recording.units[unit]}` is undecided at {recording.activity[row, unit]:.3g}")
    return on


def _one(on: Bits, recording: Recording, columns: list[int], row: int) -> int:
    which = np.flatnonzero(on)
    if which.size != 1:
        units = [f"`{recording.units[columns[i]]}`" for i in (which if which.size else range(len(columns)))]
        says = " and ".join(units) + " are on together" if which.size else "none of " + ", ".join(units) + " is on"
        raise NoMachine(f"row {row + 1}: {says}")
    return int(which[0])


def _cell(recording: Recording, roles: Roles, cell: tuple[int, tuple[int, ...]]) -> str:
    state, read = cell
    names = [recording.units[roles.state[state]], *(recording.units[c[a]] for c, a in zip(roles.read, read))]
    return "cell " + ", ".join(f"`{name}`" for name in names)
