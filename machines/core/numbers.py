"""Integers of any size as text: `str` and `repr` refuse those of more than 4,300 digits."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal

LONG = 60  # digits; longer numbers are rounded where people read them
LEADING = 256  # bits that say a number's power of ten to more places than are printed


def decimal(number: int) -> str:
    """All digits of an integer."""
    return str(Decimal(number))


def integer(text: str) -> int:
    """The integer that `decimal` wrote."""
    return int(Decimal(text))


def long_number(number: int) -> str:
    """All digits, or where there are too many the power of ten, as in `10^704.279`."""
    if number < 0:
        return f"-{long_number(-number)}"
    if number < 10**LONG:
        return f"{number:,}"
    rest = max(number.bit_length() - LEADING, 0)  # to write all digits of a number takes long
    return f"10^{Decimal(number >> rest).log10() + rest * Decimal(2).log10():.3f}"


class ShortNumbers:
    """Lets a dataclass (with `repr=False`) print as usual, but for its long numbers: these are powers of ten."""

    __slots__ = ()

    def __repr__(self) -> str:
        values = ", ".join(f"{field.name}={_shown(getattr(self, field.name))}" for field in fields(self))  # type: ignore[arg-type]
        return f"{type(self).__name__}({values})"


def _shown(value: object) -> str:
    if isinstance(value, int) and value.bit_length() > 3 * LONG:
        return long_number(value)
    if type(value) in (tuple, list):
        shown = [_shown(each) for each in value]  # type: ignore[attr-defined]
        inside = ", ".join(shown)
        return f"[{inside}]" if type(value) is list else f"({inside},)" if len(shown) == 1 else f"({inside})"
    if type(value) is dict:
        return "{" + ", ".join(f"{_shown(key)}: {_shown(each)}" for key, each in value.items()) + "}"
    return repr(value)
