"""Which units can matter at a cell: the sparse structure that the event-driven engines walk.

In a *context* (a coincidence cell, or a control state alone where no cell is active) only these units can be on:
those with a synapse from the cell or from its state, and those that their bias alone turns on. All others rest at
their bias, off. What is left out is what off units send: at most (off activity) × (row sum of |weights|).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array

from triquetra.forms import Axes, FloatArray, IntArray
from triquetra.machines import BLANK, Configuration, Input, InputError, Outcome, Tape, Verdict, inputs_to_tapes

from .protocol import NOT_STILL, LeftMemory, Progress, Undecodable
from .returns import look, next_look
from .world import decode_memory, memory_origin

LARGEST_TABLE = 1 << 26  # entries of the table (state, symbols read) → context
CHUNK = 1 << 24  # steps between two looks at Ctrl-C and progress
FIRST_CELLS = 1 << 12  # of an external tape, on both sides of what is written


class EventStop(IntEnum):
    """Why an engine's kernel came back."""

    LIMIT = 0
    HALTED = 1
    EDGE = 2  # the head stands at the end of the allocated tape
    LEFT_MEMORY = 3
    STATES = 4  # not exactly one control state is on
    SYMBOLS = 5  # not exactly one symbol is read, or left by a write
    PLACES = 6  # the place neuron the head moved to is not on
    RESTLESS = 7  # it halts, and moves or writes all the same


# as kernels know them
LIMIT, HALTED, EDGE, LEFT_MEMORY = map(int, (EventStop.LIMIT, EventStop.HALTED, EventStop.EDGE, EventStop.LEFT_MEMORY))
STATES, SYMBOLS, PLACES, RESTLESS = map(
    int, (EventStop.STATES, EventStop.SYMBOLS, EventStop.PLACES, EventStop.RESTLESS)
)

NONE, SEVERAL = -1, -2  # symbols that a cell is left with, where it is not one; of no step, `NONE`

REASONS = {
    EventStop.STATES: "not exactly one state unit is on",
    EventStop.SYMBOLS: "not exactly one symbol is read or written",
    EventStop.PLACES: "no place unit is on",
    EventStop.RESTLESS: NOT_STILL,
}


class NoEngine(InputError):
    """A form that the event-driven engine cannot run; it is run with every unit computed."""


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

    Raises: NoEngine: n·k^t is too large for a table.
    """
    n, k, t, cells, units = axes.n, axes.k, axes.t, axes.cells, axes.units
    if n * k**t > LARGEST_TABLE:
        raise NoEngine(f"{n} states and {k}^{t} tuples of symbols are too many for the event-driven engine")
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


# What kernels are handed. Fields keep their order and types from call to call, so that they are compiled once.


class Circuit(NamedTuple):
    """What is the same in all runs: sizes, tapes' ends, and a form's parameters at the units that can be on."""

    n: int
    k: int
    one_way: NDArray[np.bool_]
    remembers: bool  # the tape is in memory, not in the world
    pointer: IntArray  # these as in `Candidates`
    unit: IntArray
    from_cell: FloatArray
    from_state: FloatArray
    context: NDArray[np.int32]
    default: FloatArray  # what a unit hears always
    observed: FloatArray  # (t, k): activity of the unit of a symbol when it is the one observed


class Runs(NamedTuple):
    """Where runs stand: the arrays of `EventEngine` of the same names."""

    zero: IntArray
    pool: NDArray[np.int32]
    offset: IntArray
    width: IntArray
    memory: FloatArray
    touched: NDArray[np.bool_]
    head: IntArray
    first: IntArray
    last: IntArray
    place: FloatArray
    state: IntArray
    x: FloatArray
    stop: IntArray
    left: IntArray
    log: IntArray  # (rows, 1 + 2t), of a batch of one: the first moments of a call, as `EventEngine.rows` has them


class One(NamedTuple):
    """Where one run's tapes stand; `tape` (t, width) is in the world."""

    zero: IntArray
    tape: NDArray[np.int32]
    memory: FloatArray
    touched: NDArray[np.bool_]
    head: IntArray
    first: IntArray
    last: IntArray
    place: FloatArray
    left: IntArray
    log: IntArray


