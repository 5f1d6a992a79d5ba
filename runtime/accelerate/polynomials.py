"""Polynomials with exact rational coefficients, kept as integers over one denominator.

A *form* is what counts of blocks are made of: an integer, or a polynomial of degree 1 with denominator 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from math import comb, gcd
from typing import Final

Monomial = tuple[int, ...]  # the variables multiplied, in ascending order; () is the constant


class Polynomial:
    """Σ coefficient · monomial / denominator; immutable; variables are numbered from 0."""

    __slots__ = ("denominator", "terms")

    def __init__(self, terms: Mapping[Monomial, int], denominator: int = 1) -> None:
        self.terms: Final = terms if all(terms.values()) else {monomial: c for monomial, c in terms.items() if c}
        self.denominator: Final = denominator

    @property
    def is_constant(self) -> bool:
        """Whether no variable occurs."""
        return not self.terms or (len(self.terms) == 1 and () in self.terms)

    @property
    def constant(self) -> int:
        """The numerator of the monomial without variables."""
        return self.terms.get((), 0)

    @property
    def variables(self) -> set[int]:
        """The variables that occur."""
        return {variable for monomial in self.terms for variable in monomial}

    def __add__(self, other: Polynomial | int) -> Polynomial:
        terms = dict(self.terms)
        if isinstance(other, int):
            terms[()] = terms.get((), 0) + other * self.denominator
            return Polynomial(terms, self.denominator)
        denominator, factor = self.denominator, 1
        if denominator != other.denominator:
            divisor = gcd(denominator, other.denominator)
            mine, factor = other.denominator // divisor, denominator // divisor
            terms = {monomial: c * mine for monomial, c in terms.items()}
            denominator *= mine
        for monomial, c in other.terms.items():
            terms[monomial] = terms.get(monomial, 0) + c * factor
        return Polynomial(terms, denominator)

    def __mul__(self, other: Polynomial | int) -> Polynomial:
        if isinstance(other, int):
            return Polynomial({monomial: c * other for monomial, c in self.terms.items()}, self.denominator)
        return Polynomial(_product(self.terms, other.terms), self.denominator * other.denominator)

    def divided(self, divisor: int) -> Polynomial:
        """Every coefficient over `divisor`."""
        return Polynomial(self.terms, self.denominator * divisor)

    def at(self, values: Sequence[int]) -> int:
        """The value, which must be whole, where variable i is `values[i]`."""
        total = 0
        for monomial, c in self.terms.items():
            for variable in monomial:
                c *= values[variable]
            total += c
        return total if self.denominator == 1 else total // self.denominator

    def substitute(self, values: Sequence[Expression]) -> Polynomial:
        """The polynomial with the form `values[i]` for variable i."""
        total: dict[Monomial, int] = {}
        for monomial, c in self.terms.items():
            product: Mapping[Monomial, int] = {(): c}
            for variable in monomial:
                value = values[variable]
                if isinstance(value, int):
                    product = {m: k * value for m, k in product.items()}
                elif len(product) == 1 and () in product:
                    product = {m: k * product[()] for m, k in value.terms.items()}
                else:
                    product = _product(product, value.terms)
            for m, k in product.items():
                total[m] = total.get(m, 0) + k
        return Polynomial(total, self.denominator)


def _product(one: Mapping[Monomial, int], two: Mapping[Monomial, int]) -> dict[Monomial, int]:
    terms: dict[Monomial, int] = {}
    for m1, c1 in one.items():
        for m2, c2 in two.items():
            monomial = m2 if not m1 else m1 if not m2 else tuple(sorted(m1 + m2))
            terms[monomial] = terms.get(monomial, 0) + c1 * c2
    return terms


Expression = int | Polynomial


def add(one: Expression, two: Expression) -> Expression:
    """The sum, an integer where no variable is left in it."""
    if isinstance(one, Polynomial):
        return simplify(one + two)
    return one + two if isinstance(two, int) else simplify(two + one)


def simplify(form: Expression) -> Expression:
    """The same, an integer where no variable occurs."""
    return form.constant if isinstance(form, Polynomial) and form.is_constant else form


def repeated(polynomial: Polynomial, change: Sequence[int], times: int) -> Polynomial:
    """Σ_{j=0}^{n−1} P(z + j·change), where n is the variable numbered `times`."""
    total = Polynomial({})
    for monomial, c in polynomial.terms.items():
        by_power = [Polynomial({(): c}, polynomial.denominator)]  # coefficients of j⁰, j¹, ...
        for variable in monomial:
            shifted = [p * Polynomial({(variable,): 1}) for p in by_power]
            if change[variable]:
                shifted.append(Polynomial({}))
                for power, p in enumerate(by_power):
                    shifted[power + 1] = shifted[power + 1] + p * change[variable]
            by_power = shifted
        for power, p in enumerate(by_power):
            total = total + p * _power_sum(power).substitute([Polynomial({(times,): 1})])
    return total


@cache
def _power_sum(power: int) -> Polynomial:
    """Σ_{j=0}^{n−1} jᵖ as a polynomial in n, its variable 0.

    From n^{p+1} = Σ_{q ≤ p} C(p+1, q) Σ_{j<n} j^q, which is a telescoping sum.
    """
    total = Polynomial({(0,) * (power + 1): 1})
    for lower in range(power):
        total = total + _power_sum(lower) * -comb(power + 1, lower)
    return total.divided(power + 1)
