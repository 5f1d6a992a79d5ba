"""The generative model that a machine becomes: A, B, C, D, E and Γ as paired log-probabilities."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array

from .axes import Axes, FloatArray, make_read_only, require, require_distribution


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Pomdp:
    """Parameters of the POMDP; each is a pair (ln P, ln(1 − P)), kept as logarithms end to end.

    Every hidden variable is a Bernoulli pair: control states, halt, place; actions: the symbol read from memory y,
    movement, risk Γ. Two rows of logarithms, index 0 for "on" and 1 for "off", lead each array.

    Shapes:
        likelihood  A (2, t, k, k): ln P(symbol b is observed | y_a), [·, tape, b, a]
        transition  B: two sparse (units, basis) arrays of one structure: ln P(unit on | basis entry), and its
            complement; an entry that is absent is (½, ½), which says nothing
        count_floor C: a memory synapse is a pair of counts (1, floor) or (floor, 1); ln C is their normalised log
        state_prior D (2, n + 1): control states and halt
        place_prior D (2,), place_transition B (2,): the same for each place, given the place that moves there
        read_prior E (2, t, k), action_prior E (2, 2t): reading and movement
        risk_prior (2, tk): of Γ
    Arrays are copied, and cannot be written to.
    Raises: FormError: a shape is wrong, an entry is not finite, or a pair does not sum to 1.
    """

    axes: Axes
    likelihood: FloatArray = field(repr=False)
    transition: tuple[csr_array, csr_array] = field(repr=False)
    count_floor: float
    count_rate: float
    bistability: float
    state_prior: FloatArray = field(repr=False)
    place_prior: FloatArray = field(repr=False)
    place_transition: FloatArray = field(repr=False)
    read_prior: FloatArray = field(repr=False)
    action_prior: FloatArray = field(repr=False)
    risk_prior: FloatArray = field(repr=False)

    def __post_init__(self) -> None:
        make_read_only(self)
        axes = self.axes
        n, k, t = axes.n, axes.k, axes.t
        on, off = self.transition
        shape = (axes.units, axes.basis)
        require(on.shape == shape and off.shape == shape, f"transition has shape {on.shape}, {off.shape}, not {shape}")
        require(
            np.array_equal(on.indptr, off.indptr) and np.array_equal(on.indices, off.indices),
            "transition: the two arrays of B must have one structure",
        )
        require_distribution("transition", np.stack([on.data, off.data]), (2, on.nnz))
        require_distribution("likelihood", self.likelihood, (2, t, k, k))
        require_distribution("state_prior", self.state_prior, (2, n + 1))
        require_distribution("place_prior", self.place_prior, (2,))
        require_distribution("place_transition", self.place_transition, (2,))
        require_distribution("read_prior", self.read_prior, (2, t, k))
        require_distribution("action_prior", self.action_prior, (2, 2 * t))
        require_distribution("risk_prior", self.risk_prior, (2, t * k))
        require(0 < self.count_floor < 1, f"count_floor = {self.count_floor} is outside (0, 1)")
        for name in ("count_rate", "bistability"):
            require(bool(np.isfinite(getattr(self, name))), f"{name} = {getattr(self, name)} is not finite")

    @property
    def prior(self) -> FloatArray:
        """(2, units): the priors D, E and Γ of all units, in the order of the axes."""
        return np.concatenate([self.state_prior, self.action_prior, self.risk_prior], axis=1)

    def __repr__(self) -> str:
        return f"<{self}>"

    def __str__(self) -> str:
        axes = self.axes
        return (
            f"POMDP of {axes.name}: factors state ({axes.n}), halt, place; actions read ({axes.k}), move, risk; "
            f"{self.transition[0].nnz} transition parameters"
        )