@njit(cache=True)
def one_of(runs: Runs, run: int) -> One:
    """A run of many."""
    t, width, offset = runs.head.shape[1], runs.width[run], runs.offset[run]
    tape = runs.pool[offset : offset + t * width].reshape(t, width)
    return One(
        runs.zero[run], tape, runs.memory[run], runs.touched[run],
        runs.head[run], runs.first[run], runs.last[run], runs.place[run], runs.left[run : run + 1], runs.log,
    )  # fmt: skip


@njit(cache=True, error_model="numpy")
def turned(head: int, at_end: bool, left: tuple[float, float], right: tuple[float, float]) -> tuple[int, float]:
    """Where a head goes, and how surely, by the movement units' (on, off); `at_end`: it can go no further left."""
    go_left, go_right = left[0] * right[1], right[0] * left[1]
    if go_right > 0.5:
        return head + 1, go_right
    if go_left > 0.5:
        return head if at_end else head - 1, go_left
    return head, left[1] * right[1] + left[0] * right[0]


@njit(cache=True)
def arrive(head: IntArray, first: IntArray, last: IntArray, i: int, target: int, width: int) -> bool:
    """Put head i where it goes; whether that is an end of what is allocated of the world's tape."""
    head[i] = target
    first[i], last[i] = min(first[i], target), max(last[i], target)
    return target <= 0 or target >= width - 1


@njit(cache=True)
def note(row: IntArray, state: int, head: IntArray) -> None:
    """Put down control state and heads of a moment that is kept."""
    row[0] = state
    row[1 : 1 + head.shape[0]] = head


@njit(cache=True)
def written(read: int, risk: FloatArray) -> int:
    """The symbol that a world's cell holds once `risk` (k,) has flipped its units; -1 if that is no single symbol."""
    symbol, others = read, 0
    for a in range(len(risk)):
        if a != read and risk[a] > 0.5:
            symbol = a
            others += 1
    return symbol if others == (1 if risk[read] > 0.5 else 0) else -1


