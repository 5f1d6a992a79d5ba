"""Exact arithmetic for the checker: bounds for exp and log, and enclosures of what IEEE doubles compute.

Everything is a `Fraction`. The trust base is stated here and nowhere else:

* +, −, ×, ÷ on doubles are rounded to nearest: relative error at most `UNIT`, or `TINY` absolute below the normal
  numbers, which may be flushed to zero; a sum of products in any order, fused or not, has the error `rounding`;
* the exp, log and log1p that numpy calls have a relative error of at most `LIBRARY`, 4 units in the last place,
  or `TINY` absolute below the normal numbers; exp overflows to infinity, and 1 / ∞ is 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from .refusal import Fault, require

UNIT = Fraction(1, 2**53)
LIBRARY = Fraction(1, 2**50)
TINY = Fraction(1, 2**1022)
TOP = 1 + LIBRARY  # no activity and no belief is above it
LARGEST = Fraction(2**1000)  # far below overflow

_BITS = 160  # of the fixed-point numbers that bound exp
_TERMS = 34  # of Taylor's series on [0, 1]: the rest is below 2 / 34! < 2^-126
_MOST_NATS = 800  # e^-800 is below the least subnormal number


def exp_lower(x: Fraction) -> Fraction:
    """A number that is at most e^x, for x ≥ 0 in nats; close to it up to 800 nats, above them e^800."""
    r, halvings = _reduced(min(x, Fraction(_MOST_NATS)), up=False)
    term = total = 1 << _BITS
    for i in range(1, _TERMS):
        term = term * r // (i << _BITS)
        total += term
    for _ in range(halvings):
        total = total * total >> _BITS
    return Fraction(total, 1 << _BITS)


def exp_upper(x: Fraction) -> Fraction:
    """A number that is at least e^x and close to it, for x from 0 to 800 nats.

    Raises: Refused: x is above 800 nats.
    """
    require(x <= _MOST_NATS, Fault.RANGE, f"e to the power of {_MOST_NATS} and more")
    r, halvings = _reduced(x, up=True)
    term = total = 1 << _BITS
    for i in range(1, _TERMS):
        term = _ceil_div(term * r, i << _BITS)
        total += term
    total += 2 * term  # the rest of the series is below its last term, as r ≤ 1
    for _ in range(halvings):
        total = _ceil_div(total * total, 1 << _BITS)
    return Fraction(total, 1 << _BITS)


def log_bounds(x: Fraction) -> tuple[Fraction, Fraction]:
    """Numbers around ln x, at most 2^-48 apart relative to it; x between 2^-1000 and 2^1000.

    The library's logarithm only guesses; the guess is tried by `exp_lower` and `exp_upper`.
    Raises: Refused: x is outside that range, or the guess was bad.
    """
    require(1 / LARGEST <= x <= LARGEST, Fault.RANGE, "a logarithm of a number that is too large or too small")
    guess = Fraction(math.log1p(x - 1) if abs(x - 1) < Fraction(1, 2) else math.log(x))
    slack = abs(guess) / 2**49
    low, high = guess - slack, guess + slack
    e_low = exp_upper(low) if low >= 0 else 1 / exp_lower(-low)
    e_high = exp_lower(high) if high >= 0 else 1 / exp_upper(-high)
    require(e_low <= x <= e_high, Fault.PLATFORM, "the logarithm", wanted="2^-49")
    return low, high


def _reduced(x: Fraction, *, up: bool) -> tuple[int, int]:
    """x / 2^halvings as a fixed-point number from 0 to 1, rounded down or up, and `halvings`."""
    halvings = max(0, math.ceil(x)).bit_length()
    numerator, denominator = x.numerator << _BITS, x.denominator << halvings
    return (_ceil_div(numerator, denominator) if up else numerator // denominator), halvings


def _ceil_div(a: int, b: int) -> int:
    return -(-a // b)


def rounding(terms: int, size: Fraction) -> Fraction:
    """The error of one or two sums of `terms` products of doubles and a bias, of absolute values that sum to `size`.

    Raises: Refused: more than 2^51 terms, or a sum that could overflow.
    """
    relative, absolute = rounding_of(terms)
    require(size <= LARGEST, Fault.RANGE, "a sum that could overflow")
    return relative * size + absolute


def rounding_of(terms: int) -> tuple[Fraction, Fraction]:
    """The error of such a sum relative to its size, and what comes on top of it below the normal numbers.

    γ = m u / (1 − m u) ≤ m u (1 + 2 m u), with m = terms + 2 operations on any product's way, in any order
    (Higham 2002, section 3.1).
    Raises: Refused: more than 2^51 terms.
    """
    m = (terms + 2) * UNIT
    require(m <= Fraction(1, 4), Fault.RANGE, f"a sum of {terms} terms")
    return m * (1 + 2 * m), 2 * (terms + 2) * TINY


@dataclass(frozen=True, slots=True)
class Enclosure:
    """All doubles from `low` to `high`; an operation encloses the rounded results of all of them.

    Raises: Refused: an operation could overflow.
    """

    low: Fraction
    high: Fraction

    @staticmethod
    def exactly(value: Fraction | int) -> Enclosure:
        """The one number `value`."""
        return Enclosure(Fraction(value), Fraction(value))

    def __add__(self, other: Enclosure) -> Enclosure:
        return _rounded(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Enclosure) -> Enclosure:
        return _rounded(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Enclosure) -> Enclosure:
        if self.low >= 0 and other.low >= 0:
            return _rounded(self.low * other.low, self.high * other.high)
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return _rounded(min(ends), max(ends))

    def __truediv__(self, other: Enclosure) -> Enclosure:
        require(other.low > 0, Fault.RANGE, "a division by what may be zero or negative")
        ends = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
        return _rounded(min(ends), max(ends))

    def __neg__(self) -> Enclosure:
        return Enclosure(-self.high, -self.low)

    def log(self) -> Enclosure:
        """What the library's logarithm makes of it."""
        low, high = log_bounds(self.low)[0], log_bounds(self.high)[1]
        return Enclosure(low - abs(low) * LIBRARY - TINY, high + abs(high) * LIBRARY + TINY)

    @property
    def size(self) -> Fraction:
        """The largest absolute value."""
        return max(abs(self.low), abs(self.high))


