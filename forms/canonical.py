"""Canonical networks and POMDPs in general: any number of modalities and factors, each an array of any shape.

These are the models of the theory itself; `Network` and `Pomdp` are the two that a machine becomes. Factors f of
state neurons (shape s_f) and g of action neurons (y_g), modalities m of observations (o_m), and for each factor a
basis of past activity (b_f, b_g). Every variable is binary: index 0 of a pair is "on", index 1 "off".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from .axes import FloatArray, FormError, require, require_array

ON, OFF = 0, 1
TOLERANCE = 1e-12  # of a pair's sum from 1
Shape = tuple[int, ...]
Arrays = tuple[FloatArray, ...]


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Shapes of the populations: of each modality, each factor of states and actions, and each factor's basis."""

    outcomes: tuple[Shape, ...]
    states: tuple[Shape, ...]
    state_basis: tuple[Shape, ...]
    actions: tuple[Shape, ...] = ()
    action_basis: tuple[Shape, ...] = ()

    def __post_init__(self) -> None:
        require(len(self.state_basis) == len(self.states), "sizes: give one state basis a factor")
        require(len(self.action_basis) == len(self.actions), "sizes: give one action basis a factor")


@dataclass(frozen=True, eq=False, kw_only=True)
class CanonicalNetwork:
    """A canonical neural network: log-odds in nats, all finite.

    Shapes:
        W1, W0: [factor][modality], s_f + o_m: what an outcome says for a state neuron that is on, and for one that is
            off; only W1 − W0 drives the neuron, but each learns for itself
        K: [factor], s_f + b_f: K̂ = K1 − K0 with K1 = ln sig(K̂), K0 = ln sig(−K̂)
        V: [factor], y_g + b_g: V̂ likewise
        phi_x: [factor], (2,) + s_f; phi_y: [factor], (2,) + y_g: threshold factors φ1, φ0
    Raises: FormError: a shape is wrong or an entry is not finite.
    """

    sizes: Sizes
    W1: tuple[Arrays, ...] = field(repr=False)
    W0: tuple[Arrays, ...] = field(repr=False)
    K: Arrays = field(repr=False)
    phi_x: Arrays = field(repr=False)
    V: Arrays = field(default=(), repr=False)
    phi_y: Arrays = field(default=(), repr=False)

    def __post_init__(self) -> None:
        sizes = self.sizes
        for name, blocks in (("W1", self.W1), ("W0", self.W0)):
            for where, block, f, m in each_block(name, blocks, sizes):
                require_array(where, block, sizes.states[f] + sizes.outcomes[m])
        _require_each("K", self.K, [s + b for s, b in zip(sizes.states, sizes.state_basis)])
        _require_each("V", self.V, [y + b for y, b in zip(sizes.actions, sizes.action_basis)])
        _require_each("phi_x", self.phi_x, [(2, *s) for s in sizes.states])
        _require_each("phi_y", self.phi_y, [(2, *y) for y in sizes.actions])

    def threshold(self, factor: int) -> FloatArray:
        r"""Firing thresholds $h_i = \varphi_i + \sum_m \ln(1 - \operatorname{sig} W_i^m)\,1$ of a factor, (2,) + s_f.

        The sum is what silent inputs say: with it (W1; W0) o needs no complement of o, and the threshold follows the
        weights as they learn. Source: docs/theory.md (4); φ are the theory's threshold factors.
        """
        h = self.phi_x[factor].copy()
        for side, blocks in ((ON, self.W1[factor]), (OFF, self.W0[factor])):
            for w in blocks:
                h[side] -= np.logaddexp(0.0, w).sum(axis=tuple(range(h.ndim - 1, w.ndim)))
        return h


