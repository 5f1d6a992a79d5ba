"""Proved rules: what a machine does to a whole family of tapes, in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from triquetra.machines.core.numbers import ShortNumbers

from .polynomials import Expression, Polynomial, add, repeated, simplify
from .tape import ENDLESS, Stack

MAX_BITS = 1 << 19  # of a number of steps
MAX_DOUBLINGS = 4096

Use = int | tuple[int, Expression]  # −n: n macro-steps; r: rule r once; (r, n): rule r, n times


@dataclass(frozen=True, slots=True)
class Pattern:
    """A facing, and the blocks of the runs next to the head on both sides, nearest last."""

    facing: int
    left: tuple[int, ...]
    right: tuple[int, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Count(ShortNumbers):
    """How long a run may be: modulus·z + rest for any z ≥ 0, the variable numbered `variable`.

    Modulus 0: exactly `rest`. Modulus -1: the endless blanks.
    """

    modulus: int
    rest: int
    variable: int = -1


@dataclass(frozen=True, repr=False)
class MacroRule(ShortNumbers):
    """Where the tape is `start` with `counts`, and every condition is ≥ 0, the machine comes to `end`, `end_counts`.

    That takes `steps` steps, and the head is `shift` blocks further right. `after`, if given: the end is of the same
    family as the start, with `after[i]` for zᵢ, and whether the rule can be applied again depends on conditions that
    change by constants; so it can be repeated. `proof` is what it is made of; `certain` are the steps and shift that
    depend on no variable, `chains` (crossed, steps, shift a block) and `parts` the others.
    """

    number: int
    start: Pattern
    counts: tuple[Count, ...]  # of start.left, then of start.right
    variables: int
    conditions: tuple[Polynomial, ...]
    end: Pattern
    end_counts: tuple[Expression | None, ...]  # of end.left, then of end.right; None where endless
    after: tuple[Expression, ...] | None
    proof: tuple[Use, ...]
    certain: tuple[int, int]
    chains: tuple[tuple[Polynomial, int, int], ...]
    parts: tuple[Part, ...]

    @cached_property
    def steps(self) -> Polynomial:
        """Steps of one application."""
        total = Polynomial({(): self.certain[0]})
        for crossed, steps, _ in self.chains:
            total = total + crossed * steps
        for part in self.parts:
            total = total + part.totals()[0].substitute(part.values)
        return total

    @cached_property
    def shift(self) -> Polynomial:
        """Blocks by which the head is further right after one application."""
        total = Polynomial({(): self.certain[1]})
        for crossed, _, shift in self.chains:
            total = total + crossed * shift
        for part in self.parts:
            total = total + part.totals()[1].substitute(part.values)
        return total

    @cached_property
    def change(self) -> tuple[int, ...] | None:
        """How much each variable has grown after an application; None if not all grow by constants."""
        if self.after is None:
            return None
        grown = [add(form, Polynomial({(v,): -1})) for v, form in enumerate(self.after)]
        constant = tuple(form for form in grown if isinstance(form, int))
        return constant if len(constant) == len(grown) else None

    @cached_property
    def slopes(self) -> tuple[Expression, ...]:
        """How much each condition grows with a repetition."""
        assert self.after is not None
        return tuple(slope(condition, self.after) for condition in self.conditions)

    @cached_property
    def repeated(self) -> tuple[Polynomial, Polynomial]:
        """Steps and shift of n repetitions where `change` is given; n is numbered after the rule's own variables."""
        assert self.change is not None
        return repeated(self.steps, self.change, self.variables), repeated(self.shift, self.change, self.variables)

    def power(self, times: int) -> Power:
        """So many repetitions at once, by repeated squaring.

        Raises: TooLarge: a number in it has more than `MAX_BITS` bits, or `times` more than `MAX_DOUBLINGS`.
        """
        assert self.after is not None
        if times.bit_length() > MAX_DOUBLINGS:
            raise TooLarge
        once = power = Power(self.after, self.steps, self.shift)
        for bit in f"{times:b}"[1:]:
            power = power.then(power)
            if bit == "1":
                power = power.then(once)
        return power

    @cached_property
    def _fixed(self) -> tuple[tuple[bool, int, int], ...]:
        """Runs of one length: whether on the right, place from the top, length."""
        return tuple((*place, c.rest) for place, c in self._places() if c.modulus == 0)

    @cached_property
    def _variable(self) -> tuple[tuple[bool, int, int, int], ...]:
        """In the order of the variables: whether on the right, place from the top, modulus, rest."""
        varying = [(place, c) for place, c in self._places() if c.modulus > 0]
        return tuple((*place, c.modulus, c.rest) for place, c in sorted(varying, key=lambda each: each[1].variable))

    def _places(self) -> list[tuple[tuple[bool, int], Count]]:
        depth, total = len(self.start.left), len(self.counts)
        return [((i >= depth, (depth if i < depth else total) - i), count) for i, count in enumerate(self.counts)]

    def match(self, left: Stack, right: Stack) -> list[int] | None:
        """The variables with which the rule holds here, where the blocks are known to be those of its start."""
        for on_right, place, rest in self._fixed:
            if (right if on_right else left).counts[-place] != rest:
                return None
        values = []
        for on_right, place, modulus, rest in self._variable:
            value = (right if on_right else left).counts[-place]
            if modulus > 1:
                value, off = divmod(value - rest, modulus)
                if off or value < 0:
                    return None
            values.append(value)
        for condition in self.conditions:
            if condition.at(values) < 0:
                return None
        return values

    def times(self, values: Sequence[int]) -> int | None:
        """How often the rule can be applied in a row where it holds; None: for ever."""
        return min(
            (
                condition.at(values) // -slope + 1
                for condition, slope in zip(self.conditions, self.slopes)
                if isinstance(slope, int) and slope < 0
            ),
            default=None,
        )

    def apply(self, left: Stack, right: Stack, values: Sequence[int]) -> tuple[int, int]:
        """Apply the rule once: its steps and shift."""
        left.pop(len(self.start.left))
        right.pop(len(self.start.right))
        depth = len(self.end.left)
        for i, (block, count) in enumerate(zip(self.end.left + self.end.right, self.end_counts)):
            stack = left if i < depth else right
            if count is None:
                stack.blocks.append(block)
                stack.counts.append(ENDLESS)
            else:
                stack.push(block, count if isinstance(count, int) else count.at(values))
        return self.steps.at(values), self.shift.at(values)

    def repeat(self, left: Stack, right: Stack, values: Sequence[int], times: int) -> tuple[int, int]:
        """Apply the rule so many times: steps and shift."""
        if self.change is not None:
            after = [value + times * change for value, change in zip(values, self.change)]
            steps, shift = self.repeated
            totals = steps.at([*values, times]), shift.at([*values, times])
        else:
            power = self.power(times)
            after = [form if isinstance(form, int) else form.at(values) for form in power.after]
            totals = power.steps.at(values), power.shift.at(values)
        for (on_right, place, modulus, rest), value in zip(self._variable, after):
            (right if on_right else left).counts[-place] = modulus * value + rest
        return totals


