"""What the graph says of a machine, against what runs do."""

from itertools import islice

import networkx as nx
import pytest
from hypothesis import given

from triquetra.machines import Configuration, Machine, Rule, Tape, from_busy_beaver, step, steps
from triquetra.machines.graph import (
    dead_rules,
    endless_states,
    reach,
    rule_label,
    strong_components,
    transition_graph,
    trivial_loops,
    unreachable_states,
    without_unreachable,
)
from triquetra.machines.strategies import machines, machines_with_input

WithInput = tuple[Machine, tuple[Tape, ...]]
SMALL = {"max_tapes": 2, "max_symbols": 2}


def machine_of(*rules: Rule, halting: int = 0, symbols: str = "_1", tapes: int = 1, one_way: bool = False) -> Machine:
    """Running states a, b, ... as the rules have them, then halting ones."""
    n = 1 + max(max(rule.state, rule.goto) for rule in rules)
    return Machine(
        states=tuple("abcdefgh"[:n]),
        symbols=tuple(symbols),
        rules=rules,
        verdicts=(*[None] * (n - halting), *["halt"] * halting),
        one_way=(one_way,) * tapes,
    )


def test_nodes_are_states_and_edges_are_rules() -> None:
    bb = from_busy_beaver("1RB1LB_1LA1RZ")
    graph = transition_graph(bb)
    assert isinstance(graph, nx.MultiDiGraph)
    assert dict(graph.nodes(data="verdict")) == {"A": None, "B": None, "Z": "halt"}
    assert [name for name, starts in graph.nodes(data="start") if starts] == ["A"]
    assert sorted(graph.edges(data="label")) == [
        ("A", "B", "0→1,R"), ("A", "B", "1,L"), ("B", "A", "0→1,L"), ("B", "Z", "1,R"),
    ]  # fmt: skip
    assert {data["rule"] for _, _, data in graph.edges(data=True)} == set(bb.rules)


def test_a_label_has_one_part_a_tape() -> None:
    rule = Rule(0, (0, 1), (1, 1), (1, 0), 0)
    assert rule_label(machine_of(rule, tapes=2), rule) == "_→1,R 1,S"


@given(machines_with_input(machines(**SMALL)))
def test_runs_stay_within_reach(case: WithInput) -> None:
    machine, inputs = case
    met = reach(machine)
    for configuration in islice(steps(machine, *inputs), 60):
        assert configuration.state in met.states
        assert all(symbol in held for symbol, held in zip(configuration.read, met.symbols))
        rule = machine.delta.get((configuration.state, configuration.read))
        assert rule is None or rule in met.rules


@given(machines(**SMALL))
def test_reach_is_a_fixed_point_and_has_nothing_without_reason(machine: Machine) -> None:
    met = reach(machine)
    assert all(rule.state in met.states and rule.goto in met.states for rule in met.rules)
    for state in met.states:
        assert state == machine.start or any(rule.goto == state for rule in met.rules)
    for tape, held in enumerate(met.symbols):
        for symbol in held - {0, *machine.input_symbols}:
            assert any(rule.write[tape] == symbol for rule in met.rules)


def test_a_rule_is_dead_if_nothing_writes_what_it_reads() -> None:
    machine = Machine(
        states=("a", "b"),
        symbols=("_", "1", "x"),
        rules=(Rule(0, (0,), (1,), (1,), 0), Rule(0, (2,), (2,), (1,), 1)),
        verdicts=(None, "halt"),
        input_symbols=(1,),
    )
    assert dead_rules(machine) == (machine.rules[1],)
    assert unreachable_states(machine) == ("b",)
    assert without_unreachable(machine).states == ("a",)


