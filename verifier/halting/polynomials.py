"""Forms and polynomials in the variables of a rule, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from math import comb, lcm

from .reading import MAX_DEGREE, MAX_TERMS, Refused

Polynomial = dict[tuple[int, ...], Fraction]
Form = tuple[int, ...]  # c + Σ aᵢzᵢ as (c, a₁, a₂, ...)


def plus(one: Form, two: Form, factor: int = 1) -> Form:
    """one + factor · two."""
    return tuple(a + factor * b for a, b in zip(one, two))


def multiply(one: Polynomial, two: Polynomial) -> Polynomial:
    """The product."""
    if len(one) * len(two) > 16 * MAX_TERMS:
        raise Refused(f"proof: a number of steps has more than {MAX_TERMS:,} terms")
    total: Polynomial = {}
    for m1, c1 in one.items():
        for m2, c2 in two.items():
            monomial = tuple(sorted(m1 + m2))
            total[monomial] = total.get(monomial, Fraction(0)) + c1 * c2
    return total


def add_to(total: Polynomial, more: Polynomial, factor: Fraction = Fraction(1)) -> None:
    """Add factor · more to `total`, in place."""
    for monomial, c in more.items():
        total[monomial] = total.get(monomial, Fraction(0)) + factor * c
    if len(total) > MAX_TERMS:
        raise Refused(f"proof: a number of steps has more than {MAX_TERMS:,} terms")


def polynomial_of(form: Form) -> Polynomial:
    """A form as a polynomial."""
    return {(() if i == 0 else (i - 1,)): Fraction(c) for i, c in enumerate(form) if c}


def compose(polynomial: Polynomial, values: Sequence[Form]) -> Polynomial:
    """The polynomial with forms for its variables."""
    total: Polynomial = {}
    for monomial, c in polynomial.items():
        product: Polynomial = {(): c}
        for variable in monomial:
            product = multiply(product, polynomial_of(values[variable]))
        add_to(total, product)
    return total


def evaluate(polynomial: Polynomial, values: Sequence[int]) -> int:
    """The value of a polynomial that is whole at all integers."""
    scale = lcm(*(c.denominator for c in polynomial.values()))
    total = 0
    for monomial, c in polynomial.items():
        term = c.numerator * (scale // c.denominator)
        for variable in monomial:
            term *= values[variable]
        total += term
    return total // scale


def sum_over(polynomial: Polynomial, change: Sequence[int]) -> Polynomial:
    """Σ_{j=0}^{n−1} P(z + j·change), where n is the variable after those of `change`."""
    n = len(change)
    total: Polynomial = {}
    for monomial, c in polynomial.items():
        if len(monomial) > MAX_DEGREE:
            raise Refused(f"proof: a number of steps is of more than {MAX_DEGREE}th degree")
        product: Polynomial = {(): c}
        for variable in monomial:
            product = multiply(product, {(variable,): Fraction(1), (n,): Fraction(change[variable])})
        for shifted, k in product.items():  # here variable n stands for j
            power = shifted.count(n)
            rest = shifted[: len(shifted) - power]
            add_to(total, {tuple(sorted(rest + (n,) * p)): k * f for p, f in enumerate(_power_sum(power))})
    return total


@cache
def _power_sum(power: int) -> tuple[Fraction, ...]:
    """Coefficients of Σ_{j=0}^{n−1} jᵖ as a polynomial in n: n^{p+1} = Σ_{q ≤ p} C(p+1, q) Σ_{j<n} j^q."""
    total = [Fraction(0)] * (power + 1) + [Fraction(1)]
    for lower in range(power):
        for i, c in enumerate(_power_sum(lower)):
            total[i] -= comb(power + 1, lower) * c
    return tuple(c / (power + 1) for c in total)