class EventEngine(ABC):
    """Runs of one form, event by event: one run for each entry of `batch`, each with its own input and its own start.

    With `cells` tapes are memories of N cells, without it external tapes that grow. Arrays lead with the runs: `state`
    (runs,) is the control state that is on and `x` its activity, `place` (runs, t) that of the places that are on,
    `steps` those made, `stop` why each run came back last, `left` the tape whose memory a head left.
    Raises: InputError: an input does not fit.
    """

    def __init__(
        self, axes: Axes, chosen: Candidates, batch: Sequence[Sequence[Input]], cells: int | None, starts: Sequence[int]
    ) -> None:
        self.axes, self.candidates, self.cells = axes, chosen, cells
        tapes = [inputs_to_tapes(axes, inputs) for inputs in batch]
        runs, t = len(batch), axes.t
        self.state = np.array(starts or [axes.start] * runs, dtype=np.int64)
        self.x, self.place = np.ones(runs), np.ones((runs, t))
        self.steps, self.stop = np.zeros(runs, dtype=np.int64), np.zeros(runs, dtype=np.int64)
        self.memory = self.blank_memory((runs, t, cells or 1))
        self.touched = np.zeros((runs, t, cells or 1), dtype=np.bool_)  # the others are blank, and cost nothing
        self.zero = np.empty((runs, t), dtype=np.int64)  # column of tape cell 0
        self.first, self.last = np.empty((2, runs, t), dtype=np.int64)  # columns visited or written
        self.width = np.zeros(runs, dtype=np.int64)  # of each run's external tapes in the pool
        for run, each in enumerate(tapes):
            if cells is None:
                self.width[run] = 2 * FIRST_CELLS + max(len(tape.cells) for tape in each)
            for i, tape in enumerate(each):
                one_way = axes.one_way[i]
                before = min(tape.origin, 0)
                self.zero[run, i] = FIRST_CELLS - before if cells is None else memory_origin(tape, cells, one_way)
                self.first[run, i] = self.zero[run, i] + before
                self.last[run, i] = self.zero[run, i] + max(tape.origin + len(tape.cells) - 1, 0)
        self.offset = np.concatenate([[0], np.cumsum(t * self.width)[:-1]]).astype(np.int64)
        self.pool = np.full(int(t * self.width.sum()), BLANK, dtype=np.int32)
        for run, each in enumerate(tapes):
            for i, tape in enumerate(each):
                at = int(self.zero[run, i]) + tape.origin
                if cells is None:
                    self.tape(run)[i, at : at + len(tape.cells)] = tape.cells
                else:
                    for column, symbol in enumerate(tape.cells, at):
                        self.touched[run, i, column] = True
                        self.write_memory((run, i, column), symbol)
        self.head = self.zero.copy()
        self.left = np.zeros(runs, dtype=np.int64)
        self._log = np.empty((0, 1 + 2 * t), dtype=np.int64)

    @abstractmethod
    def blank_memory(self, shape: tuple[int, int, int]) -> FloatArray:
        """Memory of (runs, tapes, cells), not initialised."""

    @abstractmethod
    def write_memory(self, at: tuple[int, int, int], symbol: int) -> None:
        """Put a symbol in a cell of memory."""

    @abstractmethod
    def preference(self, run: int, i: int, first: int, last: int) -> FloatArray:
        """(cells, k): log-odds that a symbol is there, in nats; over zero for one of them alone, if all is well."""

    @abstractmethod
    def kernel(self, limits: IntArray) -> IntArray:
        """Make at most `limits` (runs,) steps, none where negative; set `stop`, and return the steps made."""

    @abstractmethod
    def leak(self, off: float) -> float:
        """What a drive changes by, at most, in nats, when presynaptic units with activity up to `off` are silent."""

    @abstractmethod
    def drives(self) -> FloatArray:
        """Drives, in nats, that units can have while all others are fully on or off, their resting drives included."""

    @abstractmethod
    def hears(self) -> float:
        """What a unit hears at most, in nats, from the presynaptic units that are on."""

    @abstractmethod
    def keeps(self, off: float) -> bool:
        """Whether memory keeps what it holds where places are no more active than `off`."""

    @cached_property
    def exact(self) -> bool:
        """Whether the units that are taken as silent, and the cells that are left alone, cannot matter.

        By induction: as long as no drive is off by more than `slack` nats, units that are off are so quiet, and units
        that are on so steady, that in the next step no drive is off by more. Each unit hears products of at most t + 2
        activities, and those of units that are on follow their drives with the slope of the sigmoid there.
        """
        drives = self.drives()
        weakest = float(np.abs(drives).min())
        for slack in weakest / 2.0 ** np.arange(1, 9):
            off = float(1.0 / (1.0 + np.exp(weakest - slack)))
            carried = self.hears() * (self.axes.t + 2) * off * (1.0 - off) * slack
            if carried + self.leak(off) <= slack and (self.cells is None or self.keeps(off)):
                return True
        return False

    def runs(self) -> Runs:
        """Where the runs stand, for a kernel."""
        return Runs(
            self.zero, self.pool, self.offset, self.width, self.memory, self.touched,
            self.head, self.first, self.last, self.place, self.state, self.x, self.stop, self.left, self._log,
        )  # fmt: skip

    def circuit(
        self, from_cell: FloatArray, from_state: FloatArray, default: FloatArray, observed: FloatArray
    ) -> Circuit:
        """What is the same in all runs, for a kernel."""
        axes, chosen = self.axes, self.candidates
        return Circuit(
            axes.n, axes.k, np.array(axes.one_way), self.cells is not None,
            chosen.pointer, chosen.unit, from_cell, from_state, chosen.context, default, observed,
        )  # fmt: skip

    def tape(self, run: int) -> NDArray[np.int32]:
        """(t, width): the external tapes of a run."""
        t, width = self.axes.t, int(self.width[run])
        return self.pool[self.offset[run] : self.offset[run] + t * width].reshape(t, width)

    def advance(self, limit: int) -> IntArray:
        """Make at most `limit` steps in each run that has not ended; the steps made (runs,)."""
        made = np.zeros(len(self.state), dtype=np.int64)
        going = self.stop == EventStop.LIMIT
        while going.any():
            steps = self.kernel(np.where(going, limit - made, -1))
            made += steps
            self.steps += steps
            going &= self.stop == EventStop.EDGE
            if going.any():
                self._grow(np.flatnonzero(going))
        return made

    def rows(self, limit: int) -> IntArray:
        """See `protocol.Followed`; of a batch of one."""
        t = self.axes.t
        rows = np.full((limit + 1, 1 + 2 * t), NONE, dtype=np.int64)
        made = 0
        while True:
            self._log = rows[made:]
            zero = self.zero[0].copy()
            steps = int(self.kernel(np.array([limit - made]))[0])
            rows[made : made + steps + 1, 1 : 1 + t] -= zero
            made += steps
            self.steps += steps
            if self.stop[0] != EventStop.EDGE:
                break
            rows[made, 1 : 1 + t] = NONE  # this moment is put down by the next call
            self._grow(np.array([0]))
            self.stop[0] = EventStop.LIMIT
        self._log = rows[:0]
        return rows[: made + 1]

    def skip(self, limit: int) -> int:
        """See `protocol.Followed`."""
        return int(self.advance(limit)[0])

    def ended(self) -> bool:
        """See `protocol.Followed`."""
        return bool(self.stop[0] == EventStop.HALTED)

    def failure(self) -> Undecodable | None:
        """See `protocol.Followed`."""
        return self.error(0)

    def now(self) -> Configuration:
        """See `protocol.Followed`."""
        if self.cells is not None:
            for i in range(self.axes.t):
                first, last = int(self.first[0, i]), int(self.last[0, i]) + 1
                odds = np.where(self.touched[0, i, first:last, None], self.preference(0, i, first, last), self._blank)
                decode_memory(odds.T, int(self.zero[0, i]) - first, i, self.axes.symbols)
        return self.configuration(0)

    @property
    def _blank(self) -> FloatArray:
        """(k,): log-odds, but for their size, in a cell that was not looked at yet."""
        odds = np.full(self.axes.k, -1.0)
        odds[BLANK] = 1.0
        return odds

    def _grow(self, runs: IntArray) -> None:
        """Give runs tapes three times as wide, at the end of the pool."""
        wider = [np.pad(self.tape(run), ((0, 0), (self.width[run], self.width[run]))) for run in runs.tolist()]
        ends = np.cumsum([0, *(tape.size for tape in wider)]) + len(self.pool)
        for columns in (self.head, self.zero, self.first, self.last):
            columns[runs] += self.width[runs, None]
        self.pool = np.concatenate([self.pool, *(tape.ravel() for tape in wider)])
        self.width[runs] *= 3
        self.offset[runs] = ends[:-1]

    def error(self, run: int) -> Undecodable | None:
        """Why the run no longer encodes a configuration, as the exception that the dense form raises."""
        stop = EventStop(int(self.stop[run]))
        if stop is EventStop.LEFT_MEMORY:
            assert self.cells is not None
            tape = int(self.left[run])
            zero = int(self.zero[run, tape])
            place = float(self.place[run, tape])
            reason = "the head leaves the memory"
            return LeftMemory(f"place[{tape + 1}]", place, reason, tape, -zero, self.cells - 1 - zero)
        if stop in REASONS:
            return Undecodable(self.axes.unit_names[self.state[run]], float(self.x[run]), REASONS[stop])
        return None

    def configuration(self, run: int) -> Configuration:
        """What a run encodes now."""
        tapes = []
        for i in range(self.axes.t):
            first, last = int(self.first[run, i]), int(self.last[run, i]) + 1
            if self.cells is None:
                symbols = self.tape(run)[i, first:last]
            else:
                blank = ~self.touched[run, i, first:last]
                symbols = np.where(blank, BLANK, self.preference(run, i, first, last).argmax(axis=1))
            tapes.append(Tape.of(symbols.tolist(), first - int(self.zero[run, i])))
        heads = (self.head[run] - self.zero[run]).tolist()
        return Configuration(int(self.state[run]), tuple(heads), tuple(tapes))

    def finish(
        self, max_steps: int | None, progress: Progress | None = None, *, watch: bool = False
    ) -> list[Outcome | Undecodable]:
        """Advance all runs to their ends, in chunks; for each its outcome, or why it encodes nothing any more.

        `watch`: whether to notice, in a batch of one, that the run comes back to where it was, and to end it there.
        """
        total = 0
        while (self.stop == EventStop.LIMIT).any():
            chunk = CHUNK if max_steps is None else min(CHUNK, max_steps - total)
            if watch and len(self.state) == 1:
                if total == next_look(total):
                    course = _Course(self, chunk)
                    now, returned = look(course, total)
                    if returned is not None:
                        return [Outcome(Verdict.ENDLESS, self.configuration(0), now, returned)]
                    chunk, total = chunk - (now - total), now
                chunk = min(chunk, next_look(total + 1) - total)
            self.advance(chunk)
            total += chunk
            if progress is not None:
                progress(total)
            if total == max_steps:
                break
        return [self._end(run) for run in range(len(self.state))]

    def _end(self, run: int) -> Outcome | Undecodable:
        error = self.error(run)
        if error is not None and not isinstance(error, LeftMemory):
            return error
        verdict = Verdict.LEFT_MEMORY if error is not None else Verdict.STEP_LIMIT
        if self.stop[run] == EventStop.HALTED:
            running = self.axes.verdicts[self.state[run]] is None
            verdict = Verdict.UNDEFINED if running else Verdict.HALTED
        return Outcome(verdict, self.configuration(run), int(self.steps[run]))


