"""Between the models' arrays and the flat ones of `kernels`: whole runs of Bernoulli models at speed."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import Any

import numpy as np

from triquetra.forms import FloatArray

from . import kernels
from .beliefs import LearningAgent, ParameterCounts
from .models import Arrays, CanonicalNetwork, Expectations, Shape, Signals, Sizes
from .neurons import PlasticNetwork, rebuild
from .recurrence import Layout
from .runs import ACTION_TERMS, STATE_TERMS, ModelRun, Value
from .settings import LearningSettings


def run(value: Value, given: Signals, settings: LearningSettings | None, noise: Expectations | None) -> ModelRun:
    """All steps of a Bernoulli model without functions of one's own: what `runs.perceive` and `runs.learn` promise."""
    sizes = _sizes(value)
    wiring, psi = _wiring(sizes, given)
    steps = given.steps
    series = kernels.Series(
        _join([o.reshape(steps, -1) for o in given.observations], steps),
        psi,
        _join([r.reshape(steps, -1) for r in given.risk], steps),
        _join([] if noise is None else [n[0].reshape(steps, -1) for n in noise.states + noise.actions], steps,
              len(wiring.population)),
    )  # fmt: skip
    rule = kernels.Weighing(settings is not None, *((1.0, 1.0, 0.0) if settings is None else
                        (settings.rate, 1.0 - settings.forgetting, settings.floor)))  # fmt: skip
    terms = np.zeros((steps, len(sizes.populations), 4))
    if isinstance(value, (CanonicalNetwork, PlasticNetwork)):
        plastic = value if isinstance(value, PlasticNetwork) else PlasticNetwork.of(value, 1.0)
        end, on, off = _network(plastic, sizes, wiring, series, rule, terms)
        kind, kept = "network", value if settings is None else end
    else:
        agent = value if isinstance(value, LearningAgent) else LearningAgent.of(value, 1.0)
        learned, on, off = _agent(agent, sizes, wiring, series, rule, terms)
        kind, kept = "agent", value if settings is None else learned
    signals = replace(given, state_basis=_split(psi, sizes.state_basis), action_basis=_split(psi, sizes.action_basis,
                      sum(map(math.prod, sizes.state_basis))))  # fmt: skip
    shapes = (*sizes.states, *sizes.actions)
    pairs = tuple(np.stack(each) for each in zip(_split(on, shapes), _split(off, shapes)))
    activity = Expectations(pairs[: len(sizes.states)], pairs[len(sizes.states) :])
    return ModelRun(kept, signals, activity, _named(sizes, kind, terms))


def _network(plastic: PlasticNetwork, sizes: Sizes, wiring: Any, series: Any, rule: Any, terms: FloatArray) -> Any:
    now = _flat_synapses(plastic.network, plastic.load, sizes)
    first = _flat_synapses(plastic.first_network, plastic.first_load, sizes)  # to which forgetting drifts back
    network = plastic.network
    phi = _join([p.reshape(2, -1) for p in network.phi_x + network.phi_y], 2)
    on, off = kernels.run_network(wiring, series, rule, *now, *first, phi, terms)  # type: ignore[call-arg]
    W, W_load, G, G_load = now
    blocks, loads = [], []
    for at, shape in _likelihood_places(sizes):
        blocks.append(W[at].reshape(1, 2, *shape))
        loads.append(W_load[at].reshape(2, *shape))
    basis = (*network.K, *network.V)
    for part, load, old in zip(_parts(G, basis), _parts(G_load, basis), basis):
        blocks.append(part.reshape(old.shape))
        loads.append(load.reshape(old.shape[1:]))
    new_W, K, V = rebuild(network, iter(blocks))
    return replace(plastic, network=replace(network, W=new_W, K=K, V=V), load=tuple(loads)), on, off


