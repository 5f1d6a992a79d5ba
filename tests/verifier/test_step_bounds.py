"""The induction step, tried: from activities within ε the runtimes' own step stays within what the checker states."""

import dataclasses
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from triquetra.compiler import compile_machine, to_pomdp
from triquetra.forms import Network, to_bytes
from triquetra.forms.nearby import perturb
from triquetra.machines import Configuration, Tape, from_busy_beaver, step
from triquetra.machines.strategies import machines
from triquetra.runtime.network import Memory, NetworkForm, NetworkState
from triquetra.runtime.pomdp import OFF, ON, Counts, PomdpForm, PomdpState
from triquetra.runtime.world import World
from triquetra.verifier.checker.certificate import POPULATIONS
from triquetra.verifier.checker.check import step_bounds
from triquetra.verifier.checker.obligations import Obligation, Sums, Where, obligations, reachable, units_on
from triquetra.verifier.checker.reading import QUANTUM, LogOdds, read_saved
from triquetra.verifier.checker.refusal import Refused


@st.composite
def situations(draw):
    """A machine, weights near its network's, ε, and a configuration in the middle of a memory."""
    machine = draw(machines(max_states=3, max_tapes=2))
    network = compile_machine(machine, gain=draw(st.sampled_from([4.0, 6.0, 10.0, 30.0]))).network
    network = perturb(network, draw(st.sampled_from([0.0, 0.1, 2.0])), draw(st.integers(0, 99)))
    steeper = draw(st.sampled_from([1.0, 3.0]))  # so that a place beside the head's is the hardest, or the head's own
    network = dataclasses.replace(network, place_weight=network.place_weight * steeper)
    epsilon = {name: draw(st.sampled_from([1e-12, 1e-4, 0.01, 0.1])) for name in POPULATIONS}
    cells = draw(st.integers(3, 8))
    state = draw(st.sampled_from(reachable(machine)))
    symbol = st.integers(0, len(machine.symbols) - 1)
    tapes = [draw(st.lists(symbol, min_size=cells, max_size=cells)) for _ in machine.one_way]
    heads = [draw(st.integers(0 if one_way else 1, cells - 2)) for one_way in machine.one_way]
    return machine, network, epsilon, cells, state, tapes, heads, draw(st.integers(0, 2**32))


def noisy(choose, ideal, epsilon):
    """Activities within ε of 0 or 1, the extremes among them."""
    away = choose.choice([0.0, epsilon, epsilon * choose.random()], ideal.shape) * 1.0
    return np.where(ideal == 1, 1 - away, away)


def ideal_units(machine, state, read):
    units = np.zeros(len(machine.states) + 1 + machine.tapes * (2 + len(machine.symbols)))
    units[list(units_on(machine, state, read))] = 1
    return units


def one_hot(size, index):
    return np.eye(size)[index]


def stated(machine, form, epsilon, cells):
    saved = read_saved("network" if isinstance(form, Network) else "pomdp", to_bytes(form), machine)
    exact = {name: Fraction(value) for name, value in epsilon.items()}
    try:
        return step_bounds(saved, obligations(machine, saved), exact, cells)
    except Refused:
        return None


def within(activity, ideal, bound):
    if bound.error is not None:
        assert np.abs(activity - ideal).max(initial=0.0) <= float(bound.error) * (1 + 1e-12) + 1e-300


def check_units(machine, bounds, axes, activity, ideal):
    for name, at in axes.populations.items():
        within(activity[at], ideal[at], bounds[name])


@given(situations())
def test_network_with_external_tape(situation):
    machine, network, epsilon, _, state, tapes, heads, seed = situation
    choose = np.random.default_rng(seed)
    bounds = stated(machine, network, epsilon, None)
    worlds = tuple(World(Tape.of(t), h, w) for t, h, w in zip(tapes, heads, machine.one_way))
    read = tuple(tape[head] for tape, head in zip(tapes, heads))
    x = noisy(choose, one_hot(network.axes.n, state), epsilon["state"])
    after = NetworkForm(network).step(NetworkState(x, 0.0, worlds))
    *reads, units = after.populations
    within_epsilon = True
    for population, symbol in zip(reads, read):
        ideal = one_hot(network.axes.k, symbol)
        within(population.on, ideal, bounds["read"])
        within_epsilon &= bool(np.abs(population.on - ideal).max() <= epsilon["read"])
    assume(within_epsilon)
    check_units(machine, bounds, network.axes, units.on, ideal_units(machine, state, read))


