"""Warnings: what can be built but is hardly meant."""

from __future__ import annotations

from collections.abc import Sequence

from ..core import BLANK, Machine
from ..graph import Reach, reach
from . import messages
from .macros import FlatState, nodes
from .sections import Log, Outline
from .syntax import MacroHeader, Name
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
    _listed_symbols(main, machine, named, log)
    for macro, section in main.macros.items():
        header = section.header
        if macro not in used:
            log.add(messages.unused_macro(header.name))
        elif isinstance(header, MacroHeader) and not section.broken:
            mentioned = {node.text for node in nodes(section) if isinstance(node, Name)}
            for parameter in header.parameters:
                if parameter.name.text not in mentioned:
                    log.add(messages.unused_parameter(parameter.name))


def _idle_states(states: Sequence[FlatState], met: Reach, log: Log) -> None:
    reached = {block.name.span for state in met.states if (block := states[state].block)}
    for state in states:
        if state.block is None:
            continue
        name = state.block.name
        if name.span not in reached:
            log.add(messages.never_reached(name))
        if state.verdict is None and not state.rules:
            log.add(messages.bare_state(name))


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
            log.add(messages.never_applies(each.span, missing[0] if missing else None))


def _listed_symbols(main: Outline, machine: Machine, named: set[int], log: Log) -> None:
    if main.machine is None:
        return
    listed = main.machine.names("input", log)
    blank = machine.symbols[BLANK]
    for name in listed:
        if name.text == blank:
            log.add(messages.blank_as_input(name.text, name.span))
    come_in = {name.text for name in listed}
    index = {name: number for number, name in enumerate(machine.symbols)}
    for name in main.machine.names("symbols", log):
        if name.text not in come_in and index[name.text] != BLANK and index[name.text] not in named:
            log.add(messages.unused_symbol(name.text, name.span))
