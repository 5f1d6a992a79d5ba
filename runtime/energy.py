"""One energy of a machine's run, computed twice: 𝒜 of the network's activity and F of the agent's posterior, in nats.

𝒜 = Σ (x; x̄)·{ ln(x; x̄) − (drive of "on"; drive of "off") }, summed over the populations of one step, with each
weight difference split evenly, W1 = Ŵ/2 and W0 = −Ŵ/2 (docs/theory.md). F = E_Q[ln Q − ln P] has normalised
parameters ln P. Both have one minimum; they differ by what the normalisation of P costs, which does not depend
on the activity that is minimised: 𝒜 − F = `normalisation`. Models in general: `triquetra.theory`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import xlogy

from triquetra.forms import Axes, FloatArray, Network, Pomdp
from triquetra.machines import Input, InputError

from .network import NetworkForm, NetworkState, Population
from .pomdp import OFF, ON, Belief, PomdpForm, PomdpState
from .protocol import LeftMemory, Undecodable


def activity_energy(population: Population) -> FloatArray:
    """𝒜 of each unit of a population at its activity (units,), in nats."""
    return activity_energy_at(population.on, population.off, population.drive)


def activity_energy_at(on: FloatArray, off: FloatArray, drive: FloatArray) -> FloatArray:
    """x (ln x − d/2) + x̄ (ln x̄ + d/2): the term of 𝒜 at any activity x, with x̄ = 1 − x."""
    return np.asarray(xlogy(on, on) + xlogy(off, off) - (on - off) * drive / 2)


def activity_gradient(population: Population) -> FloatArray:
    """∂𝒜/∂x = sig⁻¹(x) − drive (units,): zero at rest."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(population.on) - np.log(population.off) - population.drive)


def network_energy(state: NetworkState) -> float:
    """𝒜 of the step that led to `state`, in nats."""
    return float(sum(activity_energy(population).sum() for population in state.populations))


def belief_free_energy(belief: Belief) -> FloatArray:
    """F of each pair of a factor (units,): Σ q (ln q − E[ln P]), in nats."""
    q = belief.q
    return np.asarray(xlogy(q, q).sum(axis=0) - (q * belief.log_joint).sum(axis=0))


def free_energy(state: PomdpState) -> float:
    """F of the step that led to `state`, in nats."""
    return float(sum(belief_free_energy(belief).sum() for belief in state.beliefs))


def belief_normalisation(belief: Belief) -> FloatArray:
    """𝒜 − F of each pair of a factor (units,): ½ (E[ln P] + E[ln(1 − P)]), in nats.

    It depends on what is presynaptic in the step, not on the activity that minimises.
    """
    return np.asarray((belief.log_joint[ON] + belief.log_joint[OFF]) / 2)


def normalisation(state: PomdpState) -> float:
    """The constant 𝒜 − F of a step, over all pairs, in nats."""
    return float(sum(belief_normalisation(belief).sum() for belief in state.beliefs))


@dataclass(frozen=True, eq=False)
class EnergyTrace:
    """𝒜 and F along a machine's run: T steps, P populations.

    `network` and `agent` (T, P): 𝒜 and F, in nats; `constant` (T, P): 𝒜 − F as stated, what normalising the priors
    costs. `ended`: `halted`, `step limit`, `left the memory`, or what encodes no configuration any more.
    """

    populations: tuple[str, ...]
    network: FloatArray
    agent: FloatArray
    constant: FloatArray
    ended: str

    @property
    def steps(self) -> int:
        """T: evaluations of all units; a machine that halts after n steps makes n + 1, in the last no rule applies."""
        return len(self.network)

    @property
    def gap(self) -> FloatArray:
        """(T,): 𝒜 − F − constant: 0 but for rounding."""
        return np.asarray((self.network - self.agent - self.constant).sum(axis=1))

    @property
    def largest_gap(self) -> float:
        """The largest |𝒜 − F − constant| of a step, in nats."""
        return float(np.abs(self.gap).max(initial=0.0))


def trace_energies(
    network: Network,
    pomdp: Pomdp,
    *inputs: Input,
    cells: int | None = None,
    max_steps: int = 1000,
    progress: Callable[[int], None] | None = None,
) -> EnergyTrace:
    """Run a network and its POMDP side by side, unit by unit, and note 𝒜 and F of every step and population.

    The run ends when one of them halts, encodes no configuration any more, or has made `max_steps` steps.
    Raises: InputError: the two are of different machines, or an input does not fit.
    """
    names = _population_names(network.axes, cells is not None)
    if _population_names(pomdp.axes, cells is not None) != names or pomdp.axes.unit_names != network.axes.unit_names:
        raise InputError(f"{network} and {pomdp} are not forms of one machine: they have other units")
    neural, bayes = NetworkForm(network, cells), PomdpForm(pomdp, cells)
    activity, posterior = neural.init(*inputs), bayes.init(*inputs)
    rows: list[tuple[list[float], list[float], list[float]]] = []
    ended = "step limit"
    # A machine is seen to halt in the step after its last, in which no rule applies.
    while len(rows) <= max_steps:
        activity, posterior = neural.step(activity), bayes.step(posterior)
        rows.append(_row(network.axes, activity, posterior))
        if progress is not None:
            progress(len(rows))
        halted = neural.halted(activity), bayes.halted(posterior)
        try:
            neural.decode(activity)
            bayes.decode(posterior)
        except LeftMemory:
            ended = "left the memory"
        except Undecodable as error:
            ended = str(error)
        if any(halted):
            ended = "halted" if all(halted) else "one form halted and the other did not"
        if ended != "step limit":
            break
    else:
        rows.pop()  # made only to see whether the machine had halted
    a, f, c = (np.array([row[i] for row in rows]).reshape(len(rows), len(names)) for i in range(3))
    return EnergyTrace(names, a, f, c, ended)


def _population_names(axes: Axes, synaptic: bool) -> tuple[str, ...]:
    """Names of the populations of a step, in the order of the schedule."""
    tapes = [axes.suffix(i) for i in range(axes.t)]
    places = [f"place{suffix}" for suffix in tapes] if synaptic else []
    return (*(f"read{suffix}" for suffix in tapes), *axes.populations, *places)


def _row(axes: Axes, activity: NetworkState, posterior: PomdpState) -> tuple[list[float], list[float], list[float]]:
    """𝒜, F and 𝒜 − F of each population of a step."""
    a = [sum_ for p in activity.populations for sum_ in _sums(axes, p.name, activity_energy(p))]
    f = [sum_ for b in posterior.beliefs for sum_ in _sums(axes, b.name, belief_free_energy(b))]
    c = [sum_ for b in posterior.beliefs for sum_ in _sums(axes, b.name, belief_normalisation(b))]
    return a, f, c


def _sums(axes: Axes, name: str, values: FloatArray) -> Iterator[float]:
    """The sum over a population; the units of control are several populations in one array."""
    for part in axes.populations.values() if name == "units" else [slice(None)]:
        yield float(values[part].sum())
