"""The adder study: an agent that sees handwritten bits adds 16-bit numbers by delayed modulation of its memory.

Once the digits are recognised the sums are exact from the first block; what is learned over a session is how the
world moves on, err_B. 100 sessions of 2048 steps make the published curves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from .. import energies as energies_
from ..common import (
    Arrays,
    Floats,
    Progress,
    course,
    normalise,
    paired,
    require,
    require_least,
    run_jobs,
    silent,
    stream,
)
from . import agent as agent_
from . import energies
from . import likelihood as likelihood_
from . import world as world_
from .digits import Digits, on_frequencies
from .likelihood import MAX_STEPS, Likelihood
from .world import BITS, QUARTERS, STATES, Session

WATCHED = 16  # blocks of the first session, at whose last step the theory looks
ENERGIES = ("watched_blocks", "energy", "free_energy", "posterior_gap")


@dataclass(frozen=True)
class AdderSettings:
    """`samples` sessions of `blocks` blocks (16 steps each), with streams derived from `seed`."""

    samples: int = 100
    seed: int = 0
    blocks: int = 128

    def __post_init__(self) -> None:
        require_least(self, samples=1, seed=0)
        check_blocks(self.blocks)


def check_blocks(blocks: int) -> None:
    """Raise `InputError` unless a session can have so many blocks: two or more a quarter, since its first shows 0."""
    least, most = 2 * QUARTERS, MAX_STEPS // BITS // QUARTERS * QUARTERS
    require(
        blocks % QUARTERS == 0 and least <= blocks <= most,
        f"blocks = {blocks}; a multiple of {QUARTERS} from {least} to {most} is needed",
    )


def play(
    session: Session,
    digits: Digits,
    likelihood: Likelihood,
    gamma: Floats,
    tick: Callable[[], None] = lambda: None,
    *,
    watched: int = 0,
) -> Arrays:
    """One session, drawn or recorded, of an agent with risk matrix gamma (2, 4), learning as it goes.

    Returns: memory (T, 16), probability that a bit is 1, before the step's reset and write; x (T, 32) state belief;
    b (blocks, 64, 64), the transition probabilities in force in each block; echoes (T,). Where `watched`: 𝒜, F and the
    theory's posterior at the last step of so many blocks, evenly spaced (`energies_.course`), and watched_blocks.
    """
    likelihood = likelihood_.copy(likelihood)
    period = session.blocks // QUARTERS * BITS
    qb = agent_.transition_counts(session.confidence)
    steps = session.blocks * BITS
    x, memory, echoes = np.empty((steps, STATES)), np.empty((steps, BITS)), np.empty(steps, np.uint8)
    b = np.empty((session.blocks, *qb.shape))
    agent = agent_.start(np.zeros(STATES))  # step 1 replaces it
    shown = (
        np.unique(np.linspace(0, session.blocks - 1, watched).astype(np.int64)) if watched else np.zeros(0, np.int64)
    )
    moments = []
    for m in range(session.blocks):
        part = slice(m * BITS, (m + 1) * BITS)
        o = world_.observations(session, digits, m)
        evidence, echo = likelihood_.block_evidence(likelihood, o)
        b[m] = normalise(qb)
        log_b = np.log(b[m])
        cuts = (part.start, part.stop - 1, part.stop) if m in shown else (part.start, part.stop)
        for first, end in pairwise(cuts):
            now, within = slice(first, end), slice(first - part.start, end - part.start)
            before = agent
            agent, x[now], memory[now], echoes[now] = agent_.block(
                agent, first + 1, evidence[within], echo, session.echo[now], log_b, gamma, period
            )
        if m in shown:
            seen = np.append(o[-1], echoes[part.stop - 1])
            recognised = energies.recognition(before, agent, likelihood, seen, log_b)
            decided = energies.memory_and_risk(before, agent, gamma, part.stop % period == 0)
            moments.append(energies_.moment({"state": recognised} | decided))
        likelihood_.learn(likelihood, o, echoes[part], x[part])
        qb = learn_transitions(qb, x[max(m * BITS - 1, 0) : (m + 1) * BITS])
        tick()
    played = {"memory": memory, "x": x, "b": b, "echoes": echoes}
    return played | {"watched_blocks": 1 + shown} | energies_.course(moments) if moments else played


def play_given(session: Session, gamma: Floats) -> Arrays:
    """The same session for an agent that is told the states exactly: `memory`, `x` and `b` as `play` returns them.

    What is left out is recognition alone; where no digit is misread, `play` gives the same to rounding.
    """
    x = world_.states(session).astype(np.float64)
    memory = agent_.given(x, gamma, session.blocks // QUARTERS * BITS)
    qb = agent_.transition_counts(session.confidence)
    b = []
    for m in range(session.blocks):
        b.append(normalise(qb))
        qb = learn_transitions(qb, x[max(m * BITS - 1, 0) : (m + 1) * BITS])
    return {"memory": memory, "x": x, "b": np.array(b)}


def learn_transitions(qb: Floats, x: Floats) -> Floats:
    """Point 9: qb + the sum of qs(t) qs(t-1)' over all neighbouring rows of x (n, 32)."""
    qs = paired(x.T)
    counts: Floats = qb + qs[:, 1:] @ qs[:, :-1].T
    return counts


