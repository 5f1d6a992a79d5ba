"""Proofs by rules: each rule is proved anew, then the run is followed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from triquetra.machines import BLANK, Machine, Tape

from .plain import Plain
from .polynomials import Form, Polynomial, add_to, compose, evaluate, plus, polynomial_of, sum_over
from .reading import (
    ENDLESS,
    MAX_BEFORE,
    MAX_BITS,
    MAX_BLOCK,
    MAX_DOUBLINGS,
    MAX_VARIABLES,
    MAX_WORK,
    Proved,
    Refused,
    Work,
    halting_verdict,
    read_integer,
    read_list,
    read_object,
    read_word,
)

Block = tuple[int, ...]
Count = Form | None  # None: endless
Run = tuple[Block, Count]
Runs = tuple[list[Run], list[Run]]  # left and right of the head, nearest last


@dataclass(frozen=True, slots=True)
class _Exit:
    """What a macro-step does to a block; `halted` where the head stops inside it."""

    block: Block
    state: int
    rightward: bool
    steps: int
    halted: str | None = None


class _Blocks:
    """A machine on blocks of cells."""

    def __init__(self, machine: Machine, size: int, work: Work) -> None:
        self.machine, self.size, self.work = machine, size, work
        self._known: dict[tuple[int, bool, Block], _Exit | None] = {}

    def enter(self, state: int, rightward: bool, block: Block) -> _Exit | None:
        """What happens when the head enters a block; None if it stays inside for ever."""
        key = (state, rightward, block)
        if key not in self._known:
            self._known[key] = self._enter(*key)
        return self._known[key]

    def _enter(self, state: int, rightward: bool, block: Block) -> _Exit | None:
        cells, head, steps = list(block), 0 if rightward else self.size - 1, 0
        seen = set()
        while 0 <= head < self.size:
            rule = self.machine.delta.get((state, (cells[head],)))
            if rule is None:
                return _Exit(tuple(cells), state, rightward, steps, halting_verdict(self.machine, state))
            here = (state, head, tuple(cells))
            if here in seen:
                return None
            seen.add(here)
            self.work.spend()
            cells[head] = rule.write[0]
            head += rule.move[0]
            state = rule.goto
            steps += 1
        return _Exit(tuple(cells), state, head > 0, steps)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One run of a rule's start: modulus·z + rest blocks (exactly `rest`: modulus 0; endless: modulus -1)."""

    block: Block
    modulus: int
    rest: int


@dataclass(frozen=True)
class _Rule:
    """From a tape with runs `start`, if all conditions are ≥ 0 for its variables, the machine comes to runs `end`.

    `after`, if there: the end is of the same family as the start, with `after[i]` for zᵢ, and each condition either
    changes by a constant or does not fall; so the rule can be repeated. `change`: all zᵢ change by constants.
    `advances`: each application takes at least one step of the machine.
    """

    state: int
    rightward: bool
    start: tuple[list[_Pattern], list[_Pattern]]
    conditions: tuple[Form, ...]
    end_state: int
    end_rightward: bool
    end: Runs
    steps: Polynomial
    after: tuple[Form, ...] | None
    advances: bool

    @cached_property
    def change(self) -> tuple[int, ...] | None:
        """How much each variable grows with an application, if all grow by constants."""
        assert self.after is not None
        grown = [plus(form, _variable(i, len(self.after)), -1) for i, form in enumerate(self.after)]
        return None if any(any(form[1:]) for form in grown) else tuple(form[0] for form in grown)

    @cached_property
    def slopes(self) -> list[Form]:
        """How much each condition, and then each variable, grows with an application."""
        assert self.after is not None
        return _slopes(self.conditions, self.after)

    @cached_property
    def repeated_steps(self) -> Polynomial:
        """Steps of n applications where `change` is given; n is the variable after the rule's own."""
        assert self.change is not None
        return sum_over(self.steps, self.change)

    def power(self, times: int) -> tuple[tuple[Form, ...], Polynomial]:
        """What the variables are after so many applications, and the steps of these."""
        assert self.after is not None
        if times.bit_length() > MAX_DOUBLINGS:
            raise Refused(f"a rule that multiplies its variables is used more than 2^{MAX_DOUBLINGS} times")
        once = power = (self.after, self.steps)
        for bit in f"{times:b}"[1:]:
            power = _then(power, power)
            if bit == "1":
                power = _then(power, once)
        return power


