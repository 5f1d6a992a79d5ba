"""Weights back to machines: ours, perturbed, in another order; and weights that encode none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triquetra.compiler.decompile import NoMachine, decompile
from triquetra.compiler.gain import choose_gain
from triquetra.compiler.to_network import to_network
from triquetra.forms import Axes, Network
from triquetra.machines import Machine, Rule, from_busy_beaver
from triquetra.machines.equivalence import Distinction, first_difference, renaming
from triquetra.machines.strategies import machines

BUSY_BEAVER = from_busy_beaver("1RB1LC_1RC1RB_1RD0LE_1LA1LD_1RZ0LA")
SEEDS = st.integers(0, 2**32 - 1)


def network_of(machine: Machine) -> Network:
    return to_network(machine, choose_gain(machine))


@given(machines(max_tapes=2))
def test_a_machine_comes_back_from_its_network(machine: Machine) -> None:
    assert decompile(network_of(machine)) == machine


@given(machines(max_tapes=2), SEEDS)
def test_a_perturbed_network_is_still_the_machine(machine: Machine, seed: int) -> None:
    network = network_of(machine)
    rng = np.random.default_rng(seed)
    weights = network.weights.copy()
    weights.data += rng.normal(0, 2.0, weights.data.shape)
    bias = network.bias + rng.normal(0, 2.0, network.bias.shape)
    assert decompile(replace(network, weights=weights, bias=bias)) == machine


def permuted(network: Network, seed: int) -> Network:
    """The same network with states, symbols (but the blank) and cells in another order and without their names."""
    rng = np.random.default_rng(seed)
    axes = network.axes
    states = rng.permutation(axes.n)  # new index -> old
    symbols = np.concatenate([[0], 1 + rng.permutation(axes.k - 1)])
    cells = rng.permutation(axes.cells)
    new_state, new_symbol = np.argsort(states), np.argsort(symbols)
    moves = np.arange(axes.n + 1, axes.n + 1 + 2 * axes.t)
    risks = np.concatenate([axes.n + 1 + 2 * axes.t + axes.k * i + symbols for i in range(axes.t)])
    rows = np.concatenate([states, [axes.n], moves, risks])
    columns = np.concatenate([cells, axes.cells + states])
    weights = network.weights[rows][:, columns].tocsr()
    weights.sort_indices()
    lost = Axes(
        name="unknown",
        machine="",
        states=tuple(f"x{i}" for i in range(axes.n)),
        symbols=tuple(f"y{i}" for i in range(axes.k)),
        verdicts=tuple(axes.verdicts[s] for s in states),
        start=int(new_state[axes.start]),
        one_way=axes.one_way,
        input_symbols=tuple(sorted(int(new_symbol[a]) for a in axes.input_symbols)),
        cell_state=new_state[axes.cell_state[cells]].astype(np.int64),
        cell_read=new_symbol[axes.cell_read[cells]].astype(np.int64).reshape(axes.cells, axes.t),
    )
    sensory = network.sensory_weights[:, symbols][:, :, symbols]
    return replace(
        network,
        axes=lost,
        weights=weights,
        bias=network.bias[rows],
        sensory_weights=sensory,
        sensory_bias=network.sensory_bias[:, symbols],
    )


@given(machines(max_tapes=2, max_symbols=4), SEEDS)
def test_a_permuted_network_is_the_machine_up_to_names(machine: Machine, seed: int) -> None:
    back = decompile(permuted(network_of(machine), seed))
    found = renaming(machine, back)
    assert found is not None
    for rule in machine.rules:
        image = back.delta[found.states[rule.state], tuple(found.symbols[a] for a in rule.read)]
        assert image.goto == found.states[rule.goto]
        assert image.write == tuple(found.symbols[a] for a in rule.write)
        assert image.move == rule.move


def test_a_network_with_all_coincidences_and_learned_strengths_is_read_too() -> None:
    network = network_of(BUSY_BEAVER)
    weights = network.weights.copy()
    weights.data *= np.linspace(0.8, 3.0, weights.data.size)
    assert decompile(replace(network, weights=weights)) == BUSY_BEAVER


def test_one_unit_undecided_is_named() -> None:
    network = network_of(BUSY_BEAVER)
    bias = network.bias.copy()
    bias[network.axes.left(0)] = 0.0
    with pytest.raises(NoMachine, match=r"`move:L` is undecided when state is `A` and `0` is read"):
        decompile(replace(network, bias=bias))


@pytest.mark.parametrize(
    "unit, drive, says",
    [
        ("state:C", 500.0, "`state:B` and `state:C` are on when state is `A` and `0` is read"),
        ("risk:0", 500.0, "`risk:0` is on when state is `A` and `1` is read; that leaves no single symbol"),
        ("state:B", -500.0, "none of `state:A`, `state:B`.* is on when state is `A` and `0` is read"),
        ("halt", 500.0, "is on although `halt` is"),
        ("halt", -500.0, "`halt` is off when state is `Z`"),
        ("move:R", -500.0, None),
    ],
)
def test_weights_of_no_machine_are_refused_with_the_unit(unit: str, drive: float, says: str | None) -> None:
    network = network_of(BUSY_BEAVER)
    bias = network.bias.copy()
    bias[network.axes.unit_names.index(unit)] += drive
    broken = replace(network, bias=bias)
    if says is None:  # a unit that never moves right is a machine, if another one
        assert decompile(broken) != BUSY_BEAVER
        return
    with pytest.raises(NoMachine, match=says):
        decompile(broken)


@pytest.mark.parametrize(
    "change, says",
    [
        ({"rate": 30.0}, "memory synapses do not keep what is written"),
        ({"bistability": 0.5}, "memory synapses do not keep"),
        ({"saturation": 1.0}, "memory synapses do not keep"),
        ({"place_weight": 1.0}, "place units do not follow"),
        ({"sensory_bias": np.array([[-30.0, 30.0]])}, "`read:1` has a drive of 30 nats when `0` is shown"),
    ],
)
def test_tapes_that_do_not_work_are_refused(change: dict[str, float], says: str) -> None:
    with pytest.raises(NoMachine, match=says):
        decompile(replace(network_of(BUSY_BEAVER), **change))


@given(machines(max_tapes=2))
def test_every_machine_is_itself(machine: Machine) -> None:
    assert renaming(machine, machine) is not None
    assert first_difference(machine, machine) is None


def test_machines_that_differ_in_one_rule_are_told_apart() -> None:
    rules = list(BUSY_BEAVER.rules)
    last = rules[-1]
    rules[-1] = Rule(last.state, last.read, (1,), last.move, last.goto)
    other = replace(BUSY_BEAVER, rules=tuple(rules))
    assert renaming(BUSY_BEAVER, other) is None
    difference = first_difference(BUSY_BEAVER, other)
    assert difference == Distinction(last.state, last.state, last.read)
    missing = replace(BUSY_BEAVER, rules=tuple(rules[:-1]))
    assert first_difference(BUSY_BEAVER, missing) == Distinction(last.state, last.state, last.read)
    assert first_difference(BUSY_BEAVER, missing, partial=True) is None


def test_a_machine_and_its_copy_with_a_doubled_state_do_the_same() -> None:
    single = from_busy_beaver("1RA1LZ")
    doubled = from_busy_beaver("1RB1LZ_1RA1LZ")
    assert renaming(single, doubled) is None
    assert first_difference(single, doubled) is None


def test_verdicts_may_be_left_out() -> None:
    accepting = replace(BUSY_BEAVER, verdicts=(None,) * 5 + ("accept",))
    assert renaming(BUSY_BEAVER, accepting) is None
    assert renaming(BUSY_BEAVER, accepting, verdicts=False) is not None
