"""The Bayesian form: posterior expectations that minimise variational free energy, in paired log-probabilities.

Beliefs are Bernoulli pairs; memory is counts. Nothing here knows a transition table or a synaptic weight.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from triquetra.forms import FloatArray, Pomdp, to_files
from triquetra.machines import Configuration, Input, Outcome, Tape, inputs_to_tapes

from .protocol import MachineForm, Progress
from .world import THRESHOLD, World, decode_memory, decode_one_hot, decode_place, memory_origin, require_dense

ON, OFF = 0, 1

if TYPE_CHECKING:
    from .event_pomdp import EventPomdp


@dataclass(frozen=True, eq=False, slots=True)
class Belief:
    """A factor's posterior Q: pairs `q` (2, …), and the expected log joint (2, …) that it was inferred from."""

    name: str
    units: tuple[str, ...]
    q: FloatArray
    log_joint: FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class Counts:
    """A tape as preference memory C: Beta counts (2, k, N), belief about place (2, N), column of tape cell 0."""

    counts: FloatArray
    place: FloatArray
    origin: int


@dataclass(frozen=True, eq=False, slots=True)
class PomdpState:
    """Beliefs about control state (2, n) and halt (2,), and one memory or external tape for each tape."""

    state: FloatArray
    halt: FloatArray
    tapes: tuple[Counts | World, ...]
    beliefs: tuple[Belief, ...] = ()


def infer(name: str, units: tuple[str, ...], log_joint: FloatArray) -> Belief:
    """Q ∝ exp(E[ln P]), normalised in each pair: the minimum of F = E_Q[ln Q − ln P]."""
    evidence = np.logaddexp(log_joint[ON], log_joint[OFF])
    return Belief(name, units, np.exp(log_joint - evidence), log_joint)