def _flat_synapses(network: CanonicalNetwork, loads: Arrays, sizes: Sizes) -> tuple[FloatArray, ...]:
    """W and its loads (2, S, O), basis synapses and their loads (synapses,)."""
    shape = 2, sum(map(math.prod, sizes.states)), sum(map(math.prod, sizes.outcomes))
    W, W_load = np.empty(shape), np.empty(shape)
    blocks = [block for row in network.W for block in row]
    for (at, _), block, load in zip(_likelihood_places(sizes), blocks, loads):
        W[at] = block[0].reshape(W[at].shape)
        W_load[at] = load.reshape(W[at].shape)
    G = [block[0].ravel() for block in (*network.K, *network.V)]
    G_load = [load.ravel() for load in loads[len(blocks) :]]
    return W, W_load, np.concatenate([np.zeros(0), *G]), np.concatenate([np.zeros(0), *G_load])


def _likelihood_places(sizes: Sizes) -> list[tuple[tuple[slice, slice, slice], Shape]]:
    """Where the block of each factor and modality stands in W (2, S, O), and its shape s + o."""
    rows, columns = _places([math.prod(s) for s in sizes.states]), _places([math.prod(o) for o in sizes.outcomes])
    return [
        ((slice(None), row, column), (*s, *o))
        for row, s in zip(rows, sizes.states)
        for column, o in zip(columns, sizes.outcomes)
    ]


def _agent(agent: LearningAgent, sizes: Sizes, wiring: Any, series: Any, rule: Any, terms: FloatArray) -> Any:
    a, g = _flat_counts(agent.counts, sizes)
    a_first, g_first = _flat_counts(agent.first, sizes)
    prior = _join([p.reshape(2, -1) for p in agent.D + agent.E], 2)
    on, off = kernels.run_agent(wiring, series, rule, a, g, a_first, g_first, prior, terms)
    at = _places([math.prod(s) for s in sizes.states]), _places([math.prod(o) for o in sizes.outcomes])
    old = (*agent.counts.b, *agent.counts.c)
    parts = [
        np.stack(pair).reshape(block.shape)
        for *pair, block in zip(_parts(g[0], old, pairs=True), _parts(g[1], old, pairs=True), old)
    ]
    counts = ParameterCounts(
        tuple(
            tuple(a[:, :, at[1][m], at[0][f]].reshape(2, 2, *o, *s) for m, o in enumerate(sizes.outcomes))
            for f, s in enumerate(sizes.states)
        ),
        tuple(parts[: len(agent.counts.b)]),
        tuple(parts[len(agent.counts.b) :]),
    )
    return replace(agent, counts=counts), on, off


def _flat_counts(counts: ParameterCounts, sizes: Sizes) -> tuple[FloatArray, FloatArray]:
    """a (2, 2, O, S) and g (2, entries)."""
    columns = [
        np.concatenate([np.zeros((2, 2, 0, math.prod(s))),
                        *(block.reshape(2, 2, -1, math.prod(s)) for block in row)], axis=2)
        for row, s in zip(counts.a, sizes.states)
    ]  # fmt: skip
    a = np.ascontiguousarray(
        np.concatenate([np.zeros((2, 2, sum(map(math.prod, sizes.outcomes)), 0)), *columns], axis=3)
    )
    return a, _join([block.reshape(2, -1) for block in counts.b + counts.c], 2)


def _sizes(value: Value) -> Sizes:
    return value.network.sizes if isinstance(value, PlasticNetwork) else value.sizes


