"""The practical universal machine against the machines that it simulates, step by step."""

import json
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings

from triquetra.compiler import compile_machine
from triquetra.forms import digest
from triquetra.machines import Machine, MachineError, Rule, Tape, Verdict, from_busy_beaver, steps
from triquetra.machines.language import parse
from triquetra.machines.load import load
from triquetra.machines.strategies import machines, machines_with_input
from triquetra.machines.universal import (
    PRACTICAL,
    CannotEncode,
    Garbled,
    expected,
    load_universal,
    same_from_the_head,
    simulate,
)
from triquetra.machines.universal.practical import decode, describe, encode
from triquetra.runtime.cycles import configurations, cycle_ends, followed_cycle_ends, machine_cycle_ends
from triquetra.runtime.event_network import EventNetwork
from triquetra.runtime.event_pomdp import EventPomdp
from triquetra.runtime.network import NetworkForm
from triquetra.runtime.pomdp import PomdpForm
from triquetra.runtime.turing import run

UNIVERSAL = load_universal(PRACTICAL)
CORPUS = Path(__file__).parent.parent / "corpus"
INCREMENT = load("@increment").machine


def check(machine, *inputs, most=40):
    """The first `most` steps are simulated as the machine makes them; the number made."""
    simulation = simulate(machine, *inputs)
    ends = machine_cycle_ends(simulation.machine, simulation.cell, simulation.tape)
    simulated = [configuration for _, configuration in islice(simulation.follow(ends), most + 1)]
    own = list(islice(expected(machine, steps(machine, *inputs), True), most + 1))
    assert len(simulated) == len(own)
    assert all(map(same_from_the_head, simulated, own))
    return len(own) - 1


def test_it_is_small():
    assert len(UNIVERSAL.states) == 56
    assert len(UNIVERSAL.symbols) == 16


def test_the_text_of_a_program():
    source = "machine m\nblank _\nright: 0 1 -> R\n _ -> L carry\ncarry: 1 -> 0 L\n 0 _ -> 1 S done\ndone: halt"
    before, after = describe(parse(source).machine, "01")
    assert before == ""
    assert after == "@/0000<1/0101>0/1010>0;/0010=1/0110=1/1001<0;|^01.10"


@pytest.mark.parametrize("word", ["", "0", "1", "1011", "111"])
def test_increment(word):
    check(INCREMENT, word)
    outcome = run(UNIVERSAL, encode(UNIVERSAL, INCREMENT, word))
    final = decode(UNIVERSAL, INCREMENT, outcome.configuration)
    own = run(INCREMENT, word)
    assert outcome.verdict is Verdict.HALTED
    assert same_from_the_head(final, own.configuration)


@given(machines_with_input(machines(max_states=5, max_symbols=5), max_left=3))
@settings(max_examples=60)
def test_any_machine(case):
    machine, inputs = case
    check(machine, *inputs)


SAMPLED = json.loads((CORPUS / "sampled.json").read_text(encoding="utf-8"))
BEAVERS = json.loads((CORPUS / "busy_beavers.json").read_text(encoding="utf-8"))


def entries(document):
    return document if isinstance(document, list) else next(v for v in document.values() if isinstance(v, list))


@pytest.mark.parametrize("number", range(0, 300, 12))
def test_sampled_machines(number):
    entry = entries(SAMPLED)[number]
    check(from_busy_beaver(entry["table"]), entry["input"], most=25)


@pytest.mark.campaign
@pytest.mark.parametrize("number", range(300))
def test_all_sampled_machines(number):
    entry = entries(SAMPLED)[number]
    check(from_busy_beaver(entry["table"]), entry["input"], most=400)


def test_busy_beaver_four():
    entry = next(each for each in entries(BEAVERS) if each["id"] == "bb4")
    assert check(from_busy_beaver(entry["table"]), most=1000) == entry["steps"] == 107


def test_all_forms_simulate_the_same():
    simulation = simulate(INCREMENT, "11")
    compiled = compile_machine(UNIVERSAL)
    times = list(machine_cycle_ends(UNIVERSAL, simulation.cell, simulation.tape))
    own = list(steps(INCREMENT, "11"))
    for engine in (
        EventNetwork(compiled.network, [[simulation.tape]]),
        EventPomdp(compiled.pomdp, [[simulation.tape]]),
        EventNetwork(compiled.network, [[simulation.tape]], cells=400),
    ):
        simulated = [each for _, each in simulation.follow(followed_cycle_ends(engine, times))]
        assert len(simulated) == len(own)
        assert all(map(same_from_the_head, simulated, own))


def test_every_unit_and_every_step():
    simulation = simulate(INCREMENT, "")
    compiled = compile_machine(UNIVERSAL)
    times = list(machine_cycle_ends(UNIVERSAL, simulation.cell, simulation.tape))
    for form in (NetworkForm(compiled.network), PomdpForm(compiled.pomdp)):
        assert list(cycle_ends(simulation.cell, configurations(form, simulation.tape))) == times


def test_the_weights_do_not_depend_on_the_program():
    programs = [simulate(INCREMENT, "1"), simulate(load("@palindrome").machine, "abba")]
    compiled = [compile_machine(program.machine) for program in programs]
    assert len({(digest(each.network), digest(each.pomdp)) for each in compiled}) == 1
    assert programs[0].tape != programs[1].tape


@pytest.mark.parametrize("word", ["", "1"])
def test_it_simulates_itself_simulating_increment(word):
    inner = encode(UNIVERSAL, INCREMENT, word)
    outcome = run(UNIVERSAL, encode(UNIVERSAL, UNIVERSAL, inner), max_steps=1_000_000_000)
    assert outcome.verdict is Verdict.HALTED
    middle = decode(UNIVERSAL, UNIVERSAL, outcome.configuration)
    assert same_from_the_head(middle, run(UNIVERSAL, inner).configuration)
    final = decode(UNIVERSAL, INCREMENT, middle)
    assert same_from_the_head(final, run(INCREMENT, word).configuration)


def test_several_tapes_are_refused():
    with pytest.raises(CannotEncode, match="2 tapes"):
        simulate(load("@two-tape-add").machine)


def test_a_table_too_large_is_refused():
    states = tuple(f"q{number}" for number in range(6000))
    rules = tuple(Rule(state, (0,), (0,), (1,), 5999 - state) for state in range(6000))
    machine = Machine(states=states, symbols=("0",), rules=rules, verdicts=(None,) * 6000)
    with pytest.raises(CannotEncode, match="cells"):
        simulate(machine)


def test_an_input_that_the_machine_does_not_read():
    with pytest.raises(MachineError, match="`z`"):
        simulate(INCREMENT, "z")


@pytest.mark.parametrize(
    "text", ["", "@", ";T|^00", "@T|", "@T|^00^01", "@T|^000", "@T|^11", "@T[^00", "@T|^0o1", "@;;|^00", "@T;|^00"]
)
def test_a_garbled_tape_is_noticed(text):
    _, program = describe(INCREMENT)
    table = program[1 : program.index("|")]
    configuration = next(steps(UNIVERSAL, Tape.of(UNIVERSAL.word(text.replace("T", table)))))
    with pytest.raises(Garbled):
        decode(UNIVERSAL, INCREMENT, configuration)
