"""The universal-machine study: a network watches ten external machines and learns to imitate them.

Programs are stored in synapses, one slot each; which slot fits is inferred. 20 samples of 100,000 steps make the
published curves: four errors at each hundredth of the run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import energies as energies_
from ..common import Arrays, Floats, Progress, course, normalise, require, require_least, run_jobs, silent, stream
from . import energies
from . import learner as learner_
from . import world as world_
from .learner import SLOTS, STATES, TABLE
from .world import MACHINES, ImitationWorld

POINTS = 100  # errors are taken at this many equally spaced steps, each over the window before it


@dataclass(frozen=True)
class UniversalSettings:
    """`samples` independent runs of `steps` steps each, with streams derived from `seed`."""

    samples: int = 20
    seed: int = 0
    steps: int = 100_000

    def __post_init__(self) -> None:
        require_least(self, samples=1, seed=0)
        require(
            self.steps >= 2 * POINTS and self.steps % POINTS == 0,
            f"steps = {self.steps}; a multiple of {POINTS} from {2 * POINTS} on is needed, a window for each point",
        )


@dataclass(frozen=True)
class Trajectory:
    """What a learner made of a world of T steps.

    predictions (T, 10): state expected at each step, one step ahead (0 at steps 1 and 2, which nothing predicts);
    tapes (T, 10): probability that a cell holds 1, before the step's write; beliefs (T, 10) in the slots;
    programs (100, 200, 10): the first half of C2 at each point; energies: 𝒜, F and the theory's posterior at the step
    of each point (`energies.course`).
    """

    predictions: Floats
    tapes: Floats
    beliefs: Floats
    programs: Floats
    energies: Arrays


def watch(observations: NDArray[Any], u: Floats, tick: Callable[[], None] = lambda: None) -> Trajectory:
    """Run a fresh learner on observations (T, 10), drawn or recorded; u (10,) starts its belief.

    Raises: InputError: T is not a multiple of 100 from 200 on.
    """
    n = len(observations)
    require(
        observations.shape == (n, STATES) and n >= 2 * POINTS and n % POINTS == 0,
        f"observations are {observations.shape}; (T, {STATES}) is needed, with T a multiple of {POINTS}, two or more",
    )
    window = n // POINTS
    predictions = np.zeros((n + 1, STATES))
    tapes, beliefs = np.empty((n, STATES)), np.empty((n, SLOTS))
    programs = np.empty((POINTS, TABLE, SLOTS))
    log_a = learner_.log_likelihood()
    learner = learner_.start(log_a, observations[0].astype(np.float64), u)
    tapes[0], beliefs[0] = normalise(learner.qc)[0], learner.psid
    moments = []
    for point in range(POINTS):
        first, last = max(point * window, 1), (point + 1) * window  # step t is entry t - 1
        for start, end in ((first, last - 1), (last - 1, last)):
            before = learner
            learner, *seen = learner_.steps(learner, log_a, observations[start:end], start + 1)
            predictions[start + 1 : end + 1], tapes[start:end], beliefs[start:end] = seen
        moments.append(energies.moment(before, learner, log_a, observations[last - 1].astype(np.float64)))
        programs[point] = normalise(learner.qc2)[:TABLE]
        tick()
    return Trajectory(predictions[:n], tapes, beliefs, programs, energies_.course(moments))


def match_slots(n: int, present: Floats, belief: Floats, squares: Floats, products: Floats) -> NDArray[np.bool_]:
    """W (machine, slot): the slot whose belief correlates best with each machine's presence; two may share one.

    Pearson correlations over the whole run of n steps, in which beliefs of steps not yet made are 0. Args, all sums
    over the run: presence (10,), belief (10,), belief squared (10,), their products (10, 10).
    """
    covariance = products - np.outer(present, belief) / n
    r = covariance / np.sqrt(squares - belief**2 / n)  # the row's own deviation does not change its largest entry
    best: NDArray[np.bool_] = r == r.max(axis=1, keepdims=True)
    return best


def errors(world: ImitationWorld, trajectory: Trajectory) -> Arrays:
    """The four error measures at each of the 100 points, over the window before it.

    err_s (100,) state prediction; err_C (100,) tape (at its floor of 0.05 from the start: the learner's is taken
    before the write and the world's after it, and some observations are wrong); err_psid (100,) program belief;
    err_B (100, 10) program of each machine (12.45 untrained); slots (100, 10) the slot of each machine.
    """
    n = len(world.contexts)
    window = n // POINTS
    present = (world.contexts[:, None] == np.arange(MACHINES)).astype(np.float64)
    state = (world.states[:, None] == np.arange(STATES)).astype(np.float64)
    targets = world.tables.transpose(0, 2, 1).reshape(MACHINES, TABLE)  # column by column
    result: Arrays = {
        "err_s": _windows(((trajectory.predictions - state) ** 2).sum(1)),
        "err_C": _windows(((trajectory.tapes - world.tape) ** 2).mean(1)),
        "err_psid": np.empty(POINTS),
        "err_B": np.empty((POINTS, MACHINES)),
        "slots": np.empty((POINTS, MACHINES), np.uint8),
    }
    belief, squares, products = np.zeros(SLOTS), np.zeros(SLOTS), np.zeros((MACHINES, SLOTS))
    for point in range(POINTS):
        part = slice(point * window, (point + 1) * window)
        seen = trajectory.beliefs[part]
        belief, squares, products = belief + seen.sum(0), squares + (seen**2).sum(0), products + present[part].T @ seen
        w = match_slots(n, present.sum(0), belief, squares, products)
        slot = w.argmax(1)
        result["err_psid"][point] = ((seen @ w.T - present[part]) ** 2).sum(1).mean()
        result["err_B"][point] = ((0.5 + 0.5 * trajectory.programs[point][:, slot].T - targets) ** 2).sum(1)
        result["slots"][point] = slot
    return result


def _windows(values: Floats) -> Floats:
    """Mean of (T,) values over each of the 100 windows."""
    means: Floats = values.reshape(POINTS, -1).mean(1)
    return means


def run_sample(settings: UniversalSettings, index: int, tick: Callable[[], None] = lambda: None) -> Arrays:
    """One sample: its errors, and what the figure shows of it (machines in force and beliefs, tables and programs)."""
    rng = stream(settings.seed, index)
    world = world_.draw(settings.steps, rng)
    trajectory = watch(world.observations, rng.random(SLOTS), tick)
    return (
        errors(world, trajectory)
        | trajectory.energies
        | {
            "tables": world.tables,
            "programs": 0.5 + 0.5 * trajectory.programs[-1].reshape(2 * STATES, STATES, SLOTS).transpose(2, 1, 0),
            "contexts": world.contexts[:: settings.steps // 1000 or 1].astype(np.uint8),
            "beliefs": trajectory.beliefs[:: settings.steps // 1000 or 1],
        }
    )


def run(settings: UniversalSettings, *, workers: int | None = None, progress: Progress = silent) -> Arrays:
    """All samples: every array of `run_sample` with a leading axis of samples.

    tables (samples, 10, 10, 20) of the machines and programs (samples, 10, 10, 20) of the slots at the end, in the
    same layout; contexts (samples, 1000) and beliefs (samples, 1000, 10) at about every thousandth of the run;
    energy and free_energy (samples, 100, 4) of the four populations of `energies`.
    """
    samples = run_jobs(
        lambda index, tick: run_sample(settings, index, tick),
        settings.samples,
        ticks=POINTS,
        workers=workers,
        progress=progress,
    )
    return {name: np.array([sample[name] for sample in samples]) for name in samples[0]}


def summary(settings: UniversalSettings, arrays: Arrays) -> dict[str, Any]:
    """First and last value of each error, mean over samples, and the spread (standard deviation) of the last; and how
    far 𝒜 and F, and the theory's posterior and the learner's, are ever apart."""
    errors = {name: course(curves(arrays, name)) for name in ("err_s", "err_C", "err_psid", "err_B")}
    return errors | energies_.summary(arrays)


def curves(arrays: Arrays, name: str) -> Floats:
    """An error as curves (samples, 100); err_B is averaged over the machines."""
    error = arrays[name]
    averaged: Floats = error.mean(2) if error.ndim == 3 else error
    return averaged
