"""What every form can do, so that one driver and one battery of tests serve them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

from triquetra.machines import Configuration, Input, InputError

State = TypeVar("State")


class Form(Protocol[State]):
    """A form of a machine: `init`, `step`, `decode`, `halted`; states are values, a step makes a new one."""

    name: str

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


@dataclass(frozen=True, slots=True)
class Undecodable(Exception):
    """Activities that are no configuration: `unit` gave it away."""

    unit: str
    activity: float
    reason: str

    def __str__(self) -> str:
        return f"{self.reason}: {self.unit} = {self.activity:.6g}"


class LeftMemory(Undecodable):
    """No place neuron is on: the head moved off the end of the N cells."""


class MemoryTooSmall(InputError):
    """An input that does not fit in the memory's cells."""


@dataclass(frozen=True, slots=True)
class Margin:
    """How far activities are from being undecided.

    `smallest` is the least |activity − ½| of any unit, `unit` its name; `largest_off` the highest activity of a
    unit that is off.
    """

    smallest: float
    unit: str
    largest_off: float
