"""The accelerated run: macro-steps, and rules that are proved on the way and used from then on."""

from __future__ import annotations

from enum import StrEnum

from triquetra.machines import Configuration, Tape

from .blocks import BlockMachine, Inside, MacroStepKind
from .prover import Snapshot, prove
from .rules import MAX_BITS, MacroRule, TooLarge
from .tape import LongConfiguration, Stack

LONGEST_STRETCH = 100  # uses in the proof of a rule
# How often a stretch between tapes that look alike is seen before a rule is made of it: a proof costs as much as some
# hundred macro-steps. Loops of macro-steps between tapes that are alike as a whole are the likeliest to be of use.
SIGHTINGS_LOOP = 2
SIGHTINGS = 8
MEMORY = 1 << 15  # tapes and stretches that are remembered


_Shape = tuple[int, bool, int, bool]  # runs on the left, whether all there are; the same on the right


class Ending(StrEnum):
    """How an accelerated run ended."""

    HALTED = "halted"  # in a halting state
    UNDEFINED = "undefined"  # at a cell without a rule
    ENDLESS = "runs forever"
    TOO_LARGE = "a number is too large to write down"
    LIMIT = "limit reached"


class MacroEngine:
    """A one-tape two-way machine in the middle of an accelerated run.

    The head stands between the blocks of `left` and of `right`, about to enter the one that it is `facing`, `shift`
    blocks right of where it began. `uses` is what was done: −1 for a macro-step, or the number of a rule.
    It begins at a configuration that was reached in `before` steps, where the head enters a block to its right, at the
    block's first cell, if `rightward`; else one to its left.
    """

    def __init__(self, blocks: BlockMachine, at: Configuration, before: int = 0, rightward: bool = True) -> None:
        self.blocks = blocks
        self.before, self.rightward = before, rightward
        self.origin = at.heads[0] + (not rightward)  # the cell where block 0 begins
        self.facing = 2 * at.state + rightward
        self.left, self.right = Stack(), Stack()
        self._lay(at.tapes[0])
        self.steps = before
        self.shift = 0
        self.rules: list[MacroRule] = []
        self.uses: list[int] = []
        self.ending: Ending | None = None
        self._inside: Inside | None = None
        self._index: dict[
            int, dict[_Shape, dict[tuple[int, ...], list[MacroRule]]]
        ] = {}  # by facing; blocks of the start
        self._turned = True
        self._seen: dict[tuple[object, ...], tuple[int, Snapshot]] = {}  # by looks: when, and what exactly
        self._sightings: dict[int, int] = {}

    def _lay(self, tape: Tape) -> None:
        size = self.blocks.size
        first, last = tape.origin - self.origin, tape.origin - self.origin + len(tape.cells)

        def block(number: int) -> int:
            begin = self.origin + number * size
            return self.blocks.number([tape[cell] for cell in range(begin, begin + size)])

        for number in range(min(first // size, 0), 0):
            self.left.push(block(number), 1)
        for number in reversed(range(max(-(-last // size), 0))):
            self.right.push(block(number), 1)

    def advance(self) -> None:
        """One macro-step, or one rule as often as it goes; `ending` is set when there is nothing more to do.

        Rules begin and end where the head has just turned: any loop has such a moment.
        """
        if self._turned:
            if not (self.uses and self.uses[-1] >= 0 and self.rules[self.uses[-1]].after is not None):
                self._learn()
            if (found := self._find()) is not None:
                self._use(*found)
                return
        self.uses.append(-1)
        self._macro_step()

    def _use(self, rule: MacroRule, values: list[int]) -> None:
        self.uses.append(rule.number)
        if rule.after is None:
            steps, shift = rule.apply(self.left, self.right, values)
        else:
            times = rule.times(values)
            if times is None:
                self.ending = Ending.ENDLESS
                return
            try:
                steps, shift = rule.repeat(self.left, self.right, values, times)
            except TooLarge:
                self.ending = Ending.TOO_LARGE
                return
        self.facing = rule.end.facing
        self.steps += steps
        self.shift += shift
        if self.steps.bit_length() > MAX_BITS:
            self.ending = Ending.TOO_LARGE

    @property
    def configuration(self) -> LongConfiguration:
        """Where the run stands."""
        size, rightward = self.blocks.size, self.facing & 1
        left = list(zip(self.left.blocks, self.left.counts))[1:]
        right = list(zip(self.right.blocks, self.right.counts))[1:]
        before = [(self.blocks.cells(block), count) for block, count in left]
        after = [(self.blocks.cells(block), count) for block, count in reversed(right)]
        state, head = self.facing // 2, 0 if rightward else -1
        if self._inside is not None:
            state, head = self._inside.state, self._inside.head - (0 if rightward else size)
        cells = sum(count for _, count in left) * size
        begin = self.origin + self.shift * size
        return LongConfiguration(state, begin + head, begin - cells, tuple(before + after))

    def _macro_step(self) -> None:
        rightward = self.facing & 1
        side, other = (self.right, self.left) if rightward else (self.left, self.right)
        block = side.blocks[-1]
        kind, new, after, steps = self.blocks.step(self.facing, block)
        self._turned = kind is MacroStepKind.TURN
        crossed = 0
        if kind is MacroStepKind.CHAIN:
            if len(side.blocks) == 1:
                self.ending = Ending.ENDLESS
                return
            crossed = side.counts[-1]
            steps *= crossed
            side.pop(1)
            other.push(new, crossed)
        elif kind is MacroStepKind.PASS:
            crossed = 1
            side.take()
            other.push(new, 1)
        elif kind is MacroStepKind.TURN:
            if new != block:
                side.take()
                side.push(new, 1)
        elif kind is MacroStepKind.LOOP:
            self.ending = Ending.ENDLESS
        else:
            self._inside = self.blocks.inside[self.facing, block]
            self.ending = Ending(self._inside.verdict)
            side.take()
            side.push(new, 1)
        self.facing = after
        self.steps += steps
        self.shift += crossed if rightward else -crossed

    def _find(self) -> tuple[MacroRule, list[int]] | None:
        left, right = self.left, self.right
        height_left, height_right = len(left.blocks), len(right.blocks)
        for (runs_left, all_left, runs_right, all_right), rules in self._index.get(self.facing, {}).items():
            rest_left, rest_right = height_left - runs_left, height_right - runs_right
            if (rest_left == 0) == all_left and (rest_right == 0) == all_right and rest_left >= 0 and rest_right >= 0:
                for rule in rules.get((*left.blocks[rest_left:], *right.blocks[rest_right:]), ()):
                    values = rule.match(left, right)
                    if values is not None:
                        return rule, values
        return None

    def _add(self, rule: MacroRule) -> None:
        start, counts = rule.start, rule.counts
        runs_left, runs_right = len(start.left), len(start.right)
        ends = [bool(some) and some[0].modulus < 0 for some in (counts[:runs_left], counts[runs_left:])]
        shapes = self._index.setdefault(start.facing, {})
        rules = shapes.setdefault((runs_left, ends[0], runs_right, ends[1]), {})
        # the latest first: it is made of the others, and does more at once
        rules.setdefault(start.left + start.right, []).insert(0, rule)
        self.rules.append(rule)

    def _learn(self) -> None:
        """Make a rule of what led from an earlier tape to one that looks like it.

        Tapes look alike if all their runs have the same blocks, or else if the runs next to the head have; in the
        second case the rule will speak of a part of the tape.
        """
        left, right = self.left, self.right
        blocks_left, blocks_right = tuple(left.blocks), tuple(right.blocks)
        now = Snapshot(self.facing, blocks_left, blocks_right, tuple(left.counts), tuple(right.counts))
        if not self._learn_between((self.facing, blocks_left, blocks_right), now, whole=True):
            self._learn_between((self.facing, blocks_left[-1], blocks_right[-1]), now, whole=False)

    def _learn_between(self, looks: tuple[object, ...], now: Snapshot, *, whole: bool) -> bool:
        """Whether a tape that looks so was seen lately."""
        moment = len(self.uses)
        before, earlier = self._seen.get(looks, (-LONGEST_STRETCH, now))
        if len(self._seen) > MEMORY:
            self._seen.clear()
        self._seen[looks] = moment, now
        if moment - before >= LONGEST_STRETCH:
            return False
        stretch = self.uses[before:]
        if len(stretch) > 1 or stretch[0] < 0:
            if len(self._sightings) > MEMORY:
                self._sightings.clear()
            which = hash((looks, *stretch))
            self._sightings[which] = sightings = self._sightings.get(which, 0) + 1
            enough = SIGHTINGS_LOOP if whole and max(stretch) < 0 else SIGHTINGS
            # again at each power of two: what was made of it earlier did not speak of the tapes that came since
            if sightings >= enough and sightings & (sightings - 1) == 0:
                rule = prove(self.blocks, self.rules, earlier, now, stretch)
                if rule is not None:
                    self._add(rule)
        return True
