"""Machines are frozen, validated and print well."""

import dataclasses

import pytest
from hypothesis import given

import triquetra
from triquetra.machines import (
    Machine,
    MachineError,
    Rule,
    Tape,
    disjoint_union,
    from_busy_beaver,
    steps,
    to_busy_beaver,
)
from triquetra.machines.strategies import machines

GOOD = {
    "states": ("a", "b"),
    "symbols": ("0", "1"),
    "rules": (Rule(0, (0,), (1,), (1,), 1),),
    "verdicts": (None, "accept"),
}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"states": ()}, "at least one state"),
        ({"symbols": ()}, "blank"),
        ({"one_way": ()}, "at least one tape"),
        ({"states": ("a", "a")}, "`a` is named twice"),
        ({"states": ("a", "")}, "empty name"),
        ({"start": 2}, "start = 2"),
        ({"verdicts": (None,)}, "1 verdicts for 2 states"),
        ({"input_symbols": (5,)}, "input symbols"),
        ({"rules": (Rule(0, (0,), (1,), (1,), 7),)}, "goes to state 7"),
        ({"rules": (Rule(5, (0,), (1,), (1,), 0),)}, "state 5"),
        ({"rules": (Rule(0, (0,), (9,), (1,), 0),)}, "symbol is outside"),
        ({"rules": (Rule(0, (0,), (1,), (2,), 0),)}, "moves are"),
        ({"rules": (Rule(0, (0, 0), (1,), (1,), 0),)}, "2 entries for 1 tape"),
        ({"rules": (Rule(1, (0,), (1,), (1,), 0),)}, "halting state `b`"),
        ({"rules": (Rule(0, (1,), (1,), (1,), 0), Rule(0, (0,), (1,), (1,), 0))}, "sorted"),
        ({"rules": (Rule(0, (0,), (1,), (1,), 0),) * 2}, "each once"),
    ],
)
def test_a_wrong_machine_is_refused_by_field(changes, named):
    with pytest.raises(MachineError, match=named):
        Machine(**(GOOD | changes))


@given(machines(max_tapes=2))
def test_digest_and_equality_are_of_what_a_machine_does(machine):
    renamed = dataclasses.replace(machine, name="other", documentation="other")
    assert renamed == machine
    assert hash(renamed) == hash(machine)
    assert renamed.digest == machine.digest
    other = dataclasses.replace(machine, states=tuple(f"{s}'" for s in machine.states))
    assert other.digest != machine.digest
    assert repr(machine).startswith("<") and "\n" not in repr(machine)
    assert "<table>" in machine._repr_html_()


def test_machines_print_their_rules():
    machine = Machine(name="m", **GOOD)
    assert repr(machine) == "<m: 2 states, 2 symbols, 1 rule | a 0 -> 1 R b | starts in a | b is accept>"
    assert repr(from_busy_beaver("1RB1LB_1LA1RZ")).count("->") == 4


def test_tapes_are_canonical():
    assert Tape.of((0, 0, 1, 0, 2, 0), -1) == Tape((1, 0, 2), 1)
    assert Tape.of((0, 0)) == Tape()
    assert Tape().write(5, 1) == Tape((1,), 5)
    assert Tape((1,), 5).write(5, 0) == Tape()
    assert Tape((1, 1), 0).write(-2, 3)[-2] == 3


@pytest.mark.parametrize("text", ["1RB", "1RB1LA_1R", "1XB1LA", "2RA1LA", "1RB1LA_1RA", "", "_".join(["1RA"] * 27)])
def test_busy_beaver_text_that_is_none(text):
    with pytest.raises(MachineError):
        machine = from_busy_beaver(text)
        raise AssertionError(machine)


@pytest.mark.parametrize("text", ["1RB1LB_1LA1RZ", "1RB---_1LA1RZ", "1RB2LB1RZ_2LA2RB1LB", "0LA1SA"])
def test_busy_beaver_text_comes_back(text):
    assert to_busy_beaver(from_busy_beaver(text)) == text


def test_a_union_runs_each_machine_from_its_start():
    beavers = [from_busy_beaver("1RB1LB_1LA1RZ"), from_busy_beaver("1RB1RZ_1LB0RC_1LC1LA")]
    union, starts = disjoint_union(beavers)
    for beaver, start in zip(beavers, starts):
        alone = dataclasses.replace(union, start=start)
        assert len(list(steps(alone))) == len(list(steps(beaver)))


def test_the_front_door_in_ten_lines(capsys):
    machine = triquetra.load("@increment")
    network, pomdp = triquetra.compile(machine)
    assert str(network).startswith("network of increment")
    assert str(pomdp).startswith("POMDP of increment")
    outcomes = [triquetra.run(machine, "1011", form=form) for form in ("turing", "network", "pomdp")]
    assert len(set(outcomes)) == 1
    agreement = triquetra.agree(machine, "1011", network=network, pomdp=pomdp, cells=64)
    assert agreement.agrees
    assert "agree at every step: halted in state done after 8 steps" in str(agreement)
    with pytest.raises(AttributeError, match="no attribute `nothing`"):
        triquetra.nothing  # noqa: B018