class PomdpForm(MachineForm[PomdpState]):
    """Executes a `Pomdp` by inference; with `cells` memory is counts over N places, without it external."""

    kind = "pomdp"
    executes = Pomdp

    def __init__(self, pomdp: Pomdp, cells: int | None = None) -> None:
        self.name = self.kind if cells is None else f"{self.kind}[{cells}]"
        self.pomdp = pomdp
        self.cells = cells
        self._prior = pomdp.prior
        axes = pomdp.axes
        self.verdicts = axes.verdicts
        self._read_names = [axes.read_names(i) for i in range(axes.t)]

    @cached_property
    def _place_names(self) -> list[tuple[str, ...]]:
        axes = self.pomdp.axes
        return [axes.place_names(i, self.cells or 0) for i in range(axes.t)]

    def init(self, *inputs: Input) -> PomdpState:
        """Certain beliefs about where the agent starts; inputs in the counts."""
        axes = self.pomdp.axes
        state = np.zeros((2, axes.n))
        state[OFF] = 1.0
        state[:, axes.start] = 1.0, 0.0
        tapes = [
            World(tape, 0, one_way) if self.cells is None else self._count(tape, one_way, self.cells)
            for tape, one_way in zip(inputs_to_tapes(axes, inputs), axes.one_way)
        ]
        return PomdpState(state, np.array([0.0, 1.0]), tuple(tapes))

    def _count(self, tape: Tape, one_way: bool, cells: int) -> Counts:
        require_dense(cells, self.pomdp.axes.k)
        origin = memory_origin(tape, cells, one_way)
        counts = np.empty((2, self.pomdp.axes.k, cells))
        counts[ON], counts[OFF] = self.pomdp.count_floor, 1.0
        for j in range(cells):
            counts[:, tape[j - origin], j] = 1.0, self.pomdp.count_floor
        place = np.zeros((2, cells))
        place[OFF] = 1.0
        place[:, origin] = 1.0, 0.0
        return Counts(counts, place, origin)

    def step(self, state: PomdpState) -> PomdpState:
        """One round: read, infer state and action, learn the memory, infer the place."""
        axes = self.pomdp.axes
        reads = [self._infer_read(i, tape) for i, tape in enumerate(state.tapes)]
        basis = self._basis(state, reads)
        log_joint = np.stack([b @ basis for b in self.pomdp.transition]) + self._prior
        belief = infer("units", axes.unit_names, log_joint)
        tapes: list[Counts | World] = []
        places = []
        for i, tape in enumerate(state.tapes):
            left = belief.q[:, axes.left(i)]
            right = belief.q[:, axes.left(i) + 1]
            at = slice(axes.risk(i, 0), axes.risk(i, 0) + axes.k)
            risk = belief.q[ON, at]
            if isinstance(tape, World):
                tapes.append(tape.act(left[ON], right[ON], risk, axes.unit_names[at]))
            else:
                counts = self._learn(tape, reads[i].q, risk)
                place = self._infer_place(i, tape.place[ON], left, right)
                places.append(place)
                tapes.append(Counts(counts, place.q, tape.origin))
        return PomdpState(belief.q[:, : axes.n], belief.q[:, axes.n], tuple(tapes), (*reads, belief, *places))

    def _infer_read(self, i: int, tape: Counts | World) -> Belief:
        """The symbol read: from the likelihood A and prior E of an observation, or from ln C at the place."""
        if isinstance(tape, World):
            observation = tape.observe(self.pomdp.axes.k)
            log_joint = observation @ self.pomdp.likelihood[:, i] + self.pomdp.read_prior[:, i]
        else:
            log_joint = np.log(tape.counts / tape.counts.sum(axis=0)) @ tape.place[ON]
        return infer("read", self._read_names[i], log_joint)

    def _basis(self, state: PomdpState, reads: list[Belief]) -> FloatArray:
        """(R + n): joint expectations of control state and symbols read, then the control states."""
        axes = self.pomdp.axes
        control = state.state[ON]
        joint = control[axes.cell_state]
        for i, read in enumerate(reads):
            joint = joint * read.q[ON, axes.cell_read[:, i]]
        return np.concatenate([joint, control])

    def _learn(self, memory: Counts, read: FloatArray, risk: FloatArray) -> FloatArray:
        """Counts grow by (1 − 2Γ) ⊙ (y; ȳ) pᵀ; a pair keeps its difference, stretched by β, in [floor, 1]."""
        signed = self.pomdp.count_rate * (1.0 - 2.0 * risk) * read
        counts = memory.counts + signed[:, :, None] * memory.place[ON]
        counts = self.pomdp.bistability * (counts - counts.min(axis=0)) + self.pomdp.count_floor
        return np.asarray(np.minimum(counts, 1.0))

    def _infer_place(self, i: int, place: FloatArray, left: FloatArray, right: FloatArray) -> Belief:
        """The place after the movement: transition B on the shifted belief, prior D."""
        go_left, go_right = left[ON] * right[OFF], right[ON] * left[OFF]
        stay = left[OFF] * right[OFF] + left[ON] * right[ON]
        moved = stay * place
        moved[1:] += go_right * place[:-1]
        moved[:-1] += go_left * place[1:]
        if self.pomdp.axes.one_way[i]:
            moved[0] += go_left * place[0]
        log_joint = self.pomdp.place_transition[:, None] * moved + self.pomdp.place_prior[:, None]
        return infer("place", self._place_names[i], log_joint)

    def decode(self, state: PomdpState) -> Configuration:
        """The most probable configuration."""
        axes = self.pomdp.axes
        control = decode_one_hot(state.state[ON], axes.unit_names[: axes.n], "state")
        heads, tapes = [], []
        for i, tape in enumerate(state.tapes):
            if isinstance(tape, World):
                if tape.fault is not None:
                    raise tape.fault
                heads.append(tape.head)
                tapes.append(tape.tape)
            else:
                heads.append(decode_place(tape.place[ON], tape.origin, i))
                tapes.append(decode_memory(tape.counts[ON] - tape.counts[OFF], tape.origin, i, axes.symbols))
        return Configuration(control, tuple(heads), tuple(tapes))

    def halted(self, state: PomdpState) -> bool:
        """Whether the agent believes that no rule applied."""
        return bool(state.halt[ON] > THRESHOLD)

    def activities(self, state: PomdpState) -> Iterator[tuple[tuple[str, ...], FloatArray]]:
        """Names and posterior expectations of the factors of the last step."""
        return ((belief.units, belief.q[ON]) for belief in state.beliefs)

    @classmethod
    def files(cls, data: Pomdp) -> dict[str, bytes]:
        """A header and tensors; see `forms.artifact`."""
        return to_files(data)

    def fast(self, *inputs: Input, max_steps: int | None, progress: Progress | None = None) -> Outcome | None:
        """See `event_pomdp.run`."""
        from .events import only

        engine = self.follow(*inputs)
        return None if engine is None else only(engine.finish(max_steps, progress, watch=True))

    def follow(self, *inputs: Input) -> EventPomdp | None:
        """The event-driven engine, where units that are off are too quiet to matter."""
        if type(self).step is not PomdpForm.step:
            return None  # of a form that steps in its own way
        from .event_pomdp import EventPomdp
        from .events import NoEngine

        try:
            engine = EventPomdp(self.pomdp, [inputs], cells=self.cells)
        except NoEngine:
            return None
        return engine if engine.exact else None
