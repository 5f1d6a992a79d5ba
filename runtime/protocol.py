"""What every form can do, so that one driver and one battery of tests serve them all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from triquetra.forms import FloatArray
from triquetra.machines import Configuration, Input, InputError, NoConfiguration

State = TypeVar("State")


class Form(Protocol[State]):
    """A form of a machine: `init`, `step`, `decode`, `halted`; states are values, a step makes a new one."""

    name: str
    verdicts: tuple[str | None, ...]  # of each control state; None where it runs

    def init(self, *inputs: Input) -> State:
        """The state at the start: inputs on the tapes from cell 0, heads on cell 0."""

    def step(self, state: State) -> State:
        """One step; a step in which no rule applies leaves the configuration and turns `halted` on."""

    def decode(self, state: State) -> Configuration:
        """The configuration that a state encodes.

        Raises: Undecodable: activities encode none; `LeftMemory` when the head is off the memory's end.
        """

    def halted(self, state: State) -> bool:
        """Whether no rule applied in the step that made this state."""

    def activities(self, state: State) -> Iterator[tuple[tuple[str, ...], FloatArray]]:
        """Names and activities of the populations evaluated in the step that made this state."""


@dataclass(eq=False)
class Undecodable(NoConfiguration):
    """Activities that are no configuration: `unit` gave it away."""

    unit: str
    activity: float
    reason: str

    def __str__(self) -> str:
        return f"{self.reason}: {self.unit} = {self.activity:.6g}"


@dataclass(eq=False)
class LeftMemory(Undecodable):
    """No place neuron of `tape` is on: the head moved off the end of the memory, whose cells are `first` … `last`."""

    tape: int
    first: int
    last: int

    def outside(self, heads: tuple[int, ...]) -> bool:
        """Whether the head is where the memory has no cell, so that having left it is right."""
        return not self.first <= heads[self.tape] <= self.last


class MemoryTooSmall(InputError):
    """An input that does not fit in the memory's cells."""


@dataclass(frozen=True, slots=True)
class Margin:
    """How far activities are from being undecided.

    `smallest` is the least |activity − ½| of any unit, `unit` its name; `largest_off` the highest activity of a
    unit that is off.
    """

    smallest: float = 0.5
    unit: str = ""
    largest_off: float = 0.0

    def join(self, other: Margin) -> Margin:
        """The margin of both together."""
        worse = other if other.smallest < self.smallest else self
        return Margin(worse.smallest, worse.unit, max(self.largest_off, other.largest_off))
