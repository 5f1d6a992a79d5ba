"""Numbers and what they count, in words."""

from __future__ import annotations


def count(number: int, what: str) -> str:
    """`1 step`, `2,000 steps`, `3 entries`."""
    return f"{number:,} {plural(number, what)}"


def plural(number: int, what: str) -> str:
    """`step` of one, `steps` of any other number."""
    if number == 1:
        return what
    return f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
