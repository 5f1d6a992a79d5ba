"""The busy-beaver community's text form: `1RB1LC_1RC1RB_1RD0LE_1LA1LD_1RZ0LA`, `---` undefined."""

from __future__ import annotations

import re
import string

from .core import LEFT, MOVE_NAMES, RIGHT, STAY, Machine, MachineError, Rule

_CELL = re.compile(r"---|[0-9][LRS][A-Z]")
_ROW = re.compile(rf"(?:{_CELL.pattern})+")
_MOVES = {"L": LEFT, "R": RIGHT, "S": STAY}
HALT = "Z"


def is_busy_beaver(text: str) -> bool:
    """Whether `text` has the shape of busy-beaver text."""
    return all(_ROW.fullmatch(row) for row in text.strip().split("_"))


def from_busy_beaver(text: str, name: str | None = None) -> Machine:
    """The machine of busy-beaver text; states are A, B, ...; a letter beyond the table's rows halts.

    Raises: MachineError: the text is not in the form; the message names the row and cell.
    """
    text = text.strip()
    rows = []
    for number, row in enumerate(text.split("_")):
        if not _ROW.fullmatch(row):
            good = re.match(rf"(?:{_CELL.pattern})*", row)
            place = (good.end() if good else 0) // 3
            raise MachineError(
                f"row {string.ascii_uppercase[number % 26]}, cell {place}: `{row[3 * place : 3 * place + 3]}` is not "
                "a symbol, a move (L, R, S) and a state, such as 1RB, nor --- for an undefined cell"
            )
        rows.append(_CELL.findall(row))
    if len(rows) > 26:
        raise MachineError(f"{len(rows)} rows, but states are named by the 26 letters")
    width = len(rows[0])
    if any(len(row) != width for row in rows):
        number = next(i for i, row in enumerate(rows) if len(row) != width)
        raise MachineError(f"row {string.ascii_uppercase[number]} has {len(rows[number])} cells, row A has {width}")
    states = list(string.ascii_uppercase[: len(rows)])
    rules = []
    for state, cells in enumerate(rows):
        for read, cell in enumerate(cells):
            if cell == "---":
                continue
            write, goto = int(cell[0]), cell[2]
            if write >= width:
                raise MachineError(f"row {states[state]}, cell {read}: symbol {write}, but there are {width} symbols")
            if goto not in states:
                states.append(goto)
            rules.append(Rule(state, (read,), (write,), (_MOVES[cell[1]],), states.index(goto)))
    return Machine(
        name=name or text,
        states=tuple(states),
        symbols=tuple(string.digits[:width]),
        rules=tuple(rules),
        verdicts=(None,) * len(rows) + ("halt",) * (len(states) - len(rows)),
    )


def to_busy_beaver(machine: Machine) -> str:
    """Busy-beaver text of a machine.

    Raises: MachineError: the form cannot hold the machine (several tapes, a one-way tape, more than
        10 symbols or 25 running states); the message says which.
    """
    if machine.tapes != 1 or machine.one_way[0]:
        raise MachineError("busy-beaver text holds machines with one two-way tape only")
    if len(machine.symbols) > 10:
        raise MachineError(f"{len(machine.symbols)} symbols, but busy-beaver text has the ten digits")
    running = [s for s, verdict in enumerate(machine.verdicts) if verdict is None]
    if machine.verdicts[machine.start] is not None:
        raise MachineError("the start state halts; busy-beaver text starts in its first row, which runs")
    running.sort(key=lambda s: s != machine.start)
    if len(running) > 25:
        raise MachineError(f"{len(running)} running states, but busy-beaver text has the letters A to Y")
    letter = {s: string.ascii_uppercase[i] for i, s in enumerate(running)}
    rows = []
    for s in running:
        cells = []
        for a in range(len(machine.symbols)):
            rule = machine.delta.get((s, (a,)))
            cells.append(f"{rule.write[0]}{MOVE_NAMES[rule.move[0]]}{letter.get(rule.goto, HALT)}" if rule else "---")
        rows.append("".join(cells))
    return "_".join(rows)
