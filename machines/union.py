"""Many machines as one: their disjoint union, in which the start state says which machine runs."""

from __future__ import annotations

from collections.abc import Sequence

from .core import Machine, MachineError, Rule


def disjoint_union(machines: Sequence[Machine]) -> tuple[Machine, tuple[int, ...]]:
    """One machine with the states of all, and the start state of each in it.

    The alphabets must agree as far as they go: the longest serves all, and an input is read by the machine it is for.
    Raises: MachineError: no machine, different kinds of tapes, or alphabets that differ.
    """
    if not machines:
        raise MachineError("a union needs at least one machine")
    symbols = max((machine.symbols for machine in machines), key=len)
    states: list[str] = []
    verdicts: list[str | None] = []
    rules: list[Rule] = []
    starts = []
    for number, machine in enumerate(machines):
        if machine.one_way != machines[0].one_way:
            raise MachineError(f"machine {number} has other tapes than machine 0")
        if machine.symbols != symbols[: len(machine.symbols)]:
            raise MachineError(f"machine {number} has another alphabet: {' '.join(machine.symbols)}")
        first = len(states)
        states += (f"{number}:{name}" for name in machine.states)
        verdicts += machine.verdicts
        starts.append(first + machine.start)
        rules += (
            Rule(rule.state + first, rule.read, rule.write, rule.move, rule.goto + first, rule.origin)
            for rule in machine.rules
        )
    union = Machine(
        name=f"union of {len(machines)}",
        states=tuple(states),
        symbols=symbols,
        rules=tuple(rules),
        verdicts=tuple(verdicts),
        start=starts[0],
        one_way=machines[0].one_way,
    )
    return union, tuple(starts)
