"""Warnings: what can be built but is hardly meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..core import BLANK, Machine
from ..graph import Reach, reach
from .macros import FlatState
from .sections import Log, Outline, Section
from .syntax import Action, Call, Group, Name, MacroHeader
from .table import Table


def warn(
    main: Outline,
    states: Sequence[FlatState],
    table: Table,
    machine: Machine,
    named: set[int],
    used: set[str],
    log: Log,
) -> None:
    """Note states, symbols, rules, macros and parameters of the main file that do nothing.

    What a macro says is idle only where it does nothing in every copy. `named` are the symbols that
    rules name, `used` the macros that have a copy.
    """
    met = reach(machine)
    _idle_states(states, met, log)
    _idle_rules(table, machine, met, log)
    _unused_symbols(main, machine, named, log)
    for macro, section in main.macros.items():
        header = section.header
        if macro not in used:
            log.add(
                "W005",
                header.name.span,
                f"macro `{macro}` is never used",
                help=f"let a rule go to it, as in `0 -> R {macro}(...)`, or delete it",
            )
        elif isinstance(header, MacroHeader) and not section.broken:
            mentioned = set(_mentioned(section))
            for parameter in header.parameters:
                if parameter.name.text not in mentioned:
                    log.add(
                        "W006",
                        parameter.name.span,
                        f"parameter `{parameter.name.text}` is never used",
                        help="delete it here and in each call",
                    )


def _idle_states(states: Sequence[FlatState], met: Reach, log: Log) -> None:
    reached = {block.name.span for state in met.states if (block := states[state].block)}
    for state in states:
        if state.block is None:
            continue
        name = state.block.name
        if name.span not in reached:
            log.add(
                "W001",
                name.span,
                f"state `{name.text}` is never reached",
                "no rule leads here from the start",
                help="let a rule go to it, or delete it",
            )
        if state.verdict is None and not state.rules:
            log.add(
                "W004",
                name.span,
                f"state `{name.text}` has neither rules nor a verdict",
                help=f"if it halts, say so: `{name.text}: halt`; if not, `{name.text}: * -> undefined`",
            )


def _idle_rules(table: Table, machine: Machine, met: Reach, log: Log) -> None:
    live = {table.cells[rule.state][rule.read] for rule in met.rules}
    spans = {each.span for each in live}
    for state in met.states:
        for each in table.patterns[state]:
            if each.rule.goto is None or each in live or each.span in spans:
                continue
            missing = [
                machine.symbols[named[0]]
                for named, held in zip(each.read, met.symbols)
                if named is not None and held.isdisjoint(named)
            ]
            if missing:
                label = f"`{missing[0]}` is no input symbol, and no rule writes it"
                help = "delete it, or list the symbol under `input`"
            else:
                label, help = "other rules name all symbols that it could read", "delete it"
            log.add("W003", each.span, "this rule can never apply", label, help=help)


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
