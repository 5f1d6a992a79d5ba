"""Rules of states, wildcards and all, to the cells of δ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod

from ..machine import Rule
from .diagnostics import Note
from .pieces import FlatRule, FlatState, span_of
from .sections import Log
from .source import Span

MAX_RULES = 1_000_000


@dataclass(slots=True)
class Table:
    """`cells[s]` maps what state `s` reads to the rule that applies there.

    Of patterns with a wildcard, `filled` has those that get a cell in some copy of their state, and `idle`
    those that get none in some copy, with the name of the state.
    """

    cells: list[dict[tuple[int, ...], FlatRule]] = field(default_factory=list)
    filled: set[Span] = field(default_factory=set)
    idle: dict[Span, Span] = field(default_factory=dict)


def fill(states: Sequence[FlatState], symbols: int, log: Log) -> Table:
    """The cells of all states.

    A pattern that names its symbols goes before one with a wildcard, and fewer wildcards before more; two
    patterns of equal rank that meet in a cell are a mistake.
    """
    table = Table()
    room = MAX_RULES
    for state in states:
        patterns = sorted(
            ((pattern.count(None), rule, at) for rule in state.rules for at, pattern in enumerate(rule.read)),
            key=lambda each: each[0],
        )
        cells: dict[tuple[int, ...], FlatRule] = {}
        rank: dict[tuple[int, ...], tuple[int, int]] = {}  # wildcards of the pattern that filled a cell, and its place
        for wildcards, rule, at in patterns:
            choices = [range(symbols) if each is None else each for each in rule.read[at]]
            room -= prod(map(len, choices))
            if room < 0:
                log.add(
                    "E038",
                    span_of(rule.syntax.patterns[at]),
                    f"the machine has more than {MAX_RULES:,} rules",
                    "passes the limit",
                    help="name the symbols that matter instead of `*` on several tapes",
                )
                return table
            filled = False
            for read in product(*choices):
                old = cells.get(read)
                if old is None:
                    cells[read] = rule
                    rank[read] = wildcards, at
                    filled = True
                elif rank[read][0] == wildcards and not (wildcards and old is rule):
                    _clash(rule, at, old, rank[read][1], wildcards, log)
                    break
            if wildcards and state.block:
                span = span_of(rule.syntax.patterns[at])
                if filled:
                    table.filled.add(span)
                else:
                    table.idle[span] = state.block.name.span
        table.cells.append(cells)
    return table


def _clash(rule: FlatRule, at: int, old: FlatRule, old_at: int, wildcards: int, log: Log) -> None:
    here, there = span_of(rule.syntax.patterns[at]), span_of(old.syntax.patterns[old_at])
    if wildcards:
        log.add(
            "E017",
            here,
            "two rules with wildcards meet in one cell",
            "is no more definite than the other",
            notes=(Note("the other is here", there),),
            help="add a rule that names the symbols of the cells where they meet",
        )
    else:
        log.add(
            "E016",
            here,
            "two rules for one cell",
            "is read already",
            notes=(Note("by the rule here", there),),
            help="delete one of the two",
        )


def rules(states: Sequence[FlatState], table: Table, index: Mapping[str, int]) -> tuple[Rule, ...]:
    """The rules of δ, sorted by state and symbols read; undefined cells have none."""
    result = []
    for number, (state, cells) in enumerate(zip(states, table.cells)):
        if not state.block:
            continue
        source = state.block.name.span.source
        for read in sorted(cells):
            rule = cells[read]
            if rule.goto is not None:
                write = tuple([kept if new is None else new for kept, new in zip(read, rule.write)])
                origin = f"{source.name}:{rule.syntax.line}"
                result.append(Rule(number, read, write, rule.move, index[rule.goto], origin))
    return tuple(result)
