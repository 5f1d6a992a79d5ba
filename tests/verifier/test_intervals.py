"""Bounds and enclosures hold: against decimals of 400 digits, and against the doubles that they are about."""

import math
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triquetra.runtime.network import sigmoid
from triquetra.runtime.pomdp import infer
from triquetra.verifier.checker import intervals
from triquetra.verifier.checker.intervals import Enclosure
from triquetra.verifier.checker.refusal import Refused

nats = st.floats(0, 790) | st.floats(0, 2) | st.floats(0, 1e-300)
doubles = st.floats(-1e6, 1e6) | st.floats(-1, 1) | st.floats(-1e-290, 1e-290)


def decimal(x):
    return Decimal(x.numerator) / Decimal(x.denominator)


@given(nats)
def test_exp_is_between_its_bounds_which_are_close(x):
    with localcontext() as context:
        context.prec = 400
        true = Decimal(x).exp()
        low, high = intervals.exp_lower(Fraction(x)), intervals.exp_upper(Fraction(x))
        assert decimal(low) <= true <= decimal(high)
        assert high - low <= low / 2**90


@given(st.floats(2.0**-990, 2.0**990) | st.floats(0.5, 2))
def test_log_is_between_its_bounds(x):
    with localcontext() as context:
        context.prec = 400
        low, high = intervals.log_bounds(Fraction(x))
        assert decimal(low) <= Decimal(x).ln() <= decimal(high)
        assert high - low <= abs(high) / 2**47


def test_numbers_without_a_bound_are_refused():
    for x in (Fraction(0), Fraction(1, 2**1001), Fraction(2**1001)):
        with pytest.raises(Refused):
            intervals.log_bounds(x)
    with pytest.raises(Refused):
        intervals.exp_upper(Fraction(801))
    assert intervals.exp_lower(Fraction(10**9)) == intervals.exp_lower(Fraction(800))


@given(
    st.lists(st.floats(-745, 709), min_size=9, max_size=9), st.lists(st.floats(1e-300, 1e300), min_size=9, max_size=9)
)
def test_numpy_keeps_the_stated_error_of_exp_log_and_log1p(exponents, arguments):
    """Nine at once, so that vector instructions and what is left over are both tried."""
    with localcontext() as context:
        context.prec = 340
        cases = [
            (np.exp(np.array(exponents)), [Decimal(x).exp() for x in exponents]),
            (np.log(np.array(arguments)), [Decimal(x).ln() for x in arguments]),
            (np.log1p(np.array(arguments)), [(1 + Decimal(x)).ln() for x in arguments]),
        ]
        for found, true in cases:
            for x, y in zip(found, true):
                error = abs(Decimal(float(x)) - y)
                assert error <= abs(y) * decimal(intervals.LIBRARY) or error <= decimal(intervals.TINY)


@st.composite
def enclosures(draw):
    """An enclosure, and a double in it."""
    values = sorted(draw(st.tuples(doubles, doubles, doubles)))
    return Enclosure(Fraction(values[0]), Fraction(values[2])), values[1]


@given(enclosures(), enclosures())
def test_an_operation_encloses_what_doubles_make_of_it(first, second):
    (a, x), (b, y) = first, second
    results = [(a + b, x + y), (a - b, x - y), (a * b, x * y), (-a, -x)]
    if b.low > Fraction(1, 10**9):
        results.append((a / b, x / y))
    if a.low * intervals.LARGEST >= 1:
        results.append((a.log(), float(np.log(x))))
    for enclosure, value in results:
        assert enclosure.low <= Fraction(value) <= enclosure.high


@given(st.lists(st.tuples(doubles, doubles), max_size=30))
def test_rounding_bounds_the_error_of_a_sum_of_products(pairs):
    weights, activities = (np.array(values, dtype=float) for values in (zip(*pairs) if pairs else ((), ())))
    exact = sum((Fraction(a) * Fraction(b) for a, b in pairs), Fraction(0))
    size = sum((abs(Fraction(a) * Fraction(b)) for a, b in pairs), Fraction(0))
    for found in (weights @ activities, sum(a * b for a, b in pairs)):
        assert abs(Fraction(float(found)) - exact) <= intervals.rounding(len(pairs), size)


@given(st.floats(1e-6, 790), st.floats(0, 500))
def test_a_neuron_is_within_its_error(margin, beyond):
    bound = intervals.network_error(Fraction(margin))
    for drive in (margin, margin + beyond):
        on, off = sigmoid(np.array([drive, -drive]))
        assert 1 - bound <= Fraction(float(on)) <= intervals.TOP
        assert 0 <= Fraction(float(off)) <= bound
    assert float(bound) <= math.exp(-margin) * (1 + 1e-9) + 2**-50


@given(st.floats(1e-6, 700), st.floats(-300, 0))
def test_a_belief_is_within_its_error(margin, upper):
    lower = upper - margin
    margin = Fraction(upper) - Fraction(lower)
    if margin <= 0:
        return
    bound = intervals.belief_error(margin, abs(Fraction(upper)) + abs(Fraction(lower)))
    belief = infer("unit", ("unit",), np.array([[upper], [lower]])).q[:, 0]
    assert 1 - bound <= Fraction(float(belief[0])) <= intervals.TOP
    assert 0 <= Fraction(float(belief[1])) <= bound
