"""Hypothesis strategies for machines and their inputs, made so that what fails shrinks to something small to read.

Every choice is local: states carry labels, and a target that is missing is the next label that is there; symbols are
taken modulo the alphabet. So any state, rule or cell may vanish, the others keep their meaning, and a valid, simpler
machine is left (`tests/quality/` measures how well that works).
"""

from __future__ import annotations

import string
from bisect import bisect_left
from collections.abc import Sequence
from itertools import product

from hypothesis import strategies as st

from .core import BLANK, LEFT, RIGHT, STAY, Machine, Rule, Tape
from .graph import without_unreachable

# write, move and goto of one cell; symbols and states are still to be resolved
Cell = tuple[tuple[int, ...], tuple[int, ...], int]
Row = dict[tuple[int, ...], Cell]
_MOSTLY = st.sampled_from((False, True, True, True))


def machines(
    *,
    max_states: int = 4,
    max_symbols: int = 3,
    max_tapes: int = 1,
    max_halting: int = 2,
    verdicts: Sequence[str] = ("halt", "accept", "reject"),
    stay: bool = True,
    one_way: bool = True,
    any_input: bool = False,
) -> st.SearchStrategy[Machine]:
    """Machines with every state reachable; they shrink towards one state without rules.

    States are A, B, ..., symbols 0, 1, ... (0 is the blank). Covers undefined cells, halting states with verdicts
    (the start state may be one), starts other than the first state, one-way tapes and narrow input alphabets.

    Args:
        max_states: most running states.
        max_symbols: most symbols, the blank among them; at least 2 are there.
        max_tapes: most tapes; a state has a cell for each tuple of symbols, so keep `max_symbols ** max_tapes` small.
        max_halting: most halting states; 0 leaves undefined cells as the only way to halt.
        verdicts: what a halting state may mean, the simplest first.
        stay: whether heads may stay where they are.
        one_way: whether tapes may be one-way.
        any_input: whether every symbol may stand in the input; otherwise some machines read only a part.
    """
    n_labels = max_states + max_halting  # running states first

    def with_tapes(n_tapes: int) -> st.SearchStrategy[Machine]:
        parts = st.tuples(
            st.integers(2, max_symbols),
            st.tuples(*[st.booleans() if one_way else st.just(False)] * n_tapes),
            st.sampled_from([0] * 2 * max_states + list(range(max_states + 1))),
            st.just(frozenset()) if any_input else _mostly_empty(max_symbols),
            _halting(range(max_states, n_labels), verdicts),
            _running(range(max_states), _rows(n_labels, max_symbols, n_tapes, stay)),
        )
        return parts.map(lambda drawn: _assemble(*drawn))  # not `builds`, so that failures show the machine

    return st.one_of(*(with_tapes(n) for n in range(1, max_tapes + 1)))


def tapes(machine: Machine, *, max_cells: int = 6, max_left: int = 0) -> st.SearchStrategy[tuple[Tape, ...]]:
    """Inputs of a machine, one tape each, for `steps(machine, *tapes)`; they shrink towards blank tapes.

    Args:
        max_cells: most cells written from cell 0 on.
        max_left: most cells written left of cell 0, on two-way tapes only.
    """
    symbol = st.sampled_from(sorted({BLANK, *machine.input_symbols}))

    def tape(one_way: bool) -> st.SearchStrategy[Tape]:
        right = st.lists(symbol, max_size=max_cells)
        left = st.lists(symbol, max_size=0 if one_way else max_left)
        return st.builds(lambda left, right: Tape.of([*reversed(left), *right], -len(left)), left, right)

    return st.tuples(*(tape(one_way) for one_way in machine.one_way))


def machines_with_input(
    of: st.SearchStrategy[Machine] | None = None, *, max_cells: int = 6, max_left: int = 0
) -> st.SearchStrategy[tuple[Machine, tuple[Tape, ...]]]:
    """A machine and an input for it; the machine is one `of` the strategy given, or of `machines()`."""

    def with_input(machine: Machine) -> st.SearchStrategy[tuple[Machine, tuple[Tape, ...]]]:
        return st.tuples(st.just(machine), tapes(machine, max_cells=max_cells, max_left=max_left))

    return (machines() if of is None else of).flatmap(with_input)


def _rows(n_labels: int, n_symbols: int, tapes: int, stay: bool) -> st.SearchStrategy[Row]:
    """What one state does on each tuple of symbols; an undefined cell, one in seven, is the simplest."""
    moves = list(product((RIGHT, LEFT, STAY) if stay else (RIGHT, LEFT), repeat=tapes))
    choices = st.sampled_from([*[None] * (len(moves) // 3), *moves, *moves])
    writes = st.sampled_from(list(product(range(n_symbols), repeat=tapes)))
    labels = st.integers(0, n_labels - 1)
    reads = list(product(range(n_symbols), repeat=tapes))

    @st.composite
    def row(draw: st.DrawFn) -> Row:
        cells: Row = {}
        for read in reads:
            move = draw(choices)
            if move is not None:
                cells[read] = (draw(writes), move, draw(labels))
        return cells

    return row()


@st.composite
def _running(draw: st.DrawFn, labels: range, rows: st.SearchStrategy[Row]) -> dict[int, Row]:
    """Rows for most of the labels, at least for the first."""
    present = [label for label in labels if draw(_MOSTLY)]
    return {label: draw(rows) for label in present or labels[:1]}


def _halting(labels: range, verdicts: Sequence[str]) -> st.SearchStrategy[dict[int, str]]:
    """Verdicts for some of the labels."""
    return st.dictionaries(st.sampled_from(labels), st.sampled_from(list(verdicts))) if labels else st.just({})


def _mostly_empty(max_symbols: int) -> st.SearchStrategy[frozenset[int]]:
    return st.just(frozenset()) | st.frozensets(st.integers(0, max_symbols - 1), min_size=1)


def _assemble(
    n_symbols: int,
    one_way: tuple[bool, ...],
    start: int,
    inputs: frozenset[int],
    halting: dict[int, str],
    rows: dict[int, Row],
) -> Machine:
    """The machine of what was drawn, with only the states that its runs could meet."""
    labels = sorted({*rows, *halting})

    def state(label: int) -> int:
        return bisect_left(labels, label) % len(labels)

    rules = []
    for label in sorted(rows):
        for read, (write, move, goto) in rows[label].items():
            if max(read) < n_symbols:
                rules.append(Rule(state(label), read, tuple(a % n_symbols for a in write), move, state(goto)))
    machine = Machine(
        name="drawn",
        states=_names(string.ascii_uppercase, len(labels)),
        symbols=_names(string.digits, n_symbols),
        rules=tuple(rules),
        verdicts=tuple(halting.get(label) for label in labels),
        start=state(start),
        one_way=one_way,
        input_symbols=tuple(sorted(a for a in inputs if a < n_symbols)),
    )
    return without_unreachable(machine)


def _names(letters: str, n: int) -> tuple[str, ...]:
    """`n` different names: the letters while they last, then numbered."""
    return tuple(
        letters[i] if i < len(letters) else f"{letters[i % len(letters)]}{i // len(letters)}" for i in range(n)
    )
