"""Why something is refused: a value with fields. What it says to people is made here and nowhere else."""

from __future__ import annotations

import json
from enum import StrEnum
from fractions import Fraction

from triquetra.machines.core import shorten


class Fault(StrEnum):
    """What is wrong. The value is stable: programs and tests/refused name it."""

    NOT_JSON = "not JSON"
    VALUE = "value"
    KEYS = "keys"
    TOO_MUCH = "too much"
    LENGTH = "length"
    OFFSETS = "offsets"
    TENSOR = "tensor"
    MISSING = "missing"
    UNKNOWN = "unknown"
    NOT_FINITE = "not finite"
    OUTSIDE = "outside"
    TWICE = "twice"
    ORDER = "order"
    DIVISION = "division"
    OTHER = "other"
    UNPAIRED = "unpaired"
    EMPTY = "empty"
    EPSILON = "epsilon"
    MARGIN = "margin"
    SIDE = "side"
    ERROR = "error"
    MEMORY = "memory"
    RANGE = "range"
    PLATFORM = "platform"
    STRUCTURE = "structure"
    DIFFERENCE = "difference"


# `place`, `found` and `wanted` are cut short; `json` is what was found as it stood in the file.
TEXT = {
    Fault.NOT_JSON: "{place} is not JSON: {found}",
    Fault.VALUE: "{place} is {json}, not {wanted}",
    Fault.KEYS: "{place} must have exactly the keys {wanted}",
    Fault.TOO_MUCH: "{place}: {found}, but at most {wanted} are taken",
    Fault.LENGTH: "{place}: {found} bytes, not {wanted}",
    Fault.OFFSETS: "{place}: its entries stand at bytes {found}, not {wanted}",
    Fault.TENSOR: "{place} is {found}, not {wanted}",
    Fault.MISSING: "{place} is missing",
    Fault.UNKNOWN: "{place} means nothing",
    Fault.NOT_FINITE: "{place} has an entry that is not finite",
    Fault.OUTSIDE: "{place}: {found} is outside {wanted}",
    Fault.TWICE: "{place}: {found} occurs twice",
    Fault.ORDER: "{place}: the columns of a unit are out of order or range",
    Fault.DIVISION: "{place} does not divide {wanted} weights among the units",
    Fault.OTHER: "the certificate is for another {place}",
    Fault.UNPAIRED: "the certificate and the {place} given do not go together",
    Fault.EMPTY: "the certificate proves nothing",
    Fault.EPSILON: "{place}: ε = {found} is outside (0, 1/2)",
    Fault.MARGIN: "{place}: the margin is only {found} nats, not {wanted}",
    Fault.SIDE: "{place}: the drive may be on the wrong side",
    Fault.ERROR: "{place}: after a step the error may be {found}, which is above ε = {wanted}",
    Fault.MEMORY: "{place} may not be {wanted}",
    Fault.RANGE: "{place}: no bound is stated for it",
    Fault.PLATFORM: "{place} of this platform is off by more than {wanted}",
    Fault.STRUCTURE: "{place}: the network and the POMDP do not have the same structure",
    Fault.DIFFERENCE: "{place}: the forms differ by {found} nats in a parameter, not {wanted}",
}


class Refused(Exception):
    """A certificate or a saved form that is not accepted: what is wrong, where, what was found and what was wanted."""

    def __init__(self, fault: Fault, place: str = "", found: object = None, wanted: object = None) -> None:
        super().__init__(fault, place, found, wanted)
        self.fault, self.place, self.found, self.wanted = fault, place, found, wanted

    def within(self, where: str) -> Refused:
        """The same, with the place of its place."""
        return Refused(self.fault, f"{where}: {self.place}", self.found, self.wanted)

    def __str__(self) -> str:
        """The refusal in words."""
        found, wanted = _shown(self.found), _shown(self.wanted)
        value = _shown(self.found, as_json=True)
        return TEXT[self.fault].format(place=shorten(self.place, 200), found=found, wanted=wanted, json=value)


def require(condition: bool, fault: Fault, place: str = "", found: object = None, wanted: object = None) -> None:
    """Raise `Refused` unless `condition` holds."""
    if not condition:
        raise Refused(fault, place, found, wanted)


def at_most(bound: int, number: int, place: str, what: str) -> None:
    """Raise `Refused` if somebody's file asks for more than `bound`."""
    require(number <= bound, Fault.TOO_MUCH, place, f"{number:,} {what}", f"{bound:,}")


def _shown(value: object, *, as_json: bool = False) -> str:
    if isinstance(value, Fraction):
        return repr(float(value)) if abs(value) < 2**1000 else "more than 2^1000"
    if isinstance(value, str) and not as_json:
        return shorten(value)
    return shorten(json.dumps(value, ensure_ascii=False) if isinstance(value, str) else value)
