"""Proofs by rules: each rule is proved anew, then the run is followed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from triquetra.machines.core import BLANK, Machine, Tape

from .algebra import Algebra, Linear, Polynomial, longest, polynomial_of, variable
from .blocks import Block, Blocks
from .limits import (
    MAX_BEFORE,
    MAX_BITS,
    MAX_BLOCK,
    MAX_CONDITIONS,
    MAX_DOUBLINGS,
    MAX_RUNS,
    MAX_VARIABLES,
    MAX_WORK,
    NUMBER,
    RefusedHalting,
    Work,
    price,
)
from .plain import Plain
from .reading import ENDLESS, ProvedHalting, read_integer, read_list, read_object, read_word

Count = Linear | None  # None: endless
Run = tuple[Block, Count]
Runs = tuple[list[Run], list[Run]]  # left and right of the head, nearest last


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One run of a rule's start: modulus·z + rest blocks (exactly `rest`: modulus 0; endless: modulus -1)."""

    block: Block
    modulus: int
    rest: int


def _repeated_steps(rule: _Rule) -> Polynomial:
    """Steps of n applications of a rule whose variables change by constants; n is the variable after its own."""
    assert rule.change is not None
    return rule.algebra.sum_over(rule.steps, rule.change)


@dataclass(frozen=True)
class _Rule:
    """From a tape with runs `start`, if all conditions are ≥ 0 for its variables, the machine comes to runs `end`.

    `after`, if there: the end is of the same family as the start, with `after[i]` for zᵢ, and each condition either
    changes by a constant or does not fall (by `slopes`, first the conditions', then the variables'); so the rule can be
    repeated. `change`: how much each variable grows, if all grow by constants. `advances`: each application takes at
    least one step of the machine.
    """

    algebra: Algebra
    state: int
    rightward: bool
    start: tuple[list[_Pattern], list[_Pattern]]
    conditions: tuple[Linear, ...]
    end_state: int
    end_rightward: bool
    end: Runs
    steps: Polynomial
    after: tuple[Linear, ...] | None
    slopes: tuple[Linear, ...]
    change: tuple[int, ...] | None
    advances: bool
    repeated_steps = cached_property(_repeated_steps)

    def power(self, times: int) -> tuple[tuple[Linear, ...], Polynomial]:
        """What the variables are after so many applications, and the steps of these."""
        assert self.after is not None
        if times.bit_length() > MAX_DOUBLINGS:
            raise RefusedHalting(f"a rule that multiplies its variables is used more than 2^{MAX_DOUBLINGS} times")
        once = power = (self.after, self.steps)
        for bit in f"{times:b}"[1:]:
            power = self._then(power, power)
            if bit == "1":
                power = self._then(power, once)
        return power

    def _then(
        self, one: tuple[tuple[Linear, ...], Polynomial], two: tuple[tuple[Linear, ...], Polynomial]
    ) -> tuple[tuple[Linear, ...], Polynomial]:
        """Some applications and then some more: the variables after them, and the steps."""
        steps = self.algebra.compose(two[1], one[0])
        self.algebra.add_to(steps, one[1])
        return tuple(self.algebra.at(form, one[0], len(one[0])) for form in two[0]), steps


