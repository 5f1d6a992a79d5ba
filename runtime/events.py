"""Which units can matter at a cell: the sparse structure that the event-driven engines walk.

In a *context* (a coincidence cell, or a control state alone where no cell is active) only these units can be on:
those with a synapse from the cell or from its state, and those that their bias alone turns on. All others rest at
their bias, off. What is left out is what off units send: at most (off activity) × (row sum of |weights|).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array

from triquetra.forms import Axes, FloatArray, IntArray
from triquetra.machines import BLANK, Configuration, InputError, Outcome, Tape, Verdict

from .protocol import LeftMemory, Undecodable

LARGEST_TABLE = 1 << 26  # entries of the table (state, symbols read) → context
CHUNK = 1 << 24  # steps between two looks at Ctrl-C and progress
Progress = Callable[[int], None]
FIRST_CELLS = 1 << 12  # of an external tape, on both sides of what is written


class Stop(IntEnum):
    """Why an engine's kernel came back."""

    LIMIT = 0
    HALTED = 1
    EDGE = 2  # the head stands at the end of the allocated tape
    LEFT_MEMORY = 3
    STATES = 4  # not exactly one control state is on
    SYMBOLS = 5  # not exactly one symbol is read, or left by a write
    PLACES = 6  # the place neuron the head moved to is not on


REASONS = {
    Stop.STATES: "not exactly one state unit is on",
    Stop.SYMBOLS: "not exactly one symbol is read or written",
    Stop.PLACES: "no place unit is on",
}


@dataclass(frozen=True, eq=False, slots=True)
class Candidates:
    """For each context (R cells, then n states alone) its candidate units `unit[pointer[c]:pointer[c + 1]]`.

    `from_cell[w]` and `from_state[w]` are the parameters of array w, (entries,) each, of a candidate.
    `context` (n, k^t) is the context of a state and the symbols read, the first tape's most significant.
    """

    pointer: IntArray
    unit: IntArray
    from_cell: FloatArray
    from_state: FloatArray
    context: NDArray[np.int32]


def candidates(axes: Axes, parameters: Sequence[csr_array], on_by_default: NDArray[np.bool_]) -> Candidates:
    """The candidates of sparse parameter arrays (units, basis) that share one structure.

    Raises: InputError: n·k^t is too large for a table.
    """
    n, k, t, cells, units = axes.n, axes.k, axes.t, axes.cells, axes.units
    if n * k**t > LARGEST_TABLE:
        raise InputError(f"{n} states and {k}^{t} tuples of symbols are too many for the event-driven engine")
    state_of = np.concatenate([axes.cell_state, np.arange(n)])
    first = parameters[0].tocoo()
    post, pre = first.coords[0].astype(np.int64), first.coords[1].astype(np.int64)
    cell_key = pre[pre < cells] * units + post[pre < cells]
    by_state = parameters[0].tocsc()[:, cells:]
    counts = np.diff(by_state.indptr)[state_of]
    starts = by_state.indptr[:-1][state_of]
    rows = np.repeat(starts - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts) + np.arange(counts.sum())
    state_key = np.repeat(np.arange(len(state_of)), counts) * units + by_state.indices[rows]
    default = np.flatnonzero(on_by_default)
    default_key = (np.arange(len(state_of))[:, None] * units + default).ravel()
    key = np.unique(np.concatenate([cell_key, state_key, default_key]))
    from_cell, from_state = np.zeros((2, len(parameters), len(key)))
    for index, array in enumerate(parameters):
        from_cell[index, np.searchsorted(key, cell_key)] = array.data[pre < cells]
        from_state[index, np.searchsorted(key, state_key)] = array.tocsc()[:, cells:].data[rows]
    context = np.repeat(np.arange(cells, cells + n, dtype=np.int32), k**t).reshape(n, k**t)
    code = np.zeros(cells, dtype=np.int64)
    for tape in range(t):
        code = code * k + axes.cell_read[:, tape]
    context[axes.cell_state, code] = np.arange(cells)
    pointer = np.searchsorted(key, np.arange(len(state_of) + 1) * units)
    return Candidates(pointer.astype(np.int64), key % units, from_cell, from_state, context)


def row_sums(array: csr_array) -> FloatArray:
    """Sum of |parameter| of each row: what a unit hears at most from presynaptic activity of one."""
    return np.asarray(abs(array).sum(axis=1), dtype=np.float64).ravel()


def lay_out(tapes: Sequence[Tape]) -> tuple[NDArray[np.int32], IntArray]:
    """External tapes as one array (t, cells), and the column of tape cell 0 of each."""
    width = max(len(tape.cells) for tape in tapes) + 2 * FIRST_CELLS
    array = np.full((len(tapes), width), BLANK, dtype=np.int32)
    zero = np.empty(len(tapes), dtype=np.int64)
    for i, tape in enumerate(tapes):
        zero[i] = FIRST_CELLS - min(tape.origin, 0)
        array[i, zero[i] + tape.origin : zero[i] + tape.origin + len(tape.cells)] = tape.cells
    return array, zero


def written_span(tapes: Sequence[Tape]) -> IntArray:
    """(2, t): the first and the last position that is written, cell 0 among them."""
    ends = [max(tape.origin + len(tape.cells) - 1, 0) for tape in tapes]
    return np.array([[min(tape.origin, 0) for tape in tapes], ends], dtype=np.int64)


def widen(array: NDArray[np.int32], by: int) -> NDArray[np.int32]:
    """`array` (t, cells) with `by` blank columns before it and `by` after."""
    return np.pad(array, ((0, 0), (by, by)))


@njit(cache=True)
def written(read: int, risk: FloatArray) -> int:
    """The symbol that a world's cell holds once `risk` (k,) has flipped its units; -1 if that is no single symbol."""
    symbol, others = read, 0
    for a in range(len(risk)):
        if a != read and risk[a] > 0.5:
            symbol = a
            others += 1
    return symbol if others == (1 if risk[read] > 0.5 else 0) else -1


class Engine(Protocol):
    """An event-driven engine in the middle of a run."""

    axes: Axes
    state: int
    steps: int
    stop: Stop

    def advance(self, limit: int) -> int:
        """Make at most `limit` steps; the number made."""

    def configuration(self) -> Configuration:
        """What it encodes now."""


def drive(engine: Engine, max_steps: int | None, progress: Progress | None) -> Outcome:
    """Advance an event-driven engine to its end, in chunks."""
    verdict = Verdict.STEP_LIMIT
    while True:
        chunk = CHUNK if max_steps is None else min(CHUNK, max_steps - engine.steps)
        try:
            engine.advance(chunk)
        except LeftMemory:
            verdict = Verdict.LEFT_MEMORY
            break
        if engine.stop is Stop.HALTED:
            running = engine.axes.verdicts[engine.state] is None
            verdict = Verdict.UNDEFINED if running else Verdict.HALTED
            break
        if engine.steps == max_steps:
            break
        if progress is not None:
            progress(engine.steps)
    return Outcome(verdict, engine.configuration(), engine.steps)


def undecodable(
    stop: Stop, unit: str, activity: float, head: IntArray, zero: IntArray, cells: int | None
) -> Undecodable:
    """Why an engine stopped, as the exception that the dense form raises."""
    if stop is Stop.LEFT_MEMORY:
        assert cells is not None
        tape = int(np.flatnonzero((head == 0) | (head == cells - 1))[0])
        first, last = -int(zero[tape]), cells - 1 - int(zero[tape])
        return LeftMemory(f"place[{tape + 1}]", 0.0, "the head leaves the memory", tape, first, last)
    return Undecodable(unit, activity, REASONS[stop])
