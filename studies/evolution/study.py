"""The evolution study: of 256 risk matrices, natural selection finds the one that makes an adder.

Each of 100 individuals a generation plays one adder session of its own; after 40 generations the full adder
(number 170) holds most of the population. Only this full size finds it reliably.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from triquetra.machines import InputError

from .. import energies as energies_
from ..adder import agent as agent_
from ..adder import likelihood as likelihood_
from ..adder import study as adder
from ..adder import world as world_
from ..adder.digits import Digits, on_frequencies
from ..adder.energies import memory_and_risk
from ..adder.likelihood import Likelihood
from ..adder.world import BITS, QUARTERS, Session
from ..common import Arrays, Floats, Progress, part_of, require_least, run_jobs, silent, stream
from . import selection
from .selection import FULL_ADDER_ID, GENOTYPES

SHOWN_GENERATIONS = 6
SHOWN_STEPS = (32, 48)


@dataclass(frozen=True)
class EvolutionSettings:
    """`samples` independent evolutions of `generations` generations of `individuals` individuals.

    An individual plays one session of `blocks` blocks. `given`: it is told the states exactly and recognises nothing
    (quick; the same to rounding where no digit would be misread). `landscape`: sessions that every genotype
    plays to measure its mean cost.
    """

    samples: int = 1
    seed: int = 0
    blocks: int = 128
    individuals: int = 100
    generations: int = 40
    landscape: int = 4
    given: bool = False

    def __post_init__(self) -> None:
        require_least(self, samples=1, seed=0, individuals=1, generations=1, landscape=1)
        adder.check_blocks(self.blocks)


@dataclass(frozen=True)
class Environment:
    """What all individuals share: how they see (None: they are told), and the length of a session."""

    digits: Digits | None
    likelihood: Likelihood | None
    blocks: int


def environment(settings: EvolutionSettings, digits: Digits | None) -> Environment:
    """The environment of a study; `digits` are not used where states are given."""
    if settings.given:
        return Environment(None, None, settings.blocks)
    if digits is None:
        raise InputError("without digits an individual must be given the states")
    likelihood = likelihood_.start(*on_frequencies(digits, stream(settings.seed, 0)))
    return Environment(digits, likelihood, settings.blocks)


def live(number: int, session: Session, environment: Environment) -> Arrays:
    """One individual's life: the costs of genotype `number` (1..256) on one session.

    Returns scalars: err_xi, what selection sees; err_xi2, the sum of err_sum; last_B and last_C, means over the
    last quarter.
    """
    gamma = selection.risk_matrix(number)
    if environment.digits is None or environment.likelihood is None:
        played = adder.play_given(session, gamma)
    else:
        played = adder.play(session, environment.digits, environment.likelihood, gamma)
    errors = adder.memory_errors(session, played["memory"])
    last = slice(-(session.blocks // QUARTERS), None)
    target = np.repeat(world_.bits_of(errors["target"]), BITS, axis=0)
    return {
        "err_xi": np.array(selection.cost(errors["err_C"], played["memory"], target)),
        "err_xi2": errors["err_sum"].sum(),
        "last_B": adder.transition_errors(session, played["b"])[last].mean(),
        "last_C": errors["err_C"][last].mean(),
    }


def landscape(settings: EvolutionSettings, env: Environment, workers: int | None, progress: Progress) -> Floats:
    """Mean err_xi (256,) of every genotype over the same few sessions."""
    rngs = [stream(settings.seed, 0, 1 + k) for k in range(settings.landscape)]
    sessions = [world_.draw(settings.blocks, env.digits, rng) for rng in rngs]

    def job(index: int, tick: Callable[[], None]) -> float:
        costs = []
        for session in sessions:
            costs.append(float(live(index + 1, session, env)["err_xi"]))
            tick()
        return float(np.mean(costs))

    return np.array(run_jobs(job, GENOTYPES, ticks=len(sessions), workers=workers, progress=progress))


def evolve(
    settings: EvolutionSettings, index: int, env: Environment, workers: int | None, progress: Progress
) -> Arrays:
    """One evolution: p (generations + 1, 256), genotypes (generations, individuals), and the costs of `live` likewise.

    Stream (1 + index, g) draws the genotypes of generation g (from 0), stream (1 + index, g, i) individual i's session.
    """
    p = np.full(GENOTYPES, 1 / GENOTYPES)
    history, chosen, costs = [p], [], []
    for g in range(settings.generations):
        numbers = 1 + stream(settings.seed, 1 + index, g).choice(GENOTYPES, settings.individuals, p=p)

        def job(i: int, tick: Callable[[], None], g: int = g, numbers: Any = numbers) -> Arrays:
            session = world_.draw(settings.blocks, env.digits, stream(settings.seed, 1 + index, g, i))
            lived = live(int(numbers[i]), session, env)
            tick()
            return lived

        shown = part_of(progress, g * settings.individuals, settings.generations * settings.individuals)
        lives = run_jobs(job, settings.individuals, workers=workers, progress=shown)
        costs.append({name: np.array([one[name] for one in lives]) for name in lives[0]})
        p = selection.next_generation(p, numbers, costs[-1]["err_xi"])
        history.append(p)
        chosen.append(numbers)
    arrays: Arrays = {"p": np.array(history), "genotypes": np.array(chosen)}
    return arrays | {name: np.array([one[name] for one in costs]) for name in costs[0]}


def replay(settings: EvolutionSettings, index: int, evolved: Arrays) -> Arrays:
    """The best adder of each of the first six generations (lowest err_xi2) on one shared session, states given.

    Returns: shown_genotypes (k,); shown_memory (k, 2, 16), its memory after steps 32 and 48; shown_target (2, 16);
    and of the last of them, at steps 2 to 49, energy and free_energy (48, 2) of `memory read` and `risk`.
    """
    session = world_.draw(128, None, stream(settings.seed, 1 + index))
    x = world_.states(session)[: SHOWN_STEPS[-1] + 1].astype(np.float64)
    best = evolved["err_xi2"][:SHOWN_GENERATIONS].argmin(1)
    numbers = evolved["genotypes"][np.arange(len(best)), best]
    steps = list(SHOWN_STEPS)  # the memory after step t is the one before the write of step t + 1
    period = len(world_.states(session))
    last = selection.risk_matrix(int(numbers[-1]))
    return energies_of(x, last) | {
        "shown_genotypes": numbers,
        "shown_memory": np.array([agent_.given(x, selection.risk_matrix(int(n)), period)[steps] for n in numbers]),
        "shown_target": world_.bits_of(world_.sums(session))[[t // BITS - 1 for t in steps]],
    }


def energies_of(x: Floats, gamma: Floats) -> Arrays:
    """𝒜, F and the theory's posterior of an individual that is told the states (T, 32), at steps 2 to T."""
    agent = agent_.start(x[0])
    moments = []
    for told in x[1:]:
        before, agent = agent, agent_.act(agent, told, gamma, False)
        moments.append(energies_.moment(memory_and_risk(before, agent, gamma, False)))
    return energies_.course(moments)