@dataclass(frozen=True, eq=False, kw_only=True)
class CanonicalPomdp:
    """A generative model of binary variables; parameters are pairs of log-probabilities, all finite.

    Shapes:
        A: [factor][modality], (2, 2) + o_m + s_f: ln P(outcome | state), axes outcome, state, …; the likelihood of
            several factors is the product of theirs
        B: [factor], (2,) + s_f + b_f: ln P(state | basis entry), a product over the entries of the basis that are on
        C: [factor], (2,) + y_g + b_g: ln P(action | basis entry)
        D: [factor], (2,) + s_f; E: [factor], (2,) + y_g: priors
    Raises: FormError: a shape is wrong, a probability is 0 or 1 (the message names the entry), or a pair does not
        sum to 1.
    """

    sizes: Sizes
    A: tuple[Arrays, ...] = field(repr=False)
    B: Arrays = field(repr=False)
    D: Arrays = field(repr=False)
    C: Arrays = field(default=(), repr=False)
    E: Arrays = field(default=(), repr=False)

    def __post_init__(self) -> None:
        sizes = self.sizes
        for where, block, f, m in each_block("A", self.A, sizes):
            _require_pairs(where, block, (2, 2, *sizes.outcomes[m], *sizes.states[f]))
        _require_each("B", self.B, [(2, *s, *b) for s, b in zip(sizes.states, sizes.state_basis)], pairs=True)
        _require_each("C", self.C, [(2, *y, *b) for y, b in zip(sizes.actions, sizes.action_basis)], pairs=True)
        _require_each("D", self.D, [(2, *s) for s in sizes.states], pairs=True)
        _require_each("E", self.E, [(2, *y) for y in sizes.actions], pairs=True)


@dataclass(frozen=True, eq=False, kw_only=True)
class Signals:
    """What a model meets in T steps; entries in [0, 1].

    Shapes: `observations` [modality], (T,) + o_m; `state_basis` [factor], (T,) + b_f, and `action_basis` [factor],
    (T,) + b_g: the basis of the step *before*, so that row τ is ψ_{τ−1}; `risk` Γ [factor], (T,) + y_g.
    """

    observations: Arrays
    state_basis: Arrays
    action_basis: Arrays = ()
    risk: Arrays = ()

    def __post_init__(self) -> None:
        steps = {array.shape[0] if array.ndim else 0 for array in self._all}
        require(len(steps) <= 1, f"signals: arrays of {sorted(steps)} steps; all must be equally long")
        for array in self._all:
            require(array.size == 0 or bool(array.min() >= 0 and array.max() <= 1), "signals: an entry outside [0, 1]")

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
        )


@dataclass(frozen=True, eq=False, slots=True)
class Expectations:
    """Activities of a network or posterior expectations of an agent: pairs (2, T) + s_f, and (2, T) + y_g."""

    states: Arrays
    actions: Arrays = ()


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


def _require_each(name: str, arrays: Arrays, shapes: Sequence[Shape], pairs: bool = False) -> None:
    require(len(arrays) == len(shapes), f"{name} has {len(arrays)} arrays for {len(shapes)} factors")
    for i, (array, shape) in enumerate(zip(arrays, shapes)):
        (_require_pairs if pairs else require_array)(f"{name}[{i}]", array, shape)


def _require_pairs(name: str, pairs: FloatArray, shape: Shape) -> None:
    """Raise `FormError` unless the leading axis holds ln p and ln(1 − p) with p in (0, 1)."""
    require(pairs.shape == shape, f"{name} has shape {pairs.shape}, not {shape}")
    certain = np.argwhere(np.isneginf(pairs))
    if certain.size:
        side, *place = certain[0].tolist()
        raise FormError(f"{name}{place} = {side} is outside (0, 1), so its weight is infinite")
    require_array(name, pairs, shape)
    with np.errstate(over="ignore"):
        total = np.exp(pairs).sum(axis=0)
    bad = np.argwhere(~(np.abs(total - 1) <= TOLERANCE))
    if bad.size:
        place = bad[0].tolist()
        raise FormError(f"{name}[:, {place}]: the pair sums to {total[tuple(place)]:g}, not 1")