@given(situations())
def test_pomdp_with_external_tape(situation):
    machine, network, epsilon, _, state, tapes, heads, seed = situation
    choose, pomdp = np.random.default_rng(seed), to_pomdp(network)
    bounds = stated(machine, pomdp, epsilon, None)
    worlds = tuple(World(Tape.of(t), h, w) for t, h, w in zip(tapes, heads, machine.one_way))
    read = tuple(tape[head] for tape, head in zip(tapes, heads))
    x = noisy(choose, one_hot(network.axes.n, state), epsilon["state"])
    after = PomdpForm(pomdp).step(PomdpState(np.stack([x, 1 - x]), np.array([0.0, 1.0]), worlds))
    *reads, units = after.beliefs
    within_epsilon = True
    for belief, symbol in zip(reads, read):
        ideal = one_hot(pomdp.axes.k, symbol)
        within(belief.q[ON], ideal, bounds["read"])
        within(belief.q[OFF], 1 - ideal, bounds["read"])
        within_epsilon &= bool(np.abs(belief.q[ON] - ideal).max() <= epsilon["read"])
    assume(within_epsilon)
    check_units(machine, bounds, pomdp.axes, units.q[ON], ideal_units(machine, state, read))
    check_units(machine, bounds, pomdp.axes, units.q[OFF], 1 - ideal_units(machine, state, read))


def memory_after(machine, state, tapes, heads):
    """What the memory and the places must be after δ's step."""
    before = Configuration(state, tuple(heads), tuple(Tape.of(tape) for tape in tapes))
    after = step(machine, before) or before
    return [[tape[j] for j in range(len(tapes[0]))] for tape in after.tapes], list(after.heads)


@given(situations())
@settings(max_examples=40)
def test_network_with_synaptic_tape(situation):
    machine, network, epsilon, cells, state, tapes, heads, seed = situation
    choose = np.random.default_rng(seed)
    bounds = stated(machine, network, epsilon, cells)
    assume(bounds is not None)
    axes, m = network.axes, network.saturation
    read = tuple(tape[head] for tape, head in zip(tapes, heads))
    ideal = ideal_units(machine, state, read)
    new_tapes, new_heads = memory_after(machine, state, tapes, heads)
    form = NetworkForm(network, cells)
    for i, (tape, head) in enumerate(zip(tapes, heads)):
        synapses = np.where(np.eye(axes.k)[tape].T == 1, m, -m)
        place = noisy(choose, one_hot(cells, head), epsilon["place"])
        memory = Memory(synapses, place, 0)
        within(form._read(i, memory).on, one_hot(axes.k, read[i]), bounds["read"])
        y = noisy(choose, one_hot(axes.k, read[i]), epsilon["read"])
        at = slice(axes.risk(i, 0), axes.risk(i, 0) + axes.k)
        risk = noisy(choose, ideal[at], epsilon["risk"])
        written = form._plasticity(memory, y, risk)
        assert np.array_equal(written, np.where(np.eye(axes.k)[new_tapes[i]].T == 1, m, -m))
        left, right = noisy(choose, ideal[[axes.left(i), axes.left(i) + 1]], epsilon["move"])
        moved = form._move(i, place, left, right).on
        within(moved, one_hot(cells, new_heads[i]), bounds["place"])


@given(situations())
@settings(max_examples=40)
def test_pomdp_with_synaptic_tape(situation):
    machine, network, epsilon, cells, state, tapes, heads, seed = situation
    choose, pomdp = np.random.default_rng(seed), to_pomdp(network)
    bounds = stated(machine, pomdp, epsilon, cells)
    assume(bounds is not None)
    axes = pomdp.axes
    read = tuple(tape[head] for tape, head in zip(tapes, heads))
    ideal = ideal_units(machine, state, read)
    new_tapes, new_heads = memory_after(machine, state, tapes, heads)
    form = PomdpForm(pomdp, cells)

    def counts_of(tape):
        on = np.eye(axes.k)[tape].T == 1
        return np.stack([np.where(on, 1.0, pomdp.count_floor), np.where(on, pomdp.count_floor, 1.0)])

    def pair(ideal_on, name):
        return np.stack([noisy(choose, ideal_on, epsilon[name]), noisy(choose, 1 - ideal_on, epsilon[name])])

    for i, (tape, head) in enumerate(zip(tapes, heads)):
        place = pair(one_hot(cells, head), "place")
        memory = Counts(counts_of(tape), place, 0)
        belief = form._infer_read(i, memory)
        within(belief.q[ON], one_hot(axes.k, read[i]), bounds["read"])
        within(belief.q[OFF], 1 - one_hot(axes.k, read[i]), bounds["read"])
        y = pair(one_hot(axes.k, read[i]), "read")
        at = slice(axes.risk(i, 0), axes.risk(i, 0) + axes.k)
        risk = noisy(choose, ideal[at], epsilon["risk"])
        assert np.array_equal(form._learn(memory, y, risk), counts_of(new_tapes[i]))
        moves = pair(ideal[[axes.left(i), axes.left(i) + 1]], "move")
        moved = form._infer_place(i, place[ON], moves[:, 0], moves[:, 1]).q
        within(moved[ON], one_hot(cells, new_heads[i]), bounds["place"])
        within(moved[OFF], 1 - one_hot(cells, new_heads[i]), bounds["place"])


