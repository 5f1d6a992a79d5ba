"""Moments of a study in the theory's terms: 𝒜 of the network and F of the agent, by `triquetra.theory`.

A study's own kernels do the simulation, in its order of operations. At chosen steps each of its populations is written
as a `GenerativeModel` with what it met (`StudyPopulation`); the theory infers from that, and its posterior must be what
the study's agent believed. It gives F of that belief, and 𝒜 of the same activity in the network with those parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from triquetra.theory import beliefs, neurons
from triquetra.theory.correspondence import to_network
from triquetra.theory.models import Expectations, GenerativeModel, Signals, Sizes

from .common import Arrays, Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class StudyPopulation:
    """One population at one step: its generative model, what it met, and what the study made of it (L,) + shape.

    Priors of the models are normalised, so that 𝒜 − F is 0.
    """

    model: GenerativeModel
    signals: Signals
    believed: Floats


def states(
    believed: Floats,
    *,
    prior: Floats | None = None,
    likelihood: tuple[Floats, Floats] | None = None,
    precision: float = 1.0,
    transition: tuple[Floats, Floats] | None = None,
) -> StudyPopulation:
    """A population of states of shape s that believes `believed` (L,) + s.

    `prior` (L,) + s; `likelihood`: A (M, L) + o + s and o; `transition`: B (L,) + s + b and ψ (b); all logarithms, in
    nats; what does not depend on the state is normalised away. Without a prior all levels are equal.
    """
    levels, shape = len(believed), believed.shape[1:]
    A, o = (normalised(likelihood[0]), likelihood[1]) if likelihood is not None else (None, None)
    B, psi = transition if transition is not None else (np.zeros((*believed.shape, 0)), np.zeros(0))
    sizes = Sizes(
        outcomes=() if o is None else (o.shape,),
        states=(shape,),
        state_basis=(psi.shape,),
        state_levels=(levels,),
    )
    model = GenerativeModel(
        sizes=sizes,
        A=((A,),) if A is not None else ((),),
        B=(normalised(B),),
        D=(normalised(np.zeros_like(believed) if prior is None else prior),),
    )
    signals = Signals(
        observations=() if o is None else (o[None],),
        state_basis=(psi[None],),
        precision=() if o is None else (np.full(1, precision),),
    )
    return StudyPopulation(model, signals, believed)


def actions(believed: Floats, preference: Floats, psi: Floats) -> StudyPopulation:
    """A population of actions of shape y that believes `believed` (L,) + y, by ln C (L,) + y + b from ψ (b)."""
    shape = believed.shape[1:]
    sizes = Sizes(outcomes=(), states=(), state_basis=(), actions=(shape,), action_basis=(psi.shape,),
                  action_levels=(len(believed),))  # fmt: skip
    even = normalised(np.zeros_like(believed))
    model = GenerativeModel(sizes=sizes, A=(), B=(), D=(), C=(normalised(preference),), E=(even,))
    met = Signals(observations=(), state_basis=(), action_basis=(psi[None],), risk=(np.zeros((1, *shape)),))
    return StudyPopulation(model, met, believed)


def normalised(logs: Floats) -> Floats:
    """Logarithms shifted to sum to 1 over the levels, which lead; what is taken off no level can tell from another."""
    shares: Floats = logs - np.logaddexp.reduce(logs, axis=0)
    return shares


def moment(populations: dict[str, StudyPopulation]) -> Arrays:
    """𝒜 and F (P,) of the populations at one step, in nats, and how far the theory's posterior is from the study's."""
    network, agent, apart = [], [], 0.0
    for one in populations.values():
        pair = one.believed[:, None]
        acting = bool(one.model.sizes.actions)
        believed = Expectations((), (pair,)) if acting else Expectations((pair,))
        inferred = beliefs.infer(one.model, one.signals)
        apart = max(apart, float(np.abs((inferred.actions if acting else inferred.states)[0] - pair).max()))
        network.append(neurons.energy(to_network(one.model), believed, one.signals))
        agent.append(beliefs.free_energy(one.model, believed, one.signals))
    return {"energy": np.array(network), "free_energy": np.array(agent), "posterior_gap": np.array(apart)}


def course(moments: list[Arrays]) -> Arrays:
    """Moments of a run as arrays with a leading axis of points: energy, free_energy (n, P), posterior_gap (n,)."""
    return {name: np.array([one[name] for one in moments]) for name in moments[0]}


def summary(arrays: Arrays) -> dict[str, float]:
    """How far 𝒜 and F, and the two posteriors, are ever apart."""
    return {
        "energy_gap": float(np.abs(arrays["energy"] - arrays["free_energy"]).max()),
        "posterior_gap": float(arrays["posterior_gap"].max()),
    }


def panels(axes: Sequence[Axes], x: Floats, arrays: Arrays, names: Sequence[str], titled: str, label: str) -> None:
    """𝒜 as a line and F as dots on it, of arrays energy and free_energy (n, P), on axes for each population."""
    from triquetra.theory.picture import ENERGY, draw_energies

    from .report import tidy

    for i, (axis, name) in enumerate(zip(axes, names)):
        both = {f"{ENERGY} of the network": arrays["energy"][:, i], "F of the agent": arrays["free_energy"][:, i]}
        draw_energies(axis, x, both)
        tidy(axis, f"{titled}, {name}", label, "nats" if i == 0 else "")
    axes[0].legend(frameon=False, fontsize=8)
