"""Runs put down moment by moment (`protocol.Followed`): of the machine itself, and of any form that has no engine."""

from __future__ import annotations

from typing import Any

import numpy as np

from triquetra.forms import IntArray
from triquetra.machines import BLANK, Configuration, Input, Machine, Tape, start

from .protocol import NOT_STILL, Followed, Form, Undecodable

NO_STEP = -1  # stands for the symbols that no step has left
ELSEWHERE = -2  # for that of a step that changed another cell
CHUNK = 1 << 16  # rows at a time


def skip(followed: Followed, limit: int) -> int:
    """`Followed.skip` by way of its rows, a chunk at a time."""
    made = 0
    while made < limit:
        steps = len(followed.rows(min(CHUNK, limit - made))) - 1
        made += steps
        if not steps:
            break
    return made


class FollowedMachine:
    """A machine's run by δ itself, in plain Python: it shares nothing with the engines that are held against it."""

    def __init__(self, machine: Machine, *inputs: Input) -> None:
        at = start(machine, *inputs)
        self._machine = machine
        self._state, self._heads = at.state, list(at.heads)
        self._tapes = [dict(enumerate(tape.cells, tape.origin)) for tape in at.tapes]
        self._ended = False

    def rows(self, limit: int) -> IntArray:
        """See `protocol.Followed`."""
        delta, one_way, tapes, heads = self._machine.delta, self._machine.one_way, self._tapes, self._heads
        state, rows = self._state, [(self._state, *heads, *[NO_STEP] * len(heads))]
        for _ in range(limit):
            rule = delta.get((state, tuple([tape.get(head, BLANK) for tape, head in zip(tapes, heads)])))
            if rule is None:
                break
            for i, (write, move) in enumerate(zip(rule.write, rule.move)):
                tapes[i][heads[i]] = write
                heads[i] = max(heads[i] + move, 0) if one_way[i] else heads[i] + move
            state = rule.goto
            rows.append((state, *heads, *rule.write))
        self._state = state
        read = tuple(tape.get(head, BLANK) for tape, head in zip(tapes, heads))
        self._ended = (state, read) not in delta
        return np.array(rows, dtype=np.int64)

    def skip(self, limit: int) -> int:
        """See `protocol.Followed`."""
        return skip(self, limit)

    def ended(self) -> bool:
        """See `protocol.Followed`."""
        return self._ended

    def failure(self) -> None:
        """See `protocol.Followed`; a table does not fail."""

    def now(self) -> Configuration:
        """See `protocol.Followed`."""
        tapes = []
        for cells in self._tapes:
            first, last = min(cells, default=0), max(cells, default=-1)
            tapes.append(Tape.of([cells.get(place, BLANK) for place in range(first, last + 1)], first))
        return Configuration(self._state, tuple(self._heads), tuple(tapes))


class FollowedForm:
    """A form's run step by step, every state decoded."""

    def __init__(self, form: Form[Any], *inputs: Input) -> None:
        self._form, self._state = form, form.init(*inputs)
        self._now: Configuration | Undecodable = form.decode(self._state)
        self._ended = False
        self._failure: Undecodable | None = None

    def rows(self, limit: int) -> IntArray:
        """See `protocol.Followed`."""
        before = self.now()
        rows = [(before.state, *before.heads, *[NO_STEP] * len(before.heads))]
        while self._failure is None and not self._ended:
            following = self._form.step(self._state)
            halted = self._form.halted(following)
            if len(rows) > limit and not halted:
                break
            try:
                after = self._form.decode(following)
            except Undecodable as error:
                self._failure = error
                break
            if halted:
                self._ended = after == before
                self._failure = None if self._ended else Undecodable("halt", 1.0, NOT_STILL)
                break
            rows.append((after.state, *after.heads, *map(_left, before.tapes, before.heads, after.tapes)))
            self._state, self._now, before = following, after, after
        return np.array(rows, dtype=np.int64)

    def skip(self, limit: int) -> int:
        """See `protocol.Followed`."""
        return skip(self, limit)

    def ended(self) -> bool:
        """See `protocol.Followed`."""
        return self._ended

    def failure(self) -> Undecodable | None:
        """See `protocol.Followed`."""
        return self._failure

    def now(self) -> Configuration:
        """See `protocol.Followed`."""
        if isinstance(self._now, Undecodable):
            raise self._now
        return self._now


def _left(before: Tape, head: int, after: Tape) -> int:
    """The symbol that a step left in the cell that it read, if it changed no other one."""
    return after[head] if before.write(head, after[head]) == after else ELSEWHERE
