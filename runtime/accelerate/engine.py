"""The accelerated run: macro-steps, and rules that are proved on the way and used from then on."""

from __future__ import annotations

from collections import deque
from enum import StrEnum

from triquetra.machines import Configuration, Tape

from .blocks import Blocks, Kind
from .prover import Snapshot, prove
from .rules import Rule
from .tape import Stack

LONGEST_STRETCH = 100  # uses in the proof of a rule
SIGHTINGS = 2  # how often a stretch is seen before a rule is made of it
MEMORY = 1 << 17  # tapes and stretches that are remembered


class Ending(StrEnum):
    """How an accelerated run ended."""

    HALTED = "halted"  # in a halting state
    UNDEFINED = "undefined"  # at a cell without a rule
    ENDLESS = "runs forever"
    LIMIT = "limit"


class Engine:
    """A one-tape two-way machine in the middle of an accelerated run.

    The head stands between the blocks of `left` and of `right`, about to enter the one that it is `facing`, `shift`
    blocks right of where it began. `uses` is what was done: −1 for a macro-step, or the number of a rule.
    """

    def __init__(self, blocks: Blocks, at: Configuration) -> None:
        self.blocks = blocks
        self.origin = at.heads[0]  # the cell where block 0 begins
        self.facing = 2 * at.state + 1
        self.left, self.right = Stack(), Stack()
        self._lay(at.tapes[0])
        self.steps = 0
        self.shift = 0
        self.rules: list[Rule] = []
        self.uses: list[int] = []
        self.ending: Ending | None = None
        # facing: [(runs on the left, whether to the end, runs on the right, whether to the end, blocks: rules)]
        self._index: dict[int, list[tuple[int, bool, int, bool, dict[tuple[int, ...], list[Rule]]]]] = {}
        self._recent: deque[Snapshot] = deque(maxlen=LONGEST_STRETCH + 1)
        self._seen: dict[tuple[object, ...], int] = {}
        self._sightings: dict[int, int] = {}

    def _lay(self, tape: Tape) -> None:
        size = self.blocks.size
        first, last = tape.origin - self.origin, tape.origin - self.origin + len(tape.cells)

        def block(number: int) -> int:
            begin = self.origin + number * size
            return self.blocks.number([tape[cell] for cell in range(begin, begin + size)])

        for number in range(min(first // size, 0), 0):
            self.left.push(block(number), 1)
        for number in reversed(range(0, max(-(-last // size), 0))):
            self.right.push(block(number), 1)

    def advance(self) -> None:
        """One macro-step, or one rule as often as it goes; `ending` is set when there is nothing more to do."""
        now = Snapshot(
            self.facing, tuple(self.left.blocks), tuple(self.right.blocks),
            tuple(self.left.counts), tuple(self.right.counts),
        )  # fmt: skip
        if not (self.uses and self.uses[-1] >= 0 and self.rules[self.uses[-1]].change is not None):
            self._learn(now)
        self._recent.append(now)
        if (found := self._find()) is None:
            self.uses.append(-1)
            self._macro_step()
            return
        rule, values = found
        self.uses.append(rule.number)
        if rule.change is None:
            steps, shift = rule.apply(self.left, self.right, values)
        else:
            times = rule.times(values)
            if times is None:
                self.ending = Ending.ENDLESS
                return
            steps, shift = rule.repeat(self.left, self.right, values, times)
        self.facing = rule.end.facing
        self.steps += steps
        self.shift += shift

    def _macro_step(self) -> None:
        rightward = self.facing & 1
        side, other = (self.right, self.left) if rightward else (self.left, self.right)
        block = side.blocks[-1]
        kind, new, after, steps = self.blocks.step(self.facing, block)
        crossed = 0
        if kind is Kind.CHAIN:
            if len(side.blocks) == 1:
                self.ending = Ending.ENDLESS
                return
            crossed = side.counts[-1]
            steps *= crossed
            side.pop(1)
            other.push(new, crossed)
        elif kind is Kind.PASS:
            crossed = 1
            side.take()
            other.push(new, 1)
        elif kind is Kind.TURN:
            if new != block:
                side.take()
                side.push(new, 1)
        elif kind is Kind.LOOP:
            self.ending = Ending.ENDLESS
        else:
            self.ending = Ending(self.blocks.inside[self.facing, block].verdict)
        self.facing = after
        self.steps += steps
        self.shift += crossed if rightward else -crossed

    def _find(self) -> tuple[Rule, list[int]] | None:
        left, right = self.left, self.right
        height_left, height_right = len(left.blocks), len(right.blocks)
        for runs_left, all_left, runs_right, all_right, rules in self._index.get(self.facing, ()):
            rest_left, rest_right = height_left - runs_left, height_right - runs_right
            if (rest_left == 0) == all_left and (rest_right == 0) == all_right and rest_left >= 0 and rest_right >= 0:
                for rule in rules.get((*left.blocks[rest_left:], *right.blocks[rest_right:]), ()):
                    values = rule.match(left, right)
                    if values is not None:
                        return rule, values
        return None

    def _add(self, rule: Rule) -> None:
        start, counts = rule.start, rule.counts
        runs_left, runs_right = len(start.left), len(start.right)
        ends = [bool(some) and some[0].modulus < 0 for some in (counts[:runs_left], counts[runs_left:])]
        shape = (runs_left, ends[0], runs_right, ends[1])
        self.rules.append(rule)
        shapes = self._index.setdefault(start.facing, [])
        for *known, rules in shapes:
            if tuple(known) == shape:
                break
        else:
            rules = {}
            shapes.insert(0, (*shape, rules))
        rules.setdefault(start.left + start.right, []).insert(0, rule)  # the latest is made of the others: it does most

    def _learn(self, now: Snapshot) -> None:
        """Make a rule of what led from one tape to a tape that looks like it, if it was seen before.

        Two tapes look alike if all their runs have the same blocks; or only the runs next to the head: then the rule
        speaks of a part of the tape.
        """
        self._learn_from(now[:3], now)
        if len(now.left) > 1 or len(now.right) > 1:
            self._learn_from((now.facing, now.left[-1], now.right[-1]), now)

    def _learn_from(self, looks: tuple[object, ...], now: Snapshot) -> None:
        moment = len(self.uses)
        before = self._seen.get(looks)
        if len(self._seen) > MEMORY:
            self._seen.clear()
        self._seen[looks] = moment
        if before is None or moment - before > LONGEST_STRETCH:
            return
        stretch = self.uses[before:]
        if len(stretch) == 1 and stretch[0] >= 0:
            return
        if len(self._sightings) > MEMORY:
            self._sightings.clear()
        which = hash((looks, *stretch))
        self._sightings[which] = sightings = self._sightings.get(which, 0) + 1
        if sightings == SIGHTINGS:
            rule = prove(self.blocks, self.rules, self._recent[before - moment], now, stretch)
            if rule is not None:
                self._add(rule)