@given(machines(**SMALL))
def test_dropping_what_is_out_of_reach_leaves_runs_alone(machine: Machine) -> None:
    other = Machine(
        states=(*machine.states, "lost"),
        symbols=machine.symbols,
        rules=(
            *machine.rules,
            Rule(len(machine.states), (0,) * machine.tapes, (1,) * machine.tapes, (1,) * machine.tapes, 0),
        )
        if machine.verdicts[0] is None
        else machine.rules,
        verdicts=(*machine.verdicts, None),
        start=machine.start,
        one_way=machine.one_way,
        input_symbols=machine.input_symbols,
    )
    assert unreachable_states(other) == ("lost",)
    assert without_unreachable(other) == machine


@given(machines(**SMALL))
def test_components_part_the_states_in_order_of_reaching(machine: Machine) -> None:
    parts = strong_components(machine)
    assert sorted(name for part in parts for name in part) == sorted(machine.states)
    graph = transition_graph(machine)
    place = {name: i for i, part in enumerate(parts) for name in part}
    assert all(place[a] <= place[b] for a, b in graph.edges())
    for part in parts:
        assert all(nx.has_path(graph, a, b) for a in part for b in part)


@given(machines_with_input(machines(**SMALL)))
def test_from_endless_states_no_run_ends(case: WithInput) -> None:
    machine, inputs = case
    endless = endless_states(machine)
    run = list(islice(steps(machine, *inputs), 100))
    entered = any(machine.states[configuration.state] in endless for configuration in run)
    assert not entered or len(run) == 100


def test_endless_states_of_a_trap() -> None:
    trap = machine_of(
        Rule(0, (0,), (0,), (1,), 2), Rule(0, (1,), (1,), (1,), 1),
        Rule(1, (0,), (1,), (1,), 1), Rule(1, (1,), (0,), (-1,), 1), halting=1,
    )  # fmt: skip
    assert endless_states(trap) == ("b",)


@given(machines(**SMALL))
def test_trivial_loops_never_end(machine: Machine) -> None:
    for loop in trivial_loops(machine):
        first = loop.rules[0]
        # far from the end of a one-way tape, and at it
        for heads in ((5,) * machine.tapes, (0,) * machine.tapes):
            tapes = (
                tuple(Tape.of((symbol,), head) for symbol, head in zip(first.read, heads))
                if loop.in_place
                else (Tape(),) * machine.tapes
            )
            configuration: Configuration | None = Configuration(first.state, heads, tapes)
            for rule in [*loop.rules * 8, first][:24]:
                assert configuration is not None
                assert machine.delta[configuration.state, configuration.read] == rule
                configuration = step(machine, configuration)


@pytest.mark.parametrize(
    ("machine", "expected"),
    [
        (machine_of(Rule(0, (0,), (1,), (1,), 0)), [(False, 1)]),
        (machine_of(Rule(0, (0,), (0,), (0,), 0)), [(True, 1)]),
        (machine_of(Rule(0, (0,), (1,), (0,), 0), Rule(0, (1,), (0,), (0,), 0)), [(True, 2)]),
        (machine_of(Rule(0, (0,), (1,), (1,), 1), Rule(1, (0,), (1,), (1,), 0)), [(False, 2)]),
        (machine_of(Rule(0, (0,), (1,), (1,), 1), Rule(1, (0,), (1,), (-1,), 0)), []),  # comes back to its mark
        (machine_of(Rule(0, (0,), (1,), (-1,), 0), one_way=True), []),  # meets its mark on cell 0
        (machine_of(Rule(0, (0,), (0,), (-1,), 0), one_way=True), [(False, 1)]),
        (machine_of(Rule(0, (0, 0), (0, 1), (1, 0), 0), tapes=2), []),  # tape 2 keeps its mark under the head
        (machine_of(Rule(0, (0, 0), (1, 0), (1, 0), 0), tapes=2), [(False, 1)]),
    ],
)
def test_trivial_loops(machine: Machine, expected: list[tuple[bool, int]]) -> None:
    assert [(loop.in_place, len(loop.rules)) for loop in trivial_loops(machine)] == expected
