"""Recordings of activity → the part of δ that was visited, and what could not be inferred.

Units are known by their names; `unlabelled` finds out which unit is what where those are lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, product

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


def from_activity(
    recording: Recording, *, name: str = "recorded", one_way: bool | Sequence[bool] = False, blank: str | None = None
) -> Visited:
    """The visited part of the machine whose units' activity was recorded, names as in `Axes.unit_names`.

    Columns may stand in any order. The tapes are followed along: what is read must be what was left there.

    Args:
        one_way: whether tapes begin at cell 0, all alike or one by one; activity does not show that.
        blank: the blank symbol. Activity does not show it; by default it is the first symbol read where columns stand
            as `record` writes them, else the one that stood in most cells when they were met.

    Raises: NoMachine: an activity is undecided, units of a population are on together, a cell does two things, or what
        is read is not what was left; FormError: a unit's name says nothing, a population is missing, or no such blank.
    """
    on = decided(recording)
    roles = _roles(recording.units)
    tapes = len(roles.read)
    ends = (one_way,) * tapes if isinstance(one_way, bool) else tuple(one_way)
    if len(ends) != tapes:
        raise FormError(f"one-way or not is said of {len(ends)} tapes, but {tapes} were recorded")
    rules: dict[tuple[int, tuple[int, ...]], Rule] = {}
    halting: set[tuple[int, tuple[int, ...]]] = set()
    starts = set()
    state = -1
    followed = [_Followed(end) for end in ends]
    for row in range(len(on)):
        reads = [on[row, columns] for columns in roles.read]
        before, state = state, _one(on[row, roles.state], recording, roles.state, row)
        if not any(read.any() for read in reads):
            starts.add(state)
            for tape in followed:
                tape.begin()
            continue
        if before < 0:
            raise NoMachine("row 1 reads a symbol; a recording begins with a row in which only the start state is on")
        symbols = tuple(_one(read, recording, columns, row) for read, columns in zip(reads, roles.read))
        for tape, symbol, columns in zip(followed, symbols, roles.read):
            tape.meet(symbol, row, [recording.units[c] for c in columns])
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
            for tape, write, move in zip(followed, writes, moves):
                tape.leave(write, move, row)
        if cell in rules and cell in halting:
            raise NoMachine(f"row {row + 1}: {_cell(recording, roles, cell)} halts once and acts once")
    if len(starts) != 1:
        raise NoMachine("the runs begin in different states, so no start state can be told")
    names = [_plain(recording.units[c]) for c in roles.read[0]]
    first, notes = _blank(names, blank, roles, sum((tape.first for tape in followed), Counter()))
    place = {symbol: number for number, symbol in enumerate([first, *(a for a in range(len(names)) if a != first)])}
    moved = [
        replace(rule, read=tuple(place[a] for a in rule.read), write=tuple(place[a] for a in rule.write))
        for rule in rules.values()
    ]
    machine = Machine(
        name=name,
        states=tuple(_plain(recording.units[c]) for c in roles.state),
        symbols=tuple(names[symbol] for symbol in place),
        rules=tuple(sorted(moved, key=lambda rule: (rule.state, rule.read))),
        verdicts=(None,) * len(roles.state),
        start=starts.pop(),
        one_way=ends,
    )
    ended = frozenset((state, tuple(place[a] for a in read)) for state, read in halting)
    return Visited(machine=machine, halting=ended, notes=notes)


class _Followed:
    """A tape as far as a recording shows it: what was left in each cell, and what stood there when it was met."""

    def __init__(self, one_way: bool) -> None:
        self.one_way = one_way
        self.first: Counter[int] = Counter()  # symbols that stood in cells when they were met
        self.begin()

    def begin(self) -> None:
        """A run begins, on tapes that are not known."""
        self.head = 0
        self.cells: dict[int, tuple[int, int]] = {}  # symbol and the row that left it

    def meet(self, symbol: int, row: int, names: Sequence[str]) -> None:
        """The symbol is read in `row`.

        Raises: NoMachine: another one was left there.
        """
        if self.head not in self.cells:
            self.first[symbol] += 1
        left, before = self.cells.setdefault(self.head, (symbol, row))
        if left != symbol:
            raise NoMachine(
                f"row {row + 1}: `{names[symbol]}` is on in a cell where row {before + 1} left `{_plain(names[left])}`"
                f"; rows are missing or out of order{'' if self.one_way else ', or the tape is one-way (--one-way)'}"
            )

    def leave(self, symbol: int, move: int, row: int) -> None:
        """The symbol is written in `row`, and the head moves."""
        self.cells[self.head] = (symbol, row)
        self.head = max(self.head + move, 0) if self.one_way else self.head + move


def _blank(
    names: Sequence[str], given: str | None, roles: ActivityRoles, met: Counter[int]
) -> tuple[int, tuple[str, ...]]:
    """The index of the blank among the symbols read, and what must be said about it."""
    if given is not None:
        if given not in names:
            raise FormError(f"`{given}` is none of the symbols read: {' '.join(names)}")
        return names.index(given), ()
    if roles.as_recorded:
        return 0, ()
    likely = met.most_common(1)[0][0] if met else 0
    return likely, (f"which symbol is the blank does not show; taken to be `{names[likely]}`; --blank says otherwise",)


def _plain(unit: str) -> str:
    """What a unit stands for: `1` of `read:1`."""
    return unit.split(":", 1)[1]


@dataclass(frozen=True)
class ActivityRoles:
    """Which columns are which population: states; for each tape symbols read, left and right, risks; halt.

    `as_recorded`: whether the columns stand as `record` writes them, so that the first symbol is the blank.
    """

    state: list[int]
    read: list[list[int]]
    move: list[list[int]]
    risk: list[list[int]]
    halt: list[int]
    as_recorded: bool


def _roles(units: tuple[str, ...]) -> ActivityRoles:
    states: list[int] = []
    halt: list[int] = []
    by_tape: dict[str, dict[int, list[int]]] = {"read": {}, "move": {}, "risk": {}}
    for column, unit in enumerate(units):
        match = _NAME.fullmatch(unit)
        if match is None:
            raise FormError(
                f"column {column + 1}: `{unit}` is no unit's name, such as state:A, read:1 or halt; "
                "where names are lost, use --unlabelled"
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
    order = [*chain(*reads), *states, *halt, *chain(*moves), *chain(*risks)]
    symbols = [_plain(units[c]) for c in reads[0]]
    plain_order = order == sorted(order)
    for at, tape in enumerate(tapes):
        for kind, columns, wanted in (("read", reads, symbols), ("risk", risks, symbols), ("move", moves, ["L", "R"])):
            named = {_plain(units[c]): c for c in columns[at]}
            if sorted(named) != sorted(wanted):
                raise FormError(
                    f"tape {tape}: the {kind} units stand for {' '.join(named)}, and not for {' '.join(wanted)}"
                )
            sorted_columns = [named[name] for name in wanted]
            plain_order = plain_order and sorted_columns == columns[at]
            columns[at] = sorted_columns
    return ActivityRoles(states, reads, moves, risks, halt, plain_order)


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


def _cell(recording: Recording, roles: ActivityRoles, cell: tuple[int, tuple[int, ...]]) -> str:
    state, read = cell
    names = [recording.units[roles.state[state]], *(recording.units[c[a]] for c, a in zip(roles.read, read))]
    return "cell " + ", ".join(f"`{name}`" for name in names)