def _wiring(sizes: Sizes, given: Signals) -> tuple[kernels.Wiring, FloatArray]:
    """Who is wired to whom, and ψ (T, B), 0 where it is to be built."""
    layout = Layout(sizes)
    units: list[tuple[int, int, int, int]] = []  # first entry, first synapse, width, population
    on, off = [], []
    entry = synapse = 0
    terms = []
    kinds = (
        ("states", sizes.states, sizes.state_basis, sizes.state_recurrence),
        ("actions", sizes.actions, sizes.action_basis, sizes.action_recurrence),
    )
    population = 0
    for kind, shapes, bases, recipes in kinds:
        for f, (shape, basis, recipe) in enumerate(zip(shapes, bases, recipes)):
            width = math.prod(basis)
            for _ in range(math.prod(shape)):
                units.append((entry, synapse, width, population))
                synapse += width
            levels = layout.index(kind, f).reshape(2, -1)
            on.append(levels[0])
            off.append(levels[1])
            terms.append((width, None if recipe is None else recipe.terms(sizes)))
            entry += width
            population += 1
    deepest = max((made[0].shape[-1] for _, made in terms if made is not None), default=1)
    index, lag = np.full((entry, deepest), layout.one), np.zeros((entry, deepest), np.int64)
    built = np.zeros(entry, np.bool_)
    at = 0
    for width, made in terms:
        if made is not None:
            k = made[0].shape[-1]
            index[at : at + width, :k], lag[at : at + width, :k] = (array.reshape(width, k) for array in made)
            built[at : at + width] = True
        at += width
    outcomes = [layout.index("observations", m).reshape(2, -1) for m in range(len(sizes.outcomes))]
    nothing = np.zeros(0, np.int64)
    columns = np.array(units, np.int64).reshape(-1, 4).T
    wiring = kernels.Wiring(
        states=sum(map(math.prod, sizes.states)),
        first_entry=columns[0].copy(), first_synapse=columns[1].copy(), width=columns[2].copy(),
        population=columns[3].copy(), entry=index, lag=lag, built=built,
        place_on=np.concatenate([nothing, *on]), place_off=np.concatenate([nothing, *off]),
        outcome_on=np.concatenate([nothing, *(pair[0] for pair in outcomes)]),
        outcome_off=np.concatenate([nothing, *(pair[1] for pair in outcomes)]), size=layout.size,
    )  # fmt: skip
    psi = _join([b.reshape(given.steps, -1) for b in given.state_basis + given.action_basis], given.steps)
    return wiring, psi


def _named(sizes: Sizes, kind: str, terms: FloatArray) -> dict[str, dict[str, FloatArray]]:
    """Columns of the kernel's energies by population and term."""
    named = {}
    for p, name in enumerate(sizes.populations):
        own = STATE_TERMS[kind] if p < len(sizes.states) else ACTION_TERMS[kind]
        column = (1, 2, 3) if p < len(sizes.states) else (2, 3)
        named[name] = {"entropy": terms[:, p, 0]} | {term: terms[:, p, c] for term, c in zip(own, column)}
    return named


def _join(arrays: list[FloatArray], rows: int, columns: int = 0) -> FloatArray:
    """Arrays (rows, …) side by side; zeros (rows, columns) where there are none."""
    return np.ascontiguousarray(np.concatenate(arrays, axis=1)) if arrays else np.zeros((rows, columns))


def _split(flat: FloatArray, shapes: tuple[Shape, ...], first: int = 0) -> Arrays:
    """Columns of (T, …) as arrays (T,) + shape."""
    made = []
    for shape in shapes:
        n = math.prod(shape)
        made.append(flat[:, first : first + n].reshape(-1, *shape).copy() if n else np.zeros((len(flat), *shape)))
        first += n
    return tuple(made)


def _parts(flat: FloatArray, blocks: Arrays, pairs: bool = False) -> list[FloatArray]:
    """Flat synapses cut into those of each block; blocks have a leading axis of one, or of two for `pairs`."""
    made, first = [], 0
    for block in blocks:
        n = block.size // (2 if pairs else 1)
        made.append(flat[first : first + n].copy())
        first += n
    return made


def _places(sizes: list[int]) -> list[slice]:
    """Slices of the given lengths, one after the other."""
    ends = np.cumsum([0, *sizes])
    return [slice(int(a), int(b)) for a, b in itertools.pairwise(ends)]
