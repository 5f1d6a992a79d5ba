"""Proofs by running the machine cell by cell: that it halts, or that it repeats itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triquetra.machines.core import BLANK, Machine, Tape

from .limits import MAX_PLAIN, RefusedHalting
from .reading import ENDLESS, ProvedHalting, halting_verdict, read_integer


class Plain:
    """The machine, cell by cell."""

    def __init__(self, machine: Machine, tape: Tape) -> None:
        self.machine = machine
        self.cells = {tape.origin + i: cell for i, cell in enumerate(tape.cells)}
        self.state, self.head = machine.start, 0

    def step(self) -> bool:
        """One step; False where no rule applies."""
        rule = self.machine.delta.get((self.state, (self.cells.get(self.head, BLANK),)))
        if rule is None:
            return False
        self.cells[self.head] = rule.write[0]
        self.head += rule.move[0]
        self.state = rule.goto
        return True


def check_steps(machine: Machine, tape: Tape, proof: Mapping[str, Any]) -> ProvedHalting:
    """The machine halts when it is run."""
    plain = Plain(machine, tape)
    for steps in range(MAX_PLAIN):
        if not plain.step():
            nonblank = sum(cell != BLANK for cell in plain.cells.values())
            return ProvedHalting(halting_verdict(machine, plain.state), "steps", plain.state, steps, nonblank)
    raise RefusedHalting(f"proof: the machine does not halt within {MAX_PLAIN:,} steps")


def check_cycle(machine: Machine, tape: Tape, proof: Mapping[str, Any]) -> ProvedHalting:
    """The same state, and the same cells (but for a shift) wherever the head comes, at both ends of a period."""
    before = read_integer(proof.get("before"), "proof: before", 0, MAX_PLAIN)
    period = read_integer(proof.get("period"), "proof: period", 1, MAX_PLAIN - before)
    plain = Plain(machine, tape)
    for steps in range(before):
        if not plain.step():
            raise RefusedHalting(f"proof: the machine halts after {steps} steps")
    old_state, old_head, old_cells = plain.state, plain.head, dict(plain.cells)
    low = high = plain.head
    for steps in range(period):
        if not plain.step():
            raise RefusedHalting(f"proof: the machine halts after {before + steps} steps")
        low, high = min(low, plain.head), max(high, plain.head)
    shift = plain.head - old_head
    if plain.state != old_state:
        raise RefusedHalting("proof: the states at both ends of the period differ")
    if (proof["method"] == "cycle") != (shift == 0):
        raise RefusedHalting(f"proof: the head has moved by {shift} cells, which is no {proof['method']}")
    # All that the head looked at in the period, and all beyond on the side to which it moves.
    for cell in {*old_cells, *(cell - shift for cell in plain.cells)}:
        counts = (cell >= low or shift < 0) and (cell <= high or shift > 0)
        if counts and old_cells.get(cell, BLANK) != plain.cells.get(cell + shift, BLANK):
            raise RefusedHalting(f"proof: cell {cell} differs at both ends of the period")
    return ProvedHalting(ENDLESS, proof["method"])