class _Walk:
    """Follows uses from a tape whose counts are forms in `variables` variables, and notes what that needs.

    Without variables it is the machine's own run. All runs have at least one block; a rule's start that says otherwise
    is met by no tape.
    """

    def __init__(self, blocks: Blocks, algebra: Algebra, state: int, rightward: bool, variables: int) -> None:
        self.blocks, self.algebra, self.work, self.variables = blocks, algebra, blocks.work, variables
        self.state, self.rightward = state, rightward
        self.runs: Runs = ([], [])
        self._least: dict[tuple[int, ...], int] = {}  # of the conditions with these factors, the least constant
        self.certain = 0  # steps that depend on no variable
        self.steps: Polynomial = {}  # the others
        self.advances = False
        self.ending: str | None = None

    def constant(self, value: int) -> Linear:
        """A form without variables."""
        return (value, *[0] * self.variables)

    def conditions(self) -> tuple[Linear, ...]:
        """The forms that must be ≥ 0."""
        return tuple((constant, *factors) for factors, constant in self._least.items())

    def _require(self, form: Linear) -> None:
        """Note that form ≥ 0 is needed, unless it is so for all z ≥ 0."""
        constant, factors = form[0], form[1:]
        if min(form) >= 0:
            return
        if not any(factors):
            raise RefusedHalting("a use is not possible there: a count or a condition would be negative")
        if factors not in self._least:
            if len(self._least) == MAX_CONDITIONS:
                raise RefusedHalting(f"it needs more than {MAX_CONDITIONS:,} conditions")
            self.work.keep(_room(form))
            self._least[factors] = constant
        self._least[factors] = min(self._least[factors], constant)

    def push(self, side: int, block: Block, count: Count) -> None:
        """Put a run next to the head."""
        if count is not None and max(count) < 1:
            raise RefusedHalting("a run of no blocks comes up")
        runs = self.runs[side]
        if runs and runs[-1][0] == block:
            _, top = self.pop(side)
            count = None if top is None or count is None else self.algebra.plus(top, count)
        self.work.keep(_room(count))
        runs.append((block, count))

    def pop(self, side: int) -> Run:
        """Take away the run next to the head."""
        run = self.runs[side].pop()
        self.work.keep(-_room(run[1]))
        return run

    def macro_step(self) -> None:
        """Let the head enter the next block, and all blocks of its run if it crosses them."""
        side = int(self.rightward)
        if not self.runs[side]:
            raise RefusedHalting("a macro-step leaves the runs that the rule speaks of")
        block, count = self.runs[side][-1]
        self.work.spend(3 + price(self.certain.bit_length()) + price(0 if count is None else longest(count)))
        exit_ = self.blocks.enter(self.state, self.rightward, block)
        if exit_ is None:
            self.ending = ENDLESS
            return
        turns = exit_.rightward != self.rightward
        if exit_.halted is None and not turns and exit_.state == self.state:
            if count is None:
                self.ending = ENDLESS
                return
            self.pop(side)
            self.push(1 - side, exit_.block, count)
            self.certain += count[0] * exit_.steps
            if any(count[1:]):
                self.algebra.add_to(self.steps, polynomial_of((0, *count[1:])), Fraction(exit_.steps))
            return
        if not turns or exit_.block != block:
            self._take(side)
            self.push(side if turns or exit_.halted else 1 - side, exit_.block, self.constant(1))
        self.certain += exit_.steps
        self.advances = True
        self.ending = exit_.halted
        self.state, self.rightward = exit_.state, exit_.rightward

    def _take(self, side: int) -> None:
        """Take one block off the nearest run; where its count has variables, one at least must be left."""
        block, count = self.pop(side)
        if count is None:
            self.push(side, block, None)
        elif any(count[1:]):
            self._require(self.algebra.plus(count, self.constant(-2)))
            self.push(side, block, self.algebra.plus(count, self.constant(-1)))
        elif count[0] > 1:
            self.push(side, block, self.constant(count[0] - 1))

    def use(self, rule: _Rule, times: Linear | None) -> None:
        """A rule so many times; None: as often as it can be applied."""
        self.work.spend(8 + price(self.certain.bit_length()))
        at, plus = self.algebra.at, self.algebra.plus
        values = self._match(rule)
        needs = [at(condition, values, self.variables) for condition in rule.conditions] + values
        end: Iterable[tuple[int, Block, Count]]
        if rule.after is None:
            if times not in (None, self.constant(1)):
                raise RefusedHalting("a rule that does not repeat is used more than once")
            for need in needs:
                self._require(need)
            end = [
                (side, block, None if count is None else at(count, values, self.variables))
                for side in (0, 1)
                for block, count in rule.end[side]
            ]
            self._count(rule.steps, values)
        else:
            if times is None:
                falling = [self._falls(need[0], -slope[0]) for need, slope in zip(needs, rule.slopes) if slope[0] < 0]
                if not falling:
                    self._for_ever(rule, needs)
                    return
                times = self.constant(min(falling))
            before_last = plus(times, self.constant(-1))
            self._require(before_last)
            for need, slope in zip(needs, rule.slopes):
                self._require(plus(need, before_last, slope[0]) if slope[0] < 0 else need)
            if rule.change is not None:
                after = [plus(value, times, change) for value, change in zip(values, rule.change)]
                self._count(rule.repeated_steps, [*values, times])
            elif any(times[1:]):
                raise RefusedHalting("a rule that multiplies its variables is used a number of times that is not fixed")
            else:
                forms, steps = rule.power(times[0])
                after = [at(form, values, self.variables) for form in forms]
                self._count(steps, values)
            end = self._start(rule, after)
        for side, block, count in end:
            self.push(side, block, count)
        self.advances |= rule.advances
        self.state, self.rightward = rule.end_state, rule.end_rightward

    def _match(self, rule: _Rule) -> list[Linear]:
        """Take the runs of a rule's start off the tape; its variables there."""
        if (self.state, self.rightward) != (rule.state, rule.rightward):
            raise RefusedHalting("a rule is used in another state than its own")
        values = []
        for side, patterns in enumerate(rule.start):
            if len(self.runs[side]) < len(patterns):
                raise RefusedHalting("a rule is used where there are fewer runs than it speaks of")
            taken = [self.pop(side) for _ in patterns]
            for (block, count), pattern in zip(reversed(taken), patterns):
                if block != pattern.block or (count is None) != (pattern.modulus < 0):
                    raise RefusedHalting("a rule is used on a tape that does not look like its start")
                if count is None:
                    continue
                over = self.algebra.plus(count, self.constant(-pattern.rest))
                if pattern.modulus == 0:
                    if any(over):
                        raise RefusedHalting("a rule is used on a run of another length")
                    continue
                value = self.algebra.divide(over, pattern.modulus)
                if value is None:
                    raise RefusedHalting("a rule is used on a run whose length is of another class")
                values.append(value)
        return values

    def _start(self, rule: _Rule, values: Sequence[Linear]) -> Iterator[tuple[int, Block, Count]]:
        """The runs of a rule's start with these variables."""
        variables = iter(values)
        for side in (0, 1):
            for pattern in rule.start[side]:
                if pattern.modulus < 0:
                    yield side, pattern.block, None
                elif pattern.modulus == 0:
                    yield side, pattern.block, self.constant(pattern.rest)
                else:
                    rest = self.constant(pattern.rest)
                    yield side, pattern.block, self.algebra.plus(rest, next(variables), pattern.modulus)

    def _falls(self, need: int, fall: int) -> int:
        """How often a condition holds, one after the other, that falls so much each time."""
        self.work.spend(4 * price(need.bit_length(), fall.bit_length()))
        return need // fall + 1

    def _for_ever(self, rule: _Rule, needs: Sequence[Linear]) -> None:
        if self.variables or not rule.advances:
            raise RefusedHalting("a rule is used without end, inside a rule or without taking a step")
        for need in needs:
            self._require(need)
        self.ending = ENDLESS

    def _count(self, steps: Polynomial, values: Sequence[Linear]) -> None:
        if self.variables:
            self.algebra.add_to(self.steps, self.algebra.compose(steps, values))
        else:
            self.certain += self.algebra.evaluate(steps, [value[0] for value in values])
            if self.certain.bit_length() > MAX_BITS:
                raise RefusedHalting(f"proof: a number has more than {MAX_BITS:,} bits")


