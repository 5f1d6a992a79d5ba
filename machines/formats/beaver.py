"""The busy-beaver community's text form as a format: it holds what a machine does, but no names.

States and symbols are renamed (the start state is A, the blank 0), and the input alphabet is all symbols. What it means
to halt must be the same everywhere, since the form has one halting state.
"""

from __future__ import annotations

import re

from ..busy_beaver import from_busy_beaver, is_busy_beaver, to_busy_beaver
from ..core import Machine, MachineError
from ..graph import without_unreachable
from .source import CannotHold, Source, stem

NAME = "busy-beaver text"


def looks_like(text: str) -> bool:
    """Whether it has the shape of busy-beaver text."""
    return is_busy_beaver(text)


def read(source: Source) -> Machine:
    """The machine of the text.

    Raises: FormatError: it is not in the form; the problem names row and cell.
    """
    lines = source.text.split("\n")
    line = next((number for number, text in enumerate(lines, 1) if text.strip()), 1)
    name = None if re.fullmatch(r"<.*>", source.path) else stem(source.path)
    try:
        return from_busy_beaver(source.text, name)
    except MachineError as error:
        raise source.error(
            line,
            str(error),
            expected="rows of cells, such as 1RB1LB_1LA1RZ",
            cure="write each cell as symbol, move and state, or --- where it is undefined",
        ) from None


def write(machine: Machine) -> str:
    """The text of a machine, on one line.

    Raises: CannotHold: several tapes, a one-way tape, too many states or symbols, or verdicts other than `halt`.
    """
    kept = without_unreachable(machine)
    meanings = sorted({v for v in kept.verdicts if v is not None and v != "halt"})
    if meanings:
        raise CannotHold(NAME, machine, f"its states halt with {', '.join(meanings)}, and Z only halts", "use .tm")
    try:
        return to_busy_beaver(kept) + "\n"
    except MachineError as error:
        raise CannotHold(NAME, machine, str(error), "use .tm or .csv") from None
