"""A network of our architecture that learns δ by its own local rule, a step at a time."""

from __future__ import annotations

import math

import numpy as np
from scipy.sparse import coo_array, csr_array, hstack

from triquetra.compiler.gain import DEFAULT_TOLERANCE, MAX_GAIN
from triquetra.forms import Axes, FloatArray, Network, axes_of
from triquetra.machines import LEFT, RIGHT, Machine, Rule
from triquetra.theory.beliefs import log_expectation
from triquetra.theory.neurons import activity_term, log_shares, plasticity

Cell = tuple[int, tuple[int, ...]]


class HebbianLearner:
    """Hebbian learning of the synapses from coincidence units ψ to all other units.

    Of `machine` only names and sizes are used. There is a coincidence unit for every cell of δ; one that was never on
    has no synapses yet, so `network` leaves it out. Innate, as in a compiled network with gain L: a control state
    keeps itself and all else is silent but the halt unit, so that a cell never met halts. Learned: K̂ from ψ, by
    `theory.neurons.plasticity`; postsynaptic activity is what was seen to happen. First counts are (ε, ε)
    with ε = e^−2L, the belief that the world is deterministic: after m equal experiences a synapse has
    ln((m + ε)/ε) ≥ 2L nats, which is what the proof asks for.
    `energy`: 𝒜 of each step before it was learned from, activity clamped to what happened, over the synapses of its
    cell; `free_energy`: F of the same step by an agent that counts, (13). Both in nats; they are one number.
    """

    def __init__(self, machine: Machine, *, gain: float | None = None, first_count: float | None = None) -> None:
        self.machine = machine
        n, k, t = len(machine.states), len(machine.symbols), machine.tapes
        self.gain = (
            min(float(math.ceil(math.log(n * (k**t + 1) / DEFAULT_TOLERANCE))), MAX_GAIN) if gain is None else gain
        )
        self.first_load = 2 * (math.exp(-2 * self.gain) if first_count is None else first_count)
        self.strength: dict[Cell, FloatArray] = {}
        self.energy: list[float] = []
        self.free_energy: list[float] = []
        self._load: dict[Cell, FloatArray] = {}
        self._counts: dict[Cell, FloatArray] = {}
        self._units = axes_of(machine, ())

    def observe(self, state: int, read: tuple[int, ...], rule: Rule | None) -> None:
        """One step of experience: the coincidence unit of the cell is on, and other units are as `rule` makes them."""
        cell, post = (state, read), happening(self._units, state, rule)
        nothing = np.zeros_like(post)[None], np.full_like(post, self.first_load)
        known = self.strength[cell][None] if cell in self.strength else nothing[0]
        seen = np.stack([post, 1.0 - post])
        counts = self._counts.get(cell, np.full_like(seen, self.first_load / 2))
        self.energy.append(activity_term(seen, log_shares(known)))
        self.free_energy.append(-float((seen * log_expectation(counts)).sum()))
        strength, self._load[cell] = plasticity(
            known, self._load.get(cell, nothing[1]), seen, nothing, kept=1.0, floor=0.0
        )
        self.strength[cell], self._counts[cell] = strength[0], counts + seen

    def network(self) -> Network:
        """The network as it is now."""
        cells = sorted(self.strength)
        axes, gain = axes_of(self.machine, cells), self.gain
        learned = np.array([self.strength[cell] for cell in cells]).reshape(len(cells), axes.units)
        return innate_network(axes, gain, learned)


def innate_network(axes: Axes, gain: float, learned: FloatArray) -> Network:
    """The network with innate synapses of gain L and `learned` (cells, units) from its coincidence units, in nats."""
    kept = coo_array((np.full(axes.n, 2 * gain), (np.arange(axes.n), np.arange(axes.n))), (axes.units, axes.n))
    weights = csr_array(hstack([csr_array(learned.T), kept]))
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
