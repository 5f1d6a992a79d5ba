"""The practical universal machine: any one-tape machine's table and tape as text, and back.

The text is described in `library/universal/practical.tm`, the machine that reads it.
"""

from __future__ import annotations

from ..core import LEFT, RIGHT, STAY, Configuration, Input, Machine, Tape, start
from .encoding import CannotEncode, Garbled

NAME = "practical"
CYCLE = ("consider", "@")  # this cell's rule is applied once at the start of each step that is simulated
MAX_CELLS = 2**24  # of a table
_MOVES = {LEFT: "<", STAY: "=", RIGHT: ">"}
_WIPED = str.maketrans("oi!", "01/")


def describe(machine: Machine, *inputs: Input) -> tuple[str, str]:
    """The text of a machine about to start on its input: before the mark `@` of its start state, and from there on.

    Raises: CannotEncode: the machine has more than one tape or is too large; MachineError: an input it does not read.
    """
    if machine.tapes != 1:
        raise CannotEncode(
            f"`{machine.name}` has {machine.tapes} tapes; the universal machine simulates one-tape machines"
        )
    size = sum(abs(rule.goto - rule.state) + 2 * width(machine) for rule in machine.rules)
    if size > MAX_CELLS:
        raise CannotEncode(f"`{machine.name}` would fill {size:,} cells; at most {MAX_CELLS:,} are made")
    rows, bits = _rows(machine), width(machine)
    at = start(machine, *inputs)
    (tape,), (head,) = at.tapes, at.heads
    first, end = min(tape.origin, head), max(tape.origin + len(tape.cells), head + 1)
    cells = "".join(f"{'^' if place == head else '.'}{tape[place]:0{bits}b}" for place in range(first, end))
    before = "".join(f";{row}" for row in rows[: machine.start])
    after = "".join(f";{row}" for row in rows[machine.start + 1 :])
    return before, f"@{rows[machine.start]}{after}{'[' if machine.one_way[0] else '|'}{cells}"


def _rows(machine: Machine) -> list[str]:
    """The text of each state's rules."""
    bits = width(machine)
    rows = ["" for _ in machine.states]
    for rule in machine.rules:
        distance = rule.goto - rule.state
        way = "1" * distance if distance > 0 else "0" * (1 - distance)
        codes = f"{rule.read[0]:0{bits}b}{rule.write[0]:0{bits}b}"
        rows[rule.state] += f"/{codes}{_MOVES[rule.move[0]]}{way}"
    return rows


def width(machine: Machine) -> int:
    """Bits in the code of a symbol."""
    return max(1, (len(machine.symbols) - 1).bit_length())


def encode(universal: Machine, machine: Machine, *inputs: Input) -> Tape:
    """The universal machine's tape that simulates `machine` on its input; the head starts on `@`, cell 0."""
    before, after = describe(machine, *inputs)
    return Tape.of(universal.word(before + after), -len(before))


def decode(universal: Machine, machine: Machine, configuration: Configuration) -> Configuration:
    """The simulated machine's configuration, at the start of a step or at the end.

    Where the simulated cell 0 was is not on the tape: positions are counted from the leftmost cell that is.

    Raises: Garbled: the tape is no description of `machine`.
    """
    text = universal.spell(configuration.tapes[0].cells).translate(_WIPED)
    table, begin, cells = text.partition("[" if machine.one_way[0] else "|")
    rows = table.replace("@", ";").split(";")[1:]
    marks = [mark for mark in table if mark in ";@"]
    names = cells.replace("^", ".").split(".")[1:]
    codes = [name for name in names if len(name) == width(machine) and set(name) <= {"0", "1"}]
    if not begin or rows != _rows(machine) or marks.count("@") != 1 or len(codes) != len(names):
        raise Garbled(f"the tape does not describe `{machine.name}` between two steps")
    symbols = [int(code, 2) for code in codes]
    heads = [place for place, mark in enumerate(mark for mark in cells if mark in ".^") if mark == "^"]
    if len(heads) != 1 or any(symbol >= len(machine.symbols) for symbol in symbols):
        raise Garbled(f"the tape does not describe a tape of `{machine.name}`")
    return Configuration(marks.index("@"), (heads[0],), (Tape.of(symbols),))
