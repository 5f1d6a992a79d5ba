"""What has to hold locally: for each cell and unit, on which side of zero the unit's drive must be, and what it hears.

A *cell* is a state and the symbols read. In it one coincidence ψ (if the form has one for the cell) and one control
state x are on; all else that a unit hears is off, and is collected in four sums, by how small it must be:

    same    ψ of the same state, reading otherwise: at most y's error
    match   ψ of other states, reading the same: at most x's error
    rest    ψ in general: at most both errors multiplied, where neither holds
    others  x of other states: at most x's error

Most units hear nothing from a cell's ψ nor from its state; what they need is stated once for all such cells, so
that the work is linear in the number of weights, although there are (units × cells) obligations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from triquetra.machines.core import LEFT, STAY, Machine

from .reading import LogOdds, Read, SavedForm

NOTHING = LogOdds(0, 0)


class Sums(NamedTuple):
    """Sums of parameters: of the positive, of the negative (as a positive number), of the sizes; and how many."""

    positive: int = 0
    negative: int = 0
    size: int = 0
    number: int = 0

    def plus(self, p: LogOdds) -> Sums:
        """With one more parameter."""
        return Sums(
            self.positive + max(p.value, 0), self.negative + max(-p.value, 0), self.size + p.size, self.number + 1
        )

    def minus(self, p: LogOdds) -> Sums:
        """Without a parameter that is in it."""
        return Sums(
            self.positive - max(p.value, 0), self.negative - max(-p.value, 0), self.size - p.size, self.number - 1
        )


class Obligation(NamedTuple):
    """A unit's drive must be above zero if `on`, else below it; `cell` and `state` are the parameters that are on."""

    population: str
    on: bool
    bias: LogOdds
    cell: LogOdds | None
    state: LogOdds | None
    same: Sums
    match: Sums
    rest: Sums
    others: Sums

    @property
    def ideal_margin(self) -> int:
        """The drive on the right side if all activities are exactly 0 or 1, in multiples of QUANTUM."""
        drive = self.bias.value + sum(p.value for p in (self.cell, self.state) if p is not None)
        return drive if self.on else -drive


class Where(NamedTuple):
    """A state (None: all those that a unit hears nothing from), the symbols read (None: any that have no
    coincidence, or none that the unit hears), and a unit."""

    state: int | None
    read: Read | None
    unit: int


def reachable(machine: Machine) -> list[int]:
    """The states that rules lead to from the start, whatever is read."""
    # Not that of machines.graph: what must be trusted has its own, and the second opinion a third.
    found, todo = {machine.start}, [machine.start]
    successors: dict[int, set[int]] = defaultdict(set)
    for rule in machine.rules:
        successors[rule.state].add(rule.goto)
    while todo:
        new = successors[todo.pop()] - found
        found |= new
        todo += new
    return sorted(found)


def units_on(machine: Machine, state: int, read: Read | None) -> set[int]:
    """The units that must be on after δ's step: the next state, halt, the movements, and the symbols to flip."""
    n, k, t = len(machine.states), len(machine.symbols), machine.tapes
    rule = None if read is None else machine.delta.get((state, read))
    if rule is None:
        return {state, n}
    on = {rule.goto}
    for i, (old, new, move) in enumerate(zip(rule.read, rule.write, rule.move)):
        if move != STAY:
            on.add(n + 1 + 2 * i + (0 if move == LEFT else 1))
        if old != new:
            on |= {n + 1 + 2 * t + k * i + old, n + 1 + 2 * t + k * i + new}
    return on


def population_of(machine: Machine, unit: int) -> str:
    """The population of a unit."""
    n, t = len(machine.states), machine.tapes
    return "state" if unit < n else "halt" if unit == n else "move" if unit <= n + 2 * t else "risk"


def unit_names(machine: Machine) -> list[str]:
    """Names of all units, such as `state:carry`, `halt`, `move:L`, `risk:1`; with several tapes `move[2]:L`."""
    tapes = [""] if machine.tapes == 1 else [f"[{i + 1}]" for i in range(machine.tapes)]
    moves = [f"move{tape}:{side}" for tape in tapes for side in "LR"]
    risks = [f"risk{tape}:{symbol}" for tape in tapes for symbol in machine.symbols]
    return [*(f"state:{state}" for state in machine.states), "halt", *moves, *risks]


