"""Hypothesis strategies for canonical models of any sizes; they shrink towards one neuron of each kind."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from triquetra.forms import FloatArray

from .models import Arrays, CanonicalNetwork, Expectations, Shape, Signals, Sizes


def sizes(
    *, max_factors: int = 2, max_modalities: int = 2, max_length: int = 4, max_levels: int = 2
) -> st.SearchStrategy[Sizes]:
    """Sizes of a model: populations have one to three axes, each drawn for itself, and 2 to `max_levels` levels."""
    shape = st.lists(st.integers(1, max_length), min_size=1, max_size=3).map(tuple)

    def shapes(count: int) -> st.SearchStrategy[tuple[Shape, ...]]:
        return st.tuples(*[shape] * count)

    def levels(count: int) -> st.SearchStrategy[tuple[int, ...]]:
        return st.tuples(*[st.integers(2, max_levels)] * count)

    def build(counts: tuple[int, int, int]) -> st.SearchStrategy[Sizes]:
        modalities, factors, actions = counts
        return st.builds(
            Sizes,
            outcomes=shapes(modalities),
            states=shapes(factors),
            state_basis=shapes(factors),
            actions=shapes(actions),
            action_basis=shapes(actions),
            outcome_levels=levels(modalities),
            state_levels=levels(factors),
            action_levels=levels(actions),
        )

    counts = st.tuples(st.integers(1, max_modalities), st.integers(1, max_factors), st.integers(0, max_factors))
    return counts.flatmap(build)


def networks(of: st.SearchStrategy[Sizes] | None = None, *, scale: float = 2.0) -> st.SearchStrategy[CanonicalNetwork]:
    """Networks whose parameters are normal with standard deviation `scale` nats; φ are not normalised."""
    return st.builds(random_network, sizes() if of is None else of, st.integers(0, 2**32 - 1), st.just(scale))


def random_network(sizes: Sizes, seed: int, scale: float = 2.0) -> CanonicalNetwork:
    """A network of the given sizes with normal parameters, in nats."""
    draw = np.random.default_rng(seed).normal

    def blocks(n: int, s: Shape) -> Arrays:
        return tuple(draw(0, scale, (m - 1, n, *s, *o)) for m, o in zip(sizes.outcome_levels, sizes.outcomes))

    states = list(zip(sizes.state_levels, sizes.states, sizes.state_basis))
    actions = list(zip(sizes.action_levels, sizes.actions, sizes.action_basis))
    return CanonicalNetwork(
        sizes=sizes,
        W=tuple(blocks(n, s) for n, s, _ in states),
        K=tuple(draw(0, scale, (n - 1, *s, *b)) for n, s, b in states),
        V=tuple(draw(0, scale, (n - 1, *y, *b)) for n, y, b in actions),
        phi_x=tuple(draw(0, scale, (n, *s)) for n, s, _ in states),
        phi_y=tuple(draw(0, scale, (n, *y)) for n, y, _ in actions),
    )


def random_signals(sizes: Sizes, steps: int, seed: int) -> Signals:
    """Uniform observations, basis and risk for a model of the given sizes."""
    rng = np.random.default_rng(seed)

    def series(shapes: tuple[Shape, ...]) -> Arrays:
        return tuple(rng.uniform(0, 1, (steps, *shape)) for shape in shapes)

    def outcomes(levels: int, shape: Shape) -> FloatArray:
        if levels == 2:
            return rng.uniform(0, 1, (steps, *shape))
        return np.moveaxis(_shares(rng, levels, (steps, *shape)), 0, 1)

    return Signals(
        observations=tuple(outcomes(*each) for each in zip(sizes.outcome_levels, sizes.outcomes)),
        state_basis=series(sizes.state_basis),
        action_basis=series(sizes.action_basis),
        risk=series(sizes.actions),
    )


def random_expectations(sizes: Sizes, steps: int, seed: int) -> Expectations:
    """Random activities, levels along the first axis."""
    rng = np.random.default_rng(seed)

    def each(levels: tuple[int, ...], shapes: tuple[Shape, ...]) -> Arrays:
        return tuple(_shares(rng, n, (steps, *shape)) for n, shape in zip(levels, shapes))

    return Expectations(each(sizes.state_levels, sizes.states), each(sizes.action_levels, sizes.actions))


def _shares(rng: np.random.Generator, levels: int, shape: Shape) -> FloatArray:
    """(levels,) + shape, positive and adding up to 1; of two levels the first is uniform in (0.01, 0.99)."""
    if levels == 2:
        on = rng.uniform(0.01, 0.99, shape)
        return np.stack([on, 1 - on])
    raw = rng.uniform(0.1, 1, (levels, *shape))
    shares: FloatArray = raw / raw.sum(axis=0)
    return shares
