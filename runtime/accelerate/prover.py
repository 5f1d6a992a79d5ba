"""Rules out of runs: follow a stretch of a run with forms for counts, and find for which counts it holds."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd
from typing import NamedTuple

from .blocks import BlockMachine, MacroStepKind
from .polynomials import Expression, Monomial, Polynomial, add, simplify
from .rules import Count, MacroRule, Part, Pattern, TooLarge, Use, slope

NARROWINGS = 30  # most times that the variables of a proof are narrowed

Place = tuple[int, int]  # 0 left or 1 right; height in the stack


class Snapshot(NamedTuple):
    """A moment of a run: facing, and blocks and counts of both stacks."""

    facing: int
    left: tuple[int, ...]
    right: tuple[int, ...]
    left_counts: tuple[int, ...]
    right_counts: tuple[int, ...]


def prove(
    blocks: BlockMachine, rules: Sequence[MacroRule], start: Snapshot, end: Snapshot, stretch: Sequence[int]
) -> MacroRule | None:
    """The most general rule found of which the stretch of a run from `start` to `end` is an instance; None where it
    holds for these counts only.

    `stretch`: −1 for a macro-step, else the number of the rule used, as often as it could.
    """
    fixed: set[Place] = set()
    if start[:3] == end[:3]:
        # a run of one block before and after is a delimiter, most likely
        for side, before, after in ((0, start.left_counts, end.left_counts), (1, start.right_counts, end.right_counts)):
            fixed |= {(side, i) for i, (one, two) in enumerate(zip(before, after)) if one == two == 1}
    walk = _Walk(blocks, start, fixed)
    patience = NARROWINGS
    for use in stretch:
        while True:
            try:
                if use < 0:
                    walk.step()
                else:
                    walk.use(rules[use])
                break
            except _Narrow as narrow:
                if patience := patience - 1:
                    walk.narrow(narrow.factors)
                else:
                    return None
            except (_Failed, TooLarge):
                return None
    return walk.rule(len(rules))


class _Narrow(Exception):
    """The stretch goes on only where these variables are of the class, by this factor, of what they are in the run
    (0: only where they are what they are in the run). Raised before anything has changed."""

    def __init__(self, factors: dict[int, int]) -> None:
        self.factors = factors


class _Failed(Exception):
    """The stretch cannot be followed with forms."""


class _Side:
    """One side of the tape: the runs touched so far, nearest last, and below them the untouched ones."""

    __slots__ = ("blocks", "counts", "number", "runs", "untouched", "walk")

    def __init__(self, walk: _Walk, number: int, blocks: tuple[int, ...], counts: tuple[int, ...]) -> None:
        self.walk, self.number = walk, number
        self.blocks, self.counts = blocks, counts
        self.untouched = len(blocks)
        self.runs: list[tuple[int, Expression | None]] = []

    def pull(self) -> None:
        """Touch one run more."""
        if not self.untouched:
            raise _Failed
        self.untouched -= 1
        count = self.walk.name((self.number, self.untouched), self.counts[self.untouched])
        self.runs.insert(0, (self.blocks[self.untouched], count))

    def push(self, block: int, count: Expression | None) -> None:
        """As `Stack.push`."""
        if not self.runs and self.untouched and self.blocks[self.untouched - 1] == block:
            self.pull()
        if self.runs and self.runs[-1][0] == block:
            top = self.runs[-1][1]
            if top is not None and count is not None:
                self.runs[-1] = block, add(top, count)
        else:
            self.runs.append((block, count))

    def take(self) -> None:
        """As `Stack.take`."""
        block, count = self.runs[-1]
        if isinstance(count, Polynomial):
            if self.walk.value(count) == 1:
                raise self.walk.fix(count)
            self.walk.require(count + -2)
            self.runs[-1] = block, count + -1
        elif count == 1:
            self.runs.pop()
        elif count is not None:
            self.runs[-1] = block, count - 1


class _Walk:
    """The stretch, as far as it was followed."""

    def __init__(self, blocks: BlockMachine, start: Snapshot, fixed: set[Place]) -> None:
        self.blocks, self.start, self.fixed = blocks, start, fixed
        self.facing = start.facing
        self.values: list[int] = []  # of the variables, in the run that is followed
        self.places: list[Place] = []  # of the variables
        self.counts: dict[Place, Count] = {}
        self.conditions: dict[frozenset[tuple[Monomial, int]], int] = {}  # linear part: least constant
        self.steps = self.shift = 0  # that depend on no variable
        self.chains: list[tuple[Polynomial, int, int]] = []
        self.proof: list[Use] = []
        self.parts: list[Part] = []
        self.sides = (
            _Side(self, 0, start.left, start.left_counts),
            _Side(self, 1, start.right, start.right_counts),
        )

    def name(self, place: Place, count: int) -> Expression | None:
        """The form of a run that is touched for the first time."""
        if place[1] == 0:
            self.counts[place] = Count(-1, 0)
            return None
        if place in self.fixed:
            self.counts[place] = Count(0, count)
            return count
        variable = len(self.values)
        self.values.append(count)
        self.places.append(place)
        self.counts[place] = Count(1, 0, variable)
        return Polynomial({(variable,): 1})

    def narrow(self, factors: dict[int, int]) -> None:
        """Put factor·z + rest for these variables, or what they are in the run where the factor is 0."""
        new: list[Expression] = [Polynomial({(variable,): 1}) for variable in range(len(self.values))]
        for variable, factor in factors.items():
            value, place = self.values[variable], self.places[variable]
            modulus, rest = self.counts[place].modulus, self.counts[place].rest
            if factor:
                self.values[variable], off = divmod(value, factor)
                new[variable] = Polynomial({(variable,): factor, (): off})
                self.counts[place] = Count(modulus * factor, modulus * off + rest, variable)
            else:
                new[variable] = value
                self.counts[place] = Count(0, modulus * value + rest)
        self._substitute(new)

    def _substitute(self, new: Sequence[Expression]) -> None:
        def form(old: Expression) -> Expression:
            return old if isinstance(old, int) else simplify(old.substitute(new))

        for side in self.sides:
            side.runs = [(block, None if count is None else form(count)) for block, count in side.runs]
        conditions, self.conditions = self.conditions, {}
        for linear, constant in conditions.items():
            self.require(form(Polynomial({**dict(linear), (): constant})))
        self.chains = [(crossed.substitute(new), steps, shift) for crossed, steps, shift in self.chains]
        self.parts = [
            Part(
                part.rule, tuple(form(value) for value in part.values), None if part.times is None else form(part.times)
            )
            for part in self.parts
        ]
        self.proof = [use if isinstance(use, int) else (use[0], form(use[1])) for use in self.proof]

    def value(self, form: Expression) -> int:
        """What a form is in the run that is followed."""
        return form if isinstance(form, int) else form.at(self.values)

    def fix(self, form: Polynomial) -> _Narrow:
        """The variables of a form can only be what they are in the run."""
        return _Narrow(dict.fromkeys(form.variables, 0))

    def require(self, form: Expression) -> None:
        """The stretch needs form ≥ 0."""
        if isinstance(form, int):
            if form < 0:
                raise _Failed
        elif any(c < 0 for c in form.terms.values()):
            linear = frozenset(term for term in form.terms.items() if term[0])
            self.conditions[linear] = min(form.constant, self.conditions.get(linear, form.constant))

    def step(self) -> None:
        """A macro-step."""
        rightward = self.facing & 1
        side, other = self.sides[rightward], self.sides[1 - rightward]
        if not side.runs:
            side.pull()
        block, count = side.runs[-1]
        kind, new, after, steps = self.blocks.step(self.facing, block)
        crossed: Expression = 0
        if kind is MacroStepKind.CHAIN:
            if count is None:
                raise _Failed
            side.runs.pop()
            other.push(new, count)
            crossed = count
        elif kind is MacroStepKind.PASS:
            side.take()
            other.push(new, 1)
            crossed = 1
        elif kind is not MacroStepKind.TURN:
            raise _Failed
        elif new != block:
            side.take()
            side.push(new, 1)
        elif count is not None:
            self.require(add(count, -1))
        self.facing = after
        if isinstance(crossed, Polynomial):
            self.chains.append((crossed, steps, 1 if rightward else -1))
        else:
            self.steps += steps * crossed if kind is MacroStepKind.CHAIN else steps
            self.shift += crossed if rightward else -crossed
        if self.proof and isinstance(self.proof[-1], int) and self.proof[-1] < 0:
            self.proof[-1] -= 1
        else:
            self.proof.append(-1)

    def use(self, rule: MacroRule) -> None:
        """A rule, as often as the run used it."""
        values = self._match(rule)
        conditions = [simplify(condition.substitute(values)) for condition in rule.conditions]
        ends: list[Expression | None]
        if rule.after is None:
            for condition in conditions:
                self.require(condition)
            ends = [simplify(end.substitute(values)) if isinstance(end, Polynomial) else end for end in rule.end_counts]
            self.parts.append(Part(rule, tuple(values), None))
            self.proof.append(rule.number)
        else:
            times = self._times(rule, conditions)
            if rule.change is not None:
                after = [add(value, times * change) for value, change in zip(values, rule.change)]
                self.parts.append(Part(rule, (*values, times), times))
            elif isinstance(times, int):
                power = rule.power(times)
                after = [form if isinstance(form, int) else simplify(form.substitute(values)) for form in power.after]
                self.parts.append(Part(rule, tuple(values), times))
            else:
                raise self.fix(times)
            ends = [_length(count, after) for count in rule.counts]
            self.proof.append((rule.number, times))
        self.facing = rule.end.facing
        for side, old, new, counts in (
            (self.sides[0], rule.start.left, rule.end.left, ends[: len(rule.end.left)]),
            (self.sides[1], rule.start.right, rule.end.right, ends[len(rule.end.left) :]),
        ):
            del side.runs[len(side.runs) - len(old) :]
            for block, count in zip(new, counts):
                side.push(block, count)

    def _match(self, rule: MacroRule) -> list[Expression]:
        """The rule's variables as forms."""
        forms: list[Expression | None] = []
        for side, pattern in zip(self.sides, (rule.start.left, rule.start.right)):
            while len(side.runs) < len(pattern):
                side.pull()
            runs = side.runs[len(side.runs) - len(pattern) :]
            if any(block != wanted for (block, _), wanted in zip(runs, pattern)):
                raise _Failed
            forms += [form for _, form in runs]
        values: list[Expression] = [0] * rule.variables
        for count, form in zip(rule.counts, forms):
            if form is None or count.modulus < 0:
                if form is not None or count.modulus >= 0:
                    raise _Failed
            elif count.modulus > 0:
                values[count.variable] = self._quotient(add(form, -count.rest), count.modulus)
            elif isinstance(form, Polynomial):
                raise self.fix(form)
            elif form != count.rest:
                raise _Failed
        return values

    def _quotient(self, form: Expression, divisor: int) -> Expression:
        """form / divisor; its variables are narrowed so that it is whole."""
        if divisor == 1:
            return form
        if isinstance(form, int):
            if form % divisor or form < 0:
                raise _Failed
            return form // divisor
        narrow = {m[0]: divisor // gcd(c, divisor) for m, c in form.terms.items() if m and c % divisor}
        if narrow:
            raise _Narrow(narrow)
        if form.constant % divisor:
            raise _Failed
        return Polynomial({m: c // divisor for m, c in form.terms.items()})

    def _times(self, rule: MacroRule, conditions: list[Expression]) -> Expression:
        """How often the rule is used, as a form: the condition that stops it in this run stops it always."""
        limits = [(form, -fall) for form, fall in zip(conditions, rule.slopes) if isinstance(fall, int) and fall < 0]
        if not limits:
            raise _Failed
        most = [self.value(form) // fall + 1 for form, fall in limits]
        form, fall = min(
            (limit for limit, times in zip(limits, most) if times == min(most)),
            key=lambda limit: (isinstance(limit[0], Polynomial), limit[1]),
        )
        if isinstance(form, int):
            times: Expression = form // fall + 1
        else:
            times = add(self._quotient(form + -(self.value(form) % fall), fall), 1)
        before_last = add(times, -1)
        self.require(before_last)
        for form, change in zip(conditions, rule.slopes):
            self.require(add(form, before_last * change) if isinstance(change, int) and change < 0 else form)
        return times

    def rule(self, number: int) -> MacroRule | None:
        """The rule that was proved, None if it speaks of one tape only and does not repeat."""
        left, right = self.sides
        start = Pattern(self.start.facing, left.blocks[left.untouched :], right.blocks[right.untouched :])
        counts = self._renumber()
        end = Pattern(self.facing, tuple(block for block, _ in left.runs), tuple(block for block, _ in right.runs))
        ends = tuple(count for _, count in left.runs + right.runs)
        after = self._after(counts, ends) if start == end else None
        conditions = [Polynomial({**dict(linear), (): constant}) for linear, constant in self.conditions.items()]
        if after is not None:
            variables = [Polynomial({(v,): 1}) for v in range(len(self.values))]
            slopes = [slope(condition, after) for condition in variables + conditions]
            if any(isinstance(grown, Polynomial) and min(grown.terms.values()) < 0 for grown in slopes):
                after = None  # it depends on the variables whether that condition grows or falls
            else:
                single = [c for c in conditions if len(c.variables) == 1]
                bounded = {v for c in single for v in c.variables if c.terms[v,] > 0}
                falling = [
                    v for v, grown in enumerate(slopes[: len(variables)]) if isinstance(grown, int) and grown < 0
                ]
                conditions += [variables[v] for v in falling if v not in bounded]
        if after is None and not self.values:
            return None
        return MacroRule(
            number=number, start=start, counts=counts, variables=len(self.values), conditions=tuple(conditions),
            end=end, end_counts=ends, after=after, proof=tuple(self.proof),
            certain=(self.steps, self.shift), chains=tuple(self.chains), parts=tuple(self.parts),
        )  # fmt: skip

    def _renumber(self) -> tuple[Count, ...]:
        """Number the variables in the order of their runs; the counts of the start."""
        counts: list[Count] = []
        new: list[Expression] = [0] * len(self.values)
        for place in [(side.number, i) for side in self.sides for i in range(side.untouched, len(side.blocks))]:
            count = self.counts[place]
            if count.modulus > 0:
                variable = sum(c.modulus > 0 for c in counts)
                new[count.variable] = Polynomial({(variable,): 1})
                count = Count(count.modulus, count.rest, variable)
            counts.append(count)
        self._substitute(new)
        self.values = [0] * sum(c.modulus > 0 for c in counts)
        return tuple(counts)

    def _after(self, counts: tuple[Count, ...], ends: tuple[Expression | None, ...]) -> tuple[Expression, ...] | None:
        """The variables after the stretch, if the end is of the same family as the start."""
        after: list[Expression] = []
        for count, end in zip(counts, ends):
            if count.modulus < 0 or end is None:
                if end is not None or count.modulus >= 0:
                    return None
                continue
            over = add(end, -count.rest)
            if count.modulus == 0:
                if over != 0:
                    return None
            elif isinstance(over, int):
                if over % count.modulus:
                    return None
                after.append(over // count.modulus)
            else:
                if any(c % count.modulus for c in over.terms.values()):
                    return None
                after.append(Polynomial({m: c // count.modulus for m, c in over.terms.items()}))
        return tuple(after)


def _length(count: Count, values: Sequence[Expression]) -> Expression | None:
    """The length of a run, with forms for the variables."""
    if count.modulus <= 0:
        return None if count.modulus < 0 else count.rest
    return add(values[count.variable] * count.modulus, count.rest)
