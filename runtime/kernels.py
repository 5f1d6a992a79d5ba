"""Compiled loops of the Turing form: a machine's table packed for them, and growing tapes to run on.

`DenseTable` packs δ so that a step is two loads from the table and two from the tape: both neighbours of the head are
read while the table is, so that the next symbol is chosen, not waited for. `PackedTree` holds any machine at all.
Neither tests at every step whether a head is still on its tape: past the ends of a tape stands an *edge*, a symbol
outside the alphabet for which no rule is, and reading it leaves the loop; the caller then makes the tape longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Protocol

import numpy as np
from numba import int64, njit, uint64
from numpy.typing import NDArray

from triquetra.machines import BLANK, RIGHT, STAY, Configuration, Machine, MachineError, Tape

FIRST_CELLS = 2048  # allocated on both sides of what is written at the start
LARGEST_TABLE = 1 << 24  # entries of a dense table; a machine that needs more is kept sparse
SYMBOL_LIMIT = (1 << 16) - 2  # most symbols that a packed entry can name, an edge beside them

Window = tuple[int, int]  # the first cell and one past the last


class KernelStop(IntEnum):
    """Why a kernel came back."""

    LIMIT = 0
    HALTED = 1
    UNDEFINED = 2
    EDGE = 3  # a head stands past the end of its tape


class Kernel(Protocol):
    """A machine in the middle of a run."""

    def advance(self, limit: int) -> tuple[int, KernelStop]:
        """Apply at most `limit` rules; the number applied, and why it stopped."""

    def grow(self) -> None:
        """Make the tapes longer on whose edge a head stands."""

    def configuration(self) -> Configuration:
        """Where the run stands."""

    def here(self) -> tuple[int, tuple[int, ...]]:
        """The state, and the positions of the heads."""

    def cell(self, tape: int, position: int) -> int:
        """The symbol in a cell of a tape, whose head has been there or next to it."""

    def extent(self) -> tuple[int, int]:
        """The first and the last cell of the first tape that is not blank; an empty range where all are."""


class PackedMachine(Protocol):
    """A machine packed for a kernel."""

    def begin(self, at: Configuration, windows: Sequence[Window] | None = None) -> Kernel:
        """The machine standing at a configuration.

        `windows`: for each tape the cells that exist, if memory is to be bounded; heads and marks must lie inside. Then
        the kernel stops at the `EDGE` where a head leaves.
        """


def prepare(machine: Machine) -> PackedMachine:
    """The fastest program that holds the machine."""
    return (DenseTable if DenseTable.holds(machine) else PackedTree)(machine)


class DenseTable:
    """One tape, and an entry for each state and symbol.

    The table has a row for each state, and `stride` columns: the symbols, then the edge. In this order the rows are:
    running states; *latched* rows, one for each (state, symbol) that a rule without a move leads to, which act on that
    symbol whatever is looked at; then rows that end the loop: halting states, and for each running state the row
    where it is *stuck* on an undefined cell or an edge. An entry is in two parts, so that each field is one
    instruction away: `after` holds the next row, as an offset, and the shift that selects a neighbour; `act` holds the
    move and what to write. `home` is the row where a run goes on that stands in a row.
    """

    @staticmethod
    def holds(machine: Machine) -> bool:
        """Whether the machine has one tape and a table of bearable size."""
        k = len(machine.symbols)
        rows = len(machine.states) + len({(rule.goto, rule.write) for rule in machine.rules if rule.move == (STAY,)})
        return machine.tapes == 1 and k <= SYMBOL_LIMIT and rows * (k + 1) <= LARGEST_TABLE

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        halting = [s for s, verdict in enumerate(machine.verdicts) if verdict is not None]
        running = [s for s, verdict in enumerate(machine.verdicts) if verdict is None]
        latches = sorted({(rule.goto, rule.write[0]) for rule in machine.rules if rule.move == (STAY,)})
        acting: list[tuple[int, int | None]] = [(s, None) for s in running]
        acting += [(s, symbol) for s, symbol in latches if machine.verdicts[s] is None]
        row_of = {pair: row for row, pair in enumerate(acting)}
        row_of |= {(s, None): len(acting) + i for i, s in enumerate(halting)}
        first_stuck = len(acting) + len(halting)
        stuck = {s: first_stuck + i for i, s in enumerate(running)}
        stride = len(machine.symbols) + 1
        # stuck in its state, and nothing changed, where there is no rule
        after = np.repeat(np.array([stuck[s] * stride << 8 for s, _ in acting], np.uint64)[:, None], stride, axis=1)
        act = np.tile(np.arange(stride, dtype=np.int32), (len(acting), 1))
        for state, latch in latches:
            if (state, latch) in row_of:
                act[row_of[state, latch]] = latch
        for rule in machine.rules:
            (read,), (write,), (move,), goto = rule.read, rule.write, rule.move, row_of[rule.goto, None]
            if move == STAY:
                goto = row_of.get((rule.goto, write), goto)
            entry, action = goto * stride << 8 | (16 if move == RIGHT else 0), move << 24 | write
            row = row_of[rule.state, None]
            after[row, read], act[row, read] = entry, action
            latched = row_of.get((rule.state, read))
            if latched is not None:
                after[latched], act[latched] = entry, action
        self.after, self.act = after.ravel(), act.ravel()
        self.stride, self.first_stuck = stride, first_stuck * stride
        self.state_of = [state for state, _ in acting] + halting + running  # of a row
        self.home = np.array([row_of[s, None] * stride for s in self.state_of], np.uint64)
        self.row_of = {s: row_of[s, None] * stride for s in (*running, *halting)}

    def begin(self, at: Configuration, windows: Sequence[Window] | None = None) -> OneTape:
        """As `PackedMachine.begin`."""
        return OneTape(self, at, windows)

    def stop(self, row: int, symbol: int) -> KernelStop:
        """Why a walk came back in a row, looking at a symbol."""
        if row < len(self.after):
            return KernelStop.LIMIT
        if row < self.first_stuck:
            return KernelStop.HALTED
        return KernelStop.EDGE if symbol == self.stride - 1 else KernelStop.UNDEFINED

    def run_all(self, starts: Sequence[Configuration], limit: int) -> list[tuple[int, KernelStop, Configuration]]:
        """Apply at most `limit` rules from each start, in one call of a kernel: the number applied, why it stopped, and
        where. `EDGE` where `FIRST_CELLS` cells on either side were not enough; a run can be gone on with from there."""
        machine, k = self.machine, len(self.machine.symbols)
        one_way = machine.one_way[0]
        spans = [
            (min(at.tapes[0].origin, at.heads[0]), max(at.tapes[0].origin + len(at.tapes[0].cells), at.heads[0]))
            for at in starts
        ]
        firsts = [0 if one_way else first - FIRST_CELLS for first, _ in spans]
        width = max((last + FIRST_CELLS - first for first, (_, last) in zip(firsts, spans)), default=0) + 4
        pool = np.zeros((len(starts), width), _symbols(k))
        pool[:, :2] = pool[:, -2:] = k
        rows, heads = np.empty(len(starts), np.int64), np.empty(len(starts), np.int64)
        for run, (at, first) in enumerate(zip(starts, firsts)):
            (tape,) = at.tapes
            pool[run, tape.origin - first + 2 :][: len(tape.cells)] = tape.cells
            rows[run], heads[run] = self.row_of[at.state], at.heads[0] - first + 2
        steps, marks = _walk_all(
            self.after, self.act, self.home, self.stride, self.first_stuck, one_way, pool, rows, heads, limit
        )
        ends = []
        for run, (count, row, head, first, (low, high)) in enumerate(
            zip(steps.tolist(), rows.tolist(), heads.tolist(), firsts, marks.tolist())
        ):
            tape = Tape(tuple(pool[run, low:high].tolist()), first - 2 + low) if low < high else Tape()
            at = Configuration(self.state_of[row // self.stride], (head + first - 2,), (tape,))
            ends.append((count, self.stop(row, pool[run, head]), at))
        return ends


class OneTape:
    """A run by a `DenseTable`."""

    def __init__(self, table: DenseTable, at: Configuration, windows: Sequence[Window] | None) -> None:
        self._table = table
        self._row = table.row_of[at.state]
        (self._tape,), (self._origin,), (self._head,) = _tapes(table.machine, at, windows)

    def advance(self, limit: int) -> tuple[int, KernelStop]:
        """As `Kernel.advance`."""
        table = self._table
        if self._row >= len(table.after):
            return 0, KernelStop.HALTED
        steps, row, head = _walk(
            table.after, table.act, table.home, table.stride, table.first_stuck, table.machine.one_way[0],
            self._tape, self._row, self._head, limit,
        )  # fmt: skip
        self._head = int(head)
        self._row = int(table.home[row // table.stride])
        return int(steps), table.stop(row, self._tape[self._head])

    def grow(self) -> None:
        """As `Kernel.grow`."""
        self._tape, self._origin, self._head = _longer(self._tape, self._origin, self._head)

    def configuration(self) -> Configuration:
        """As `Kernel.configuration`."""
        state, heads = self.here()
        return Configuration(state, heads, (_marks(self._tape, self._origin),))

    def here(self) -> tuple[int, tuple[int, ...]]:
        """As `Kernel.here`."""
        return self._table.state_of[self._row // self._table.stride], (self._head + self._origin,)

    def cell(self, tape: int, position: int) -> int:
        """As `Kernel.cell`."""
        return _cell(self._tape, position - self._origin)

    def extent(self) -> tuple[int, int]:
        """As `Kernel.extent`."""
        return _extent(self._tape, self._origin)


class PackedTree:
    """Any number of tapes, and a table of any size.

    `tree[node, symbol]` is the next node: the first tape's symbol leads from the node of the state, the last tape's to
    the number of a rule; -1 where there is none. `goto`, `write` and `move` are those of the rules.
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.one_way = np.array(machine.one_way)
        self.halting = np.array([verdict is not None for verdict in machine.verdicts])
        self.tree = _tree(machine)
        shape = (len(machine.rules), machine.tapes)
        self.goto = np.array([rule.goto for rule in machine.rules], np.int64)
        self.write = np.array([rule.write for rule in machine.rules], np.int64).reshape(shape)
        self.move = np.array([rule.move for rule in machine.rules], np.int64).reshape(shape)

    def begin(self, at: Configuration, windows: Sequence[Window] | None = None) -> AnyTapes:
        """As `PackedMachine.begin`."""
        return AnyTapes(self, at, windows)


