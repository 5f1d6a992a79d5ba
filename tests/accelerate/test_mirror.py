"""A machine and its mirror image are told the same: nothing in the decider prefers a direction."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from triquetra.machines import Machine, Tape, from_busy_beaver
from triquetra.machines.catalogue import zoo
from triquetra.runtime.accelerate import DecisionKind, decide, run
from triquetra.verifier.halting_checker import check

from .test_campaign_halting import SIZES, random_machine

CORPUS = Path(__file__).parent.parent / "corpus"
BUSY_BEAVERS = json.loads((CORPUS / "busy_beavers.json").read_text())
SAMPLED = json.loads((CORPUS / "sampled.json").read_text())
ZOO = [one for one in zoo() if one.machine.tapes == 1 and not one.machine.one_way[0]]
UNDECIDED_ONCE = "1RB0RC_1RD1RF_0RE1LC_0LC1LA_1RZ0LF_1RA1LE"


def mirrored(machine: Machine) -> Machine:
    return replace(machine, rules=tuple(replace(rule, move=(-rule.move[0],)) for rule in machine.rules))


def reflected(tape: Tape) -> Tape:
    """About cell 0."""
    return Tape.of(tape.cells[::-1], 1 - tape.origin - len(tape.cells))


BLANK = Tape()


def both(machine, tape=BLANK, **effort):
    """What is found out of a machine, which must be what is found out of its mirror image; both are checked."""
    pair = [(machine, tape), (mirrored(machine), reflected(tape))]
    one, other = (decide(each, start, **effort) for each, start in pair)
    assert (one.kind, one.steps, one.nonblank, one.reason) == (other.kind, other.steps, other.nonblank, other.reason)
    for (each, _), decision in zip(pair, (one, other)):
        if decision.certificate is not None:
            proved = check(each, decision.certificate)
            assert (proved.steps, proved.nonblank) == (decision.steps, decision.nonblank)
    return one


def test_a_machine_whose_blocks_begin_between_two_cells():
    """The published count; in blocks that begin where the head begins it is not found."""
    decision = both(from_busy_beaver(UNDECIDED_ONCE), max_macro_steps=100_000)
    assert (decision.kind, decision.steps, decision.nonblank) == (DecisionKind.HALTS, 87_625_361_512, 13_653)


@pytest.mark.parametrize("one", ZOO, ids=lambda one: one.name)
def test_the_zoo(one):
    both(one.machine, max_macro_steps=3000, closed_sets=((1, 0), (2, 1)))


@pytest.mark.parametrize("entry", BUSY_BEAVERS, ids=lambda entry: entry["id"])
def test_busy_beavers(entry):
    decision = both(from_busy_beaver(entry["table"]))
    assert (decision.steps, decision.nonblank) == (entry["steps"], entry["nonblank"])


@pytest.mark.parametrize("part", range(3))
def test_the_sampled_corpus(part):
    for entry in SAMPLED[part::3]:
        machine = from_busy_beaver(entry["table"])
        both(machine, Tape.of(machine.word(entry["input"])), max_macro_steps=500, closed_sets=((1, 0), (2, 1)))


@pytest.mark.campaign
def test_the_whole_sampled_corpus():
    for entry in SAMPLED:
        machine = from_busy_beaver(entry["table"])
        both(machine, Tape.of(machine.word(entry["input"])), max_macro_steps=10_000)


def pairs(seed, count):
    rng = random.Random(seed)
    for _ in range(count):
        machine = random_machine(rng, *rng.choice(SIZES))
        word = [rng.randrange(len(machine.symbols)) for _ in range(rng.randrange(6))]
        # with little plain watching, so that closed sets and rules have their turn
        yield machine, Tape.of(word, rng.randrange(-3, 3)), rng.choice((5, 50, 500)), rng.choice(((), ((1, 0), (2, 1))))


def test_a_random_sample():
    for machine, tape, max_steps, closed_sets in pairs(1, 400):
        both(machine, tape, max_steps=max_steps, max_macro_steps=600, closed_sets=closed_sets)


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(10))
def test_many_random_machines(seed):
    for machine, tape, max_steps, closed_sets in pairs(seed, 1000):
        both(machine, tape, max_steps=max_steps, max_macro_steps=5000, closed_sets=closed_sets)


@pytest.mark.parametrize("block", [None, 1, 2, 3])
def test_accelerated_runs_are_mirror_images_use_by_use(block):
    for machine, tape, _, _ in pairs(2, 40):
        one = run(machine, tape, block=block, max_macro_steps=400)
        other = run(mirrored(machine), reflected(tape), block=block, max_macro_steps=400)
        assert (one.ending, one.steps, one.macro_steps, one.rules) == (
            other.ending, other.steps, other.macro_steps, other.rules,
        )  # fmt: skip
