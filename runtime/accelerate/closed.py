"""Closed sets of tapes: which words of n cells may stand next to the head in which state, and which farther out.

The *n-gram closed position set* of the busy-beaver community (N. Fenner; the deciders of bbchallenge.org).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from triquetra.machines import LEFT, STAY, Configuration, Machine

Word = tuple[int, ...]  # the cell nearest to the head first
Middle = tuple[int, int, tuple[Word, Word]]  # state, cell at the head, the words left and right of it

MAX_MIDDLES = 20_000


@dataclass(frozen=True, slots=True)
class ClosedSet:
    """Tapes that no step leaves; `far` are the words left and right that may stand farther out than the middles'."""

    radius: int
    middles: frozenset[Middle]
    far: tuple[frozenset[Word], frozenset[Word]]


def closed_set(machine: Machine, at: Configuration, radius: int, max_middles: int = MAX_MIDDLES) -> ClosedSet | None:
    """The least closed set with words of `radius` cells that holds a configuration of a one-tape machine.

    None: something in it halts, or it has more than `max_middles` middles.
    """
    delta = {(rule.state, rule.read[0]): (rule.write[0], rule.move[0], rule.goto) for rule in machine.rules}
    tape, head = at.tapes[0], at.heads[0]
    # for each side and each word but its farthest cell: what that may be; and the middles that wait to hear of it
    beyond: tuple[dict[Word, set[int]], ...] = (defaultdict(set), defaultdict(set))
    waiting: tuple[dict[Word, list[tuple[int, int, Word]]], ...] = (defaultdict(list), defaultdict(list))
    middles: set[Middle] = set()
    new: list[Middle] = []

    def reach(state: int, symbol: int, near: Word, side: int, far: Word) -> None:
        """A middle, with its word on `side` and the other one."""
        middle = (state, symbol, (near, far) if side else (far, near))
        if middle not in middles:
            middles.add(middle)
            new.append(middle)

    def allow(side: int, word: Word) -> None:
        """A word may stand farther out on a side."""
        known, last = word[:-1], word[-1]
        if last not in beyond[side][known]:
            beyond[side][known].add(last)
            for state, symbol, other in waiting[side][known]:
                reach(state, symbol, other, side, (*known, last))

    extent = max(abs(tape.origin - head), abs(tape.origin + len(tape.cells) - head)) + 1
    for side, outward in ((0, -1), (1, 1)):
        for first in range(2, extent + 2):
            allow(side, tuple(tape[head + outward * (first + i)] for i in range(radius)))
    left, right = (tuple(tape[head + outward * (1 + i)] for i in range(radius)) for outward in (-1, 1))
    reach(at.state, tape[head], left, 1, right)
    while new:
        state, symbol, words = new.pop()
        action = delta.get((state, symbol))
        if action is None or len(middles) > max_middles:
            return None
        write, move, goto = action
        if move == STAY:
            reach(goto, write, words[0], 1, words[1])
            continue
        ahead, behind = (0, 1) if move == LEFT else (1, 0)
        allow(behind, words[behind])
        passed = (write, *words[behind][:-1])
        known = words[ahead][1:]
        waiting[ahead][known].append((goto, words[ahead][0], passed))
        for last in tuple(beyond[ahead][known]):
            reach(goto, words[ahead][0], passed, ahead, (*known, last))
    far = tuple(frozenset((*known, last) for known, some in side.items() for last in some) for side in beyond)
    return ClosedSet(radius, frozenset(middles), (far[0], far[1]))
