"""The named axes that a compiled network and its POMDP share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from triquetra.machines import InputError, Machine

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
TOLERANCE = 1e-12  # of a distribution's sum from 1


class FormError(InputError):
    """A network, a POMDP or a saved artifact that is not well formed; the message names the field."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Axes:
    """Names and sizes: n states, k symbols, t tapes, R coincidence cells.

    Presynaptic basis (R + n): first the coincidence units ψ, one for each cell (state; symbol read on every
    tape) in the order of `cell_state` (R,) and `cell_read` (R, t); then the control states x themselves.
    Postsynaptic units (n + 1 + 2t + tk): control state, halt, movement (left, right for each tape), risk Γ
    (one for each symbol of each tape).
    `machine` is the digest of the machine that was compiled, or empty where there was none.
    """

    name: str
    machine: str
    states: tuple[str, ...]
    symbols: tuple[str, ...]
    verdicts: tuple[str | None, ...]
    start: int
    one_way: tuple[bool, ...]
    input_symbols: tuple[int, ...]
    cell_state: IntArray = field(repr=False)
    cell_read: IntArray = field(repr=False)

    def __post_init__(self) -> None:
        make_read_only(self)
        n, k, t = self.n, self.k, self.t
        require(n > 0 and k > 0 and t > 0, "axes: states, symbols and one_way must not be empty")
        require(len(set(self.states)) == n, "axes: a state is named twice")
        require(len(set(self.symbols)) == k, "axes: a symbol is named twice")
        require(len(self.verdicts) == n, f"axes: {len(self.verdicts)} verdicts for {n} states")
        require(0 <= self.start < n, f"axes: start = {self.start} is outside the {n} states")
        require(all(0 <= a < k for a in self.input_symbols), f"axes: an input symbol is outside the {k} symbols")
        cells = self.cell_state.shape[0]
        require(self.cell_state.shape == (cells,), f"cell_state has shape {self.cell_state.shape}, not (cells,)")
        require(self.cell_read.shape == (cells, t), f"cell_read has shape {self.cell_read.shape}, not ({cells}, {t})")
        require(within(self.cell_state, n), f"cell_state: an entry is outside the {n} states")
        require(within(self.cell_read, k), f"cell_read: an entry is outside the {k} symbols")
        require(len(self.cell_index) == cells, "cells: a pair (state, symbols read) occurs twice")

    @property
    def n(self) -> int:
        """Number of control states."""
        return len(self.states)

    @property
    def k(self) -> int:
        """Number of symbols."""
        return len(self.symbols)

    @property
    def t(self) -> int:
        """Number of tapes."""
        return len(self.one_way)

    @property
    def cells(self) -> int:
        """R, the number of coincidence units."""
        return int(self.cell_state.shape[0])

    @property
    def basis(self) -> int:
        """Number of presynaptic entries: R + n."""
        return self.cells + self.n

    @property
    def units(self) -> int:
        """Number of postsynaptic units: n + 1 + 2t + tk."""
        return self.n + 1 + self.t * (2 + self.k)

    @cached_property
    def populations(self) -> dict[str, slice]:
        """Where each postsynaptic population stands in the order of units."""
        halt, move, risk = self.n, self.n + 1, self.n + 1 + 2 * self.t
        return {
            "state": slice(0, halt),
            "halt": slice(halt, move),
            "move": slice(move, risk),
            "risk": slice(risk, self.units),
        }

    @cached_property
    def cell_index(self) -> dict[tuple[int, tuple[int, ...]], int]:
        """Basis index of each cell (state, symbols read)."""
        pairs = zip(self.cell_state.tolist(), map(tuple, self.cell_read.tolist()))
        return {pair: index for index, pair in enumerate(pairs)}

    def left(self, tape: int) -> int:
        """Unit that moves the head of `tape` left; the next one moves it right."""
        return self.n + 1 + 2 * tape

    def risk(self, tape: int, symbol: int) -> int:
        """Unit of Γ that flips `symbol` in the memory of `tape`."""
        return self.n + 1 + 2 * self.t + self.k * tape + symbol

    @cached_property
    def unit_names(self) -> tuple[str, ...]:
        """Names of the postsynaptic units, such as `state:carry`, `halt`, `move:L`, `risk:1`."""
        tapes = range(self.t)
        return (
            *(f"state:{s}" for s in self.states),
            "halt",
            *(f"move{self.suffix(i)}:{m}" for i in tapes for m in "LR"),
            *(f"risk{self.suffix(i)}:{a}" for i in tapes for a in self.symbols),
        )

    def suffix(self, tape: int) -> str:
        """What names of a tape's units carry: nothing where there is one tape, else its number, such as `[2]`."""
        return "" if self.t == 1 else f"[{tape + 1}]"

    def read_names(self, tape: int) -> tuple[str, ...]:
        """Names of the units of the symbol read, such as `read:1`."""
        return tuple(f"read{self.suffix(tape)}:{a}" for a in self.symbols)

    def place_names(self, tape: int, cells: int) -> tuple[str, ...]:
        """Names of the place units of a memory of `cells` cells, such as `place:0`."""
        return tuple(f"place{self.suffix(tape)}:{j}" for j in range(cells))

    @cached_property
    def basis_names(self) -> tuple[str, ...]:
        """Names of the presynaptic entries, such as `cell:carry,1` and `state:carry`."""
        reads = self.cell_read.tolist()
        return (
            *(
                ",".join((f"cell:{self.states[s]}", *(self.symbols[a] for a in read)))
                for s, read in zip(self.cell_state.tolist(), reads)
            ),
            *(f"state:{s}" for s in self.states),
        )


