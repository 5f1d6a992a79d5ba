"""Rules of states, wildcards and all, to the cells of δ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod

from ..core import Rule
from . import messages
from .macros import FlatRule, FlatState, Mapped, Written, span_of
from .sections import Log
from .source import Span

MAX_RULES = 1_000_000
MAX_ENTRIES = 250_000  # of the table (cells times tapes) that wildcards, groups and copies may add to what is written


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """One pattern of a rule, in one state of the machine; `wildcards` is how many entries of it read any other symbol.

    Compared by identity: equal rules in two copies of a macro are not the same.
    """

    rule: FlatRule
    at: int
    wildcards: int

    @property
    def read(self) -> tuple[tuple[int, ...] | None, ...]:
        """For each tape the symbols that the pattern reads, None for any other."""
        return self.rule.read[self.at]

    @property
    def write(self) -> Written:
        """What it writes."""
        return self.rule.write[self.at]

    @property
    def span(self) -> Span:
        """Where the pattern is written."""
        return span_of(self.rule.syntax.patterns[self.at])


@dataclass(frozen=True, slots=True)
class Table:
    """`patterns[s]` are those of state `s`, and `cells[s]` maps what it reads to the one that applies there."""

    patterns: list[list[Placed]] = field(default_factory=list)
    cells: list[dict[tuple[int, ...], Placed]] = field(default_factory=list)


def fill(states: Sequence[FlatState], symbols: int, log: Log) -> Table:
    """The cells of all states.

    A pattern that names its symbols goes before one with a wildcard, and fewer wildcards before more; two
    patterns of equal rank that meet in a cell are a mistake.
    """
    table = Table()
    written = {id(rule.syntax): len(rule.read) for state in states for rule in state.rules}
    tapes = max((len(read) for state in states for rule in state.rules for read in rule.read), default=1)
    added = MAX_ENTRIES // tapes
    room = min(MAX_RULES, sum(written.values()) + added)
    for state in states:
        patterns = [Placed(rule, at, read.count(None)) for rule in state.rules for at, read in enumerate(rule.read)]
        patterns.sort(key=lambda each: each.wildcards)
        cells: dict[tuple[int, ...], Placed] = {}
        for each in patterns:
            choices = [range(symbols) if named is None else named for named in each.read]
            room -= prod(map(len, choices))
            if room < 0:
                message = (
                    f"the machine has more than {MAX_RULES:,} rules"
                    if sum(written.values()) > MAX_RULES - added
                    else f"wildcards and macros make more than {added:,} rules beyond those that are written"
                )
                log.add(messages.too_many_rules(each.span, message))
                return table
            for read in product(*choices):
                old = cells.setdefault(read, each)
                same = old is each or (each.wildcards and old.rule is each.rule)
                if old.wildcards == each.wildcards and not same:
                    if log.misread.isdisjoint((each.rule.syntax.line, old.rule.syntax.line)):
                        _clash(each, old, log)
                    break
        table.patterns.append(patterns)
        table.cells.append(cells)
    return table


def _clash(each: Placed, old: Placed, log: Log) -> None:
    if each.wildcards:
        log.add(messages.wildcards_meet(each.span, old.span))
    else:
        log.add(messages.two_rules(each.span, old.span))


def rules(states: Sequence[FlatState], table: Table, index: Mapping[str, int]) -> tuple[Rule, ...]:
    """The rules of δ, sorted by state and symbols read; undefined cells have none."""
    result = []
    for number, (state, cells) in enumerate(zip(states, table.cells)):
        if not state.block:
            continue
        source = state.block.name.span.source
        for read in sorted(cells):
            rule = cells[read].rule
            if rule.goto is not None:
                write = tuple([_written(read, kept, new) for kept, new in zip(read, cells[read].write)])
                origin = f"{source.name}:{rule.syntax.line}"
                result.append(Rule(number, read, write, rule.move, index[rule.goto], origin))
    return tuple(result)


def _written(read: tuple[int, ...], kept: int, new: int | Mapped | None) -> int:
    if isinstance(new, Mapped):
        return new.symbols[read[new.tape]]
    return kept if new is None else new
