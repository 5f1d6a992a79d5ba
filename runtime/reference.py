"""The Turing form behind the common protocol: the plain step function of `machines`, one configuration a step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from triquetra.forms import FloatArray
from triquetra.machines import Configuration, Input, Machine, start, step


@dataclass(frozen=True, slots=True)
class TuringState:
    """A configuration, and whether no rule applied in the step that led here."""

    configuration: Configuration
    halted: bool = False


class TuringForm:
    """Executes a `Machine` by δ itself; what the other forms are held against."""

    name = "turing"

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.verdicts = machine.verdicts

    def init(self, *inputs: Input) -> TuringState:
        """The start configuration."""
        return TuringState(start(self.machine, *inputs))

    def step(self, state: TuringState) -> TuringState:
        """Apply δ, or stay and halt."""
        after = step(self.machine, state.configuration)
        return TuringState(state.configuration, True) if after is None else TuringState(after)

    def decode(self, state: TuringState) -> Configuration:
        """The configuration itself."""
        return state.configuration

    def halted(self, state: TuringState) -> bool:
        """Whether no rule applied."""
        return state.halted

    def activities(self, state: TuringState) -> Iterator[tuple[tuple[str, ...], FloatArray]]:
        """A table has no activities."""
        return iter(())
