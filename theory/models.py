"""The theory's two models in general: any number of modalities and factors, each an array of any shape.

`CanonicalNetwork` and `GenerativeModel` are what the theory speaks of; `forms.Network` and `forms.Pomdp` are the two
that a machine becomes. Factors f of state neurons (shape s_f) and g of action neurons (y_g), modalities m of
observations (o_m), and for each factor a basis of past activity (b_f, b_g).

A variable has levels, and they lead every array: two for a Bernoulli variable, index 0 "on" and 1 "off"; any number
for a categorical one. A factor of shape s is a whole array of such variables, independent of each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from triquetra.forms import FloatArray, require
from triquetra.forms.axes import require_array, require_distribution

from .recurrence import Basis

ON, OFF = 0, 1
Shape = tuple[int, ...]
Arrays = tuple[FloatArray, ...]


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """The structure that a network shares with its generative model.

    Shapes of each modality, each factor of states and actions, and each factor's basis; how many levels the variables
    of each have (two where nothing is said); and how the bases are built from past activity (None: they are given).
    """

    outcomes: tuple[Shape, ...]
    states: tuple[Shape, ...]
    state_basis: tuple[Shape, ...]
    actions: tuple[Shape, ...] = ()
    action_basis: tuple[Shape, ...] = ()
    outcome_levels: tuple[int, ...] = ()
    state_levels: tuple[int, ...] = ()
    action_levels: tuple[int, ...] = ()
    state_recurrence: tuple[Basis | None, ...] = ()
    action_recurrence: tuple[Basis | None, ...] = ()

    def __post_init__(self) -> None:
        require(len(self.state_basis) == len(self.states), "sizes: give one state basis a factor")
        require(len(self.action_basis) == len(self.actions), "sizes: give one action basis a factor")
        for kind, shapes in (("outcome", self.outcomes), ("state", self.states), ("action", self.actions)):
            levels = getattr(self, f"{kind}_levels") or (2,) * len(shapes)
            require(len(levels) == len(shapes), f"sizes: {len(levels)} {kind}_levels for {len(shapes)} arrays")
            require(all(n >= 2 for n in levels), f"sizes: {kind}_levels {levels}; a variable has two levels or more")
            object.__setattr__(self, f"{kind}_levels", tuple(levels))
        for kind, shapes, bases in (
            ("state", self.states, self.state_basis),
            ("action", self.actions, self.action_basis),
        ):
            built = getattr(self, f"{kind}_recurrence") or (None,) * len(shapes)
            require(len(built) == len(shapes), f"sizes: {len(built)} {kind}_recurrence for {len(shapes)} factors")
            object.__setattr__(self, f"{kind}_recurrence", tuple(built))
            for f, (basis, shape) in enumerate(zip(built, bases)):
                made = None if basis is None else basis.shape(self)
                require(made in (None, shape), f"{kind}_recurrence[{f}] makes {made}, but the basis is {shape}")

    @property
    def binary(self) -> bool:
        """Whether every variable has two levels."""
        return {*self.outcome_levels, *self.state_levels, *self.action_levels} <= {2}

    @property
    def populations(self) -> tuple[str, ...]:
        """Names of the factors, states first: `states[0]`, …, `actions[0]`, …"""
        states = (f"states[{f}]" for f in range(len(self.states)))
        return (*states, *(f"actions[{g}]" for g in range(len(self.actions))))


@dataclass(frozen=True, eq=False, kw_only=True)
class CanonicalNetwork:
    """A canonical neural network: log-odds in nats, all finite, each against the variable's last level.

    Shapes (L levels of a factor, M of a modality):
        W: [factor][modality], (M − 1, L) + s_f + o_m: what an outcome says for a state neuron at each level. Of
            Bernoulli variables `W1` and `W0`, for a neuron that is on and one that is off, s_f + o_m; only W1 − W0
            drives the neuron, but each learns for itself
        K: [factor], (L − 1,) + s_f + b_f: K̂ = K1 − K0 with K1 = ln sig(K̂), K0 = ln sig(−K̂)
        V: [factor], (L − 1,) + y_g + b_g: V̂ likewise
        phi_x: [factor], (L,) + s_f; phi_y: [factor], (L,) + y_g: threshold factors φ1, φ0
    Make one with `theory.network`. Raises: FormError: a shape is wrong or an entry is not finite.
    """

    sizes: Sizes
    W: tuple[Arrays, ...] = field(repr=False)
    K: Arrays = field(repr=False)
    phi_x: Arrays = field(repr=False)
    V: Arrays = field(default=(), repr=False)
    phi_y: Arrays = field(default=(), repr=False)

    def __post_init__(self) -> None:
        sizes = self.sizes
        for where, block, f, m in each_block("W", self.W, sizes):
            levels = (sizes.outcome_levels[m] - 1, sizes.state_levels[f])
            require_array(where, block, levels + sizes.states[f] + sizes.outcomes[m])
        states, actions = (list(zip(sizes.state_levels, sizes.states, sizes.state_basis)),
                           list(zip(sizes.action_levels, sizes.actions, sizes.action_basis)))  # fmt: skip
        _require_each("K", self.K, [(n - 1, *s, *b) for n, s, b in states])
        _require_each("V", self.V, [(n - 1, *y, *b) for n, y, b in actions])
        _require_each("phi_x", self.phi_x, [(n, *s) for n, s, _ in states])
        _require_each("phi_y", self.phi_y, [(n, *y) for n, y, _ in actions])
        _freeze(self, "W", "K", "V", "phi_x", "phi_y")

    @property
    def W1(self) -> tuple[Arrays, ...]:
        """[factor][modality], s_f + o_m: what an outcome that is on says for a Bernoulli neuron that is on."""
        return tuple(tuple(block[0, ON] for block in row) for row in self.W)

    @property
    def W0(self) -> tuple[Arrays, ...]:
        """[factor][modality], s_f + o_m: the same for a neuron that is off."""
        return tuple(tuple(block[0, OFF] for block in row) for row in self.W)

    def threshold(self, factor: int) -> FloatArray:
        r"""Firing thresholds $h_i = \varphi_i + \sum_m \ln(1 - \operatorname{sig} W_i^m)\,1$ of a factor, (L,) + s_f.

        The sum is what silent inputs say: with it (W1; W0) o needs no complement of o, and the threshold follows the
        weights as they learn. Source: docs/theory.md (4); φ are the theory's threshold factors.
        """
        h = self.phi_x[factor].copy()
        for block in self.W[factor]:
            h += silence(block, h.ndim - 1)
        return h


def silence(W: FloatArray, state_axes: int) -> FloatArray:
    """(L,) + s: Σ ln(1 − sig W), what silent inputs say, of W (M − 1, L) + s + o; `state_axes` those of s."""
    outcome_axes = tuple(range(1 + state_axes, W.ndim - 1))
    return -np.asarray(np.logaddexp(0.0, np.logaddexp.reduce(W, axis=0)).sum(axis=outcome_axes))


@dataclass(frozen=True, eq=False, kw_only=True)
class ExpectedLogs:
    """E[ln θ] of a generative model's parameters, in nats; with digamma functions they are no distributions.

    Shapes:
        A: [factor][modality], (M, L) + o_m + s_f: ln P(outcome | state), axes outcome, state, …; the likelihood of
            several factors is the product of theirs
        B: [factor], (L,) + s_f + b_f: ln P(state | basis entry), a product over the entries of the basis that are on
        C: [factor], (L,) + y_g + b_g: ln P(action | basis entry)
        D: [factor], (L,) + s_f; E: [factor], (L,) + y_g: priors
    """

    sizes: Sizes
    A: tuple[Arrays, ...] = field(repr=False)
    B: Arrays = field(repr=False)
    D: Arrays = field(repr=False)
    C: Arrays = field(default=(), repr=False)
    E: Arrays = field(default=(), repr=False)


@dataclass(frozen=True, eq=False, kw_only=True)
class GenerativeModel(ExpectedLogs):
    """A generative model; parameters are log-probabilities, all finite, in the shapes of `ExpectedLogs`.

    Make one from probabilities with `theory.model`. Raises: FormError: a shape is wrong, a probability is 0 or 1 (the
    message names the entry), or a distribution does not sum to 1.
    """

    def __post_init__(self) -> None:
        sizes = self.sizes
        for where, block, f, m in each_block("A", self.A, sizes):
            levels = (sizes.outcome_levels[m], sizes.state_levels[f])
            require_distribution(where, block, levels + sizes.outcomes[m] + sizes.states[f])
        states, actions = (list(zip(sizes.state_levels, sizes.states, sizes.state_basis)),
                           list(zip(sizes.action_levels, sizes.actions, sizes.action_basis)))  # fmt: skip
        _require_each("B", self.B, [(n, *s, *b) for n, s, b in states], distributions=True)
        _require_each("C", self.C, [(n, *y, *b) for n, y, b in actions], distributions=True)
        _require_each("D", self.D, [(n, *s) for n, s, _ in states], distributions=True)
        _require_each("E", self.E, [(n, *y) for n, y, _ in actions], distributions=True)
        _freeze(self, "A", "B", "C", "D", "E")


@dataclass(frozen=True, eq=False, kw_only=True)
class Signals:
    """What a model meets in T steps; entries in [0, 1] but for the precision.

    Shapes: `observations` [modality], (T,) + o_m for Bernoulli outcomes, (T, M) + o_m for categorical ones;
    `state_basis` [factor], (T,) + b_f, and `action_basis` [factor], (T,) + b_g: the basis of the step *before*, so
    that row τ is ψ_{τ−1}; `risk` Γ [factor], (T,) + y_g; `precision` [modality], (T,): how many times an observation
    counts (none given: once).
    """

    observations: Arrays
    state_basis: Arrays
    action_basis: Arrays = ()
    risk: Arrays = ()
    precision: Arrays = ()

    def __post_init__(self) -> None:
        steps = {array.shape[0] if array.ndim else 0 for array in self._all + self.precision}
        require(len(steps) <= 1, f"signals: arrays of {sorted(steps)} steps; all must be equally long")
        for array in self._all:
            inside = array.size == 0 or bool(array.min() >= 0 and array.max() <= 1)
            require(inside, "signals: an entry outside [0, 1]")
        for array in self.precision:
            require(bool(np.isfinite(array).all() and (array >= 0).all()), "signals: a precision must not be negative")

    @property
    def _all(self) -> Arrays:
        return self.observations + self.state_basis + self.action_basis + self.risk

    @property
    def steps(self) -> int:
        """T."""
        return int(self._all[0].shape[0]) if self._all else 0

    def at(self, step: int) -> Signals:
        """The signals of one step, as a series of one."""

        def one(arrays: Arrays) -> Arrays:
            return tuple(array[step : step + 1] for array in arrays)

        return Signals(
            observations=one(self.observations),
            state_basis=one(self.state_basis),
            action_basis=one(self.action_basis),
            risk=one(self.risk),
            precision=one(self.precision),
        )

    def outcome(self, modality: int, levels: int) -> FloatArray:
        """(M, T) + o: how much each outcome was seen; a Bernoulli variable's "off" is the complement of its "on"."""
        o = self.observations[modality]
        return np.stack([o, 1.0 - o]) if levels == 2 else np.moveaxis(o, 1, 0)

    def weight(self, modality: int) -> FloatArray | float:
        """(T,) or 1: the precision of a modality."""
        return self.precision[modality] if self.precision else 1.0