def true_transitions(session: Session) -> Floats:
    """Btrue (64, 64): normalised pair counts of the true states over the session, step 1 paired with itself."""
    s = paired(world_.states(session).T)
    before = np.hstack([s[:, :1], s[:, :-1]])
    b: Floats = normalise(s @ before.T + 1e-8)
    return b


def memory_errors(session: Session, memory: Floats) -> Arrays:
    """err_sum and err_C (blocks,), taken at each block's last step before its write, and the sums read off there.

    err_sum = |target - estimate| / mean target; err_C = mean squared error over the 16 memory bits.
    """
    target = world_.sums(session)
    last = memory[BITS - 1 :: BITS]
    estimate = last @ 2.0 ** np.arange(BITS)
    return {
        "err_sum": np.abs(target - estimate) / target.mean(),
        "err_C": ((last - world_.bits_of(target)) ** 2).mean(1),
        "estimate": estimate,
        "target": target,
    }


def transition_errors(session: Session, b: Floats) -> Floats:
    """err_B (blocks,): squared error of b (blocks, 64, 64) relative to Btrue."""
    true = true_transitions(session)
    errors: Floats = ((b - true) ** 2).sum((1, 2)) / (true**2).sum()
    return errors


def misread(session: Session, x: Floats) -> Floats:
    """(blocks,): how many of a block's 16 attended bits were taken for the other digit, or at a wrong position."""
    wrong = (x > 0.5) != world_.states(session)
    position = np.tile(np.arange(BITS), session.blocks)
    attended = wrong[np.arange(len(x)), position] | wrong[:, BITS:].any(1)
    count: Floats = attended.reshape(-1, BITS).sum(1).astype(np.float64)
    return count


def run(settings: AdderSettings, digits: Digits, *, workers: int | None = None, progress: Progress = silent) -> Arrays:
    """All sessions: err_sum, err_C, err_B, estimate, target, misread, each (samples, blocks); and an example of what a
    step shows, `shown` (16, 784), with the number in it, `shown_number`. Of the first session energy and free_energy
    (16, 3) of the populations in `energies` at the last step of `watched_blocks`.

    Stream 0 of the seed draws the images that the likelihood was made from; stream 1 + i session i.
    """
    likelihood = likelihood_.start(*on_frequencies(digits, stream(settings.seed, 0)))

    def job(index: int, tick: Callable[[], None]) -> Arrays:
        session = world_.draw(settings.blocks, digits, stream(settings.seed, 1 + index))
        played = play(session, digits, likelihood, agent_.FULL_ADDER, tick, watched=0 if index else WATCHED)
        errors = memory_errors(session, played["memory"])
        seen = {name: played[name] for name in ENERGIES if name in played}
        misread_bits = misread(session, played["x"])
        return errors | {"err_B": transition_errors(session, played["b"]), "misread": misread_bits} | seen

    sessions = run_jobs(job, settings.samples, ticks=settings.blocks, workers=workers, progress=progress)
    example = world_.draw(settings.blocks, digits, stream(settings.seed, 1))
    watched = {name: sessions[0].pop(name) for name in ENERGIES}
    return (
        {name: np.array([session[name] for session in sessions]) for name in sessions[0]}
        | watched
        | {
            "shown": digits.images[example.images[-1]],
            "shown_number": example.numbers[-1],
        }
    )


def summary(settings: AdderSettings, arrays: Arrays) -> dict[str, Any]:
    """How many sums were exact, how many digits misread, the course of err_B; and how far 𝒜 and F, and the theory's
    posterior and the agent's, are ever apart."""
    exact = np.rint(arrays["estimate"]) == arrays["target"]
    return {
        "sums": int(exact.size),
        "exact_sums": int(exact.sum()),
        "misread_bits": int(arrays["misread"].sum()),
        "largest_err_sum": float(arrays["err_sum"].max()),
        "err_C": course(arrays["err_C"]),
        "err_B": course(arrays["err_B"]),
        **energies_.summary(arrays),
    }
