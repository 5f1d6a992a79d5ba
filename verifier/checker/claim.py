"""The claim, for a sceptic: what it means that a network or an agent *is* a given Turing machine.

A form is given by four functions: `init` makes its state from an input, `step` makes the next state, `decode` says
which configuration a state encodes, and `halted` whether no rule applied in the step that made it. A form *agrees*
with a machine on an input if at every instant, from the start on and without end, it encodes what `instants` yields:

    AGREEMENT  decode(Sₜ) = cₜ  and  halted(Sₜ) = hₜ  for every t ≥ 0,  S₀ = init(input),  Sₜ₊₁ = step(Sₜ).

`check` accepts a certificate only if this is proved for *every* input:

    EXTERNAL   tapes in the environment: every input, every t.
    SYNAPTIC   tapes in the synapses of N memory cells: every input that fits, every t until a head leaves the N
               cells (`leaves`). In that instant no place neuron is on; the form says so and encodes no configuration.
    ENERGY     where network and POMDP were given together: 𝒜 and F are one function of (activity = belief), up to a
               term that does not depend on it and a stated difference of their parameters in nats (docs/claim.md).

Assumed, and named in docs/claim.md with all that follows from it:

    * CPython, and arithmetic on IEEE doubles as `intervals` states it, with the error of exp and log there;
    * the four functions compute what `runtime/network.py` and `runtime/pomdp.py` write down;
    * the form's parameters are those whose SHA-256 the certificate names.

Not claimed: anything biological; anything after a head has left the memory; memories of more than N cells; how long
a step takes; that a machine halts.

This file imports nothing but `machines.core`: the step function there is the definition of what a machine does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from triquetra.machines.core import Configuration, Input, Machine, NoConfiguration, Tape, inputs_to_tapes, start, step

State = TypeVar("State")


class Simulator(Protocol[State]):
    """What the claim is about."""

    def init(self, *inputs: Input) -> State:
        """The state with each input on its tape from cell 0 on, and the heads on cell 0."""

    def step(self, state: State) -> State:
        """The next state."""

    def decode(self, state: State) -> Configuration:
        """The configuration that a state encodes; raises `NoConfiguration` where it encodes none."""

    def halted(self, state: State) -> bool:
        """Whether no rule applied in the step that made `state`."""


@dataclass(frozen=True, slots=True)
class Instant:
    """A configuration, and whether no rule applied in the step that led to it (never so at the start)."""

    configuration: Configuration
    halted: bool


def next_instant(machine: Machine, instant: Instant) -> Instant:
    """δ made total: where no rule applies (a halting state, or an undefined cell) the configuration stays for ever."""
    after = step(machine, instant.configuration)
    return Instant(instant.configuration, True) if after is None else Instant(after, False)


def instants(machine: Machine, *inputs: Input) -> Iterator[Instant]:
    """What the machine is at each instant; it never ends.

    An input is any word over the input alphabet, or any `Tape` of finitely many symbols, also left of cell 0 where
    the tape is two-way: the claim is about all of them.
    """
    instant = Instant(start(machine, *inputs), False)
    while True:
        yield instant
        instant = next_instant(machine, instant)


def window(tape: Tape, cells: int, one_way: bool) -> range | None:
    """The tape cells that a memory of N cells holds, None if the input does not fit.

    On a one-way tape they begin with cell 0; else what is written, and cell 0, stands in the middle of them.
    """
    first, last = min(tape.origin, 0), max(tape.origin + len(tape.cells), 1)
    if last - first > cells:
        return None
    low = 0 if one_way else first - (cells - (last - first)) // 2
    return range(low, low + cells)


def windows(machine: Machine, cells: int, *inputs: Input) -> list[range] | None:
    """The window of each tape, None if an input does not fit."""
    found = [window(tape, cells, one_way) for tape, one_way in zip(inputs_to_tapes(machine, inputs), machine.one_way)]
    return None if None in found else [each for each in found if each is not None]


def leaves(instant: Instant, memory: list[range]) -> bool:
    """Whether a head is outside of its memory."""
    return any(head not in cells for head, cells in zip(instant.configuration.heads, memory))


def agrees(machine: Machine, form: Simulator[Any], steps: int, *inputs: Input, cells: int | None = None) -> bool:
    """AGREEMENT up to instant `steps`, by running both: what is proved is that this is true for all `steps`.

    `cells` is N of a synaptic memory; None for external tapes.
    """
    memory = None if cells is None else windows(machine, cells, *inputs)
    state = form.init(*inputs)
    for _, instant in zip(range(steps + 1), instants(machine, *inputs)):
        if memory is not None and leaves(instant, memory):
            return not _encodes_something(form, state)
        if not _encodes_something(form, state) or Instant(form.decode(state), form.halted(state)) != instant:
            return False
        state = form.step(state)
    return True


def _encodes_something(form: Simulator[Any], state: Any) -> bool:
    try:
        form.decode(state)
    except NoConfiguration:
        return False
    return True