def run(
    settings: EvolutionSettings,
    digits: Digits | None = None,
    *,
    workers: int | None = None,
    progress: Progress = silent,
) -> Arrays:
    """All evolutions, every array of `evolve` and `replay` with a leading axis of samples, and landscape (256,)."""
    env = environment(settings, digits)
    lives = settings.generations * settings.individuals
    measured = GENOTYPES * settings.landscape
    total = measured + settings.samples * lives
    costs = landscape(settings, env, workers, part_of(progress, 0, total))
    samples = []
    for index in range(settings.samples):
        evolved = evolve(settings, index, env, workers, part_of(progress, measured + index * lives, total))
        samples.append(evolved | replay(settings, index, evolved))
    return {"landscape": costs} | {name: np.array([sample[name] for sample in samples]) for name in samples[0]}


def summary(settings: EvolutionSettings, arrays: Arrays) -> dict[str, Any]:
    """Who won each evolution, its share at the end, and where the full adder stands in the landscape; and how far 𝒜
    and F, and the theory's posterior and the individual's, are ever apart."""
    end, costs = arrays["p"][:, -1], arrays["landscape"]
    winners = 1 + end.argmax(1)
    return {
        "winners": [int(number) for number in winners],
        "winner_shares": [float(share) for share in end.max(1)],
        "full_adder_wins": int((winners == FULL_ADDER_ID).sum()),
        "lowest_cost_genotype": int(1 + costs.argmin()),
        "full_adder_cost": float(costs[FULL_ADDER_ID - 1]),
        "second_lowest_cost": float(np.sort(costs)[1]),
        **energies_.summary(arrays),
    }