class _Course:
    """The only run of an engine as a `Course`, for at most `room` steps."""

    def __init__(self, engine: EventEngine, room: int) -> None:
        self.translatable = engine.cells is None and engine.axes.t == 1
        self._engine, self._room = engine, room

    def step(self) -> bool:
        """As `Course.step`."""
        self._room -= 1
        return self._room >= 0 and bool(self._engine.advance(1)[0])

    def here(self) -> tuple[Hashable, tuple[int, ...]]:
        """As `Course.here`."""
        engine = self._engine
        heads = (engine.head[0] - engine.zero[0]).tolist()
        return (int(engine.state[0]), float(engine.x[0]), tuple(engine.place[0].tolist())), tuple(heads)

    def cell(self, tape: int, position: int) -> Hashable:
        """As `Course.cell`; at the end of a one-way tape is a cell unlike any other."""
        engine = self._engine
        column = position + int(engine.zero[0, tape])
        if engine.cells is None:
            symbol = int(engine.tape(0)[tape, column]) if 0 <= column < engine.width[0] else BLANK
            return symbol, engine.axes.one_way[tape] and position == 0
        if not engine.touched[0, tape, column]:
            engine.touched[0, tape, column] = True
            engine.write_memory((0, tape, column), BLANK)
        held: bytes = engine.memory[0, tape, column].tobytes()
        return held

    def extent(self) -> tuple[int, int]:
        """As `Course.extent`."""
        engine = self._engine
        low, high = int(engine.first[0, 0] - engine.zero[0, 0]), int(engine.last[0, 0] - engine.zero[0, 0])
        return 0 if engine.axes.one_way[0] else low, high


def only(outcomes: Sequence[Outcome | Undecodable]) -> Outcome:
    """The outcome of a batch of one.

    Raises: Undecodable: it has none.
    """
    (outcome,) = outcomes
    if isinstance(outcome, Undecodable):
        raise outcome
    return outcome
