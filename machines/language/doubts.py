"""Warnings: what can be built but is hardly meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..configuration import BLANK
from ..machine import Machine
from .pieces import FlatState, span_of
from .sections import Log, Outline, Section
from .source import Span
from .syntax import Action, Call, Group, Name, PieceHeader
from .table import Table


def doubts(
    main: Outline,
    states: Sequence[FlatState],
    table: Table,
    machine: Machine,
    named: set[int],
    used: set[str],
    log: Log,
) -> None:
    """Note states, symbols, rules, pieces and parameters that do nothing.

    What a piece says is doubtful only where it does nothing in every copy. `named` are the symbols that
    rules name, `used` the pieces that have a copy.
    """
    reached = reachable(machine)
    alive = {state.block.name.span for at, state in enumerate(states) if state.block and at in reached}
    for state in states:
        if state.block and state.block.name.span not in alive:
            name = state.block.name
            log.add(
                "W001",
                name.span,
                f"state `{name.text}` is never reached",
                "no rule leads here from the start",
                help="let a rule go to it, or delete it",
            )
        if state.block and state.verdict is None and not state.rules:
            name = state.block.name
            log.add(
                "W004",
                name.span,
                f"state `{name.text}` has neither rules nor a verdict",
                help=f"if it halts, say so: `{name.text}: halt`; if not, `{name.text}: * -> undefined`",
            )
    _unused_symbols(main, machine, named, log)
    for span, owner in table.idle.items():
        if span not in table.filled and owner in alive:
            log.add(
                "W003",
                span,
                "this rule can never apply",
                "other rules name all symbols that it could read",
                help="delete it",
            )
    _never_read(states, alive, machine, reached, log)
    for piece, section in main.pieces.items():
        header = section.header
        if piece not in used:
            log.add(
                "W005",
                header.name.span,
                f"piece `{piece}` is never used",
                help=f"let a rule go to it, as in `0 -> R {piece}(...)`, or delete it",
            )
        elif isinstance(header, PieceHeader) and not section.broken:
            mentioned = set(_mentioned(section))
            for parameter in header.parameters:
                if parameter.name.text not in mentioned:
                    log.add(
                        "W006",
                        parameter.name.span,
                        f"parameter `{parameter.name.text}` is never used",
                        help="delete it here and in each call",
                    )


def reachable(machine: Machine) -> set[int]:
    """States that some path of rules leads to from the start, the start included."""
    next_states: dict[int, set[int]] = {}
    for rule in machine.rules:
        next_states.setdefault(rule.state, set()).add(rule.goto)
    found = {machine.start}
    agenda = [machine.start]
    while agenda:
        fresh = next_states.get(agenda.pop(), set()) - found
        found |= fresh
        agenda += fresh
    return found


def _unused_symbols(main: Outline, machine: Machine, named: set[int], log: Log) -> None:
    settings = main.machine.settings if main.machine else {}
    if "symbols" not in settings:
        return
    listed = {name.text for name in settings["input"].values if isinstance(name, Name)} if "input" in settings else ()
    for name in settings["symbols"].values:
        if isinstance(name, Name) and name.text not in listed:
            index = machine.symbols.index(name.text)
            if index != BLANK and index not in named:
                log.add(
                    "W002",
                    name.span,
                    f"symbol `{name.text}` is never used",
                    "no rule names it",
                    help="delete it, or list it under `input` if it comes from there",
                )


def _never_read(states: Sequence[FlatState], alive: set[Span], machine: Machine, reached: set[int], log: Log) -> None:
    """Rules that read a symbol which is neither blank nor in the input alphabet and which no rule writes."""
    present = {BLANK, *machine.input_symbols}
    for rule in machine.rules:
        if rule.state in reached:
            present |= {new for old, new in zip(rule.read, rule.write) if new != old}
    absent = set(range(len(machine.symbols))) - present
    if not absent:
        return
    applies: set[Span] = set()
    doubtful: dict[Span, int] = {}
    for state in states:
        if state.block and state.block.name.span in alive:
            for flat in state.rules:
                for at, pattern in enumerate(flat.read):
                    span = span_of(flat.syntax.patterns[at])
                    missing = [each[0] for each in pattern if each and absent.issuperset(each)]
                    if missing:
                        doubtful[span] = missing[0]
                    else:
                        applies.add(span)
    for span, symbol in doubtful.items():
        if span not in applies:
            log.add(
                "W003",
                span,
                "this rule can never apply",
                f"`{machine.symbols[symbol]}` is no input symbol, and no rule writes it",
                help="delete it, or list the symbol under `input`",
            )


def _mentioned(section: Section) -> Iterator[str]:
    """Every name in the states of a section."""
    for block in section.blocks:
        nodes: list[object] = [block.instance.call] if block.instance else []
        for rule in block.rules:
            nodes += [each for pattern in rule.patterns for each in pattern]
            if isinstance(rule.action, Action):
                nodes += [each for part in rule.action.parts for each in part]
        while nodes:
            node = nodes.pop()
            if isinstance(node, Name):
                yield node.text
            elif isinstance(node, Group):
                nodes += node.names
            elif isinstance(node, Call):
                nodes += node.arguments
