"""Network → machine: what every coincidence of state and symbols makes the units do, read off the weights."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from triquetra.forms import Axes, FloatArray, FormError, Network
from triquetra.machines import Machine, Rule

CLEAR = math.log(7)  # nats: an activity within 1/8 of the one-hot code, where memory synapses repair themselves


class NoMachine(FormError):
    """Weights or activities that encode no machine; the message names the unit that gave it away."""


@dataclass(frozen=True, eq=False, slots=True)
class Cell:
    """A cell of δ, and the drive (units,), in nats, of every unit at its ideal activity."""

    state: int
    read: tuple[int, ...]
    drive: FloatArray

    def describe(self, axes: Axes) -> str:
        """In words, with the names of the axes."""
        return f"state is `{axes.states[self.state]}` and `{' '.join(axes.symbols[a] for a in self.read)}` is read"


def decompile(network: Network, *, clear: float = CLEAR) -> Machine:
    """The machine that a network's weights encode, whoever made them.

    Each cell of δ is presented as ideal one-hot activity; the drive of every unit must then be at least `clear` nats
    away from zero, and the pattern of units that are on must be a rule or a halt. Names are those of the axes.

    Raises: NoMachine: it is not so; the message names the cell and the unit that gave it away.
    """
    require_memory(network, clear)
    axes = network.axes
    weights = network.weights.tocsc()
    rules = []
    for cell in _cells(axes, weights, network.bias):
        rule = _rule(axes, cell, clear)
        if rule is None:
            continue
        if axes.verdicts[cell.state] is not None:
            raise NoMachine(f"`halt` is off when {cell.describe(axes)}, but the state is one that halts")
        rules.append(rule)
    return Machine(
        name=axes.name,
        states=axes.states,
        symbols=axes.symbols,
        rules=tuple(sorted(rules, key=lambda rule: (rule.state, rule.read))),
        verdicts=axes.verdicts,
        start=axes.start,
        one_way=axes.one_way,
        input_symbols=axes.input_symbols,
    )


def require_memory(network: Network, clear: float = CLEAR) -> None:
    """Check that tapes work: symbols are read as what they are, places move, synapses keep and take what is written.

    Raises: NoMachine: they do not; the message names the unit or the parameter.
    """
    axes = network.axes
    for tape in range(axes.t):
        for shown in range(axes.k):
            drive = network.sensory_weights[tape][:, shown] + network.sensory_bias[tape]
            for unit in range(axes.k):
                if (drive[unit] if unit == shown else -drive[unit]) < clear:
                    name = f"read:{axes.symbols[unit]}" if axes.t == 1 else f"read[{tape + 1}]:{axes.symbols[unit]}"
                    raise NoMachine(
                        f"`{name}` has a drive of {drive[unit]:.4g} nats when `{axes.symbols[shown]}` is shown"
                    )
    if network.place_bias > -clear or network.place_weight + network.place_bias < clear:
        raise NoMachine(
            f"place units do not follow the movement: place_weight {network.place_weight:.4g}, "
            f"place_bias {network.place_bias:.4g} nats"
        )
    m, rate, beta = network.saturation, network.rate, network.bistability
    if m < clear or beta < 1 or beta * (rate - m) < m:
        raise NoMachine(
            f"memory synapses do not keep what is written: saturation {m:.4g} and rate {rate:.4g} nats, "
            f"bistability {beta:.4g}"
        )


def _cells(axes: Axes, weights: csc_array, bias: FloatArray) -> Iterator[Cell]:
    """The cells of δ with their drives K̂ (ψ; x) + ĥ.

    Cells of a state for which no coincidence unit is there share one drive; if that halts, one stands for all.
    """
    columns: dict[int, dict[tuple[int, ...], int]] = {state: {} for state in range(axes.n)}
    for (state, read), column in axes.cell_index.items():
        columns[state][read] = column
    for state in range(axes.n):
        rest = bias + _column(weights, axes.cells + state)
        for read, column in columns[state].items():
            yield Cell(state, read, rest + _column(weights, column))
        absent = (read for read in product(range(axes.k), repeat=axes.t) if read not in columns[state])
        yield from (Cell(state, read, rest) for read in (islice(absent, 1) if rest[axes.n] > 0 else absent))


def _column(weights: csc_array, column: int) -> FloatArray:
    entries = slice(weights.indptr[column], weights.indptr[column + 1])
    dense = np.zeros(weights.shape[0])
    dense[weights.indices[entries]] = weights.data[entries]
    return dense


def _rule(axes: Axes, cell: Cell, clear: float) -> Rule | None:
    """The rule of one cell, or None where the halt unit is on.

    Raises: NoMachine: a unit is undecided, or the units that are on are no rule.
    """
    faint = int(np.abs(cell.drive).argmin())
    if abs(cell.drive[faint]) < clear:
        raise NoMachine(
            f"`{axes.unit_names[faint]}` is undecided when {cell.describe(axes)}: its drive is "
            f"{cell.drive[faint]:.4g} nats, and {clear:.3g} are needed"
        )
    on = cell.drive > 0
    states, halt, acts = np.flatnonzero(on[: axes.n]), bool(on[axes.n]), np.flatnonzero(on[axes.n + 1 :])
    if states.size != 1:
        raise NoMachine(f"{_on(axes.unit_names[: axes.n], on[: axes.n])} when {cell.describe(axes)}; one must be")
    goto = int(states[0])
    if halt and (acts.size or goto != cell.state):
        unit = axes.unit_names[axes.n + 1 + acts[0]] if acts.size else axes.unit_names[goto]
        raise NoMachine(f"`{unit}` is on although `halt` is, when {cell.describe(axes)}")
    if halt:
        return None
    writes, moves = [], []
    for tape, read in enumerate(cell.read):
        flips = slice(axes.risk(tape, 0), axes.risk(tape, 0) + axes.k)
        after = on[flips].copy()
        after[read] ^= True
        if after.sum() != 1:
            wrong = _on(axes.unit_names[flips], on[flips])
            raise NoMachine(f"{wrong} when {cell.describe(axes)}; that leaves no single symbol in memory")
        writes.append(int(after.argmax()))
        moves.append(int(on[axes.left(tape) + 1]) - int(on[axes.left(tape)]))
    return Rule(cell.state, cell.read, tuple(writes), tuple(moves), goto)


def _on(names: tuple[str, ...], on: NDArray[np.bool_]) -> str:
    """Which units of a population are on, in words."""
    which = [f"`{name}`" for name, active in zip(names, on) if active]
    if not which:
        return f"none of {', '.join(f'`{name}`' for name in names)} is on"
    return f"{' and '.join(which)} {'is' if len(which) == 1 else 'are'} on"
