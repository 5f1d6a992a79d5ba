"""The Turing form: the plain step function of `machines`, one configuration a step, or a fast kernel for whole runs."""

from __future__ import annotations

from dataclasses import dataclass

from triquetra.machines import Configuration, Input, Machine, Outcome, start, step

from .followed import FollowedMachine
from .protocol import MachineForm, Progress


@dataclass(frozen=True, slots=True)
class TuringState:
    """A configuration, and whether no rule applied in the step that led here."""

    configuration: Configuration
    halted: bool = False


class TuringForm(MachineForm[TuringState]):
    """Executes a `Machine` by δ itself; what the other forms are held against."""

    kind = "turing"
    executes = Machine
    name = kind

    def __init__(self, machine: Machine, cells: int | None = None) -> None:
        self.machine = machine
        self.cells = cells
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

    def fast(self, *inputs: Input, max_steps: int | None, progress: Progress | None = None) -> Outcome:
        """See `turing.run`; with `cells`, it ends where a memory of so many cells would be left."""
        from .turing import run

        return run(self.machine, *inputs, max_steps=max_steps, max_cells=self.cells, watch=True, progress=progress)

    def follow(self, *inputs: Input) -> FollowedMachine:
        """δ itself, put down moment by moment."""
        return FollowedMachine(self.machine, *inputs)
