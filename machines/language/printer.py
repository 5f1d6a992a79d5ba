"""Any machine as canonical `.tm` text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..core import BLANK, MOVE_NAMES, Machine, Rule
from ..core.spelling import quote
from .layout import format_text
from .macros import IMPLIED
from .parser import FORMS, is_special

_BARE = re.compile(r'(?:(?![-=]>)[^\s"#,:()])+')
_NOT_STATES = frozenset(("L", "R", "S", "*", "undefined"))
_NOT_SYMBOLS = _NOT_STATES.union(
    FORMS, ("accept", "reject", "halt", "use")
)  # what begins a line, or what follows a state's name, would be read as something else
MAX_LISTED = 20  # symbols on one line


def print_machine(machine: Machine) -> str:
    """Text that `parse` reads as the same machine, in the canonical look; its tests are not part of a machine."""
    return format_text("\n".join(_lines(machine)))


def _spell(name: str, reserved: frozenset[str]) -> str:
    """A name, quoted if it must be."""
    bare = _BARE.fullmatch(name) and name.isprintable() and name not in reserved and not is_special(name)
    return name if bare else quote(name)


def _lines(machine: Machine) -> Iterator[str]:
    symbols = [_spell(name, _NOT_SYMBOLS) for name in machine.symbols]
    states = [_spell(name, _NOT_STATES) for name in machine.states]
    yield f"machine {_spell(machine.name or 'machine', frozenset())}"
    if machine.documentation:
        yield from (quote(line) for line in machine.documentation.split("\n"))
    yield f"blank {symbols[BLANK]}"
    for listed in _portions(symbols[1:]):
        yield f"symbols {listed}"
    if machine.input_symbols != tuple(range(len(symbols))):
        for listed in _portions([symbols[a] for a in machine.input_symbols]):
            yield f"input {listed}"
    if machine.tapes > 1:
        yield f"tapes {machine.tapes}"
    if any(machine.one_way):
        numbers = [str(number) for number, one_way in enumerate(machine.one_way, 1) if one_way]
        yield "one-way" if all(machine.one_way) else f"one-way {' '.join(numbers)}"
    yield f"start {states[machine.start]}"
    rules: list[list[Rule]] = [[] for _ in states]
    for rule in machine.rules:
        rules[rule.state].append(rule)
    for state, (name, verdict) in enumerate(zip(states, machine.verdicts)):
        if verdict is not None:
            yield f"{name}: {verdict if verdict in IMPLIED else f'halt {_spell(verdict, frozenset())}'}"
        elif rules[state]:
            yield f"{name}:"
            yield from _rules(rules[state], len(symbols), symbols, states)
        else:
            yield f"{name}: {','.join('*' * machine.tapes)} -> undefined"


def _rules(rules: list[Rule], width: int, symbols: list[str], states: list[str]) -> Iterator[str]:
    """The rules of one state; cells where the same is done share a line."""
    groups: dict[tuple[object, ...], list[Rule]] = {}
    for rule in rules:
        kept = tuple(None if new == old else new for old, new in zip(rule.read, rule.write))
        groups.setdefault((kept, rule.move, rule.goto), []).append(rule)
    full = len(rules) == width ** len(rules[0].read)
    largest = max(groups.values(), key=len)
    other = largest if full and len(largest) > 2 else None  # written last, as a wildcard
    for group in [*(each for each in groups.values() if each is not other), *([other] if other else [])]:
        first = group[0]
        action = [",".join(MOVE_NAMES[move] for move in first.move)]
        if first.write != first.read:
            written = ["*" if new == old else symbols[new] for old, new in zip(first.read, first.write)]
            action.insert(0, ",".join(written))
        if first.goto != first.state:
            action.append(states[first.goto])
        cells = [",".join("*" * len(first.read))] if group is other else [_cell(r.read, symbols) for r in group]
        for listed in _portions(cells):
            yield f"{listed} -> {' '.join(action)}"


def _portions(words: list[str]) -> Iterator[str]:
    for start in range(0, len(words), MAX_LISTED):
        yield " ".join(words[start : start + MAX_LISTED])


def _cell(read: tuple[int, ...], symbols: list[str]) -> str:
    return ",".join(symbols[a] for a in read)
