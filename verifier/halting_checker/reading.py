"""What a certificate says, read from JSON that anybody may have written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from triquetra.machines.core import Machine, Tape
from triquetra.machines.core.numbers import long_number

from .limits import MAX_BYTES, MAX_DIGITS, MAX_PLAIN, MAX_WORK, RefusedHalting

FORMAT = "triquetra halting certificate 1"
ENDLESS = "runs forever"


@dataclass(frozen=True, slots=True, repr=False)
class ProvedHalting:
    """What was proved: `verdict` is `halted`, `undefined` or `runs forever`; the rest only where the machine halts."""

    verdict: str
    method: str
    state: int | None = None
    steps: int | None = None
    nonblank: int | None = None

    def __repr__(self) -> str:
        """Numbers of more than 60 digits are rounded: Python writes none of more than 4,300."""
        if self.steps is None or self.nonblank is None:
            return f"<{self.verdict}, by {self.method}>"
        steps, nonblank = long_number(self.steps), long_number(self.nonblank)
        return f"<{self.verdict} in state {self.state} after {steps} steps with {nonblank} marks, by {self.method}>"


def halting_verdict(machine: Machine, state: int) -> str:
    """What it means to have stopped in a state."""
    return "undefined" if machine.verdicts[state] is None else "halted"


def read_certificate(raw: bytes) -> object:
    """The JSON value of a certificate's bytes.

    Raises: RefusedHalting: it is too long, no JSON, nested too deeply, or holds a number of more than 4,300 digits.
    """
    if len(raw) > MAX_BYTES:
        raise RefusedHalting(f"certificate: longer than {MAX_BYTES:,} bytes")
    try:
        value: object = json.loads(raw)
    except (ValueError, RecursionError) as error:  # a long number is a ValueError too
        raise RefusedHalting(f"certificate: not JSON that can be read: {error}") from None
    return value


def read_object(value: object, where: str) -> Mapping[str, Any]:
    """A JSON object; `where` names the place in a refusal."""
    if not isinstance(value, dict):
        raise RefusedHalting(f"{where}: not an object")
    return value


def read_list(value: object, where: str, most: int = MAX_WORK) -> list[Any]:
    """A JSON list of at most so many entries."""
    if not isinstance(value, list):
        raise RefusedHalting(f"{where}: not a list")
    if len(value) > most:
        raise RefusedHalting(f"{where}: more than {most:,} entries")
    return value


def read_integer(value: object, where: str, least: int | None = None, most: int | None = None) -> int:
    """A JSON integer, or a string of decimal digits, within bounds."""
    if isinstance(value, str):
        digits = value.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= MAX_DIGITS):
            raise RefusedHalting(f"{where}: not an integer of at most {MAX_DIGITS:,} digits")
        value = int(Decimal(value))  # not int(value), which refuses long ones
    if not isinstance(value, int) or isinstance(value, bool):
        raise RefusedHalting(f"{where}: not an integer")
    if (least is not None and value < least) or (most is not None and value > most):
        raise RefusedHalting(f"{where}: out of range")
    return value


def read_word(machine: Machine, value: object, where: str, length: int | None = None) -> tuple[int, ...]:
    """Symbols of a machine."""
    cells = tuple(read_integer(cell, where, 0, len(machine.symbols) - 1) for cell in read_list(value, where))
    if length is not None and len(cells) != length:
        raise RefusedHalting(f"{where}: not {length} cells")
    return cells


def read_tape(machine: Machine, value: object) -> Tape:
    """The tape at the start."""
    fields = read_object(value, "input")
    origin = read_integer(fields.get("origin"), "input: origin", -MAX_PLAIN, MAX_PLAIN)
    return Tape.of(read_word(machine, fields.get("cells"), "input: cells"), origin)
