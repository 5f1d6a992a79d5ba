"""Proved rules: what a machine does to a whole family of tapes, in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from .polynomials import Form, Polynomial, repeated
from .tape import ENDLESS, Stack

Use = int | tuple[int, Form]  # −n: n macro-steps; r: rule r once; (r, n): rule r, n times


@dataclass(frozen=True, slots=True)
class Pattern:
    """A facing, and the blocks of the runs next to the head on both sides, nearest last."""

    facing: int
    left: tuple[int, ...]
    right: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How long a run may be: modulus·z + rest for any z ≥ 0, the variable numbered `variable`.

    Modulus 0: exactly `rest`. Modulus -1: the endless blanks.
    """

    modulus: int
    rest: int
    variable: int = -1


@dataclass(frozen=True)
class Rule:
    """Where the tape is `start` with `counts`, and every condition is ≥ 0, the machine comes to `end`, `end_counts`.

    That takes `steps` steps, and the head is `shift` blocks further right. If `change` is given, the end is of the same
    family as the start and zᵢ has grown by `change[i]`: the rule can be repeated. `proof` is what it is made of;
    `certain` are the steps and shift that depend on no variable, `chains` (crossed, steps, shift a block) the others,
    and `parts` the rules used, with what stood for their variables (and then how often, if repeated).
    """

    number: int
    start: Pattern
    counts: tuple[Count, ...]  # of start.left, then of start.right
    variables: int
    conditions: tuple[Polynomial, ...]
    end: Pattern
    end_counts: tuple[Form | None, ...]  # of end.left, then of end.right; None where endless
    change: tuple[int, ...] | None
    proof: tuple[Use, ...]
    certain: tuple[int, int]
    chains: tuple[tuple[Polynomial, int, int], ...]
    parts: tuple[tuple[Rule, tuple[Form, ...]], ...]

    @cached_property
    def steps(self) -> Polynomial:
        """Steps of one application."""
        total = Polynomial({(): self.certain[0]})
        for crossed, steps, _ in self.chains:
            total = total + crossed * steps
        for rule, values in self.parts:
            total = total + (rule.steps if rule.change is None else rule.repeated_steps).substitute(values)
        return total

    @cached_property
    def shift(self) -> Polynomial:
        """Blocks by which the head is further right after one application."""
        total = Polynomial({(): self.certain[1]})
        for crossed, _, shift in self.chains:
            total = total + crossed * shift
        for rule, values in self.parts:
            total = total + (rule.shift if rule.change is None else rule.repeated_shift).substitute(values)
        return total

    @cached_property
    def slopes(self) -> tuple[int, ...]:
        """How much each condition grows with a repetition."""
        assert self.change is not None
        return tuple(condition.at(self.change) - condition.constant for condition in self.conditions)

    @cached_property
    def repeated_steps(self) -> Polynomial:
        """Steps of n repetitions; n is numbered after the rule's own variables."""
        assert self.change is not None
        return repeated(self.steps, self.change, self.variables)

    @cached_property
    def repeated_shift(self) -> Polynomial:
        """Shift of n repetitions, as `repeated_steps`."""
        assert self.change is not None
        return repeated(self.shift, self.change, self.variables)

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
            (condition.at(values) // -slope + 1 for condition, slope in zip(self.conditions, self.slopes) if slope < 0),
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
        assert self.change is not None
        for (on_right, place, modulus, _), change in zip(self._variable, self.change):
            if change:
                (right if on_right else left).counts[-place] += times * modulus * change
        values = [*values, times]
        return self.repeated_steps.at(values), self.repeated_shift.at(values)
