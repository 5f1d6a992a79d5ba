"""The learner of the universal-machine simulation: one short function an equation, and the step they make up.

The learner sees ten observations a step and holds: a state (which of 10), a tape of 10 one-bit cells, a program
memory of 10 slots with 200 bits each, and a belief about which slot explains what it sees. Its two mental
actions are to read the cell under the head, and to read the program that it believes in; the second sets the
transition matrix of its own state, which is what makes it universal. Numbers in the docstrings ("point 3") are
those of the order of operations within a step. Paired vectors: n probabilities, then n complements.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from ..common import LEAST, Floats, ln8, normalise, pair_softmax, paired, softmax

STATES = 10
TABLE = 2 * STATES * STATES  # bits of one program: successor x predecessor x action
SLOTS = 10
GAIN = 100.0  # sharpness of state inference and of tape writing
RISK = 0.1
WRITE_EVERY = 3  # a step that is a multiple of it writes 1, any other writes 0
TINY = 2.0**-53  # an increment below it leaves a count of 1 or more as it is


class Learner(NamedTuple):
    """Everything the learner carries from one step to the next.

    qs (20,) state; qd (2,) bit read from the tape; qd2 (400,) program read; psis (40,) basis of the state
    transition; psid (10,) belief in each program slot; qc (2, 10) tape; qc2 (400, 10) program counts;
    log_c2 (400, 10) the logarithm of their probabilities, in nats.
    """

    qs: Floats
    qd: Floats
    qd2: Floats
    psis: Floats
    psid: Floats
    qc: Floats
    qc2: Floats
    log_c2: Floats


def log_likelihood() -> Floats:
    """ln A (20, 20), nats: what each observation says of each state; given, not learned.

    Counts 10000 A + 100 with 0.995 on the diagonal and 0.5 elsewhere, so the probabilities are 0.985294 and 0.5.
    """
    a = np.where(np.eye(STATES) > 0, 0.995, 0.5)
    counts = 10000 * np.block([[a, 1 - a], [1 - a, a]]) + 100
    log: Floats = np.log(normalise(counts))
    return log


def start(log_a: Floats, observation: Floats, u: Floats) -> Learner:
    """The learner after step 1. `observation` (10,) of 0 and 1; `u` (10,) uniform draws, the only symmetry breaking."""
    qc = np.repeat([[0.005], [0.995]], STATES, axis=1)
    qc2 = np.ones((2 * TABLE, SLOTS))
    log_c2 = np.log(normalise(qc2))
    psid = softmax(u)
    qs = pair_softmax(log_a.T @ paired(observation))
    qd = pair_softmax(np.log(normalise(qc)) @ qs[:STATES])
    return Learner(qs, qd, pair_softmax(log_c2 @ psid), basis(qs, qd), psid, qc, qc2, log_c2)


@njit(cache=True, nogil=True)
def transition_table(qd2: Floats) -> Floats:
    """Point 1. The program being run as a table b (10, 20) of transition probabilities; a bit that is off means 0.5."""
    return (0.5 + 0.5 * qd2[:TABLE]).reshape(2 * STATES, STATES).T


@njit(cache=True, nogil=True)
def predict_log(b: Floats, psis: Floats) -> Floats:
    """Point 1. ln B psis (20,), nats, with B = [b, 1-b; 1-b, b]: what the past says of each state and complement."""
    hit, miss = ln8(b.T), ln8(1 - b.T)
    forward, backward = psis[: 2 * STATES], psis[2 * STATES :]
    log = np.empty(2 * STATES)
    log[:STATES] = np.dot(forward, hit) + np.dot(backward, miss)
    log[STATES:] = np.dot(forward, miss) + np.dot(backward, hit)
    return log


@njit(cache=True, nogil=True)
def infer_state(log_a: Floats, observation: Floats, prior: Floats) -> Floats:
    """Point 2. State posterior (20,); evidence is weighted 100-fold, so that it all but equals the observation."""
    seen = np.concatenate((observation, 1 - observation))
    return pair_softmax(GAIN * np.dot(log_a.T, seen) + prior)


@njit(cache=True, nogil=True)
def read_tape(log_c: Floats, x: Floats) -> Floats:
    """Point 3. The bit (2,) in the cell under the head; the head stands at the *previous* state x (10,)."""
    return pair_softmax(np.dot(log_c, x))


@njit(cache=True, nogil=True)
def read_program(log_c2: Floats, psid: Floats) -> Floats:
    """Point 4. The 200 bits (400,) of the program that the learner believes it watches."""
    return pair_softmax(np.dot(log_c2, psid))


@njit(cache=True, nogil=True)
def basis(qs: Floats, qd: Floats) -> Floats:
    """Point 5. psis (40,): state and action together, [xq; x(1-q); (1-x)q; (1-x)(1-q)]."""
    x, q = qs[:STATES], qd[0]
    return np.concatenate((x * q, x * (1 - q), (1 - x) * q, (1 - x) * (1 - q)))


@njit(cache=True, nogil=True)
def coincidences(x: Floats, psis: Floats) -> Floats:
    """Point 6. psig (400,): which transition was just seen, x psis' column by column, then (1-x) psis'."""
    before = psis[: 2 * STATES]
    return np.concatenate((np.outer(before, x).ravel(), np.outer(before, 1 - x).ravel()))


@njit(cache=True, nogil=True)
def infer_program(psid: Floats, log_c2: Floats, psig: Floats) -> Floats:
    """Point 7. Belief (10,) in each slot. ln8 bounds the old belief below, and that is what allows switching."""
    return softmax(ln8(psid) + np.dot(psig[:TABLE], log_c2[:TABLE]))


@njit(cache=True, nogil=True)
def write_tape(qc: Floats, x: Floats, t: int) -> Floats:
    """Point 9. The tape (2, 10) with the cell of the previous state set to 1 where t is a multiple of 3, else to 0."""
    row = 0 if t % WRITE_EVERY == 0 else 1
    written = GAIN * qc
    written[row] += GAIN * GAIN * x
    for cell in range(STATES):
        written[:, cell] = pair_softmax(written[:, cell])
    return written


@njit(cache=True, nogil=True)
def write_program(qc2: Floats, log_c2: Floats, risk: Floats, qd2: Floats, psid: Floats) -> tuple[Floats, Floats]:
    """Point 10. Counts qc2 + (Gamma2 qd2) psid', and the logarithm of their probabilities (both (400, 10)).

    An increment is scaled by the probability that the program already gives it: a self-reinforcing rule, not
    plain counting. Rows whose increments are below rounding keep their logarithms.
    """
    counts, log = qc2.copy(), log_c2.copy()
    for i in range(TABLE):
        up, down = risk[i] * qd2[i], risk[TABLE + i] * qd2[TABLE + i]
        if up < TINY and down < TINY:
            continue
        for j in range(SLOTS):
            counts[i, j] += up * psid[j]
            counts[TABLE + i, j] += down * psid[j]
            total = counts[i, j] + counts[TABLE + i, j]
            log[i, j] = np.log(min(max(counts[i, j] / total, LEAST), 1 - LEAST))
            log[TABLE + i, j] = np.log(min(max(counts[TABLE + i, j] / total, LEAST), 1 - LEAST))
    return counts, log


@njit(cache=True, nogil=True)
def predict_state(log_b_psis: Floats) -> Floats:
    """Point 11. The next state (10,), a categorical prediction made with the table of point 1."""
    return softmax(log_b_psis[:STATES])


@njit(cache=True, nogil=True)
def step(learner: Learner, log_a: Floats, observation: Floats, t: int) -> tuple[Learner, Floats]:
    """Step t >= 2: the learner after seeing `observation` (10,), and its prediction (10,) of the state at t + 1."""
    x_before = learner.qs[:STATES]
    b = transition_table(learner.qd2)
    qs = infer_state(log_a, observation, predict_log(b, learner.psis))
    qd = read_tape(np.log(normalise(learner.qc)), x_before)
    qd2 = read_program(learner.log_c2, learner.psid)
    psis = basis(qs, qd)
    psig = coincidences(qs[:STATES], learner.psis)
    psid = infer_program(learner.psid, learner.log_c2, psig)
    qc = write_tape(learner.qc, x_before, t)
    qc2, log_c2 = write_program(learner.qc2, learner.log_c2, RISK * psig, qd2, learner.psid)
    return Learner(qs, qd, qd2, psis, psid, qc, qc2, log_c2), predict_state(predict_log(b, psis))


@njit(cache=True, nogil=True)
def steps(learner: Learner, log_a: Floats, observations: Floats, first: int) -> tuple[Learner, Floats, Floats, Floats]:
    """Steps first, first + 1, ... of one observation (10,) each.

    Returns: the learner, and for each step its prediction of the next state, its tape *before* the write of the
    step (probability that a cell holds 1) and its belief in the slots, each (steps, 10).
    """
    n = observations.shape[0]
    predictions, tapes, beliefs = np.empty((n, STATES)), np.empty((n, STATES)), np.empty((n, SLOTS))
    for k in range(n):
        tapes[k] = normalise(learner.qc)[0]
        learner, predictions[k] = step(learner, log_a, observations[k].astype(np.float64), first + k)
        beliefs[k] = learner.psid
    return learner, predictions, tapes, beliefs