@given(machines(max_states=3, max_tapes=2), st.integers(0, 99))
def test_obligations_state_the_ideal_drive_of_every_unit_in_every_cell(machine, seed):
    """The sums that make it linear against the plain double loop, with a coincidence for a random part of all cells."""
    choose = np.random.default_rng(seed)
    network = perturb(compile_machine(machine, gain=4).network, 1.0, seed)
    network = with_random_cells(machine, network, choose)
    saved = read_saved("network", to_bytes(network), machine)
    found = {}
    for obligation in obligations(machine, saved):
        key = (obligation.population, obligation.on)
        found[key] = min(found.get(key, np.inf), float(obligation.ideal_margin * QUANTUM))
    axes, dense = network.axes, network.weights.toarray()
    plain = {}
    for state in reachable(machine):
        for read in product(range(axes.k), repeat=axes.t):
            basis = np.zeros(axes.basis)
            basis[axes.cells + state] = 1
            if (state, read) in axes.cell_index:
                basis[axes.cell_index[state, read]] = 1
            drive = dense @ basis + network.bias
            on = units_on(machine, state, read if (state, read) in machine.delta else None)
            for name, at in axes.populations.items():
                for unit in range(at.start, at.stop):
                    key = (name, unit in on)
                    plain[key] = min(plain.get(key, np.inf), drive[unit] if unit in on else -drive[unit])
    assert found.keys() == plain.keys()
    for key, margin in plain.items():
        assert np.isclose(found[key], margin, rtol=0, atol=1e-9)


def with_random_cells(machine, network, choose):
    """The network with some coincidences taken away and others, with random weights, put in."""
    axes = network.axes
    every = [(s, read) for s in range(axes.n) for read in product(range(axes.k), repeat=axes.t)]
    kept = [every[i] for i in np.flatnonzero(choose.random(len(every)) < 0.6)]
    old = network.weights.toarray()
    columns = [
        old[:, axes.cell_index[cell]]
        if cell in axes.cell_index
        else choose.normal(size=axes.units) * (choose.random(axes.units) < 0.3)
        for cell in kept
    ]
    matrix = np.column_stack([*columns, old[:, axes.cells :]])
    weights = csr_array(matrix)
    weights.sort_indices()
    new_axes = dataclasses.replace(
        axes,
        cell_state=np.array([s for s, _ in kept], dtype=np.int64),
        cell_read=np.array([read for _, read in kept], dtype=np.int64).reshape(-1, axes.t),
    )
    return dataclasses.replace(network, axes=new_axes, weights=weights)


@pytest.mark.parametrize("kind", ["network", "pomdp"])
@pytest.mark.parametrize(("group", "most"), [("same", 0.03), ("match", 0.02), ("rest", 0.03 * 0.02), ("others", 0.02)])
@pytest.mark.parametrize("on", [True, False])
def test_what_is_off_is_heard_as_loud_as_it_can_be(kind, group, most, on):
    """One synapse of 100 nats against a bias of 50, from each kind of unit that is off."""
    machine = from_busy_beaver("1RB1LB_1LA1RZ")
    network = compile_machine(machine).network
    form = network if kind == "network" else to_pomdp(network)
    saved = read_saved(kind, to_bytes(form), machine)
    nat = int(1 / QUANTUM)
    against = Sums(0, 100 * nat, 100 * nat, 1) if on else Sums(100 * nat, 0, 100 * nat, 1)
    quiet = {name: against if name == group else Sums() for name in ("same", "match", "rest", "others")}
    bias = LogOdds(50 * nat if on else -50 * nat, 50 * nat)
    obligation = Obligation("risk", on, bias, None, None, **quiet)
    epsilon = dict.fromkeys(POPULATIONS, Fraction(1, 10)) | {"state": Fraction(2, 100), "read": Fraction(3, 100)}
    bound = step_bounds(saved, {obligation: Where(None, None, 6)}, epsilon, None)["risk"]
    assert float(bound.margin) == pytest.approx(50 - 100 * most, abs=1e-9)
    assert bound.margin < 50 - 100 * Fraction(most)
    wider = step_bounds(saved, {obligation: Where(None, None, 6)}, epsilon, None, radius=Fraction(1, 2))["risk"]
    assert float(wider.margin) == pytest.approx(50 - 100 * most - 0.5 * (1 + most), abs=1e-9)
