"""The neural form: rate neurons and plastic synapses, every unit of every population, in numpy.

Nothing here knows a transition table; the schedule is that of docs/forms.md and the same for every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from triquetra.forms import FloatArray, Network, to_files
from triquetra.machines import Configuration, Input, Outcome, Tape, inputs_to_tapes

from .protocol import MachineForm, Progress
from .world import THRESHOLD, World, decode_memory, decode_one_hot, decode_place, memory_origin, require_dense

if TYPE_CHECKING:
    from .event_network import EventNetwork


@dataclass(frozen=True, eq=False, slots=True)
class Population:
    """Activity of one population at rest: x = sig(drive) and its complement x̄, each to full precision."""

    name: str
    units: tuple[str, ...]
    drive: FloatArray
    on: FloatArray
    off: FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class Memory:
    """A tape in synapses: V̂ (k, N) in nats, place neurons p (N,), and the column of tape cell 0."""

    synapses: FloatArray
    place: FloatArray
    origin: int


@dataclass(frozen=True, eq=False, slots=True)
class NetworkState:
    """Activity of control states x (n,) and of the halt unit, and one memory or external tape for each tape.

    `populations` are those evaluated in the step that led here, in the order of the schedule.
    """

    x: FloatArray
    halt: float
    tapes: tuple[Memory | World, ...]
    populations: tuple[Population, ...] = ()


def sigmoid(drive: FloatArray) -> FloatArray:
    """sig(d) = 1 / (1 + e^−d)."""
    with np.errstate(over="ignore"):
        return np.asarray(1.0 / (1.0 + np.exp(-drive)))


def rest(name: str, units: tuple[str, ...], drive: FloatArray) -> Population:
    """The fixed point of ẋ ∝ −sig⁻¹(x) + drive, where ∂𝒜/∂x = 0 (docs/theory.md)."""
    return Population(name, units, drive, sigmoid(drive), sigmoid(-drive))


class NetworkForm(MachineForm[NetworkState]):
    """Executes a `Network`; with `cells` its tapes are synaptic memories of N cells, without it external."""

    kind = "network"
    executes = Network

    def __init__(self, network: Network, cells: int | None = None) -> None:
        self.name = self.kind if cells is None else f"{self.kind}[{cells}]"
        self.network = network
        self.cells = cells
        axes = network.axes
        self.verdicts = axes.verdicts
        self._read_names = [axes.read_names(i) for i in range(axes.t)]

    @cached_property
    def _place_names(self) -> list[tuple[str, ...]]:
        axes = self.network.axes
        return [axes.place_names(i, self.cells or 0) for i in range(axes.t)]

    def init(self, *inputs: Input) -> NetworkState:
        """The start: the start state's unit on, inputs written in the memory's synapses as ±M."""
        axes = self.network.axes
        x = np.zeros(axes.n)
        x[axes.start] = 1.0
        tapes = [
            World(tape, 0, one_way) if self.cells is None else self._write_memory(tape, one_way, self.cells)
            for tape, one_way in zip(inputs_to_tapes(axes, inputs), axes.one_way)
        ]
        return NetworkState(x, 0.0, tuple(tapes))

    def _write_memory(self, tape: Tape, one_way: bool, cells: int) -> Memory:
        require_dense(cells, self.network.axes.k)
        origin = memory_origin(tape, cells, one_way)
        symbols = np.array([tape[j - origin] for j in range(cells)])
        synapses = np.full((self.network.axes.k, cells), -self.network.saturation)
        synapses[symbols, np.arange(cells)] = self.network.saturation
        place = np.zeros(cells)
        place[origin] = 1.0
        return Memory(synapses, place, origin)

    def step(self, state: NetworkState) -> NetworkState:
        """One pass through the schedule."""
        network, axes = self.network, self.network.axes
        reads = [self._read(i, tape) for i, tape in enumerate(state.tapes)]
        psi = state.x[axes.cell_state]
        for i, read in enumerate(reads):
            psi = psi * read.on[axes.cell_read[:, i]]
        drive = network.weights @ np.concatenate([psi, state.x]) + network.bias
        units = rest("units", axes.unit_names, drive)
        tapes: list[Memory | World] = []
        places = []
        for i, tape in enumerate(state.tapes):
            left, right = units.on[axes.left(i)], units.on[axes.left(i) + 1]
            at = slice(axes.risk(i, 0), axes.risk(i, 0) + axes.k)
            if isinstance(tape, World):
                tapes.append(tape.act(left, right, units.on[at], axes.unit_names[at]))
            else:
                synapses = self._plasticity(tape, reads[i].on, units.on[at])
                place = self._move(i, tape.place, left, right)
                places.append(place)
                tapes.append(Memory(synapses, place.on, tape.origin))
        return NetworkState(units.on[: axes.n], float(units.on[axes.n]), tuple(tapes), (*reads, units, *places))

    def _read(self, i: int, tape: Memory | World) -> Population:
        """y = sig(V̂ p), or sig(Ŵ o + ĥʸ) of what the environment shows."""
        if isinstance(tape, World):
            observation = tape.observe(self.network.axes.k)
            drive = self.network.sensory_weights[i] @ observation + self.network.sensory_bias[i]
        else:
            drive = tape.synapses @ tape.place
        return rest("read", self._read_names[i], drive)

    def _plasticity(self, memory: Memory, y: FloatArray, risk: FloatArray) -> FloatArray:
        """V̂′ = clip(β (V̂ + η (1 − 2Γ) ⊙ (2y − 1) pᵀ), −M, M): three-factor, with Γ delayed."""
        network = self.network
        change = network.rate * (1.0 - 2.0 * risk) * (2.0 * y - 1.0)
        grown = network.bistability * (memory.synapses + change[:, None] * memory.place)
        return np.clip(grown, -network.saturation, network.saturation)

    def _move(self, i: int, place: FloatArray, left: float, right: float) -> Population:
        """p′ = sig(g ψᵖ + hᵖ), ψᵖ = p shifted by the movement; on a one-way tape cell 0 keeps a left move."""
        go_left, go_right = left * (1.0 - right), right * (1.0 - left)
        shifted = place * (1.0 - left) * (1.0 - right) + place * left * right
        shifted[1:] += go_right * place[:-1]
        shifted[:-1] += go_left * place[1:]
        if self.network.axes.one_way[i]:
            shifted[0] += go_left * place[0]
        return rest("place", self._place_names[i], self.network.place_weight * shifted + self.network.place_bias)

    def decode(self, state: NetworkState) -> Configuration:
        """The configuration that activities and synapses encode."""
        axes = self.network.axes
        control = decode_one_hot(state.x, axes.unit_names[: axes.n], "state")
        heads, tapes = [], []
        for i, tape in enumerate(state.tapes):
            if isinstance(tape, World):
                if tape.fault is not None:
                    raise tape.fault
                heads.append(tape.head)
                tapes.append(tape.tape)
            else:
                heads.append(decode_place(tape.place, tape.origin, i))
                tapes.append(decode_memory(tape.synapses, tape.origin, i, axes.symbols))
        return Configuration(control, tuple(heads), tuple(tapes))

    def halted(self, state: NetworkState) -> bool:
        """Whether the halt unit is on."""
        return state.halt > THRESHOLD

    def activities(self, state: NetworkState) -> Iterator[tuple[tuple[str, ...], FloatArray]]:
        """Names and activities of the populations of the last step."""
        return ((population.units, population.on) for population in state.populations)

    @classmethod
    def files(cls, data: Network) -> dict[str, bytes]:
        """A header and tensors; see `forms.artifact`."""
        return to_files(data)

    def fast(self, *inputs: Input, max_steps: int | None, progress: Progress | None = None) -> Outcome | None:
        """See `event_network.run`."""
        from .events import only

        engine = self.follow(*inputs)
        return None if engine is None else only(engine.finish(max_steps, progress, watch=True))

    def follow(self, *inputs: Input) -> EventNetwork | None:
        """The event-driven engine, where units that are off are too quiet to matter."""
        if type(self).step is not NetworkForm.step:
            return None  # of a form that steps in its own way
        from .event_network import EventNetwork
        from .events import NoEngine

        try:
            engine = EventNetwork(self.network, [inputs], cells=self.cells)
        except NoEngine:
            return None
        return engine if engine.exact else None