def check_rules(machine: Machine, tape: Tape, proof: Mapping[str, Any]) -> ProvedHalting:
    """Prove the rules, one after the other, and follow the run."""
    work = Work()
    blocks = Blocks(machine, read_integer(proof.get("block"), "proof: block", 1, MAX_BLOCK), work)
    algebra = Algebra(work)
    rules: list[_Rule] = []
    for number, text in enumerate(read_list(proof.get("rules"), "proof: rules")):
        try:
            rules.append(_prove(blocks, algebra, rules, text))
        except RefusedHalting as reason:
            raise RefusedHalting(f"proof: rule {number}: {reason}") from None
    walk = _begin(blocks, algebra, tape, proof)
    for number, use in enumerate(read_list(proof.get("run"), "proof: run")):
        try:
            _follow(walk, rules, use, once=False)
        except RefusedHalting as reason:
            raise RefusedHalting(f"proof: use {number} of the run: {reason}") from None
    if walk.ending is None:
        raise RefusedHalting("proof: the run breaks off before an end")
    if walk.ending == ENDLESS:
        return ProvedHalting(ENDLESS, "rules")
    nonblank = sum(
        count[0] * sum(cell != BLANK for cell in block) for runs in walk.runs for block, count in runs if count
    )
    return ProvedHalting(walk.ending, "rules", walk.state, walk.certain, nonblank)


