"""The parts of the checker one by one: arithmetic against plain counting, blocks against plain runs, what is read."""

import json
import random
from fractions import Fraction
from itertools import product

import pytest
from tests.verifier_halting.truth import GENUINE, Run

from triquetra.machines import from_busy_beaver
from triquetra.verifier.halting_checker import RefusedHalting, limits, read_certificate, reading
from triquetra.verifier.halting_checker.algebra import Algebra, longest, polynomial_of, variable
from triquetra.verifier.halting_checker.blocks import Blocks
from triquetra.verifier.halting_checker.limits import Work, price
from triquetra.verifier.halting_checker.reading import ProvedHalting


def value(polynomial, values):
    """By the meaning of a polynomial."""
    total = Fraction(0)
    for monomial, factor in polynomial.items():
        term = Fraction(factor)
        for number in monomial:
            term *= values[number]
        total += term
    return total


def at(form, values):
    return form[0] + sum(a * z for a, z in zip(form[1:], values, strict=True))


def random_form(rng, variables):
    return tuple(rng.randrange(-4, 5) for _ in range(variables + 1))


def random_polynomial(rng, variables, degree=3):
    return {
        tuple(sorted(rng.randrange(variables) for _ in range(rng.randrange(degree + 1)))): Fraction(
            rng.randrange(-9, 10), rng.choice((1, 1, 2, 3))
        )
        for _ in range(rng.randrange(5))
    }


@pytest.mark.parametrize("seed", range(30))
def test_arithmetic_means_what_it_says(seed):
    rng = random.Random(seed)
    algebra = Algebra(Work())
    inner, outer = rng.choice((1, 2, 3)), rng.choice((0, 1, 2))
    one, two = random_form(rng, inner), random_form(rng, inner)
    p, q = random_polynomial(rng, inner), random_polynomial(rng, inner)
    forms = [random_form(rng, outer) for _ in range(inner)]
    factor = rng.randrange(-5, 6)
    change = [rng.randrange(-2, 3) for _ in range(inner)]
    total = dict(p)
    algebra.add_to(total, q, Fraction(factor))
    summed = algebra.sum_over(p, change)
    for values in product(range(3), repeat=inner):
        assert at(algebra.plus(one, two, factor), values) == at(one, values) + factor * at(two, values)
        assert at(algebra.plus(one, two), values) == at(one, values) + at(two, values)
        assert value(algebra.multiply(p, q), values) == value(p, values) * value(q, values)
        assert value(polynomial_of(one), values) == at(one, values)
        assert value(total, values) == value(p, values) + factor * value(q, values)
        for times in range(4):
            by_hand = sum(value(p, [z + j * c for z, c in zip(values, change)]) for j in range(times))
            assert value(summed, [*values, times]) == by_hand
        whole = {monomial: c * 6 for monomial, c in p.items()}
        assert algebra.evaluate(whole, values) == value(whole, values)
    for values in product(range(3), repeat=outer):
        inside = [at(form, values) for form in forms]
        assert at(algebra.at(one, forms, outer), values) == at(one, inside)
        assert value(algebra.compose(p, forms), values) == value(p, inside)
    by = rng.choice((1, 2, 3))
    whole = tuple(by * a for a in one)
    assert algebra.divide(whole, by) == one
    if by > 1:
        for i in range(len(whole)):
            assert algebra.divide(tuple(a + (i == j) for j, a in enumerate(whole)), by) is None


def test_half_steps_add_up():
    """A polynomial with fractions that is whole at all integers."""
    algebra = Algebra(Work())
    pairs = {(0, 0): Fraction(1, 2), (0,): Fraction(-1, 2), (): Fraction(4, 1)}
    assert [algebra.evaluate(pairs, [n]) for n in range(5)] == [4, 4, 5, 7, 10]
    assert algebra.evaluate({}, [1]) == 0


def test_variables_are_numbered():
    assert [variable(i, 3) for i in range(3)] == [(0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1)]
    assert polynomial_of((5, 0, -2)) == {(): 5, (1,): -2}
    assert longest((1, -8, 3)) == 4


@pytest.mark.parametrize("seed", range(20))
def test_a_block_is_entered_as_plainly(seed):
    rng = random.Random(seed)
    symbols, size = rng.choice((2, 3)), rng.choice((1, 2, 3, 5))
    cells = [f"{rng.randrange(symbols)}{rng.choice('LRS')}{rng.choice('ABC')}" for _ in range(2 * symbols)]
    cells[rng.randrange(len(cells))] = rng.choice(("1RZ", "---"))
    table = "_".join("".join(cells[i : i + symbols]) for i in (0, symbols)) + "_" + "1RC" * symbols
    machine = from_busy_beaver(table)
    blocks = Blocks(machine, size, Work())
    for state, rightward in product(range(3), (False, True)):
        for block in product(range(symbols), repeat=size):
            run = Run(machine, list(block))
            run.state, run.head = state, 0 if rightward else size - 1
            while run.steps < 3000 and 0 <= run.head < size and run.step():
                pass
            got = blocks.enter(state, rightward, block)
            assert blocks.enter(state, rightward, block) is got
            if run.steps == 3000:
                assert got is None
                continue
            inside = 0 <= run.head < size
            ending = None if not inside else "undefined" if machine.verdicts[run.state] is None else "halted"
            assert (got.block, got.state, got.steps) == (
                tuple(run.tape.get(i, 0) for i in range(size)), run.state, run.steps,
            )  # fmt: skip
            assert got.halted == ending
            assert got.rightward == (rightward if inside else run.head > 0)