class TooLarge(Exception):
    """A number is too large to be written down."""


@dataclass(frozen=True, slots=True, repr=False)
class Power(ShortNumbers):
    """Some applications of a rule: what its variables are then, steps and shift."""

    after: tuple[Expression, ...]
    steps: Polynomial
    shift: Polynomial

    def then(self, other: Power) -> Power:
        """These applications, and then those."""
        steps = self.steps + other.steps.substitute(self.after)
        if any(c.bit_length() > MAX_BITS for c in steps.terms.values()):
            raise TooLarge
        return Power(
            tuple(form if isinstance(form, int) else simplify(form.substitute(self.after)) for form in other.after),
            steps,
            self.shift + other.shift.substitute(self.after),
        )


@dataclass(frozen=True, slots=True, repr=False)
class Part(ShortNumbers):
    """A rule in the proof of another: what stands for its variables, and how often it is used (None: once)."""

    rule: MacroRule
    values: tuple[Expression, ...]  # and the number of times, where the rule's `change` is given
    times: Expression | None

    def totals(self) -> tuple[Polynomial, Polynomial]:
        """Steps and shift in terms of `values`."""
        if self.times is None:
            return self.rule.steps, self.rule.shift
        if self.rule.change is not None:
            return self.rule.repeated
        assert isinstance(self.times, int)
        power = self.rule.power(self.times)
        return power.steps, power.shift


def slope(condition: Polynomial, after: Sequence[Expression]) -> Expression:
    """How much a condition grows when its variables become `after`."""
    return simplify(condition.substitute(after) + condition * -1)
