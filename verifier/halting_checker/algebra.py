"""Forms and polynomials in the variables of a rule, exactly; all work is paid for before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from math import comb, lcm

from .limits import MAX_BITS, MAX_DEGREE, MAX_TERMS, RefusedHalting, Work, price

Polynomial = dict[tuple[int, ...], Fraction]  # the factor of each product of variables
Linear = tuple[int, ...]  # c + Σ aᵢzᵢ as (c, a₁, a₂, ...)

FRACTION = 6  # times the work of an integer


def variable(number: int, variables: int) -> Linear:
    """One of so many variables as a form."""
    return tuple(int(i == number + 1) for i in range(variables + 1))


def polynomial_of(form: Linear) -> Polynomial:
    """A form as a polynomial."""
    return {(() if i == 0 else (i - 1,)): Fraction(c) for i, c in enumerate(form) if c}


class Algebra:
    """Arithmetic that spends `work`, and makes no number of more than MAX_BITS bits by a product."""

    def __init__(self, work: Work) -> None:
        self.work = work

    def _pay(self, count: int, one: int, two: int) -> None:
        """For so many products of numbers of so many bits."""
        if one + two > MAX_BITS:
            raise RefusedHalting(f"proof: a number has more than {MAX_BITS:,} bits")
        self.work.spend(count * price(one, two))

    def plus(self, one: Linear, two: Linear, factor: int = 1) -> Linear:
        """one + factor · two."""
        self._pay(len(one), max(longest(one), longest(two)), factor.bit_length())
        return tuple(a + factor * b for a, b in zip(one, two))

    def divide(self, form: Linear, by: int) -> Linear | None:
        """The form divided by a whole number; None if that does not go."""
        self.work.spend(4 * len(form) * price(longest(form), by.bit_length()))
        parts = [divmod(a, by) for a in form]
        return None if any(rest for _, rest in parts) else tuple(whole for whole, _ in parts)

    def at(self, form: Linear, values: Sequence[Linear], variables: int) -> Linear:
        """The form with forms in so many variables for its own."""
        terms = [(a, value) for a, value in zip(form[1:], values) if a]
        self._pay(
            (1 + len(terms)) * (1 + variables), longest(form), max((longest(value) for _, value in terms), default=0)
        )
        total = [form[0], *[0] * variables]
        for a, value in terms:
            for i, b in enumerate(value):
                total[i] += a * b
        return tuple(total)

    def multiply(self, one: Polynomial, two: Polynomial) -> Polynomial:
        """The product."""
        if len(one) * len(two) > 16 * MAX_TERMS:
            raise RefusedHalting(f"proof: a number of steps has more than {MAX_TERMS:,} terms")
        self._pay(FRACTION * len(one) * len(two), _size(one), _size(two))
        total: Polynomial = {}
        for m1, c1 in one.items():
            for m2, c2 in two.items():
                monomial = tuple(sorted(m1 + m2))
                total[monomial] = total.get(monomial, Fraction(0)) + c1 * c2
        return total

    def add_to(self, total: Polynomial, more: Polynomial, factor: Fraction = Fraction(1)) -> None:
        """Add factor · more to `total`, in place."""
        for monomial, c in more.items():
            old = total.get(monomial, Fraction(0))
            self._pay(FRACTION, max(_bits(old), _bits(c)), _bits(factor))
            total[monomial] = old + factor * c
        if len(total) > MAX_TERMS:
            raise RefusedHalting(f"proof: a number of steps has more than {MAX_TERMS:,} terms")

    def compose(self, polynomial: Polynomial, values: Sequence[Linear]) -> Polynomial:
        """The polynomial with forms for its variables."""
        total: Polynomial = {}
        for monomial, c in polynomial.items():
            product: Polynomial = {(): c}
            for number in monomial:
                product = self.multiply(product, polynomial_of(values[number]))
            self.add_to(total, product)
        return total

    def evaluate(self, polynomial: Polynomial, values: Sequence[int]) -> int:
        """The value of a polynomial that is whole at all integers."""
        scale = lcm(*(c.denominator for c in polynomial.values()))
        total = 0
        for monomial, c in polynomial.items():
            term = c.numerator * (scale // c.denominator)
            self.work.spend(price(term.bit_length()))
            for number in monomial:
                self._pay(1, term.bit_length(), values[number].bit_length())
                term *= values[number]
            total += term
        return total // scale

    def sum_over(self, polynomial: Polynomial, change: Sequence[int]) -> Polynomial:
        """Σ_{j=0}^{n−1} P(z + j·change), where n is the variable after those of `change`."""
        n = len(change)
        total: Polynomial = {}
        for monomial, c in polynomial.items():
            if len(monomial) > MAX_DEGREE:
                raise RefusedHalting(f"proof: a number of steps is of more than {MAX_DEGREE}th degree")
            product: Polynomial = {(): c}
            for number in monomial:
                moved: Polynomial = {(number,): Fraction(1)}
                if change[number]:
                    moved[n,] = Fraction(change[number])
                product = self.multiply(product, moved)
            for shifted, k in product.items():  # here variable n stands for j
                power = shifted.count(n)
                rest = shifted[: len(shifted) - power]
                self.add_to(total, {rest + (n,) * p: f for p, f in enumerate(_power_sum(power)) if f}, k)
        return total


def longest(form: Linear) -> int:
    """Bits of the longest number in a form."""
    return max(map(int.bit_length, form))


def _bits(number: Fraction) -> int:
    return number.numerator.bit_length() + number.denominator.bit_length()


def _size(polynomial: Polynomial) -> int:
    return max(map(_bits, polynomial.values()), default=0)


def _sum_of_powers(power: int) -> tuple[Fraction, ...]:
    """Coefficients of Σ_{j=0}^{n−1} jᵖ as a polynomial in n: n^{p+1} = Σ_{q ≤ p} C(p+1, q) Σ_{j<n} j^q."""
    total = [Fraction(0)] * (power + 1) + [Fraction(1)]
    for lower in range(power):
        for i, c in enumerate(_power_sum(lower)):
            total[i] -= comb(power + 1, lower) * c
    return tuple(c / (power + 1) for c in total)


_power_sum = cache(_sum_of_powers)