class AnyTapes:
    """A run by a `PackedTree`."""

    def __init__(self, program: PackedTree, at: Configuration, windows: Sequence[Window] | None) -> None:
        self._program = program
        self._state = at.state
        tapes, self._origins, heads = _tapes(program.machine, at, windows)
        self._heads = np.array(heads, np.int64)
        self._set_tapes(tapes)

    def _set_tapes(self, tapes: list[NDArray[np.unsignedinteger]]) -> None:
        self._bounds = np.cumsum([0] + [len(tape) for tape in tapes])
        self._cells = np.concatenate(tapes)

    def _views(self) -> list[NDArray[np.unsignedinteger]]:
        return [self._cells[a:b] for a, b in zip(self._bounds[:-1], self._bounds[1:])]

    def advance(self, limit: int) -> tuple[int, KernelStop]:
        """As `Kernel.advance`."""
        program = self._program
        if program.halting[self._state]:
            return 0, KernelStop.HALTED
        steps, state, stop = _walk_any(
            program.tree, program.goto, program.write, program.move, program.halting, program.one_way,
            self._cells, self._bounds, self._heads, self._state, limit,
        )  # fmt: skip
        self._state = int(state)
        return int(steps), KernelStop(stop)

    def grow(self) -> None:
        """As `Kernel.grow`."""
        tapes = self._views()
        for i, (tape, origin, head) in enumerate(zip(tapes, self._origins, self._heads.tolist())):
            if not 1 < head < len(tape) - 2:
                tapes[i], self._origins[i], self._heads[i] = _longer(tape, origin, head)
        self._set_tapes(tapes)

    def configuration(self) -> Configuration:
        """As `Kernel.configuration`."""
        state, heads = self.here()
        return Configuration(state, heads, tuple(map(_marks, self._views(), self._origins)))

    def here(self) -> tuple[int, tuple[int, ...]]:
        """As `Kernel.here`."""
        return self._state, tuple(head + origin for head, origin in zip(self._heads.tolist(), self._origins))

    def cell(self, tape: int, position: int) -> int:
        """As `Kernel.cell`."""
        first, end = self._bounds[tape : tape + 2]
        return _cell(self._cells[first:end], position - self._origins[tape])

    def extent(self) -> tuple[int, int]:
        """As `Kernel.extent`."""
        return _extent(self._views()[0], self._origins[0])