def make_read_only(value: Any) -> None:
    """Give a frozen dataclass its own arrays that nobody can write to, sparse ones and pairs of them included."""
    for each in fields(value):
        object.__setattr__(value, each.name, _read_only(getattr(value, each.name)))


def _read_only(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.flags.writeable:
        value = value.copy()
        value.flags.writeable = False
    elif isinstance(value, csr_array) and value.data.flags.writeable:
        value = csr_array(tuple(map(_read_only, (value.data, value.indices, value.indptr))), shape=value.shape)
    elif isinstance(value, tuple) and any(isinstance(part, csr_array) for part in value):
        value = tuple(map(_read_only, value))
    return value


def axes_of(machine: Machine, cells: Sequence[tuple[int, tuple[int, ...]]], digest: str = "") -> Axes:
    """The named axes of a machine with coincidence units for `cells` (state; symbols read)."""
    return Axes(
        name=machine.name,
        machine=digest,
        states=machine.states,
        symbols=machine.symbols,
        verdicts=machine.verdicts,
        start=machine.start,
        one_way=machine.one_way,
        input_symbols=machine.input_symbols,
        cell_state=np.array([state for state, _ in cells], dtype=np.int64),
        cell_read=np.array([read for _, read in cells], dtype=np.int64).reshape(-1, machine.tapes),
    )


def require(condition: bool, message: str) -> None:
    """Raise `FormError(message)` unless `condition` holds."""
    if not condition:
        raise FormError(message)


def within(array: IntArray, size: int) -> bool:
    """Whether every entry is an index below `size`."""
    return array.size == 0 or bool(array.min() >= 0 and array.max() < size)


def require_array(name: str, array: FloatArray, shape: tuple[int, ...]) -> None:
    """Raise `FormError` unless `array` has this shape, double precision and finite entries."""
    require(array.shape == shape, f"{name} has shape {array.shape}, not {shape}")
    require(array.dtype == np.float64, f"{name} is {array.dtype}, not float64")
    bad = np.argwhere(~np.isfinite(array))
    if bad.size:
        place = tuple(bad[0].tolist())
        raise FormError(f"{name}{list(place)} = {array[place]} is not finite")


def require_distribution(name: str, logs: FloatArray, shape: tuple[int, ...]) -> None:
    """Raise `FormError` unless the leading axis holds the logarithms of probabilities in (0, 1) that sum to 1."""
    require(logs.shape == shape, f"{name} has shape {logs.shape}, not {shape}")
    certain = np.argwhere(np.isneginf(logs))
    if certain.size:
        level, *place = certain[0].tolist()
        value, where = (level, place) if shape[0] == 2 else (0, certain[0].tolist())
        raise FormError(f"{name}{where or ''} = {value} is outside (0, 1), so its weight is infinite")
    require_array(name, logs, shape)
    with np.errstate(over="ignore"):
        total = np.exp(logs).sum(axis=0)
    bad = np.argwhere(~(np.abs(total - 1) <= TOLERANCE))
    if len(bad):  # an array of no axes has places without numbers
        place = bad[0].tolist()
        what = "pair" if shape[0] == 2 else "distribution"
        where = f"[:, {place}]" if place else ""
        raise FormError(f"{name}{where}: the {what} sums to {total[tuple(place)]:g}, not 1")
