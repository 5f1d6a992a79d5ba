"""Any machine as canonical `.tm` text."""

from __future__ import annotations

from collections.abc import Iterator

from ..core import BLANK, Machine
from ..core.spelling import quote
from .layout import format_text
from .macros import IMPLIED
from .rows import NOT_STATES, NOT_SYMBOLS, Row, lists, rows, written


def print_machine(machine: Machine) -> str:
    """Text that `parse` reads as the same machine, in the canonical look; its tests are not part of a machine."""
    return format_text("\n".join(_lines(machine)))


def _lines(machine: Machine) -> Iterator[str]:
    states = [written(name, NOT_STATES) for name in machine.states]
    yield f"machine {written(machine.name or 'machine')}"
    if machine.documentation:
        yield from (quote(line) for line in machine.documentation.split("\n"))
    yield f"blank {written(machine.symbols[BLANK], NOT_SYMBOLS)}"
    for listed in lists(machine.symbols[1:]):
        yield f"symbols {listed}"
    if machine.input_symbols != tuple(range(len(machine.symbols))):
        for listed in lists([machine.symbols[a] for a in machine.input_symbols]):
            yield f"input {listed}"
    if machine.tapes > 1:
        yield f"tapes {machine.tapes}"
    if any(machine.one_way):
        numbers = [str(number) for number, one_way in enumerate(machine.one_way, 1) if one_way]
        yield "one-way" if all(machine.one_way) else f"one-way {' '.join(numbers)}"
    yield f"start {states[machine.start]}"
    of_state: dict[int, list[Row]] = {}
    for row in rows(machine):
        of_state.setdefault(row.state, []).append(row)
    for state, (name, verdict) in enumerate(zip(states, machine.verdicts)):
        if verdict is not None:
            yield f"{name}: {verdict if verdict in IMPLIED else f'halt {written(verdict)}'}"
        elif state in of_state:
            yield f"{name}:"
            for row in of_state[state]:
                goto = "" if row.goto == state else states[row.goto]
                yield f"{row.read} -> {row.write} {row.move} {goto}"
        else:
            yield f"{name}: {','.join('*' * machine.tapes)} -> undefined"
