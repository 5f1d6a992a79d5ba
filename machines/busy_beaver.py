"""The busy-beaver community's text form: `1RB1LC_1RC1RB_1RD0LE_1LA1LD_1RZ0LA`, `---` undefined.

Older spellings are read too: cells separated by spaces, states by two spaces or a tab, `...` for an undefined cell,
directions in lower case, and all letters of states in lower case.
"""

from __future__ import annotations

import re
import string

from .core import LEFT, MOVE_NAMES, RIGHT, STAY, Machine, MachineError, Rule

_UNDEFINED = ("---", "...")
_CELL = re.compile(r"---|\.\.\.|[0-9][LRSlrs][A-Za-z]")
_BETWEEN_ROWS = re.compile(r"\s*_\s*|\t\s*|\s{2,}")
_MOVES = {"L": LEFT, "R": RIGHT, "S": STAY}
_SHAPE = "a symbol, a move (L, R, S) and a state, such as 1RB, nor --- for an undefined cell"
HALT = "Z"
MAX_CHARACTERS = 4_000  # 26 rows of ten cells have fewer, however they are spaced


def is_busy_beaver(text: str) -> bool:
    """Whether `text` has the shape of busy-beaver text."""
    try:
        _rows(text)
    except MachineError:
        return False
    return True


def resemblance(text: str) -> float:
    """The part of `text` that cells of busy-beaver text cover, space and underscores left out: from 0 to 1."""
    plain = re.sub(r"[\s_]", "", text)
    return 3 * len(_CELL.findall(plain)) / len(plain) if plain else 0.0


def canonical(text: str) -> str:
    """The text as the community writes it today.

    Raises: MachineError: the text is not in the form; the message names the row and cell.
    """
    return "_".join("".join(row) for row in _rows(text))


def _rows(text: str) -> list[list[str]]:
    """The cells of each row, in today's spelling."""
    text = text.strip()
    if len(text) > MAX_CHARACTERS:
        raise MachineError(f"{len(text):,} characters, but 26 rows of ten cells have fewer than {MAX_CHARACTERS:,}")
    if "\n" in text:
        raise MachineError("several lines; write a machine on one line, with _ between its states")
    rows = _BETWEEN_ROWS.split(text)
    words = text.split(" ")
    if len(rows) == 1 and len(words) > 1 and all(len(word) == len(words[0]) > 3 for word in words):
        rows = words  # one space between states, none between cells
    elif len(rows) == 1 and len(words) > 1 and any(word[2:].upper() not in ("A", "H", "Z", "-", ".") for word in words):
        raise MachineError(
            f"{len(words)} cells with one space between them, which does not tell the states apart; "
            "put _ or two spaces between states"
        )
    split = [_cells(number, row) for number, row in enumerate(rows)]
    states = {cell[2] for row in split for cell in row if cell not in _UNDEFINED}
    lower = sorted(state for state in states if state.islower())
    if 0 < len(lower) < len(states):
        raise MachineError(
            f"state `{lower[0]}` in lower case among others in capitals; write it as `{lower[0].upper()}`"
        )
    return [["---" if cell in _UNDEFINED else cell.upper() for cell in row] for row in split]


def _cells(number: int, row: str) -> list[str]:
    row = row.replace(" ", "")
    cells = _CELL.findall(row)
    if not row or "".join(cells) != row:
        good = re.match(rf"(?:{_CELL.pattern})*", row)
        place = (good.end() if good else 0) // 3
        raise MachineError(
            f"row {string.ascii_uppercase[number % 26]}, cell {place}: "
            f"`{row[3 * place : 3 * place + 3]}` is not {_SHAPE}"
        )
    return cells


def from_busy_beaver(text: str, name: str | None = None) -> Machine:
    """The machine of busy-beaver text; states are A, B, ...; a letter beyond the table's rows halts.

    Raises: MachineError: the text is not in the form; the message names the row and cell.
    """
    rows = _rows(text)
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
        name=name or "_".join("".join(row) for row in rows),
        states=tuple(states),
        symbols=tuple(string.digits[:width]),
        rules=tuple(rules),
        verdicts=(None,) * len(rows) + ("halt",) * (len(states) - len(rows)),
    )


def to_busy_beaver(machine: Machine) -> str:
    """Busy-beaver text of a machine: a row for each running state, the start first, whether a run can enter it or not.

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