def _rounded(low: Fraction, high: Fraction) -> Enclosure:
    return Enclosure(-_rounded_above(-low), _rounded_above(high))


def _rounded_above(x: Fraction) -> Fraction:
    """At least every double that a result of at most x can be rounded to; of 129 bits, to keep the arithmetic fast."""
    if not x:
        return x
    mantissa, shift = _mantissa_above(x)
    error = (abs(mantissa) >> 53) + 1  # UNIT
    tiny = 1 << max(0, shift - 1022)  # TINY, in units of 2^-shift
    return Fraction(mantissa + error + tiny, 1 << shift) if shift >= 0 else Fraction(mantissa + error + tiny << -shift)


def _short_above(x: Fraction) -> Fraction:
    """A number of 128 bits that is at least x and close to it."""
    mantissa, shift = _mantissa_above(x)
    return Fraction(mantissa, 1 << shift) if shift >= 0 else Fraction(mantissa << -shift)


def _mantissa_above(x: Fraction) -> tuple[int, int]:
    """The least m with m 2^-shift ≥ x, for a shift that gives it 128 bits or so; and the shift."""
    shift = 128 - x.numerator.bit_length() + x.denominator.bit_length()
    require(shift >= 128 - 1000, Fault.RANGE, "a sum or product that could overflow")
    if shift >= 0:
        return _ceil_div(x.numerator << shift, x.denominator), shift
    return _ceil_div(x.numerator, x.denominator << -shift), shift


def network_error(drive: Fraction) -> Fraction:
    """How far sig(±d), computed as 1 / (1 + exp(∓d)), can be from 1 or 0 where d is at least `drive` > 0 nats."""
    e = exp_lower(drive)
    off = (1 + UNIT) / ((1 + e * (1 - LIBRARY)) * (1 - UNIT)) + TINY
    on = 1 - (1 - UNIT) / ((1 + (1 + LIBRARY) / e + TINY) * (1 + UNIT))
    return _short_above(max(off, on))


def belief_error(drive: Fraction, size: Fraction) -> Fraction:
    """How far a belief can be from (1, 0) where one log joint is `drive` > 0 nats above the other, both within ±`size`.

    Belief: exp(log joint − logaddexp of both). With a < b the evidence z = b + log1p(exp(a − b)), rounded, is not
    below b, as rounding is monotone: so the lesser belief is exp(a − z) ≤ e^(a − b) but for rounding; and the greater
    exp(b − z) ≥ 1 − (z − b), where z − b is the log1p and the rounding of a number of the size of b.
    """
    ratio = (1 + LIBRARY) / exp_lower(drive * (1 - UNIT)) + TINY
    log1p = (1 + LIBRARY) * ratio + TINY
    gap = (log1p + UNIT * (size + log1p)) * (1 + UNIT)
    return _short_above(max(ratio, gap + LIBRARY))