def _tree(machine: Machine) -> NDArray[np.int32]:
    width = len(machine.symbols) + 1
    rows = [[-1] * width for _ in machine.states]
    for number, rule in enumerate(machine.rules):
        node = rule.state
        for symbol in rule.read[:-1]:
            if rows[node][symbol] < 0:
                rows[node][symbol] = len(rows)
                rows.append([-1] * width)
            node = rows[node][symbol]
        rows[node][rule.read[-1]] = number
    return np.array(rows, np.int32)


# Tapes: an edge at index 1 and one at index -2, for a loop to stop at, and one outside each, for it to look at.


def _tapes(
    machine: Machine, at: Configuration, windows: Sequence[Window] | None
) -> tuple[list[NDArray[np.unsignedinteger]], list[int], list[int]]:
    """Arrays of the tapes, positions of their index 0, indices of the heads."""
    k = len(machine.symbols)
    if k > np.iinfo(np.uint32).max:
        raise MachineError(f"{k:,} symbols are more than the Turing form can hold")
    kind = _symbols(k)
    tapes, origins, heads = [], [], []
    for i, (tape, head, one_way) in enumerate(zip(at.tapes, at.heads, machine.one_way)):
        first = 0 if one_way else min(tape.origin, head) - FIRST_CELLS
        last = max(tape.origin + len(tape.cells), head) + FIRST_CELLS
        if windows is not None:
            first, last = windows[i]
        array = _blank(last - first, k, kind)
        array[tape.origin - first + 2 :][: len(tape.cells)] = tape.cells
        tapes.append(array)
        origins.append(first - 2)
        heads.append(head - first + 2)
    return tapes, origins, heads


