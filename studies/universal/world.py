"""The ten external machines of the universal-machine simulation, and what the learner sees of them.

The world imitates one of ten machines at a time. Each has ten states and a table of its own; they share a tape of
ten one-bit cells, whose head stands at the state. A step reads the cell of the *previous* state, and the bit
read selects the half of the table that drives the next transition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..common import Bytes, Floats, ln8, softmax
from .learner import STATES, WRITE_EVERY

MACHINES = 10
SEGMENTS = 100
SURE = 0.995  # table entry of a successor; every other entry is 0.5


@dataclass(frozen=True)
class ImitationWorld:
    """One run of the world, drawn or recorded; T steps, and step t is entry t - 1.

    tables (10, 10, 20): successor x (predecessor read 1, then predecessor read 0), of each machine;
    contexts (T,): the machine in force; states (T,); observations (T, 10) one-hot; tape (T, 10) after the step's write.
    States and machines count from 0.
    """

    tables: Floats
    contexts: NDArray[np.int64]
    states: NDArray[np.int64]
    observations: Bytes
    tape: Bytes


def machine_table(orders: NDArray[np.int64]) -> Floats:
    """Table (10, 20) of a machine from two orders of the ten states, (2, 10): each state goes to the next in its order.

    The first cycle applies after reading 1, the second after reading 0.
    """
    table = np.full((STATES, 2 * STATES), 0.5)
    for half, order in enumerate(orders):
        table[np.roll(order, -1), half * STATES + order] = SURE
    return table


def transition_probabilities(table: Floats) -> Floats:
    """P(next state | bit read, state) as (2, 10, 10), last axis the next state.

    softmax(ln8([M, 1-M]) v) with v = [sd; s(1-d); (1-s)d; (1-s)(1-d)]: 0.95673 for the successor.
    """
    log_b = ln8(np.hstack([table, 1 - table]))
    p = np.empty((2, STATES, STATES))
    for d in range(2):
        for j, s in enumerate(np.eye(STATES)):
            p[d, j] = softmax(log_b @ np.concatenate([s * d, s * (1 - d), (1 - s) * d, (1 - s) * (1 - d)]))
    return p


def emission_probabilities() -> Floats:
    """P(observation | state) as (10, 10), last axis the observation: right with 0.991, each wrong one 0.001."""
    return 0.99 * np.eye(STATES) + 0.001


def context_sequence(steps: int, orders: NDArray[np.int64], shifts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The machine in force at each step, (steps,): 100 segments with shifted borders.

    Args: orders: ten permutations of the ten machines, (10, 10), concatenated. shifts: (99,), the border of
    segment m = 2..100 lies at (steps / 100)(m - 1) + 1 + shift, each shift within 0.4 of a segment.
    """
    length = steps // SEGMENTS
    borders = np.concatenate([[0], length * np.arange(1, SEGMENTS) + shifts, [steps]])
    return np.repeat(orders.ravel(), np.diff(borders))


@njit(cache=True, nogil=True)
def choose(p: Floats, u: float) -> int:
    """The categorical outcome of probabilities p at the uniform draw u in [0, 1)."""
    total = 0.0
    for i in range(p.size - 1):
        total += p[i]
        if u < total:
            return i
    return int(p.size - 1)


@njit(cache=True, nogil=True)
def step(
    state: int, action: int, tape: Bytes, transition: Floats, emission: Floats, u: Floats, t: int
) -> tuple[int, int, int]:
    """Step t >= 2 of the world: (state, observation, action) from those of step t - 1; writes `tape` (10,) in place.

    Args: transition (2, 10, 10) of the machine in force; u (2,) uniform draws for state and observation.
    """
    new = choose(transition[action, state], u[0])
    seen = choose(emission[new], u[1])
    read = int(tape[state])
    tape[state] = 1 if t % WRITE_EVERY == 0 else 0
    return new, seen, read


@njit(cache=True, nogil=True)
def _run(transitions: Floats, emission: Floats, contexts: NDArray[np.int64], u: Floats) -> Any:
    """All steps: states (T,), observations (T, 10), tape (T, 10). Step 1 draws its state evenly and reads nothing."""
    n = contexts.size
    states, seen, tape = np.empty(n, np.int64), np.zeros((n, STATES), np.uint8), np.zeros((n, STATES), np.uint8)
    cells = np.zeros(STATES, np.uint8)
    state, action = int(u[0, 0] * STATES), 0
    states[0] = state
    seen[0, choose(emission[state], u[0, 1])] = 1
    for k in range(1, n):
        state, observation, action = step(state, action, cells, transitions[contexts[k]], emission, u[k], k + 1)
        states[k], seen[k, observation], tape[k] = state, 1, cells
    return states, seen, tape


def run(tables: Floats, contexts: NDArray[np.int64], u: Floats) -> ImitationWorld:
    """The world's run under given machines (10, 10, 20), contexts (T,) and uniform draws (T, 2)."""
    transitions = np.array([transition_probabilities(table) for table in tables])
    return ImitationWorld(tables, contexts, *_run(transitions, emission_probabilities(), contexts, u))


def draw(steps: int, rng: np.random.Generator) -> ImitationWorld:
    """A world of `steps` steps (a multiple of 100) with machines, contexts and noise from `rng`."""
    tables = np.array([machine_table(np.array([rng.permutation(STATES) for _ in range(2)])) for _ in range(MACHINES)])
    orders = np.array([rng.permutation(MACHINES) for _ in range(SEGMENTS // MACHINES)])
    reach = int(0.4 * (steps // SEGMENTS))
    shifts = rng.integers(-reach, reach, SEGMENTS - 1, endpoint=True)
    return run(tables, context_sequence(steps, orders, shifts), rng.random((steps, 2)))
