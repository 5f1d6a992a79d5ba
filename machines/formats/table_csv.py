"""CSV tables: one rule a row, or one state a row with a column for each symbol.

    # blank: 0                          # blank: 0
    state,read,write,move,goto          state,0,1
    A,0,1,R,B                           A,1 R B,1 L B
    A,1,1,L,B                           B,1 L A,1 R halt

Separators are commas, semicolons or tabs. Lines that begin with `#` are comments, but for `# blank:` and `# start:`; a
spreadsheet may have put quotes around them and separators after them. Without them the start is the first row's state,
and the blank is `_` if a rule has it, else the first symbol column. On several tapes the columns are `read 1`, `read 2`
and so on. In the second form the corner may be empty; an empty cell, `-` or `---` is undefined, and a cell is write,
move and goto, or move and goto, or such as `1RB`, with spaces, commas or semicolons between. Where that cannot be,
cells are goto, write and move (`q1,$,R`), or write, goto and move. A state without a row halts.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Sequence

from ..core import MOVE_NAMES, Machine
from ..language.program import Program
from .detection import NO, Guess, perhaps, surely
from .note import Spelling, is_note
from .source import MOVES, CannotHold, FormatText, NamedRule, build, verdict_of

NAME = "CSV"


def _is_plain(name: str) -> bool:
    """Whether a name stands in a comment as it is, also after a spreadsheet has saved it."""
    return name == name.strip() and name.isprintable() and not name.startswith("#") and name[-1] not in ",;\t"


SPELLING = Spelling(state=lambda name, halting: _is_plain(name), symbol=_is_plain)
_FIRST = re.compile(r'(?:[ ]*"([^"]*)"[ ]*|([^",;\t]*))([,;\t])')  # the first field and the separator after it
_STATE = re.compile(r"(?:(?:current )?states?|q)?", re.IGNORECASE)
_DIRECTIVE = re.compile(r"^#\s*(blank|start)\s*:\s*(.*?)\s*$")
_COMPACT = re.compile(r"(\S)([LRSlrs])(\S+)")
_ACTION = re.compile(r"\S[LRSlrs]\S+|(?:.*[\s,;/(])?[LRSlrs](?:[\s,;/)].*)?")  # what a cell of a table resembles
LOOKED_AT = 100  # lines, to find out whether a text is a table
_UNDEFINED = ("", "-", "---", "...")
_GOTO = ("goto", "next", "next state", "new state", "to")


def recognise(text: str) -> Guess:
    """Whether the first line that is no comment names a column `state`, or leaves the corner of a table empty."""
    lines = [line for line in plain(text).split("\n") if line.strip() and not line.startswith("#")]
    first = _FIRST.match(lines[0]) if lines else None
    if first is None:
        return NO
    name = (first[1] or first[2] or "").strip()
    if name and _STATE.fullmatch(name):
        return surely(f"its first row has a column `{name}`")
    if not name and len(lines) > 1:
        cells = (cell.strip(' "') for line in lines[1:LOOKED_AT] for cell in line.split(first[3])[1:])
        if any(map(_ACTION.fullmatch, cells)):
            return surely("its first row has an empty corner and a column for each symbol")
    every = all(first[3] in line for line in lines)
    return perhaps("its lines are fields between separators") if every else NO


def comments(text: str) -> list[str]:
    """The comments of a table that say nothing to a reader of it."""
    lines = [line for line in plain(text).split("\n") if line.startswith("#") and not _DIRECTIVE.match(line)]
    return [line[1:].strip() for line in lines]


def plain(text: str) -> str:
    """The text with its comments as they were before a spreadsheet saved them."""
    if "#" not in text:
        return text
    lines = text.split("\n")
    separator = next((m[3] for line in lines if not line.startswith(("#", '"#')) and (m := _FIRST.match(line))), ",")
    return "\n".join(_comment(line, separator) if line.startswith(("#", '"#')) else line for line in lines)


def _comment(line: str, separator: str) -> str:
    """A comment without the quotes and separators of a spreadsheet, which may have parted it at other separators."""
    if line.startswith('"#'):
        try:
            fields = next(csv.reader([line], delimiter=separator, strict=True))
        except (csv.Error, StopIteration):
            return line
        joined = [between.join(fields).rstrip(separator + ",") for between in (separator, ",")]
        return next((text for text in joined if is_note(text)), joined[0])
    bare = line.rstrip(separator)
    return line if bare.endswith(":") else bare


def read(source: FormatText) -> Program:
    """The machine of a table.

    Raises: FormatError: a column is missing, a move is not L, R or S, a cell has two rules, the blank is not known.
    """
    given: dict[str, tuple[str, int]] = {}
    body = []
    for number, line in enumerate(source.text.split("\n"), 1):
        if line.startswith("#"):
            directive = _DIRECTIVE.match(line)
            if directive:
                given[directive[1]] = (directive[2], number)
        elif line.strip():
            body.append((number, line))
    top = body[0][0] if body else 1
    first = _FIRST.match(body[0][1]) if body else None
    if first is None or not _STATE.fullmatch((first[1] or first[2] or "").strip()):
        raise source.error(
            top,
            "the first row is not a header",
            expected="state,read,write,move,goto or state and one column for each symbol",
            cure="let the first cell of the first row be `state`, and name the other columns",
        )
    rows = _rows(source, body, first[3])
    columns = [name.lower() for name in rows[0][1]]
    long_form = any(name.startswith("read") for name in columns[1:])
    symbols: list[str] = [] if long_form else rows[0][1][1:]
    tapes = sum(name.startswith("read") for name in columns) if long_form else 1
    rules, notes = _long(source, rows, columns, tapes) if long_form else _wide(source, rows)
    states = list(dict.fromkeys(row[0] for _, row in rows[1:]))
    if not states:
        raise source.error(rows[0][0], "there is no row", expected="at least one rule", cure="add a row")
    blank = _blank(source, given, rules, symbols, top)
    start, said = given.get("start", (states[0], top))
    if start not in states and all(start != rule.goto for rule in rules):
        raise source.error(
            said, f"no row has the start state `{start}`", expected="one of the states", cure="correct it"
        )
    halting = {rule.goto: verdict_of(rule.goto) for rule in rules if rule.goto not in states}
    machine = build(
        source, rules, start=start, blank=blank, states=states, symbols=symbols, verdicts=halting, tapes=tapes
    )
    return Program(machine, notes=notes)


def _rows(source: FormatText, body: list[tuple[int, str]], separator: str) -> list[tuple[int, list[str]]]:
    """The fields of each row, with its line; empty rows, and columns at the end, are dropped.

    A quoted field may not go over lines.
    """
    rows = []
    for number, line in body:
        try:
            row = next(csv.reader([line], delimiter=separator, skipinitialspace=separator != "\t", strict=True))
        except (csv.Error, StopIteration) as error:
            raise source.error(
                number, f"the quotes do not close: {error}", expected="one row a line", cure='write "" for a quote'
            ) from None
        rows.append((number, [field.strip() for field in row]))
    rows = [row for row in rows if any(row[1])]
    used = max((place for _, row in rows for place, field in enumerate(row, 1) if field), default=0)
    return [(number, row[:used]) for number, row in rows]


Found = tuple[list[NamedRule], tuple[str, ...]]  # rules, and notes on how they were read


def _long(source: FormatText, rows: list[tuple[int, list[str]]], columns: list[str], tapes: int) -> Found:
    """Rules of the form with one rule a row."""
    number, names = rows[0]
    rules = []

    def column(*wanted: str) -> int:
        for name in wanted:
            if name in columns:
                return columns.index(name)
        raise source.error(
            number, f"there is no column `{wanted[0]}`", expected=_header(tapes), cure=f"name a column `{wanted[0]}`"
        )

    def of_tapes(name: str) -> list[int]:
        if tapes == 1:
            return [column(name, f"{name} 1", f"{name}1")]
        return [column(f"{name} {tape}", f"{name}{tape}") for tape in range(1, tapes + 1)]

    reads, writes, moves, goto = of_tapes("read"), of_tapes("write"), of_tapes("move"), column(*_GOTO)
    for line, row in rows[1:]:
        if len(row) != len(names):
            raise source.error(
                line,
                f"{len(row)} fields, but the header has {len(names)}",
                expected=_header(tapes),
                cure="quote commas",
            )
        for place in (0, *reads, *writes, goto):
            if not row[place]:
                raise source.error(
                    line, f"the column `{names[place]}` is empty", expected="a name", cure="fill it, or delete the row"
                )
        rules.append(
            NamedRule(
                row[0],
                tuple(row[place] for place in reads),
                tuple(row[place] for place in writes),
                tuple(_move(source, line, row[place]) for place in moves),
                row[goto],
                line,
            )
        )
    unread = [names[at] for at in range(1, len(names)) if at not in (*reads, *writes, *moves, goto)]
    named = ", ".join(f"`{name}`" for name in unread)
    return rules, (source.note(number, f"left out: the columns {named}"),) if unread else ()


def _wide(source: FormatText, rows: list[tuple[int, list[str]]]) -> Found:
    """Rules of the form with one state a row."""
    number, names = rows[0]
    if len(names) < 2 or "" in names[1:] or len(set(names[1:])) < len(names) - 1:
        raise source.error(
            number,
            "a symbol is missing or there twice",
            expected="one column for each symbol",
            cure="correct the header",
        )
    seen: dict[str, int] = {}
    cells: list[tuple[int, str, str, tuple[str, ...]]] = []  # line, state, symbol, parts
    for line, row in rows[1:]:
        if row[0] in seen:
            raise source.error(
                line,
                f"state `{row[0]}` has a row on line {seen[row[0]]} already",
                expected="one row for each state",
                cure="delete one of the two",
            )
        seen[row[0]] = line
        if len(row) > len(names) or not row[0]:
            raise source.error(
                line,
                f"{len(row)} fields, but the header has {len(names)}" if row[0] else "the state has no name",
                expected="a state, and a cell for each symbol",
                cure='write a cell as 1 R B, or put quotes around it: "1,R,B"',
            )
        for symbol, cell in zip(names[1:], row[1:]):
            if cell not in _UNDEFINED:
                cells.append((line, row[0], symbol, _parts(source, line, symbol, cell)))
    order = _order([parts for *_, parts in cells if len(parts) == 3], seen, names[1:])
    rules = [_wide_rule(source, order, *cell) for cell in cells]
    return rules, (source.note(number, f"cells are read as {', '.join(order)}"),) if order != _ORDERS[0] else ()


_ORDERS = (("write", "move", "goto"), ("goto", "write", "move"), ("write", "goto", "move"))


def _parts(source: FormatText, line: int, symbol: str, cell: str) -> tuple[str, ...]:
    """The parts of a cell: one such as `1RB`, or two or three."""
    inner = cell[1:-1] if cell[0] + cell[-1] in ("()", "[]") and len(cell) > 2 else cell
    parts = inner.split()
    if len(parts) > 1 and all(part[-1] in ",;" and len(part) > 1 for part in parts[:-1]):
        parts = [*(part[:-1] for part in parts[:-1]), parts[-1]]
    if len(parts) == 1:
        parts = re.split(r"[,;/]", inner)
    if len(parts) > 3 or "" in parts or (len(parts) == 1 and not _COMPACT.fullmatch(inner)):
        raise source.error(
            line,
            f"the cell of `{symbol}` holds `{cell}`",
            expected="write, move and goto, such as 1 R B or 1RB; --- where it is undefined",
            cure="write the three with blanks between them",
        )
    return tuple(parts)


def _order(cells: Sequence[Sequence[str]], states: Collection[str], symbols: Collection[str]) -> tuple[str, ...]:
    """The one order of write, move and goto in which all cells can be read; of several, what fits known names best."""
    possible = [order for order in _ORDERS if all(parts[order.index("move")].upper() in MOVES for parts in cells)]

    def fit(order: tuple[str, ...]) -> int:
        goto, write = order.index("goto"), order.index("write")
        return sum((parts[goto] in states) + (parts[write] in symbols) for parts in cells)

    return max(possible, key=fit, default=_ORDERS[0])  # the first of the best


def _wide_rule(
    source: FormatText, order: tuple[str, ...], line: int, state: str, symbol: str, parts: tuple[str, ...]
) -> NamedRule:
    """The rule of one cell; of two parts, one is the move and the other the state."""
    if len(parts) == 1:
        order, parts = _ORDERS[0], tuple(_COMPACT.findall(parts[0])[0])
    elif len(parts) == 2:
        order = ("move", "goto") if parts[0].upper() in MOVES else ("goto", "move")
    value = {"write": symbol} | dict(zip(order, parts))
    return NamedRule(state, (symbol,), (value["write"],), (_move(source, line, value["move"]),), value["goto"], line)


def _move(source: FormatText, line: int, text: str) -> int:
    if text.upper() not in MOVES:
        raise source.error(
            line, f"the move is `{text}`", expected="L, R or S", cure="write the direction as one letter"
        )
    return MOVES[text.upper()]


def _blank(
    source: FormatText, given: dict[str, tuple[str, int]], rules: list[NamedRule], symbols: list[str], line: int
) -> str:
    if "blank" in given:
        blank, line = given["blank"]
        if not blank:
            raise source.error(line, "the blank has no name", expected="a symbol", cure="write # blank: _")
        return blank
    if "_" in symbols or any("_" in (*rule.read, *rule.write) for rule in rules):
        return "_"
    if symbols:
        return symbols[0]
    raise source.error(
        line, "no symbol is said to be the blank", expected="_ or a line that names it", cure="add a line # blank: 0"
    )


def _header(tapes: int) -> str:
    """The header of the form with one rule a row."""
    parts = ("read", "write", "move")
    columns = parts if tapes == 1 else tuple(f"{part} {tape}" for part in parts for tape in range(1, tapes + 1))
    return ",".join(("state", *columns, "goto"))


def write(machine: Machine) -> str:
    """The table of a machine, one rule a row.

    Raises: CannotHold: a one-way tape, or no rules.
    """
    if any(machine.one_way):
        raise CannotHold(NAME, machine, "its tape is one-way, and the table does not say so", "use .tm")
    if not machine.rules:
        raise CannotHold(NAME, machine, "it has no rules, so the table would have no rows", "use .tm")
    text = io.StringIO()
    text.write(f"# blank: {machine.symbols[0]}\n# start: {machine.states[machine.start]}\n{_header(machine.tapes)}\n")
    rows = csv.writer(text, lineterminator="\n")
    for rule in machine.rules:
        rows.writerow(
            (
                machine.states[rule.state],
                *(machine.symbols[a] for a in (*rule.read, *rule.write)),
                *(MOVE_NAMES[move] for move in rule.move),
                machine.states[rule.goto],
            )
        )
    return text.getvalue()
