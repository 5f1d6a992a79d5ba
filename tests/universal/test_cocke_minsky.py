"""Machines as 2-tag systems: each configuration of the machine is read off a word."""

from itertools import islice

import pytest
from hypothesis import given, settings

from triquetra.machines import from_busy_beaver, steps
from triquetra.machines.language import parse
from triquetra.machines.load import load
from triquetra.machines.strategies import machines, machines_with_input
from triquetra.machines.tag import words
from triquetra.machines.universal import (
    CannotEncode,
    expected,
    same_from_the_head,
    simulate,
    to_tag_system,
)
from triquetra.runtime.cycles import machine_cycle_ends

BINARY = machines_with_input(machines(max_states=4, max_symbols=2, one_way=False), max_cells=4, max_left=2)


def simulated(simulation, most=3000):
    return [each for word in islice(words(simulation.system), most) if (each := simulation.configuration(word))]


def stays_for_ever(machine):
    """Whether some cell leads back to itself by stay moves alone."""
    for state, symbol in machine.delta:
        here, seen = (state, symbol), set()
        while (rule := machine.delta.get(here)) is not None and rule.move == (0,):
            if here in seen:
                return True
            seen.add(here)
            here = (rule.goto, rule.write)
    return False


@given(BINARY)
@settings(max_examples=150)
def test_any_machine_with_two_symbols(case):
    machine, inputs = case
    if stays_for_ever(machine):
        return
    got = simulated(to_tag_system(machine, *inputs))
    own = list(islice(expected(machine, steps(machine, *inputs), False), len(got)))
    assert got
    assert len(got) == len(own)
    assert all(map(same_from_the_head, got, own))


@pytest.mark.parametrize(("table", "count"), [("1RB1LB_1LA1RZ", 6), ("1RB1RZ_1LB0RC_1LC1LA", 21)])
def test_busy_beavers_halt_in_as_many_steps(table, count):
    simulation = to_tag_system(from_busy_beaver(table))
    *_, last = words(simulation.system)
    assert last[0] in simulation.system.halting
    assert len(simulated(simulation, 10**6)) == count + 1


def test_a_machine_halted_from_the_start():
    simulation = to_tag_system(from_busy_beaver("---1RA"), "01")
    assert len(list(words(simulation.system))) == 1
    (only,) = simulated(simulation)
    assert same_from_the_head(only, next(steps(from_busy_beaver("---1RA"), "01")))


def test_an_input_too_long_for_unary_numbers():
    with pytest.raises(CannotEncode, match="letters"):
        to_tag_system(from_busy_beaver("1RZ1RA"), "1" * 40)


def test_stay_moves_are_taken_together():
    machine = parse("machine m\nblank 0\nsymbols 1\na: 0 -> 1 S b\nb: 1 -> R c\nc: 0 -> 1 S d\nd: halt").machine
    got = simulated(to_tag_system(machine))
    assert [machine.states[each.state] for each in got] == ["b", "d"]


@pytest.mark.parametrize(
    ("machine", "message"),
    [
        (load("@increment").machine, "two symbols"),
        (load("@two-tape-add").machine, "two symbols"),
        (parse("machine m\nblank 0\nsymbols 1\none-way\na: 1 -> R").machine, "two symbols"),
        (parse("machine m\nblank 0\nsymbols 1\na: * -> S").machine, "stays for ever in state a"),
    ],
)
def test_what_has_no_tag_system_is_refused(machine, message):
    with pytest.raises(CannotEncode, match=message):
        to_tag_system(machine)


@pytest.mark.parametrize("on", ["minsky-7-4", "rogozhin-2-18"])
@pytest.mark.parametrize(("table", "word"), [("1RZ---", ""), ("1RB---_1RZ---", ""), ("1RZ1RA", "11")])
def test_the_chain_from_machine_to_universal_machine(on, table, word):
    machine = from_busy_beaver(table)
    simulation = simulate(machine, word, on=on)
    ends = machine_cycle_ends(simulation.machine, simulation.cell, simulation.tape, 50_000_000)
    got = [each for _, each in simulation.follow(ends)]
    own = list(steps(machine, word))
    assert len(got) == len(own)
    assert all(map(same_from_the_head, got, own))
