"""What every format shares: where a text came from, errors that point into it, and rules by name made a machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..core import LEFT, RIGHT, STAY, InputError, Machine, Rule

MAX_ENTRIES = 250_000  # of the table (rules times tapes) that wildcards and aliases may add to what is written out
MAX_SHOWN = 100  # characters of a line in a message
MOVES: Mapping[str, int] = {"L": LEFT, "R": RIGHT, "S": STAY}


class FormatError(InputError):
    """Text that is not in its format; the message draws on all the fields.

    `line` counts from 1, `excerpt` is what stands there. `problem` says what is wrong, `expected` what should be there,
    `cure` what to do.
    """

    def __init__(
        self, *, format: str, path: str, line: int, excerpt: str, problem: str, expected: str, cure: str
    ) -> None:
        number = str(line)
        edge = " " * len(number) + " |"
        shown = "".join(c if c.isprintable() else " " for c in excerpt[:MAX_SHOWN])
        super().__init__(
            f"{path}:{line}: {problem}\n{edge}\n{number} | {shown.rstrip()}\n{edge}\n"
            f"expected, as {format}: {expected}\nhelp: {cure}"
        )
        self.format = format
        self.path = path
        self.line = line
        self.problem = problem
        self.expected = expected
        self.cure = cure


class CannotHold(InputError):
    """A machine that a format cannot hold; the message says why and what to do instead."""

    def __init__(self, format: str, machine: Machine, reason: str, cure: str) -> None:
        super().__init__(f"{format} cannot hold `{machine.name}`: {reason}\nhelp: {cure}")
        self.format = format
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FormatText:
    """A text in the format called `format`, and the path that messages name."""

    text: str
    path: str
    format: str

    @property
    def room(self) -> int:
        """Entries (rules times tapes) that the text's table may have; one written out takes two characters at least."""
        return MAX_ENTRIES + len(self.text) // 2

    def too_large(self, line: int, cause: str) -> FormatError:
        """The error for a table that would have more entries than there is room for."""
        return self.error(
            line,
            f"{cause}, the table would have more than {self.room:,} entries",
            expected=f"at most {MAX_ENTRIES:,} beyond those that are written out",
            cure="name the symbols and states that matter",
        )

    def note(self, line: int, text: str) -> str:
        """What a reader says about `line` (from 1)."""
        return f"{self.path}:{line}: {text}"

    def error(self, line: int, problem: str, *, expected: str, cure: str) -> FormatError:
        """The error at `line` (from 1)."""
        lines = self.text.split("\n")
        return FormatError(
            format=self.format,
            path=self.path,
            line=line,
            excerpt=lines[line - 1] if line <= len(lines) else "",
            problem=problem,
            expected=expected,
            cure=cure,
        )


@dataclass(frozen=True, slots=True)
class NamedRule:
    """A rule as a file has it: names instead of indices; `read`, `write` and `move` have one entry a tape."""

    state: str
    read: tuple[str, ...]
    write: tuple[str, ...]
    move: tuple[int, ...]
    goto: str
    line: int


def build(
    source: FormatText,
    rules: Iterable[NamedRule],
    *,
    start: str,
    blank: str,
    states: Iterable[str] = (),
    symbols: Iterable[str] = (),
    verdicts: Mapping[str, str] | None = None,
    tapes: int = 1,
    name: str = "",
) -> Machine:
    """The machine of named rules; states and symbols stand in the order given, then as the rules name them.

    The rules may come one by one, so that too many of them are refused before they are all there.

    Raises: FormatError: a cell has two rules, or there are too many.
    """
    verdicts = verdicts or {}
    state_index: dict[str, int] = {}
    symbol_index: dict[str, int] = {blank: 0}
    for state in states:
        state_index.setdefault(state, len(state_index))
    for symbol in symbols:
        symbol_index.setdefault(symbol, len(symbol_index))
    cells: dict[tuple[int, tuple[int, ...]], NamedRule] = {}
    for rule in rules:
        if (len(cells) + 1) * tapes > source.room:
            raise source.too_large(rule.line, "with aliases and lists written out")
        for state in (rule.state, rule.goto):
            state_index.setdefault(state, len(state_index))
        for symbol in (*rule.read, *rule.write):
            symbol_index.setdefault(symbol, len(symbol_index))
        cell = (state_index[rule.state], tuple(symbol_index[symbol] for symbol in rule.read))
        if cell in cells:
            raise source.error(
                rule.line,
                f"state `{rule.state}` reading `{' '.join(rule.read)}` has a rule on line {cells[cell].line} already",
                expected="one rule for each state and symbol: machines here are deterministic",
                cure="delete one of the two",
            )
        cells[cell] = rule
    state_index.setdefault(start, len(state_index))
    return Machine(
        name=name or stem(source.path),
        states=tuple(state_index),
        symbols=tuple(symbol_index),
        rules=tuple(
            Rule(
                state,
                read,
                tuple(symbol_index[symbol] for symbol in rule.write),
                rule.move,
                state_index[rule.goto],
                f"{source.path}:{rule.line}",
            )
            for (state, read), rule in sorted(cells.items())
        ),
        verdicts=tuple(verdicts.get(state) for state in state_index),
        start=state_index[start],
        one_way=(False,) * tapes,
    )


def left_out(source: FormatText, things: Mapping[str, int]) -> tuple[str, ...]:
    """The note on what a reader left out, how much of each; none if there was nothing."""
    there = [counted(number, thing) for thing, number in things.items() if number]
    return (f"{source.path}: left out: {', '.join(there)}",) if there else ()


def counted(number: int, thing: str) -> str:
    """`1 comment`, `2 comments`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def stem(path: str) -> str:
    """A machine's name from its file's: without folder and suffix."""
    return path.replace("\\", "/").rsplit("/", 1)[-1].partition(".")[0].strip("<>") or "machine"


def verdict_of(name: str) -> str:
    """What a halting state means by its name, for formats that only have names: `accept`, `reject` or `halt`."""
    plain = name.lower().removeprefix("halt").strip("-_ ")
    return plain if plain in ("accept", "reject") else "halt"