class _Walk:
    """Follows uses from a tape whose counts are forms in `variables` variables, and notes what that needs.

    Without variables it is the machine's own run. `conditions` are the forms that must be ≥ 0.
    """

    def __init__(self, blocks: _Blocks, state: int, rightward: bool, runs: Runs, variables: int) -> None:
        self.blocks, self.variables = blocks, variables
        self.state, self.rightward, self.runs = state, rightward, runs
        self.conditions: list[Form] = []
        self.certain = 0  # steps that depend on no variable
        self.steps: Polynomial = {}  # the others
        self.advances = False
        self.ending: str | None = None

    def constant(self, value: int) -> Form:
        """A form without variables."""
        return (value, *[0] * self.variables)

    def _require(self, form: Form) -> None:
        """Note that form ≥ 0 is needed, unless it is so for all z ≥ 0."""
        if any(a < 0 for a in form):
            if not any(form[1:]):
                raise Refused("a use is not possible there: a count or a condition would be negative")
            self.conditions.append(form)

    def _push(self, side: int, block: Block, count: Count) -> None:
        runs = self.runs[side]
        if runs and runs[-1][0] == block:
            top = runs[-1][1]
            runs[-1] = block, None if top is None or count is None else plus(top, count)
        else:
            runs.append((block, count))

    def macro_step(self) -> None:
        """Let the head enter the next block, and all blocks of its run if it crosses them."""
        self.blocks.work.spend()
        side = int(self.rightward)
        if not self.runs[side]:
            raise Refused("a macro-step leaves the runs that the rule speaks of")
        block, count = self.runs[side][-1]
        exit_ = self.blocks.enter(self.state, self.rightward, block)
        if exit_ is None:
            self.ending = ENDLESS
            return
        turns = exit_.rightward != self.rightward
        if exit_.halted is None and not turns and exit_.state == self.state:
            if count is None:
                self.ending = ENDLESS
                return
            self.runs[side].pop()
            self._push(1 - side, exit_.block, count)
            self.certain += count[0] * exit_.steps
            if any(count[1:]):
                add_to(self.steps, polynomial_of((0, *count[1:])), Fraction(exit_.steps))
            return
        if turns and exit_.block == block:
            if count is not None:
                self._require(plus(count, self.constant(-1)))
        else:
            self._take(side)
            self._push(side if turns or exit_.halted else 1 - side, exit_.block, self.constant(1))
        self.certain += exit_.steps
        self.advances = True
        self.ending = exit_.halted
        self.state, self.rightward = exit_.state, exit_.rightward

    def _take(self, side: int) -> None:
        """Take one block off the nearest run; where its count has variables, one at least must be left."""
        block, count = self.runs[side].pop()
        if count is None:
            self.runs[side].append((block, None))
        elif any(count[1:]):
            self._require(plus(count, self.constant(-2)))
            self.runs[side].append((block, plus(count, self.constant(-1))))
        elif count[0] > 1:
            self.runs[side].append((block, self.constant(count[0] - 1)))
        elif count[0] < 1:
            raise Refused("a macro-step enters a run of no blocks")

    def use(self, rule: _Rule, times: Form | None) -> None:
        """A rule so many times; None: as often as it can be applied."""
        self.blocks.work.spend(1 + self.certain.bit_length() // 4096)  # long numbers take their time
        values = self._match(rule)
        needs = [_at(condition, values, self.variables) for condition in rule.conditions] + values
        end: Iterable[tuple[int, Block, Count]]
        if rule.after is None:
            if times not in (None, self.constant(1)):
                raise Refused("a rule that does not repeat is used more than once")
            for need in needs:
                self._require(need)
            end = [
                (side, block, None if count is None else _at(count, values, self.variables))
                for side in (0, 1)
                for block, count in rule.end[side]
            ]
            self._count(rule.steps, values)
        else:
            if times is None:
                falling = [need[0] // -slope[0] + 1 for need, slope in zip(needs, rule.slopes) if slope[0] < 0]
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
                raise Refused("a rule that multiplies its variables is used a number of times that is not fixed")
            else:
                forms, steps = rule.power(times[0])
                after = [_at(form, values, self.variables) for form in forms]
                self._count(steps, values)
            end = self._start(rule, after)
        for side, block, count in end:
            self._push(side, block, count)
        self.advances |= rule.advances
        self.state, self.rightward = rule.end_state, rule.end_rightward

    def _match(self, rule: _Rule) -> list[Form]:
        """Take the runs of a rule's start off the tape; its variables there."""
        if (self.state, self.rightward) != (rule.state, rule.rightward):
            raise Refused("a rule is used in another state than its own")
        values = []
        for runs, patterns in zip(self.runs, rule.start):
            if len(runs) < len(patterns):
                raise Refused("a rule is used where there are fewer runs than it speaks of")
            taken = runs[len(runs) - len(patterns) :]
            del runs[len(runs) - len(patterns) :]
            for (block, count), pattern in zip(taken, patterns):
                if block != pattern.block or (count is None) != (pattern.modulus < 0):
                    raise Refused("a rule is used on a tape that does not look like its start")
                if count is None:
                    continue
                over = plus(count, self.constant(-pattern.rest))
                if pattern.modulus == 0:
                    if any(over):
                        raise Refused("a rule is used on a run of another length")
                else:
                    if any(a % pattern.modulus for a in over):
                        raise Refused("a rule is used on a run whose length is of another class")
                    values.append(tuple(a // pattern.modulus for a in over))
        return values

    def _start(self, rule: _Rule, values: Sequence[Form]) -> Iterator[tuple[int, Block, Count]]:
        """The runs of a rule's start with these variables."""
        variables = iter(values)
        for side in (0, 1):
            for pattern in rule.start[side]:
                if pattern.modulus < 0:
                    yield side, pattern.block, None
                elif pattern.modulus == 0:
                    yield side, pattern.block, self.constant(pattern.rest)
                else:
                    yield side, pattern.block, plus(self.constant(pattern.rest), next(variables), pattern.modulus)

    def _for_ever(self, rule: _Rule, needs: Sequence[Form]) -> None:
        if self.variables or not rule.advances:
            raise Refused("a rule is used without end, inside a rule or without taking a step")
        for need in needs:
            self._require(need)
        self.ending = ENDLESS

    def _count(self, steps: Polynomial, values: Sequence[Form]) -> None:
        if self.variables:
            add_to(self.steps, compose(steps, values))
        else:
            self.certain += evaluate(steps, [value[0] for value in values])
            if self.certain.bit_length() > MAX_BITS:
                raise Refused(f"proof: a number has more than {MAX_BITS:,} bits")


def _at(form: Form, values: Sequence[Form], variables: int) -> Form:
    """The form with forms for its variables."""
    total = (form[0], *[0] * variables)
    for a, value in zip(form[1:], values):
        if a:
            total = plus(total, value, a)
    return total


def _variable(number: int, variables: int) -> Form:
    return tuple(int(i == number + 1) for i in range(variables + 1))


def _slopes(conditions: Sequence[Form], after: Sequence[Form]) -> list[Form]:
    """How much each condition, and then each variable, grows when the variables become `after`."""
    variables = len(after)
    forms = [*conditions, *(_variable(i, variables) for i in range(variables))]
    return [plus(_at(form, after, variables), form, -1) for form in forms]


def _then(
    one: tuple[tuple[Form, ...], Polynomial], two: tuple[tuple[Form, ...], Polynomial]
) -> tuple[tuple[Form, ...], Polynomial]:
    """Some applications of a rule and then some more: the variables after them, and the steps."""
    steps = compose(two[1], one[0])
    add_to(steps, one[1])
    if any(c.numerator.bit_length() > MAX_BITS for c in steps.values()):
        raise Refused(f"proof: a number has more than {MAX_BITS:,} bits")
    return tuple(_at(form, one[0], len(one[0])) for form in two[0]), steps


def check_rules(machine: Machine, tape: Tape, proof: Mapping[str, Any]) -> Proved:
    """Prove the rules, one after the other, and follow the run."""
    work = Work()
    blocks = _Blocks(machine, read_integer(proof.get("block"), "proof: block", 1, MAX_BLOCK), work)
    rules: list[_Rule] = []
    for number, text in enumerate(read_list(proof.get("rules"), "proof: rules")):
        try:
            rules.append(_prove(blocks, rules, text))
        except Refused as reason:
            raise Refused(f"proof: rule {number}: {reason}") from None
    walk = _begin(blocks, tape, proof)
    for number, use in enumerate(read_list(proof.get("run"), "proof: run")):
        try:
            _follow(walk, rules, use, once=False)
        except Refused as reason:
            raise Refused(f"proof: use {number} of the run: {reason}") from None
    if walk.ending is None:
        raise Refused("proof: the run breaks off before an end")
    if walk.ending == ENDLESS:
        return Proved(ENDLESS, "rules")
    nonblank = sum(
        count[0] * sum(cell != BLANK for cell in block) for runs in walk.runs for block, count in runs if count
    )
    return Proved(walk.ending, "rules", walk.state, walk.certain, nonblank)


def _begin(blocks: _Blocks, tape: Tape, proof: Mapping[str, Any]) -> _Walk:
    """The run after its plain steps, cut into blocks where the head stands."""
    plain = Plain(blocks.machine, tape)
    before = read_integer(proof.get("before", 0), "proof: before", 0, MAX_BEFORE)
    for steps in range(before):
        if not plain.step():
            raise Refused(f"proof: the machine halts after {steps} steps")
    rightward = _enters_rightward(proof.get("enters", "right"))
    edge = plain.head if rightward else plain.head + 1
    first, last = min(plain.cells, default=0), max(plain.cells, default=0)
    cells = [plain.cells.get(cell, BLANK) for cell in range(first, last + 1)]
    walk = _Walk(blocks, plain.state, rightward, _lay(Tape.of(cells, first - edge), blocks.size), 0)
    walk.certain = before
    return walk


def _enters_rightward(value: object) -> bool:
    if value not in ("left", "right"):
        raise Refused("enters: neither `left` nor `right`")
    return value == "right"


def _follow(walk: _Walk, rules: Sequence[_Rule], use: object, *, once: bool) -> None:
    if walk.ending is not None:
        raise Refused("it goes on after the end")
    times = walk.constant(1) if once else None
    if once and isinstance(use, list):
        if len(use) != 2:
            raise Refused("a use is not [rule, times]")
        use, form = use
        times = tuple(read_integer(a, "times") for a in read_list(form, "times", MAX_VARIABLES + 1))
        if len(times) != walk.variables + 1:
            raise Refused("times: not a constant and a factor for each variable")
    number = read_integer(use, "use", -MAX_WORK, len(rules) - 1)
    if number >= 0:
        walk.use(rules[number], times)
        return
    for _ in range(-number):
        if walk.ending is not None:
            raise Refused("it goes on after the end")
        walk.macro_step()


def _lay(tape: Tape, size: int) -> Runs:
    """The runs of a tape; a block begins at cell 0, and the head is there, or left of it."""
    sides: Runs = ([((BLANK,) * size, None)], [((BLANK,) * size, None)])
    first, last = tape.origin // size, -(-(tape.origin + len(tape.cells)) // size)
    for side, numbers in ((0, range(min(first, 0), 0)), (1, range(max(last, 0) - 1, -1, -1))):
        for number in numbers:
            block = tuple(tape[cell] for cell in range(number * size, (number + 1) * size))
            runs = sides[side]
            if runs[-1][0] != block:
                runs.append((block, (1,)))
            elif runs[-1][1] is not None:
                runs[-1] = block, (runs[-1][1][0] + 1,)
    return sides


def _prove(blocks: _Blocks, rules: Sequence[_Rule], text: object) -> _Rule:
    """The rule that a proof proves."""
    fields = read_object(text, "rule")
    state = read_integer(fields.get("state"), "state", 0, len(blocks.machine.states) - 1)
    rightward = _enters_rightward(fields.get("enters"))
    start = (_patterns(blocks, fields.get("left"), "left"), _patterns(blocks, fields.get("right"), "right"))
    variables = sum(pattern.modulus > 0 for side in start for pattern in side)
    if variables > MAX_VARIABLES:
        raise Refused(f"more than {MAX_VARIABLES} variables")
    runs: Runs = ([], [])
    variable = 0
    for side, patterns in enumerate(start):
        for pattern in patterns:
            form = [pattern.rest, *[0] * variables]
            if pattern.modulus > 0:
                variable += 1
                form[variable] = pattern.modulus
            runs[side].append((pattern.block, None if pattern.modulus < 0 else tuple(form)))
    walk = _Walk(blocks, state, rightward, (list(runs[0]), list(runs[1])), variables)
    for use in read_list(fields.get("proof"), "proof"):
        _follow(walk, rules, use, once=True)
    if walk.ending is not None:
        raise Refused("its proof comes to an end of the run")
    after = _after(start, walk.runs) if (walk.state, walk.rightward) == (state, rightward) else None
    if after is not None and any(min(slope) < 0 and any(slope[1:]) for slope in _slopes(walk.conditions, after)):
        after = None  # it depends on the variables whether that condition falls
    add_to(walk.steps, {(): Fraction(walk.certain)})
    return _Rule(
        state, rightward, start, tuple(walk.conditions), walk.state, walk.rightward, walk.runs, walk.steps, after,
        walk.advances,
    )  # fmt: skip


def _patterns(blocks: _Blocks, value: object, where: str) -> list[_Pattern]:
    patterns = []
    for place, run in enumerate(read_list(value, where, MAX_VARIABLES)):
        if len(read_list(run, where, 3)) != 3:
            raise Refused(f"{where}: a run is not [cells, modulus, rest]")
        block = read_word(blocks.machine, run[0], where, blocks.size)
        modulus, rest = read_integer(run[1], where, -1), read_integer(run[2], where, 0)
        if modulus < 0 and (place or any(block)):
            raise Refused(f"{where}: only blanks are endless, and nothing is beyond them")
        patterns.append(_Pattern(block, modulus, rest))
    return patterns


def _after(start: tuple[list[_Pattern], list[_Pattern]], runs: Runs) -> tuple[Form, ...] | None:
    """The variables of a tape, if it is of the same family as a rule's start."""
    after = []
    for side in (0, 1):
        if [block for block, _ in runs[side]] != [pattern.block for pattern in start[side]]:
            return None
        for pattern, (_, count) in zip(start[side], runs[side]):
            if count is None or pattern.modulus < 0:
                if count is not None or pattern.modulus >= 0:
                    return None
                continue
            over = (count[0] - pattern.rest, *count[1:])
            if any(a % pattern.modulus for a in over) if pattern.modulus else any(over):
                return None
            if pattern.modulus:
                after.append(tuple(a // pattern.modulus for a in over))
    return tuple(after)
