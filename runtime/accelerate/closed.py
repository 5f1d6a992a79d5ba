"""Closed sets of tapes: which words of n cells may stand next to the head in which state, and which farther out.

The *n-gram closed position set* of the busy-beaver community (N. Fenner; the deciders of bbchallenge.org), also with
cells that remember in which states the head wrote on them: that tells apart words that only look alike.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from triquetra.machines import LEFT, STAY, Configuration, Machine

from .blocks import actions

Cell = tuple[int, ...]  # its symbol, then for the latest visits the state and the symbol read, the last visit first
Word = tuple[Cell, ...]  # the cell nearest to the head first
Middle = tuple[int, Cell, tuple[Word, Word]]  # state, cell at the head, the words left and right of it

MAX_MIDDLES = 20_000
TICK = 256  # middles between two calls of `tick`


@dataclass(frozen=True, slots=True)
class ClosedSet:
    """Tapes that no step leaves; `far` are the words left and right that may stand farther out than the middles'."""

    radius: int
    history: int
    middles: frozenset[Middle]
    far: tuple[frozenset[Word], frozenset[Word]]


def closed_set(
    machine: Machine,
    at: Configuration,
    radius: int,
    history: int = 0,
    max_middles: int = MAX_MIDDLES,
    tick: Callable[[], None] = lambda: None,
) -> ClosedSet | None:
    """The least closed set that holds a configuration of a one-tape machine.

    Args:
        radius: cells in a word.
        history: visits that a cell remembers.
        tick: called now and then; what it raises ends the search.

    None: something in the set halts, or it has more than `max_middles` middles.
    """
    delta = actions(machine)
    tape, head = at.tapes[0], at.heads[0]
    # for each side and each word but its farthest cell: what that may be; and the middles that wait to hear of it
    beyond: tuple[dict[Word, set[Cell]], ...] = (defaultdict(set), defaultdict(set))
    waiting: tuple[dict[Word, list[tuple[int, Cell, Word]]], ...] = (defaultdict(list), defaultdict(list))
    middles: set[Middle] = set()
    new: list[Middle] = []

    def reach(state: int, cell: Cell, near: Word, side: int, far: Word) -> None:
        """A middle, with its word on `side` and the other one."""
        middle = (state, cell, (near, far) if side else (far, near))
        if middle not in middles:
            middles.add(middle)
            new.append(middle)

    def allow(side: int, word: Word) -> None:
        """A word may stand farther out on a side."""
        known, last = word[:-1], word[-1]
        if last not in beyond[side][known]:
            beyond[side][known].add(last)
            for state, cell, other in waiting[side][known]:
                reach(state, cell, other, side, (*known, last))

    def word(side: int, first: int) -> Word:
        """Of the start's tape, from the `first`-th cell on one side of the head."""
        return tuple((tape[head + (first + i) * (1 if side else -1)],) for i in range(radius))

    extent = max(abs(tape.origin - head), abs(tape.origin + len(tape.cells) - head)) + 1
    for side in (0, 1):
        for first in range(2, extent + 2):
            if first % TICK == 0:
                tick()
            allow(side, word(side, first))
    reach(at.state, (tape[head],), word(0, 1), 1, word(1, 1))
    for count in itertools.count():
        if count % TICK == 0:
            tick()
        if not new:
            break
        state, cell, words = new.pop()
        action = delta.get((state, cell[0]))
        if action is None or len(middles) > max_middles:
            return None
        write, move, goto = action
        cell = (write, state, *cell)[: 1 + 2 * history]
        if move == STAY:
            reach(goto, cell, words[0], 1, words[1])
            continue
        ahead, behind = (0, 1) if move == LEFT else (1, 0)
        allow(behind, words[behind])
        passed, known = (cell, *words[behind][:-1]), words[ahead][1:]
        waiting[ahead][known].append((goto, words[ahead][0], passed))
        for last in tuple(beyond[ahead][known]):
            reach(goto, words[ahead][0], passed, ahead, (*known, last))
    far = tuple(frozenset((*known, last) for known, some in side.items() for last in some) for side in beyond)
    return ClosedSet(radius, history, frozenset(middles), (far[0], far[1]))
