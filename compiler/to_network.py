"""Machine → network: every rule becomes a few synapses of ±2L nats."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array, csr_array

from triquetra.forms import Gain, Network, axes_of
from triquetra.machines import LEFT, RIGHT, Machine


def to_network(machine: Machine, gain: Gain) -> Network:
    """The canonical network of a machine, with gain L.

    A state keeps itself (+2L from x to x′) unless a rule takes it elsewhere (−2L from ψ to the state that is
    left, +2L to the one that is entered); with the bias −L the drive of every unit is ±L at rest. The halt unit
    is on (+L) unless a rule applies (−2L from every ψ): a halting state is a state without rules. A movement
    unit and the two units of Γ that a write a → b must flip get +2L from the rule's ψ.
    """
    axes = axes_of(machine, [(rule.state, rule.read) for rule in machine.rules], machine.digest)
    strength = 2 * gain.nats
    entries: list[tuple[int, int, float]] = []
    for state in range(axes.n):
        entries.append((state, axes.cells + state, strength))
    for cell, rule in enumerate(machine.rules):
        entries.append((axes.n, cell, -strength))
        if rule.goto != rule.state:
            entries += [(rule.state, cell, -strength), (rule.goto, cell, strength)]
        for tape, (read, write, move) in enumerate(zip(rule.read, rule.write, rule.move)):
            if move == LEFT:
                entries.append((axes.left(tape), cell, strength))
            elif move == RIGHT:
                entries.append((axes.left(tape) + 1, cell, strength))
            if write != read:
                entries += [(axes.risk(tape, read), cell, strength), (axes.risk(tape, write), cell, strength)]
    post, pre, value = (np.array(column) for column in zip(*entries))
    weights = csr_array(coo_array((value.astype(np.float64), (post, pre)), shape=(axes.units, axes.basis)))
    weights.sum_duplicates()  # and sort each unit's columns
    bias = np.full(axes.units, -gain.nats)
    bias[axes.populations["halt"]] = gain.nats
    return Network(
        axes=axes,
        weights=weights,
        bias=bias,
        sensory_weights=np.tile(strength * np.eye(axes.k), (axes.t, 1, 1)),
        sensory_bias=np.full((axes.t, axes.k), -gain.nats),
        place_weight=strength,
        place_bias=-gain.nats,
        saturation=gain.nats,
        rate=4 * gain.nats,
        bistability=2.0,
    )