def test_work_and_room_are_what_is_left():
    work = Work()
    work.spend(limits.MAX_WORK)
    with pytest.raises(RefusedHalting, match="5,000,000 steps"):
        work.spend(1)
    work = Work()
    work.keep(limits.MAX_ROOM)
    work.keep(-10)
    work.keep(10)
    with pytest.raises(RefusedHalting, match="256 MB"):
        work.keep(1)


def test_a_price_grows_with_the_numbers():
    """1 for small ones; as the product of the lengths for long ones, and as their sum where one of them is short."""
    assert price(0) == price(1) == price(64, 64) == 1
    assert price(1 << 19, 1 << 19) == 1 + 128 + (1 << 17)
    assert price(1 << 19) == 1 + 64
    assert (price((1 << 13) - 1), price(1 << 13)) == (1, 2)
    assert price(1 << 12, 1 << 19) == price(1 << 19, 1 << 12) == 1 + 64 + 1024


@pytest.mark.parametrize(
    ("value", "bounds", "read"),
    [(3, (), 3), (-3, (), -3), ("3", (), 3), ("-3", (), -3), ("007", (), 7), (3, (3, 3), 3), (0, (0,), 0)],
)
def test_integers(value, bounds, read):
    got = reading.read_integer(value, "x", *bounds)
    assert (got, type(got)) == (read, int)


@pytest.mark.parametrize(
    "value", [None, True, 1.0, [], {}, "", "-", "+1", "1e3", "0x1", " 1", "--1", "१", "1" * 160_001]
)
def test_what_is_no_integer(value):
    with pytest.raises(RefusedHalting, match="x: not an integer"):
        reading.read_integer(value, "x")


@pytest.mark.parametrize(("value", "bounds"), [(2, (3,)), (4, (3, 3)), (4, (None, 3)), ("-1", (0,))])
def test_integers_out_of_bounds(value, bounds):
    with pytest.raises(RefusedHalting, match="x: out of range"):
        reading.read_integer(value, "x", *bounds)


def test_long_integers_are_read():
    assert reading.read_integer("-" + "9" * 160_000, "x") == 1 - 10**160_000


def test_lists_and_objects():
    assert reading.read_list([1, 2], "x", 2) == [1, 2]
    assert reading.read_object({"a": 1}, "x") == {"a": 1}
    for value in (None, {}, "ab", 3, (1, 2)):
        with pytest.raises(RefusedHalting, match="x: not a list"):
            reading.read_list(value, "x")
    for value in (None, [], "ab", 3):
        with pytest.raises(RefusedHalting, match="x: not an object"):
            reading.read_object(value, "x")
    with pytest.raises(RefusedHalting, match="x: more than 2 entries"):
        reading.read_list([1, 2, 3], "x", 2)


def test_words_and_tapes():
    machine = from_busy_beaver("1RB2LA1RA_---------")
    assert reading.read_word(machine, [0, "2"], "x") == (0, 2)
    assert reading.read_word(machine, [0, 2], "x", 2) == (0, 2)
    with pytest.raises(RefusedHalting, match="x: not 3 cells"):
        reading.read_word(machine, [0, 2], "x", 3)
    for symbol in (-1, 3):
        with pytest.raises(RefusedHalting, match="x: out of range"):
            reading.read_word(machine, [symbol], "x")
    tape = reading.read_tape(machine, {"origin": -1, "cells": [1, 0, 2]})
    assert [tape[i] for i in range(-2, 3)] == [0, 1, 0, 2, 0]
    for origin in (-limits.MAX_PLAIN, limits.MAX_PLAIN):
        assert reading.read_tape(machine, {"origin": origin, "cells": [1]}).origin == origin
        with pytest.raises(RefusedHalting, match="origin: out of range"):
            reading.read_tape(machine, {"origin": origin + (1 if origin > 0 else -1), "cells": [1]})
    with pytest.raises(RefusedHalting, match="input: cells"):
        reading.read_tape(machine, {"origin": 0})


def test_certificates_are_json():
    for _, certificate in GENUINE.values():
        assert read_certificate(json.dumps(certificate).encode()) == certificate


def test_what_is_proved_can_be_printed():
    assert repr(ProvedHalting("runs forever", "cycle")) == "<runs forever, by cycle>"
    assert (
        repr(ProvedHalting("halted", "rules", 2, 1234, 5))
        == "<halted in state 2 after 1,234 steps with 5 marks, by rules>"
    )
    long = repr(ProvedHalting("undefined", "rules", 0, 10**60, 10**9000))
    assert long == "<undefined in state 0 after 10^60.000 steps with 10^9000.000 marks, by rules>"
    assert repr(ProvedHalting("halted", "rules", 0, 10**60 - 1, 0)).count("999,") == 19