def _begin(blocks: Blocks, algebra: Algebra, tape: Tape, proof: Mapping[str, Any]) -> _Walk:
    """The machine's run after its plain steps, its tape cut into blocks where the head stands."""
    plain = Plain(blocks.machine, tape)
    before = read_integer(proof.get("before", 0), "proof: before", 0, MAX_BEFORE)
    for steps in range(before):
        if not plain.step():
            raise RefusedHalting(f"proof: the machine halts after {steps} steps")
    rightward = _enters_rightward(proof.get("enters", "right"), "proof: enters")
    edge = plain.head if rightward else plain.head + 1
    first, last = min(plain.cells, default=0), max(plain.cells, default=0)
    walk = _Walk(blocks, algebra, plain.state, rightward, 0)
    walk.certain = before
    _lay(walk, Tape.of([plain.cells.get(cell, BLANK) for cell in range(first, last + 1)], first - edge))
    return walk


def _enters_rightward(value: object, where: str) -> bool:
    if value not in ("left", "right"):
        raise RefusedHalting(f"{where}: neither `left` nor `right`")
    return value == "right"


def _follow(walk: _Walk, rules: Sequence[_Rule], use: object, *, once: bool) -> None:
    if walk.ending is not None:
        raise RefusedHalting("it goes on after the end")
    times = walk.constant(1) if once else None
    if once and isinstance(use, list):
        if len(use) != 2:
            raise RefusedHalting("a use is not [rule, times]")
        use, form = use
        times = tuple(read_integer(a, "times") for a in read_list(form, "times", MAX_VARIABLES + 1))
        if len(times) != walk.variables + 1:
            raise RefusedHalting("times: not a constant and a factor for each variable")
    number = read_integer(use, "use", -MAX_WORK, len(rules) - 1)
    if number >= 0:
        walk.use(rules[number], times)
        return
    for _ in range(-number):
        if walk.ending is not None:
            raise RefusedHalting("it goes on after the end")
        walk.macro_step()