def _symbols(k: int) -> type[np.unsignedinteger]:
    """What holds `k` symbols and an edge."""
    return np.uint8 if k < 256 else np.uint16 if k <= SYMBOL_LIMIT else np.uint32


def _blank(cells: int, edge: int, kind: type[np.unsignedinteger]) -> NDArray[np.unsignedinteger]:
    array = np.zeros(cells + 4, kind)
    array[:2] = array[-2:] = edge
    return array


def _longer(tape: NDArray[np.unsignedinteger], origin: int, head: int) -> tuple[NDArray[np.unsignedinteger], int, int]:
    """Array, position of its index 0 and index of the head, with twice the cells, the new ones where the head is."""
    cells = len(tape) - 4
    new = max(cells, FIRST_CELLS)
    longer = _blank(cells + new, int(tape[0]), tape.dtype.type)
    shift = new if head < 2 else 0
    longer[shift + 2 : shift + 2 + cells] = tape[2:-2]
    return longer, origin - shift, head + shift


def _cell(array: NDArray[np.unsignedinteger], index: int) -> int:
    """Blank beyond the tape, and on its edges."""
    return int(array[index]) if 2 <= index < len(array) - 2 else BLANK


def _extent(array: NDArray[np.unsignedinteger], origin: int) -> tuple[int, int]:
    marks = np.flatnonzero(array[2:-2])
    return (int(marks[0]) + 2 + origin, int(marks[-1]) + 2 + origin) if len(marks) else (0, -1)


