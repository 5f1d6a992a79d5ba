"""CSV tables: one rule a row, or one state a row with a column for each symbol.

    # blank: 0                          # blank: 0
    state,read,write,move,goto          state,0,1
    A,0,1,R,B                           A,1 R B,1 L B
    A,1,1,L,B                           B,1 L A,1 R halt

Separators are commas, semicolons or tabs. Lines that begin with `#` are comments, but for `# blank:` and `# start:`.
Without them the start is the first row's state, and the blank is `_` if a rule has it, else the first symbol column. On
several tapes the columns are `read 1`, `read 2` and so on. In the second form an empty cell, `-` or `---` is undefined,
and a cell is write, move and goto, or move and goto, or such as `1RB`. A state without a row halts.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from ..core import MOVE_NAMES, Machine
from .note import Spelling
from .source import MOVES, CannotHold, NamedRule, Source, build, verdict_of

NAME = "CSV"
SPELLING = Spelling(
    state=lambda name, halting: name == name.strip() and not name.startswith("#") and name.isprintable(),
    symbol=lambda name: name == name.strip() and name.isprintable(),
)
_HEADER = re.compile(r'^\s*"?(?:current )?state"?\s*([,;\t])', re.IGNORECASE)
_DIRECTIVE = re.compile(r"^#\s*(blank|start)\s*:\s*(.*?)\s*$")
_COMPACT = re.compile(r"(\S)([LRS])(\S+)")
_UNDEFINED = ("", "-", "---")
_GOTO = ("goto", "next", "next state", "new state", "to")


def looks_like(text: str) -> bool:
    """Whether the first line that is no comment names a column `state` and others."""
    for line in text.split("\n"):
        if line.strip() and not line.startswith("#"):
            return _HEADER.match(line) is not None
    return False


def read(source: Source) -> Machine:
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
    header = _HEADER.match(body[0][1]) if body else None
    if header is None:
        raise source.error(
            top,
            "the first row is not a header",
            expected="state,read,write,move,goto or state and one column for each symbol",
            cure="add the header",
        )
    rows = list(_rows(source, body, header[1]))
    columns = [name.lower() for name in rows[0][1]]
    long_form = any(name.startswith("read") for name in columns[1:])
    symbols: list[str] = [] if long_form else rows[0][1][1:]
    tapes = sum(name.startswith("read") for name in columns) if long_form else 1
    rules = list(_long(source, rows, columns, tapes) if long_form else _wide(source, rows))
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
    return build(source, rules, start=start, blank=blank, states=states, symbols=symbols, verdicts=halting, tapes=tapes)


def _rows(source: Source, body: list[tuple[int, str]], separator: str) -> Iterator[tuple[int, list[str]]]:
    """The fields of each row, with its line; a quoted field may not go over lines."""
    for number, line in body:
        try:
            row = next(csv.reader([line], delimiter=separator, skipinitialspace=True, strict=True))
        except (csv.Error, StopIteration) as error:
            raise source.error(
                number, f"the quotes do not close: {error}", expected="one row a line", cure='write "" for a quote'
            ) from None
        yield number, [field.strip() for field in row]


def _long(source: Source, rows: list[tuple[int, list[str]]], columns: list[str], tapes: int) -> Iterator[NamedRule]:
    """Rules of the form with one rule a row."""
    number, names = rows[0]

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
        yield NamedRule(
            row[0],
            tuple(row[place] for place in reads),
            tuple(row[place] for place in writes),
            tuple(_move(source, line, row[place]) for place in moves),
            row[goto],
            line,
        )


def _wide(source: Source, rows: list[tuple[int, list[str]]]) -> Iterator[NamedRule]:
    """Rules of the form with one state a row."""
    number, names = rows[0]
    if len(names) < 2 or "" in names or len(set(names)) < len(names):
        raise source.error(
            number,
            "a symbol is missing or there twice",
            expected="one column for each symbol",
            cure="correct the header",
        )
    seen: dict[str, int] = {}
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
                cure="write a cell as 1 R B, without commas",
            )
        for symbol, cell in zip(names[1:], row[1:]):
            if cell in _UNDEFINED:
                continue
            compact = _COMPACT.fullmatch(cell)
            parts = list(compact.groups()) if compact else cell.split()
            if len(parts) == 2:
                parts.insert(0, symbol)
            if len(parts) != 3:
                raise source.error(
                    line,
                    f"the cell of `{symbol}` holds `{cell}`",
                    expected="write, move and goto, such as 1 R B or 1RB; --- where it is undefined",
                    cure="write the three with blanks between them",
                )
            yield NamedRule(row[0], (symbol,), (parts[0],), (_move(source, line, parts[1]),), parts[2], line)


def _move(source: Source, line: int, text: str) -> int:
    if text.upper() not in MOVES:
        raise source.error(
            line, f"the move is `{text}`", expected="L, R or S", cure="write the direction as one letter"
        )
    return MOVES[text.upper()]


def _blank(
    source: Source, given: dict[str, tuple[str, int]], rules: list[NamedRule], symbols: list[str], line: int
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
