"""What the neural and the Bayesian form share with their surroundings: the external tape, and decoding."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from triquetra.forms import FloatArray
from triquetra.machines import InputError, Tape

from .protocol import LeftMemory, MemoryTooSmall, Undecodable

THRESHOLD = 0.5
LARGEST_DENSE = 1 << 27  # synapses of one tape


@dataclass(frozen=True, slots=True)
class World:
    """A tape in the environment: it shows the symbol under the head, and takes a write and a movement.

    `fault` is set once an action was no action (a flip that leaves no symbol, or several).
    """

    tape: Tape
    head: int
    one_way: bool
    fault: Undecodable | None = None

    def observe(self, symbols: int) -> FloatArray:
        """o (k,), one-hot: the symbol under the head."""
        observation = np.zeros(symbols)
        observation[self.tape[self.head]] = 1.0
        return observation

    def act(self, left: float, right: float, risk: FloatArray, names: tuple[str, ...]) -> World:
        """The world after an action: every symbol whose risk is over ½ is flipped, then the head moves.

        `risk` (k,) with the units' `names`, for the message when no single symbol is left.
        """
        code = self.observe(len(risk)) > THRESHOLD
        code ^= risk > THRESHOLD
        if code.sum() != 1:
            unit = int(np.argmax(np.abs(risk - THRESHOLD) * (code if code.any() else 1)))
            return replace(self, fault=Undecodable(names[unit], float(risk[unit]), "a write leaves no single symbol"))
        move = int(right > THRESHOLD) - int(left > THRESHOLD)
        head = max(self.head + move, 0) if self.one_way else self.head + move
        return replace(self, tape=self.tape.write(self.head, int(code.argmax())), head=head)


def decode_one_hot(activity: FloatArray, names: tuple[str, ...], what: str) -> int:
    """The index of the only unit that is on.

    Raises: Undecodable: none is, or several are.
    """
    on = np.flatnonzero(activity > THRESHOLD)
    if on.size == 1:
        return int(on[0])
    unit = int(on[1]) if on.size else int(activity.argmax())
    raise Undecodable(names[unit], float(activity[unit]), f"{'several' if on.size else 'no'} {what} units are on")


def decode_place(place: FloatArray, origin: int, tape: int) -> int:
    """The position of the head, from place neurons (N,); tape cell 0 stands at place `origin`.

    Raises: LeftMemory: no place neuron is on; Undecodable: several are.
    """
    on = np.flatnonzero(place > THRESHOLD)
    if on.size == 1:
        return int(on[0]) - origin
    if on.size == 0:
        best = int(place.argmax())
        unit, first, last = f"place[{tape + 1}]:{best}", -origin, len(place) - 1 - origin
        raise LeftMemory(unit, float(place[best]), "the head left the memory", tape, first, last)
    raise Undecodable(f"place[{tape + 1}]:{on[1]}", float(place[on[1]]), "several place units are on")


def decode_memory(log_odds: FloatArray, origin: int, tape: int, symbols: tuple[str, ...]) -> Tape:
    """The tape in a synaptic memory (k, N), from the sign of each synapse; cell 0 stands at column `origin`.

    Raises: Undecodable: a column has no symbol that is on, or several.
    """
    on = log_odds > 0
    count = on.sum(axis=0)
    bad = np.flatnonzero(count != 1)
    if bad.size:
        cell = int(bad[0])
        symbol = int(log_odds[:, cell].argmax())
        unit = f"memory[{tape + 1}]:{symbols[symbol]}@{cell - origin}"
        reason = f"memory cell {cell - origin} holds {'several symbols' if count[cell] else 'no symbol'}"
        raise Undecodable(unit, float(log_odds[symbol, cell]), reason)
    return Tape.of(on.argmax(axis=0).tolist(), -origin)


def require_dense(cells: int, symbols: int) -> None:
    """Raise `InputError` where a memory of `cells` cells is too large to compute every unit of it."""
    if cells * symbols > LARGEST_DENSE:
        raise InputError(
            f"{cells:,} cells of {symbols} symbols are too many to compute every unit at every step; "
            "the event-driven engine holds them"
        )


def memory_origin(tape: Tape, cells: int, one_way: bool) -> int:
    """Column of tape cell 0 in a memory of `cells` cells: the first if the tape is one-way, else such that what is
    written stands in the middle.

    Raises: MemoryTooSmall: what is written does not fit.
    """
    first, last = min(tape.origin, 0), max(tape.origin + len(tape.cells), 1)
    length = last - first
    if length > cells:
        raise MemoryTooSmall(f"an input of {length} cells does not fit in a memory of {cells}; ask for more cells")
    return 0 if one_way else (cells - length) // 2 - first
