"""Hypothesis strategies for canonical models of any sizes; they shrink towards one neuron of each kind."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from .axes import FloatArray
from .canonical import Arrays, CanonicalNetwork, Expectations, Shape, Signals, Sizes


def sizes(*, max_factors: int = 2, max_modalities: int = 2, max_length: int = 4) -> st.SearchStrategy[Sizes]:
    """Sizes of a model: populations have one to three axes, drawn apart from each other."""
    shape = st.lists(st.integers(1, max_length), min_size=1, max_size=3).map(tuple)

    def shapes(count: int) -> st.SearchStrategy[tuple[Shape, ...]]:
        return st.tuples(*[shape] * count)

    def build(counts: tuple[int, int, int]) -> st.SearchStrategy[Sizes]:
        modalities, factors, actions = counts
        return st.builds(
            Sizes,
            outcomes=shapes(modalities),
            states=shapes(factors),
            state_basis=shapes(factors),
            actions=shapes(actions),
            action_basis=shapes(actions),
        )

    counts = st.tuples(st.integers(1, max_modalities), st.integers(1, max_factors), st.integers(0, max_factors))
    return counts.flatmap(build)


def networks(of: st.SearchStrategy[Sizes] | None = None, *, scale: float = 2.0) -> st.SearchStrategy[CanonicalNetwork]:
    """Networks whose parameters are normal with standard deviation `scale` nats; φ are not normalised."""
    return st.builds(random_network, sizes() if of is None else of, st.integers(0, 2**32 - 1), st.just(scale))


def random_network(sizes: Sizes, seed: int, scale: float = 2.0) -> CanonicalNetwork:
    """A network of the given sizes with normal parameters, in nats."""
    draw = np.random.default_rng(seed).normal

    def blocks() -> tuple[Arrays, ...]:
        return tuple(tuple(draw(0, scale, s + o) for o in sizes.outcomes) for s in sizes.states)

    return CanonicalNetwork(
        sizes=sizes,
        W1=blocks(),
        W0=blocks(),
        K=tuple(draw(0, scale, s + b) for s, b in zip(sizes.states, sizes.state_basis)),
        V=tuple(draw(0, scale, y + b) for y, b in zip(sizes.actions, sizes.action_basis)),
        phi_x=tuple(draw(0, scale, (2, *s)) for s in sizes.states),
        phi_y=tuple(draw(0, scale, (2, *y)) for y in sizes.actions),
    )


def random_signals(sizes: Sizes, steps: int, seed: int) -> Signals:
    """Uniform observations, basis and risk for a model of the given sizes."""
    draw = np.random.default_rng(seed).uniform

    def series(shapes: tuple[Shape, ...]) -> Arrays:
        return tuple(draw(0, 1, (steps, *shape)) for shape in shapes)

    return Signals(
        observations=series(sizes.outcomes),
        state_basis=series(sizes.state_basis),
        action_basis=series(sizes.action_basis),
        risk=series(sizes.actions),
    )


def random_expectations(sizes: Sizes, steps: int, seed: int) -> Expectations:
    """Uniform activities, as pairs."""
    draw = np.random.default_rng(seed).uniform

    def pairs(shapes: tuple[Shape, ...]) -> Arrays:
        on: list[FloatArray] = [draw(0.01, 0.99, (steps, *shape)) for shape in shapes]
        return tuple(np.stack([x, 1 - x]) for x in on)

    return Expectations(pairs(sizes.states), pairs(sizes.actions))
