"""Objects of `automata-lib`: a DTM for one tape, an MNTM for several. The library is needed for writing only.

Its states and symbols are sets, so that an order is chosen when a machine is read: the start state and the blank first,
the others by name. A final state accepts; any other state without transitions rejects, as an undefined cell does here.
An input there never holds the blank.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..core import BLANK, LEFT, RIGHT, STAY, InputError, Machine, MachineError
from .source import CannotHold, FormatText, NamedRule, build

if TYPE_CHECKING:
    from automata.tm.dtm import DTM
    from automata.tm.mntm import MNTM

NAME = "automata-lib"
_MOVES = {"L": LEFT, "R": RIGHT, "N": STAY}
_LETTERS = {move: letter for letter, move in _MOVES.items()}


def from_automata(automaton: DTM | MNTM, name: str = "machine") -> Machine:
    """The machine of a DTM, or of an MNTM that never has a choice.

    Raises: MachineError: it has a choice somewhere; the message names the cell.
    """
    tapes = getattr(automaton, "n_tapes", None)
    blank, start = automaton.blank_symbol, automaton.initial_state
    states = [start, *sorted(automaton.states - {start}, key=str)]
    if len({str(state) for state in states}) < len(states):
        raise MachineError("two states of the automaton have one name when written as text")
    rules = []
    table: Mapping[Any, Mapping[Any, Any]] = automaton.transitions
    for state, row in table.items():
        for read, result in row.items():
            if tapes is None:
                goto, write, move = result
                read, actions = (read,), ((write, move),)
            else:
                if len(set(result)) != 1:
                    raise MachineError(
                        f"state `{state}` reading `{' '.join(read)}` has {len(set(result))} results; "
                        "machines here are deterministic"
                    )
                goto, actions = result[0]
            rules.append(
                NamedRule(
                    str(state),
                    tuple(read),
                    tuple(symbol for symbol, _ in actions),
                    tuple(_MOVES[move] for _, move in actions),
                    str(goto),
                    1,
                )
            )
    symbols = sorted(automaton.tape_symbols - {blank})
    machine = build(
        FormatText("", f"<{NAME}>", NAME),
        rules,
        start=str(start),
        blank=blank,
        states=map(str, states),
        symbols=symbols,
        verdicts={str(state): "accept" for state in automaton.final_states},
        tapes=tapes or 1,
        name=name,
    )
    allowed = tuple(a for a, symbol in enumerate(machine.symbols) if symbol in automaton.input_symbols) or (BLANK,)
    return replace(machine, rules=tuple(replace(rule, origin=None) for rule in machine.rules), input_symbols=allowed)


def to_automata(machine: Machine) -> DTM | MNTM:
    """The DTM of a machine with one tape, the MNTM of one with several; the blank leaves the input alphabet.

    Raises:
        CannotHold: a one-way tape, symbols of several characters, a halting state that neither accepts nor rejects, a
            start state that accepts or has no rules.
        InputError: automata-lib is not installed.
    """
    if any(machine.one_way):
        raise CannotHold(NAME, machine, "its tape is one-way", "its tapes have no end")
    if any(len(symbol) != 1 for symbol in machine.symbols):
        raise CannotHold(NAME, machine, "a symbol has several characters", "rename the symbols")
    for state, verdict in zip(machine.states, machine.verdicts):
        if verdict not in (None, "accept", "reject"):
            raise CannotHold(NAME, machine, f"state `{state}` means `{verdict}`", "let it accept or reject")
    if all(rule.state != machine.start for rule in machine.rules):
        raise CannotHold(NAME, machine, "its start state has no rules", "start in a state that runs")
    try:
        from automata.tm.dtm import DTM
        from automata.tm.mntm import MNTM
    except ImportError:
        raise InputError("automata-lib is not installed; `pip install automata-lib` brings it") from None
    transitions: dict[str, dict[Any, Any]] = {}
    for rule in machine.rules:
        read = tuple(machine.symbols[a] for a in rule.read)
        write = tuple(machine.symbols[a] for a in rule.write)
        move = tuple(_LETTERS[m] for m in rule.move)
        goto = machine.states[rule.goto]
        row = transitions.setdefault(machine.states[rule.state], {})
        if machine.tapes == 1:
            row[read[0]] = (goto, write[0], move[0])
        else:
            row[read] = [(goto, tuple(zip(write, move)))]
    common: dict[str, Any] = {
        "states": set(machine.states),
        "input_symbols": {machine.symbols[a] for a in machine.input_symbols if a != BLANK},
        "tape_symbols": set(machine.symbols),
        "transitions": transitions,
        "initial_state": machine.states[machine.start],
        "blank_symbol": machine.symbols[0],
        "final_states": {s for s, verdict in zip(machine.states, machine.verdicts) if verdict == "accept"},
    }
    return DTM(**common) if machine.tapes == 1 else MNTM(n_tapes=machine.tapes, **common)
