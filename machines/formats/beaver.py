"""The busy-beaver community's text form as a format: it holds what a machine does, but no names.

States and symbols are renamed (the start state is A, the blank 0), and the input alphabet is all symbols. What it means
to halt must be the same everywhere, since the form has one halting state. Lines that begin with `#`, `;` or `//` are
comments.
"""

from __future__ import annotations

import re

from ..busy_beaver import canonical, from_busy_beaver, is_busy_beaver, resemblance, to_busy_beaver
from ..core import Machine, MachineError
from ..language.program import Program
from .detection import NO, Guess, perhaps, surely
from .source import CannotHold, FormatText, stem

NAME = "busy-beaver text"
LOOKED_AT = 100  # lines, to find out whether a text is in the form
ENOUGH = 0.6  # of a text in cells, to take the rest for slips of the pen
_COMMENT = re.compile(r"\s*(?:#|;|//)")
_TURNED = re.compile(r"[A-Z][0-9][LR]")
_SHAPE = "rows of cells, such as 1RB1LB_1LA1RZ"


def comments(text: str) -> list[str]:
    """The comments of a text."""
    return [line[found.end() :].strip() for line in text.split("\n") if (found := _COMMENT.match(line))]


def _lines(text: str) -> list[tuple[int, str]]:
    """Lines that are neither empty nor comments, with their numbers."""
    lines = enumerate(text.split("\n"), 1)
    return [(number, line.strip()) for number, line in lines if line.strip() and not _COMMENT.match(line)]


def recognise(text: str) -> Guess:
    """Whether each line is a machine, or most of what is there are cells."""
    lines = [line for _, line in _lines(text)[:LOOKED_AT]]
    if lines and all(map(is_busy_beaver, lines)):
        return surely("its lines are rows of cells such as 1RB")
    together = " ".join(lines)
    cells = resemblance(together)
    if len(together) >= 6 and (cells >= ENOUGH or 3 * len(_TURNED.findall(together)) >= ENOUGH * len(together)):
        return perhaps("it has many cells such as 1RB")
    return NO


def read(source: FormatText) -> Program:
    """The machine of the text.

    Raises: FormatError: it is not in the form, with row and cell; or there are several machines.
    """
    lines = _lines(source.text)
    number, line = lines[0] if lines else (1, "")
    whole = [each for each in lines if is_busy_beaver(each[1])]
    if len(whole) > 1 and all("_" not in text for _, text in whole):
        raise source.error(
            number,
            f"a machine on {len(whole)} lines",
            expected=_SHAPE,
            cure="write its states on one line, with _ between them",
        )
    if len(whole) > 1:
        raise source.error(
            whole[1][0],
            f"the file holds {len(whole)} machines in {NAME}",
            expected="one machine",
            cure="give one of them, or leave one line in the file",
        )
    if len(lines) > 1:
        number, line = next(each for each in lines if each not in whole)
    try:
        name = None if re.fullmatch(r"<.*>", source.path) else stem(source.path)
        machine = from_busy_beaver(line, name)
    except MachineError as error:
        if _TURNED.match(line):
            cure = "write a cell as symbol, move and state: 1RB, not B1R"
        else:
            cure = "write each cell as symbol, move and state, or --- where it is undefined, and _ between states"
        raise source.error(number, str(error), expected=_SHAPE, cure=cure) from None
    today = canonical(line)
    return Program(machine, notes=(source.note(number, f"read as {today}"),) if today != line else ())


def write(machine: Machine) -> str:
    """The text of a machine, on one line.

    Raises: CannotHold: several tapes, a one-way tape, too many states or symbols, or verdicts other than `halt`.
    """
    entered = {rule.goto for rule in machine.rules}
    meanings = sorted({v for s, v in enumerate(machine.verdicts) if s in entered and v is not None and v != "halt"})
    if meanings:
        raise CannotHold(NAME, machine, f"its states halt with {', '.join(meanings)}, and Z only halts", "use .tm")
    try:
        return to_busy_beaver(machine) + "\n"
    except MachineError as error:
        raise CannotHold(NAME, machine, str(error), "use .tm or .csv") from None


def lost(machine: Machine) -> list[str]:
    """What the text of a machine does not hold."""
    entered = {rule.goto for rule in machine.rules}
    back = from_busy_beaver(to_busy_beaver(machine))
    running = [name for name, verdict in zip(machine.states, machine.verdicts) if verdict is None]
    halting = [s for s, verdict in enumerate(machine.verdicts) if verdict is not None]
    never = [machine.states[s] for s in halting if s not in entered]
    things = []
    if [machine.states[machine.start], *(s for s in running if s != machine.states[machine.start])] != list(
        back.states[: len(running)]
    ):
        things.append("the names of its states")
    if machine.symbols != back.symbols:
        things.append("the names of its symbols")
    if len(machine.input_symbols) < len(machine.symbols):
        things.append("its input alphabet")
    if len(halting) - len(never) > 1:
        things.append(f"which of {len(halting) - len(never)} halting states it ends in")
    if never:
        things.append(f"halting states that no rule enters ({', '.join(never)})")
    return things
