"""A network of our architecture that learns δ by its own local rule, a step at a time."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
from scipy.sparse import coo_array, csr_array, hstack

from triquetra.compiler.gain import DEFAULT_TOLERANCE, MAX_GAIN
from triquetra.forms import Axes, FloatArray, Network
from triquetra.machines import LEFT, RIGHT, InputError, Machine, Rule
from triquetra.runtime.canonical_network import plasticity

SYNAPSE_LIMIT = 50_000_000


def untaught(machine: Machine) -> Axes:
    """Axes with a coincidence unit for every cell of δ, visited or not; only names and sizes of `machine` are used.

    Raises: InputError: that would be more than fifty million synapses.
    """
    n, k, t = len(machine.states), len(machine.symbols), machine.tapes
    synapses = n * k**t * (n + 1 + t * (2 + k))
    if synapses > SYNAPSE_LIMIT:
        raise InputError(
            f"a network that learns `{machine.name}` would need {synapses:,} synapses; most is {SYNAPSE_LIMIT:,}"
        )
    cells = list(product(range(n), product(range(k), repeat=t)))
    return Axes(
        name=machine.name,
        machine="",
        states=machine.states,
        symbols=machine.symbols,
        verdicts=machine.verdicts,
        start=machine.start,
        one_way=machine.one_way,
        input_symbols=machine.input_symbols,
        cell_state=np.array([state for state, _ in cells], dtype=np.int64),
        cell_read=np.array([read for _, read in cells], dtype=np.int64),
    )


class Learner:
    """Hebbian learning of the synapses from coincidence units ψ to all other units.

    Innate, as in a compiled network with gain L: a control state keeps itself and all else is silent but the halt
    unit, so that a cell never met halts. Learned: K̂ from ψ, by `runtime.canonical_network.plasticity`; the post
    activity is what was seen to happen. First counts are (ε, ε) with ε = e^−2L, the belief that the world is
    deterministic: after m equal experiences a synapse has ln((m + ε)/ε) ≥ 2L nats, which is what the proof asks for.
    """

    def __init__(self, axes: Axes, *, gain: float | None = None, first_count: float | None = None) -> None:
        heard = axes.cells + axes.n
        self.axes = axes
        self.gain = min(float(math.ceil(math.log(heard / DEFAULT_TOLERANCE))), MAX_GAIN) if gain is None else gain
        self.first_load = 2 * (math.exp(-2 * self.gain) if first_count is None else first_count)
        self.strength = np.zeros((axes.cells, axes.units))
        self.load = np.full((axes.cells, axes.units), self.first_load)

    @property
    def visited(self) -> int:
        """Number of cells that were met."""
        return int((self.load[:, 0] > self.first_load).sum())

    def observe(self, state: int, read: tuple[int, ...], rule: Rule | None) -> None:
        """One step of experience: the coincidence unit of the cell is on, and other units are as `rule` makes them."""
        self.learn(self.axes.cell_index[state, read], happening(self.axes, state, rule))

    def learn(self, cell: int, post: FloatArray) -> None:
        """Plasticity of the synapses of one coincidence unit, with postsynaptic activity (units,)."""
        first = np.zeros_like(post), np.full_like(post, self.first_load)
        self.strength[cell], self.load[cell] = plasticity(
            self.strength[cell], self.load[cell], (post, 1.0 - post), first, kept=1.0, floor=0.0
        )

    def consolidate(self) -> None:
        """The synapse's own bistability, as the memory has it: what leans to one side goes there, to ±2L."""
        self.strength = 2 * self.gain * np.sign(self.strength)

    def network(self) -> Network:
        """The network as it is now."""
        axes, gain = self.axes, self.gain
        kept = coo_array((np.full(axes.n, 2 * gain), (np.arange(axes.n), np.arange(axes.n))), (axes.units, axes.n))
        weights = csr_array(hstack([csr_array(self.strength.T), kept]))
        weights.sort_indices()
        bias = np.full(axes.units, -gain)
        bias[axes.n] = gain
        return Network(
            axes=axes,
            weights=weights,
            bias=bias,
            sensory_weights=np.tile(2 * gain * np.eye(axes.k), (axes.t, 1, 1)),
            sensory_bias=np.full((axes.t, axes.k), -gain),
            place_weight=2 * gain,
            place_bias=-gain,
            saturation=gain,
            rate=4 * gain,
            bistability=2.0,
        )


def happening(axes: Axes, state: int, rule: Rule | None) -> FloatArray:
    """(units,): what is on after a step: the next state, halt, movements, and Γ of the symbols that a write flips."""
    on = np.zeros(axes.units)
    if rule is None:
        on[[state, axes.n]] = 1.0
        return on
    on[rule.goto] = 1.0
    for tape, (read, write, move) in enumerate(zip(rule.read, rule.write, rule.move)):
        if move == LEFT:
            on[axes.left(tape)] = 1.0
        elif move == RIGHT:
            on[axes.left(tape) + 1] = 1.0
        if write != read:
            on[[axes.risk(tape, read), axes.risk(tape, write)]] = 1.0
    return on
