"""The adder's agent: one short function an equation, and the step they make up.

It recognises the digit under its attention, reads a memory bit there, and decides by two risks whether that bit is to
be flipped: memory XOR input XOR carry, by *delayed modulation* of the synapse just used. Numbers in the
docstrings ("point 3") are those of the order of operations within a step of the adder simulation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from ..common import LEAST, Bytes, Floats, normalise, pair_softmax
from .world import BITS, STATES

FULL_ADDER = np.array([[1.0, 0, 0, 0], [0, 1, 1, 1]])  # risk matrix: input; majority of input, memory and carry


class Agent(NamedTuple):
    """What the agent carries from one step to the next.

    x (32,): belief in 16 number bits and 16 positions; place (16,): the position expected next; bit (1,): the number
    bit at the position; qd (2,): the memory bit read there; qg (4,): two risks and their complements; qc (2, 16):
    memory, before normalising.
    """

    x: Floats
    place: Floats
    bit: Floats
    qd: Floats
    qg: Floats
    qc: Floats


@njit(cache=True, nogil=True)
def empty_memory() -> Floats:
    """qc (2, 16) at the start and after a reset: every bit 0."""
    qc = np.full((2, BITS), LEAST)
    qc[1] += 1
    return qc


def transition_counts(confidence: float) -> Floats:
    """Starting counts qb (64, 64): c ([I, -I; -I, I] 100 + 101), for c = confidence."""
    i = np.eye(STATES)
    counts: Floats = confidence * (100 * np.block([[i, -i], [-i, i]]) + 101)
    return counts


@njit(cache=True, nogil=True)
def infer_state(evidence: Floats, log_b: Floats, x: Floats) -> Floats:
    """Point 4. State posterior (32,) from evidence (32,), bit against complement, and ln B (64, 64) on the last x."""
    prior = np.dot(log_b, np.concatenate((x, 1 - x)))
    prior[:STATES] += evidence
    return pair_softmax(prior)[:STATES]


@njit(cache=True, nogil=True)
def next_place(x: Floats) -> Floats:
    """Point 5. Position posterior (16,) moved on by one place, cyclically."""
    return np.roll(x[BITS:], 1)


@njit(cache=True, nogil=True)
def read_memory(qc: Floats, place: Floats) -> Floats:
    """Point 5. The memory bit (2,) at the position expected a step ago."""
    return pair_softmax(np.dot(np.log(normalise(qc)), place))


@njit(cache=True, nogil=True)
def attended_bit(x: Floats) -> Floats:
    """Point 6. The number bit at the current position, (1,)."""
    return np.array([np.dot(x[:BITS], x[BITS:])])


@njit(cache=True, nogil=True)
def risk_basis(bit: Floats, before: Agent) -> Floats:
    """Point 6. psig (4,): this bit; the previous step's bit, memory read and second risk (the carry); each less 1/2."""
    psig: Floats = np.array([bit[0], before.bit[0], before.qd[0], before.qg[1]]) - 0.5
    return psig


@njit(cache=True, nogil=True)
def infer_risk(gamma: Floats, psig: Floats) -> Floats:
    """Point 7. Two risks and their complements, (4,), from the risk matrix Gamma (2, 4)."""
    drive = 50 * np.dot(gamma, psig)
    return pair_softmax(np.concatenate((drive, -drive)))


@njit(cache=True, nogil=True)
def write_memory(qc: Floats, qg: Floats, qd: Floats, place: Floats) -> Floats:
    """Point 8. Memory (2, 16) after delayed modulation: the bit read is kept (+2) or flipped (-2), by both risks."""
    written: Floats = qc + 2 * (1 - 2 * qg[1]) * (1 - 2 * qg[0]) * np.outer(qd, place)
    for i in range(BITS):
        least = min(written[0, i], written[1, i])
        for row in range(2):
            written[row, i] = min(written[row, i] - least + LEAST, 1)
    return written


@njit(cache=True, nogil=True)
def start(x: Floats) -> Agent:
    """Step 1, given its state belief x (32,): nothing is risked and nothing written."""
    qc = empty_memory()
    return Agent(x, next_place(x), attended_bit(x), normalise(qc)[:, 0].copy(), np.zeros(4), qc)


@njit(cache=True, nogil=True)
def act(before: Agent, x: Floats, gamma: Floats, reset: bool) -> Agent:
    """Points 1 and 5 to 8 of a step t >= 2, given its state belief x (32,); `reset` empties the memory first."""
    qc = empty_memory() if reset else before.qc
    qd = read_memory(qc, before.place)
    bit = attended_bit(x)
    qg = infer_risk(gamma, risk_basis(bit, before))
    return Agent(x, next_place(x), bit, qd, qg, write_memory(qc, qg, qd, before.place))


@njit(cache=True, nogil=True)
def step(before: Agent, evidence: Floats, log_b: Floats, gamma: Floats, reset: bool) -> Agent:
    """Step t >= 2: the agent after it. `evidence` (32,) includes that of the echo of its last action (point 3)."""
    return act(before, infer_state(evidence, log_b, before.x), gamma, reset)


@njit(cache=True, nogil=True)
def block(
    agent: Agent, first: int, evidence: Floats, echo: Floats, u: Floats, log_b: Floats, gamma: Floats, period: int
) -> tuple[Agent, Floats, Floats, Bytes]:
    """The 16 steps of a block, the first of which is step `first` (at step 1 `agent` is not used).

    Args: evidence (16, 32); echo (2, 32), evidence of an echo 0 and 1; u (16,) uniform draws that decide the
    echo, 1 with probability qd of the step before; period: the memory is emptied at its multiples, in steps.
    Returns: agent; x (16, 32); memory (16, 16), probability of 1 at each step before reset and write; echoes (16,).
    """
    n = evidence.shape[0]
    xs, memory, echoes = np.empty((n, STATES)), np.empty((n, BITS)), np.empty(n, np.uint8)
    for k in range(n):
        t = first + k
        if t == 1:
            agent = start(pair_softmax(np.concatenate((evidence[k], np.zeros(STATES))))[:STATES])
            memory[k] = normalise(agent.qc)[0]
            echoes[k] = 1
        else:
            echoes[k] = 1 if u[k] < agent.qd[0] else 0
            memory[k] = normalise(agent.qc)[0]
            agent = step(agent, evidence[k] + echo[echoes[k]], log_b, gamma, t % period == 0)
        xs[k] = agent.x
    return agent, xs, memory, echoes


@njit(cache=True, nogil=True)
def given(xs: Floats, gamma: Floats, period: int) -> Floats:
    """Memory (T, 16), as `block` gives it, of an agent that is told the states (T, 32) and need not recognise them."""
    memory = np.empty((xs.shape[0], BITS))
    agent = start(xs[0])
    memory[0] = normalise(empty_memory())[0]
    for k in range(1, xs.shape[0]):
        memory[k] = normalise(agent.qc)[0]
        agent = act(agent, xs[k], gamma, (k + 1) % period == 0)
    return memory