def _marks(array: NDArray[np.unsignedinteger], origin: int) -> Tape:
    marks = np.flatnonzero(array[2:-2])
    if not len(marks):
        return Tape()
    first, last = int(marks[0]) + 2, int(marks[-1]) + 3
    return Tape(tuple(array[first:last].tolist()), origin + first)


@njit(cache=True, nogil=True)
def _walk(after, act, home, stride, first_stuck, one_way, tape, row, head, limit):  # type: ignore[no-untyped-def]
    """At most `limit` steps of a `OneTape`: (steps applied, row, head).

    All indices are unsigned: signed ones would be tested for being negative, at every access. The row of being stuck
    is entered by an entry that changes nothing, and that is not counted.
    """
    row, head, stop, first_stuck = uint64(row), uint64(head), uint64(len(after)), uint64(first_stuck)
    one, eight, sixteen, low6, low16 = uint64(1), uint64(8), uint64(16), uint64(63), uint64(0xFFFF)
    symbol = uint64(tape[head])
    steps = 0
    while True:
        while steps < limit:
            index = row + symbol
            entry, action = after[index], int64(act[index])
            left, right = uint64(tape[head - one]), uint64(tape[head + one])
            tape[head] = action
            head += uint64(action >> 24)
            symbol = ((left | (right << sixteen)) >> (entry & low6)) & low16
            row = entry >> eight
            steps += 1
            if row >= stop:
                break
        steps -= row >= first_stuck
        if not (one_way and head == one):
            return steps, row, head
        head += one  # a move left from the first cell keeps the head in place
        symbol = uint64(tape[head])
        if row < first_stuck:
            return steps, row, head
        row = home[row // uint64(stride)]


@njit(cache=True, nogil=True)
def _walk_all(after, act, home, stride, first_stuck, one_way, pool, rows, heads, limit):  # type: ignore[no-untyped-def]
    """`_walk` of many runs, rows and heads in place: (steps applied, where what is not blank begins and ends)."""
    steps, marks = np.zeros(len(rows), np.int64), np.zeros((len(rows), 2), np.int64)
    for run in range(len(rows)):
        tape = pool[run]
        if rows[run] < len(after):
            steps[run], rows[run], heads[run] = _walk(
                after, act, home, stride, first_stuck, one_way, tape, rows[run], heads[run], limit
            )
        low, high = 2, len(tape) - 2
        while low < high and tape[low] == 0:
            low += 1
        while low < high and tape[high - 1] == 0:
            high -= 1
        marks[run] = low, high
    return steps, marks


@njit(cache=True, nogil=True)
def _walk_any(tree, goto, write, move, halting, one_way, cells, bounds, heads, state, limit):  # type: ignore[no-untyped-def]
    """At most `limit` steps of `AnyTapes`, heads and cells in place: (steps applied, state, reason to stop)."""
    edge = tree.shape[1] - 1
    for steps in range(limit):
        for i in range(len(heads)):
            if cells[bounds[i] + heads[i]] == edge:
                return steps, state, 3
        node = state
        for i in range(len(heads)):
            node = tree[node, cells[bounds[i] + heads[i]]]
            if node < 0:
                return steps, state, 2
        for i in range(len(heads)):
            cells[bounds[i] + heads[i]] = write[node, i]
            heads[i] += move[node, i]
            if one_way[i] and heads[i] == 1:
                heads[i] = 2  # a move left from the first cell keeps the head in place
        state = goto[node]
        if halting[state]:
            return steps + 1, state, 1
    return limit, state, 0