def describe(machine: Machine, where: Where | str) -> str:
    """A place in words, such as `state:carry in state right reading 1`."""
    if isinstance(where, str):
        return where
    unit = unit_names(machine)[where.unit]
    if where.state is None:
        return f"{unit} where it hears neither the state nor what is read"
    if where.read is None:
        return f"{unit} in state {machine.states[where.state]} reading what it does not hear"
    return f"{unit} in state {machine.states[where.state]} reading {' '.join(machine.symbols[a] for a in where.read)}"


def obligations(machine: Machine, form: SavedForm) -> dict[Obligation, Where]:
    """What has to hold for `form` to do δ's step in every cell of every reachable state, each with a place of it."""
    return dict(_all(machine, form))


def _all(machine: Machine, form: SavedForm) -> Iterator[tuple[Obligation, Where]]:
    cells = len(form.cells)
    by_cell: list[dict[int, LogOdds]] = [{} for _ in range(cells + len(machine.states))]  # [column][unit]
    by_state: dict[int, dict[int, Sums]] = defaultdict(lambda: defaultdict(Sums))  # [state][unit], of ψ
    by_read: list[dict[Read, Sums]] = [defaultdict(Sums) for _ in form.rows]  # [unit][read]
    rest, others = [Sums()] * len(form.rows), [Sums()] * len(form.rows)
    for unit, row in enumerate(form.rows):
        for column, parameter in row:
            by_cell[column][unit] = parameter
            if column < cells:
                state, read = form.cells[column]
                by_state[state][unit] = by_state[state][unit].plus(parameter)
                by_read[unit][read] = by_read[unit][read].plus(parameter)
                rest[unit] = rest[unit].plus(parameter)
            else:
                others[unit] = others[unit].plus(parameter)
    worst_read = [_largest(sums) for sums in by_read]

    def obligation(unit: int, on: bool, state: int, read: Read | None, cell: LogOdds | None) -> Obligation:
        own = by_cell[cells + state].get(unit)
        same = by_state[state].get(unit, Sums())
        match = worst_read[unit] if read is None else by_read[unit].get(read, Sums())
        return Obligation(
            population_of(machine, unit), on, form.bias[unit], cell, own,
            same if cell is None else same.minus(cell),
            match if cell is None else match.minus(cell),
            rest[unit],
            others[unit] if own is None else others[unit].minus(own),
        )  # fmt: skip

    column_of = {cell: column for column, cell in enumerate(form.cells)}
    reads: dict[int, set[Read]] = defaultdict(set)
    for state, read in [*form.cells, *machine.delta]:
        reads[state].add(read)
    states = reachable(machine)
    hears_nothing = [len(states)] * len(form.rows)  # states from which a unit hears nothing, and is off
    for state in states:
        touched = set(by_cell[cells + state]) | set(by_state[state])
        stated: dict[int, int] = defaultdict(int)  # cells for which a unit's obligation was stated
        cases: list[Read | None] = [*sorted(reads[state])]
        if len(cases) < len(machine.symbols) ** machine.tapes:
            cases.append(None)  # all the other cells: undefined, and without a coincidence
        for case in cases:
            heard = {} if case is None or (state, case) not in column_of else by_cell[column_of[state, case]]
            on = units_on(machine, state, case)
            for unit in sorted(heard.keys() | on):
                stated[unit] += 1
                yield obligation(unit, unit in on, state, case, heard.get(unit)), Where(state, case, unit)
        for unit in sorted(touched | stated.keys()):
            hears_nothing[unit] -= 1
            if stated[unit] < len(cases):
                yield obligation(unit, False, state, None, None), Where(state, None, unit)
    for unit, count in enumerate(hears_nothing):
        if count:
            yield _silent(machine, form, unit, worst_read[unit], rest[unit], others[unit]), Where(None, None, unit)


def _silent(machine: Machine, form: SavedForm, unit: int, match: Sums, rest: Sums, others: Sums) -> Obligation:
    return Obligation(population_of(machine, unit), False, form.bias[unit], None, None, Sums(), match, rest, others)


def _largest(sums: dict[Read, Sums]) -> Sums:
    """At least each of the sums, entry by entry."""
    return Sums(*(max(column) for column in zip(*sums.values()))) if sums else Sums()