@dataclass(frozen=True, eq=False, slots=True)
class Expectations:
    """Activities of a network or posterior expectations of an agent: (L, T) + s_f, (L, T) + y_g; levels sum to 1."""

    states: Arrays
    actions: Arrays = ()

    def at(self, step: int) -> Expectations:
        """Those of one step, as a series of one; also of noise, whose first axis is 1."""
        one = slice(step, step + 1)
        return Expectations(tuple(x[:, one] for x in self.states), tuple(y[:, one] for y in self.actions))


def each_block(name: str, blocks: Sequence[Arrays], sizes: Sizes) -> Iterator[tuple[str, FloatArray, int, int]]:
    """Name, array, factor and modality of every block.

    Raises: FormError: not one block for each factor and modality.
    """
    factors, modalities = len(sizes.states), len(sizes.outcomes)
    require(
        len(blocks) == factors and all(len(row) == modalities for row in blocks),
        f"{name} needs {factors} × {modalities} blocks, one for each factor and modality",
    )
    for f, row in enumerate(blocks):
        for m, block in enumerate(row):
            yield f"{name}[{f}][{m}]", block, f, m


def by_step(weights: FloatArray | float, array: FloatArray, leading: int = 0) -> FloatArray:
    """An array whose axis `leading` is the step, scaled by a weight (T,) for each step, or by one number."""
    if isinstance(weights, float):
        return array if weights == 1.0 else array * weights
    return np.asarray(array * weights.reshape(-1, *[1] * (array.ndim - leading - 1)))


def _freeze(value: object, *names: str) -> None:
    """Make the arrays of a frozen value read-only; what the caller holds stays as it was."""

    def view(item: Any) -> Any:
        if isinstance(item, tuple):
            return tuple(view(part) for part in item)
        closed = item.view()
        closed.flags.writeable = False
        return closed

    for name in names:
        object.__setattr__(value, name, view(getattr(value, name)))


def _require_each(name: str, arrays: Arrays, shapes: Sequence[Shape], distributions: bool = False) -> None:
    require(len(arrays) == len(shapes), f"{name} has {len(arrays)} arrays for {len(shapes)} factors")
    for i, (array, shape) in enumerate(zip(arrays, shapes)):
        (require_distribution if distributions else require_array)(f"{name}[{i}]", array, shape)
