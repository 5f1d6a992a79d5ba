"""Rules out of runs: follow a stretch of a run with forms for counts, and find for which counts it holds."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd
from typing import NamedTuple

from .blocks import Blocks, Kind
from .polynomials import Form, Monomial, Polynomial, add, simplify
from .rules import Count, Pattern, Rule, Use

ATTEMPTS = 12  # how often a proof is begun anew with its variables narrowed

Place = tuple[int, int]  # 0 left or 1 right; height in the stack


class Snapshot(NamedTuple):
    """A moment of a run: facing, and blocks and counts of both stacks."""

    facing: int
    left: tuple[int, ...]
    right: tuple[int, ...]
    left_counts: tuple[int, ...]
    right_counts: tuple[int, ...]


def prove(blocks: Blocks, rules: Sequence[Rule], start: Snapshot, end: Snapshot, stretch: Sequence[int]) -> Rule | None:
    """The most general rule found of which the stretch of a run from `start` to `end` is an instance; None where it
    holds for these counts only.

    `stretch`: −1 for a macro-step, else the number of the rule used, as often as it could.
    """
    moduli: dict[Place, int] = {}
    if start[:3] == end[:3]:
        # a run of one block before and after is a delimiter, most likely
        for side, before, after in ((0, start.left_counts, end.left_counts), (1, start.right_counts, end.right_counts)):
            moduli |= {(side, i): 0 for i, (one, two) in enumerate(zip(before, after)) if one == two == 1}
    for _ in range(ATTEMPTS):
        walk = _Walk(blocks, start, moduli)
        try:
            for use in stretch:
                if use < 0:
                    walk.step()
                else:
                    walk.use(rules[use])
        except _Narrow as narrow:
            moduli |= narrow.moduli
        except _Failed:
            return None
        else:
            return walk.rule(len(rules))
    return None


class _Narrow(Exception):
    """The stretch holds only for counts of these moduli (0: only for the very count that it had)."""

    def __init__(self, moduli: dict[Place, int]) -> None:
        self.moduli = moduli


class _Failed(Exception):
    """The stretch cannot be followed with forms."""


class _Side:
    """One side of the tape: the runs touched so far, nearest last, and below them the untouched ones."""

    __slots__ = ("blocks", "counts", "number", "runs", "untouched", "walk")

    def __init__(self, walk: _Walk, number: int, blocks: tuple[int, ...], counts: tuple[int, ...]) -> None:
        self.walk, self.number = walk, number
        self.blocks, self.counts = blocks, counts
        self.untouched = len(blocks)
        self.runs: list[tuple[int, Form | None]] = []

    def pull(self) -> None:
        """Touch one run more."""
        if not self.untouched:
            raise _Failed
        self.untouched -= 1
        count = self.walk.name((self.number, self.untouched), self.counts[self.untouched])
        self.runs.insert(0, (self.blocks[self.untouched], count))

    def push(self, block: int, count: Form | None) -> None:
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

    def __init__(self, blocks: Blocks, start: Snapshot, moduli: dict[Place, int]) -> None:
        self.blocks, self.start, self.moduli = blocks, start, moduli
        self.facing = start.facing
        self.values: list[int] = []  # of the variables, in the run that is followed
        self.places: list[Place] = []  # of the variables
        self.counts: dict[Place, Count] = {}
        self.conditions: dict[frozenset[tuple[Monomial, int]], int] = {}  # linear part: least constant
        self.steps, self.shift = Polynomial({}), Polynomial({})
        self.certain = [0, 0]  # steps and shift that depend on no variable
        self.proof: list[Use] = []
        self.sides = (
            _Side(self, 0, start.left, start.left_counts),
            _Side(self, 1, start.right, start.right_counts),
        )

    def name(self, place: Place, count: int) -> Form | None:
        """The form of a run that is touched for the first time."""
        modulus = self.moduli.get(place, 1) if place[1] else -1
        if modulus <= 0:
            self.counts[place] = Count(modulus, count)
            return count if modulus == 0 else None
        value, rest = divmod(count, modulus)
        variable = len(self.values)
        self.values.append(value)
        self.places.append(place)
        self.counts[place] = Count(modulus, rest, variable)
        return Polynomial({(variable,): modulus, (): rest})

    def value(self, form: Form) -> int:
        """What a form is in the run that is followed."""
        return form if isinstance(form, int) else form.at(self.values)

    def fix(self, form: Polynomial) -> _Narrow:
        """The variables of a form can only be what they are."""
        return _Narrow({self.places[variable]: 0 for variable in form.variables})

    def require(self, form: Form) -> None:
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
        kind, new, self.facing, steps = self.blocks.step(self.facing, block)
        crossed: Form = 0
        if kind is Kind.CHAIN:
            if count is None:
                raise _Failed
            side.runs.pop()
            other.push(new, count)
            crossed = count
        elif kind is Kind.PASS:
            side.take()
            other.push(new, 1)
            crossed = 1
        elif kind is not Kind.TURN:
            raise _Failed
        elif new != block:
            side.take()
            side.push(new, 1)
        elif count is not None:
            self.require(add(count, -1))
        if isinstance(crossed, int):
            self.certain[0] += crossed * steps if kind is Kind.CHAIN else steps
            self.certain[1] += crossed if rightward else -crossed
        else:
            self.steps = self.steps + crossed * steps
            self.shift = self.shift + crossed * (1 if rightward else -1)
        if self.proof and isinstance(self.proof[-1], int) and self.proof[-1] < 0:
            self.proof[-1] -= 1
        else:
            self.proof.append(-1)

    def use(self, rule: Rule) -> None:
        """A rule, as often as the run used it."""
        values = self._match(rule)
        conditions = [simplify(condition.substitute(values)) for condition in rule.conditions]
        ends: list[Form | None]
        if rule.change is None:
            for condition in conditions:
                self.require(condition)
            ends = [simplify(end.substitute(values)) if isinstance(end, Polynomial) else end for end in rule.end_counts]
            self.steps = self.steps + rule.steps.substitute(values)
            self.shift = self.shift + rule.shift.substitute(values)
            self.proof.append(rule.number)
        else:
            times = self._times(rule, conditions)
            ends = [_repeat(count, values, rule.change, times) for count in rule.counts]
            self.steps = self.steps + rule.repeated_steps.substitute([*values, times])
            self.shift = self.shift + rule.repeated_shift.substitute([*values, times])
            self.proof.append((rule.number, times))
        self.facing = rule.end.facing
        for side, old, new, counts in (
            (self.sides[0], rule.start.left, rule.end.left, ends[: len(rule.end.left)]),
            (self.sides[1], rule.start.right, rule.end.right, ends[len(rule.end.left) :]),
        ):
            del side.runs[len(side.runs) - len(old) :]
            for block, count in zip(new, counts):
                side.push(block, count)

    def _match(self, rule: Rule) -> list[Form]:
        """The rule's variables as forms."""
        forms: list[Form | None] = []
        for side, pattern in zip(self.sides, (rule.start.left, rule.start.right)):
            while len(side.runs) < len(pattern):
                side.pull()
            runs = side.runs[len(side.runs) - len(pattern) :]
            if any(block != wanted for (block, _), wanted in zip(runs, pattern)):
                raise _Failed
            forms += [form for _, form in runs]
        values: list[Form] = [0] * rule.variables
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

    def _quotient(self, form: Form, divisor: int) -> Form:
        """form / divisor; its variables are narrowed so that it is whole."""
        if divisor == 1:
            return form
        if isinstance(form, int):
            if form % divisor or form < 0:
                raise _Failed
            return form // divisor
        narrow = {
            self.places[m[0]]: self.moduli.get(self.places[m[0]], 1) * (divisor // gcd(c, divisor))
            for m, c in form.terms.items()
            if m and c % divisor
        }
        if narrow:
            raise _Narrow(narrow)
        if form.constant % divisor:
            raise _Failed
        return Polynomial({m: c // divisor for m, c in form.terms.items()})

    def _times(self, rule: Rule, conditions: list[Form]) -> Form:
        """How often the rule is used, as a form: the condition that stops it in this run stops it always."""
        limits = [(form, -slope) for form, slope in zip(conditions, rule.slopes) if slope < 0]
        if not limits:
            raise _Failed
        most = [self.value(form) // fall + 1 for form, fall in limits]
        form, fall = min(
            (limit for limit, times in zip(limits, most) if times == min(most)),
            key=lambda limit: (isinstance(limit[0], Polynomial), limit[1]),
        )
        if isinstance(form, int):
            times: Form = form // fall + 1
        else:
            times = add(self._quotient(form + -(self.value(form) % fall), fall), 1)
        before_last = add(times, -1)
        self.require(before_last)
        for form, slope in zip(conditions, rule.slopes):
            self.require(form if slope >= 0 else add(form, before_last * slope))
        return times

    def rule(self, number: int) -> Rule | None:
        """The rule that was proved, None if it speaks of one tape only and does not repeat."""
        left, right = self.sides
        start = Pattern(self.start.facing, left.blocks[left.untouched :], right.blocks[right.untouched :])
        counts = tuple(self.counts[s.number, i] for s in self.sides for i in range(s.untouched, len(s.blocks)))
        end = Pattern(self.facing, tuple(block for block, _ in left.runs), tuple(block for block, _ in right.runs))
        ends = tuple(count for _, count in left.runs + right.runs)
        change = self._change(counts, ends) if start == end else None
        if change is None and not self.values:
            return None
        conditions = [Polynomial({**dict(linear), (): constant}) for linear, constant in self.conditions.items()]
        if change is not None:
            bounded = {v for v in range(len(self.values)) for c in conditions if c.terms.keys() <= {(v,), ()} and c.terms[v,] > 0}
            conditions += [Polynomial({(v,): 1}) for v, grown in enumerate(change) if grown < 0 and v not in bounded]
        return Rule(
            number=number, start=start, counts=counts, variables=len(self.values), conditions=tuple(conditions),
            end=end, end_counts=ends, steps=self.steps + self.certain[0], shift=self.shift + self.certain[1],
            change=change, proof=tuple(self.proof),
        )  # fmt: skip

    def _change(self, counts: tuple[Count, ...], ends: tuple[Form | None, ...]) -> tuple[int, ...] | None:
        change = [0] * len(self.values)
        for count, end in zip(counts, ends):
            if count.modulus < 0 or end is None:
                if end is not None or count.modulus >= 0:
                    return None
                continue
            variable = {(count.variable,): -count.modulus} if count.modulus else {}
            grown = add(end, Polynomial({**variable, (): -count.rest}))
            if not isinstance(grown, int) or (grown % count.modulus if count.modulus else grown):
                return None
            if count.modulus:
                change[count.variable] = grown // count.modulus
        return tuple(change)


def _repeat(count: Count, values: Sequence[Form], change: Sequence[int], times: Form) -> Form | None:
    """The count of a run after repetitions."""
    if count.modulus <= 0:
        return None if count.modulus < 0 else count.rest
    return add(add(values[count.variable], times * change[count.variable]) * count.modulus, count.rest)