def _lay(walk: _Walk, tape: Tape) -> None:
    """Put down a tape of which a block begins at cell 0; the head is there, or left of it."""
    size = walk.blocks.size
    first, last = tape.origin // size, -(-(tape.origin + len(tape.cells)) // size)
    blanks = (BLANK,) * size
    for side, numbers, between in (
        (0, range(first, min(last, 0)), -last),
        (1, range(last - 1, max(first, 0) - 1, -1), first),
    ):
        walk.push(side, blanks, None)
        for number in numbers:
            walk.work.spend(4 + size // 4)
            walk.push(side, tuple(tape[cell] for cell in range(number * size, (number + 1) * size)), (1,))
        if between > 0:
            walk.push(side, blanks, (between,))


def _prove(blocks: Blocks, algebra: Algebra, rules: Sequence[_Rule], text: object) -> _Rule:
    """The rule that a proof proves."""
    fields = read_object(text, "rule")
    state = read_integer(fields.get("state"), "state", 0, len(blocks.machine.states) - 1)
    rightward = _enters_rightward(fields.get("enters"), "enters")
    start = (_patterns(blocks, fields.get("left"), "left"), _patterns(blocks, fields.get("right"), "right"))
    variables = sum(pattern.modulus > 0 for side in start for pattern in side)
    if variables > MAX_VARIABLES:
        raise RefusedHalting(f"more than {MAX_VARIABLES} variables")
    walk = _Walk(blocks, algebra, state, rightward, variables)
    number = 0
    for side, patterns in enumerate(start):
        for pattern in patterns:
            count: Count = walk.constant(pattern.rest)
            if pattern.modulus < 0:
                count = None
            elif pattern.modulus > 0:
                count = algebra.plus(walk.constant(pattern.rest), variable(number, variables), pattern.modulus)
                number += 1
            walk.push(side, pattern.block, count)
    for use in read_list(fields.get("proof"), "proof"):
        _follow(walk, rules, use, once=True)
    if walk.ending is not None:
        raise RefusedHalting("its proof comes to an end of the run")
    after = _after(algebra, start, walk.runs) if (walk.state, walk.rightward) == (state, rightward) else None
    conditions = walk.conditions()
    slopes: list[Linear] = []
    change = None
    if after is not None:
        forms = [*conditions, *(variable(i, variables) for i in range(variables))]
        slopes = [algebra.plus(algebra.at(form, after, variables), form, -1) for form in forms]
        if any(min(slope) < 0 and any(slope[1:]) for slope in slopes):
            after = None  # it depends on the variables whether that condition falls
        grown = slopes[len(conditions) :]
        if not any(any(form[1:]) for form in grown):
            change = tuple(form[0] for form in grown)
    algebra.add_to(walk.steps, {(): Fraction(walk.certain)})
    return _Rule(
        algebra, state, rightward, start, conditions, walk.state, walk.rightward, walk.runs, walk.steps, after,
        tuple(slopes), change, walk.advances,
    )  # fmt: skip


def _patterns(blocks: Blocks, value: object, where: str) -> list[_Pattern]:
    patterns = []
    for place, run in enumerate(read_list(value, where, MAX_RUNS)):
        if len(read_list(run, where)) != 3:
            raise RefusedHalting(f"{where}: a run is not [cells, modulus, rest]")
        block = read_word(blocks.machine, run[0], where, blocks.size)
        modulus, rest = read_integer(run[1], where, -1), read_integer(run[2], where, 0)
        if modulus < 0 and (place or any(block)):
            raise RefusedHalting(f"{where}: only blanks are endless, and nothing is beyond them")
        patterns.append(_Pattern(block, modulus, rest))
    return patterns


def _after(algebra: Algebra, start: tuple[list[_Pattern], list[_Pattern]], runs: Runs) -> tuple[Linear, ...] | None:
    """The variables of a tape, if it is of the same family as a rule's start."""
    after = []
    for side in (0, 1):
        if [block for block, _ in runs[side]] != [pattern.block for pattern in start[side]]:
            return None
        for pattern, (_, count) in zip(start[side], runs[side]):
            if (count is None) != (pattern.modulus < 0):
                return None
            if count is None:
                continue
            over = (count[0] - pattern.rest, *count[1:])
            value = algebra.divide(over, pattern.modulus) if pattern.modulus else None
            if value is None and (pattern.modulus or any(over)):
                return None
            if value is not None:
                after.append(value)
    return tuple(after)


def _room(count: Count) -> int:
    """Memory that a run takes, in bits."""
    return NUMBER if count is None else sum(map(int.bit_length, count)) + NUMBER * len(count)
