"""POMDP → plain categorical arrays, in the convention of the active-inference libraries (pymdp)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from triquetra.forms import FloatArray, FormError, Pomdp, require
from triquetra.machines import LEFT, RIGHT, STAY, Tape

MOVES = (STAY, LEFT, RIGHT)


@dataclass(frozen=True, eq=False, slots=True)
class Categorical:
    """A one-tape machine as a model with two categorical hidden factors, control state (n) and place (N).

    A (k, N): P(symbol | place), the memory, one factor deep. B: [(n, n, k), (N, N, 3)], P(next | now, action), where
    the actions are the symbol read, and the movement in the order of `MOVES`. D: [(n,), (N,)]. `policy` (3, n, k) and
    `write` (k, n, k): P(movement | state, read) and P(symbol left | state, read). Columns sum to 1.
    """

    A: FloatArray
    B: tuple[FloatArray, FloatArray]
    D: tuple[FloatArray, FloatArray]
    policy: FloatArray
    write: FloatArray


def to_categorical(pomdp: Pomdp, tape: Tape, cells: int, origin: int) -> Categorical:
    """The categorical model of a POMDP with `tape` in a memory of `cells` cells, tape cell 0 at `origin`.

    Pairs become categories by their odds: P(s′) ∝ P(s′ on) / P(s′ off). A movement off the end stays.
    Raises: FormError: the machine has several tapes.
    """
    axes = pomdp.axes
    require(axes.t == 1, "only machines with one tape have a model with two categorical factors")
    n, k, cut = axes.n, axes.k, axes.populations
    on, off = pomdp.transition
    prior = pomdp.prior[0] - pomdp.prior[1]
    odds = (on - off).tocsc()
    transition = np.empty((n, n, k))
    policy, write = np.empty((3, n, k)), np.empty((k, n, k))
    for state in range(n):
        for read in range(k):
            drive = prior + odds[:, [axes.cells + state]].toarray()[:, 0]
            cell = axes.cell_index.get((state, (read,)))
            if cell is not None:
                drive = drive + odds[:, [cell]].toarray()[:, 0]
            transition[:, state, read] = softmax(drive[cut["state"]])
            left, right = drive[cut["move"]]
            policy[:, state, read] = softmax([0.0, left, right])
            symbols = np.where(np.arange(k) == read, 1.0, -1.0) * pomdp_memory(pomdp)
            flips = drive[cut["risk"]] > 0
            write[:, state, read] = softmax(np.where(flips, -symbols, symbols))
    place = np.zeros((cells, cells, 3))
    for index, move in enumerate(MOVES):
        place[np.clip(np.arange(cells) + move, 0, cells - 1), np.arange(cells), index] = 1.0
    symbols_at = np.array([tape[j - origin] for j in range(cells)])
    memory = softmax(np.where(np.arange(k)[:, None] == symbols_at, 1.0, -1.0) * pomdp_memory(pomdp), axis=0)
    if not 0 <= origin < cells:
        raise FormError(f"origin {origin} is outside the {cells} cells")
    start = (np.eye(n)[axes.start], np.eye(cells)[origin])
    return Categorical(memory, (transition, place), start, policy, write)


def pomdp_memory(pomdp: Pomdp) -> float:
    """M in nats: the log-odds of a saturated pair of counts."""
    return float(-np.log(pomdp.count_floor))
