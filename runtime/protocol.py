"""What every form can do, so that one driver and one battery of tests serve them all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from triquetra.forms import Compiled, FloatArray, IntArray
from triquetra.machines import Configuration, Input, InputError, NoConfiguration, Outcome

State = TypeVar("State")
NOT_STILL = "it halts, but does not stay as it is"
Progress = Callable[[int], None]  # called with the number of steps so far


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


class Followed(Protocol):
    """A run in progress that is put down moment by moment, with all that each step changes."""

    def rows(self, limit: int) -> IntArray:
        """Go on for at most `limit` steps; what each moment was: (steps made + 1, 1 + 2t).

        A row is the control state, the head of each tape, and the symbol that the step into this moment left in the
        cell of each tape that it read, which is all that it changed; negative where it left none or several there,
        changed another cell, or where there was no step. The first row is the moment from which the call went on.
        """

    def skip(self, limit: int) -> int:
        """Go on for at most `limit` steps; the number of steps made."""

    def ended(self) -> bool:
        """Whether no rule applied after the last moment."""

    def failure(self) -> Undecodable | None:
        """What the step after the last moment ran into; None while it can go on, or has ended."""

    def now(self) -> Configuration:
        """The configuration at the last moment.

        Raises: Undecodable: activities encode none.
        """


class MachineForm(ABC, Generic[State]):
    """A `Form` for the table of forms (`runtime.forms.FORMS`), where a class like this and a line are all it takes.

    `kind` is its name there and on the command line, `executes` the type of what it executes. It is made as
    `cls(data, cells)`, with N cells of synaptic memory for each tape, or None for external tapes. `of` says how it
    comes by its data, `files` how they are saved; `fast` and `follow` are for a form with an engine that gets there
    sooner than step by step, with the same results.
    """

    kind: ClassVar[str]
    executes: ClassVar[type]
    name: str  # in messages and results: the kind, and the number of cells
    cells: int | None = None
    verdicts: tuple[str | None, ...]

    @abstractmethod
    def __init__(self, data: Any, cells: int | None = None) -> None: ...

    @classmethod
    def of(cls, compiled: Compiled) -> Any:
        """What this form executes, of a machine that is compiled, or loaded from `compiled.folder`.

        Raises: InputError: there is no such thing.
        """
        return compiled.part(cls.executes)

    @classmethod
    def files(cls, data: Any) -> dict[str, bytes]:
        """What is saved of `data`, by file name; nothing by default."""
        return {}

    @abstractmethod
    def init(self, *inputs: Input) -> State:
        """See `Form`."""

    @abstractmethod
    def step(self, state: State) -> State:
        """See `Form`."""

    @abstractmethod
    def decode(self, state: State) -> Configuration:
        """See `Form`."""

    @abstractmethod
    def halted(self, state: State) -> bool:
        """See `Form`."""

    def activities(self, state: State) -> Iterator[tuple[tuple[str, ...], FloatArray]]:
        """See `Form`; none by default."""
        return iter(())

    def fast(self, *inputs: Input, max_steps: int | None, progress: Progress | None = None) -> Outcome | None:
        """A whole run by an engine, ended early where it is seen to have no end; None where no engine serves.

        Raises: Undecodable: activities stopped encoding a configuration.
        """
        return None

    def follow(self, *inputs: Input) -> Followed | None:
        """A run by an engine that can be followed; None where none serves."""
        return None


@dataclass(eq=False)
class Undecodable(NoConfiguration):
    """Activities that are no configuration: `unit` gave it away."""

    unit: str
    activity: float
    reason: str

    def __str__(self) -> str:
        return f"{self.reason}: {self.unit} = {self.activity:.6g}"


class Strayed(Undecodable):
    """A form's run ended where the machine is not: its weights are too weak, or those of another machine."""

    def __str__(self) -> str:
        return self.reason


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

    def __str__(self) -> str:
        return f"smallest margin {self.smallest:.6f} ({self.unit}), largest off unit {self.largest_off:.1e}"
