"""Certificates that are false by construction, thousands of them: none is accepted.

Whether one is false is settled by running the machine (truth.py), not by anything in the checker.
"""

import json
import random
from decimal import Decimal
from itertools import product

import pytest
from tests.verifier_halting.truth import GENUINE, PUBLISHED, Run, entry, must_be_true, places, replaced, truth

from triquetra.machines import Machine, Rule, from_busy_beaver
from triquetra.verifier.halting_checker import RefusedHalting, check, limits, plain

VARIED = sorted(name for name, (_, each) in GENUINE.items() if len(json.dumps(each)) < 1200 and name not in PUBLISHED)
SMALL = sorted(name for name, (_, each) in GENUINE.items() if len(json.dumps(each)) < 3000 and name not in PUBLISHED)
ENDLESS = sorted(name for name, (_, each) in GENUINE.items() if each["claim"]["ending"] == "runs forever")
HALTING = sorted(set(SMALL) - set(ENDLESS))


@pytest.fixture
def in_short(monkeypatch):
    """What takes long is refused early."""
    monkeypatch.setattr(limits, "MAX_WORK", 20_000)
    monkeypatch.setattr(plain, "MAX_PLAIN", 4000)


@pytest.mark.parametrize("name", sorted(GENUINE))
def test_genuine_ones_are_accepted(name):
    machine, certificate = GENUINE[name]
    if name in SMALL:
        assert must_be_true(machine, certificate)
    proved = check(machine, certificate)
    claim = certificate["claim"]
    assert proved.verdict == claim["ending"]
    assert [proved.state, proved.steps, proved.nonblank] == [
        None if claim.get(key) is None else int(Decimal(claim[key])) for key in ("state", "steps", "nonblank")
    ]
    assert proved.method == certificate["proof"]["method"]
    if name in PUBLISHED:
        assert (proved.steps, proved.nonblank) == PUBLISHED[name]


def neighbours(machine: Machine):
    """All machines that differ in one cell of the table, or lack one."""
    others = list(product(range(len(machine.symbols)), (-1, 0, 1), range(len(machine.states))))
    for i, rule in enumerate(machine.rules):
        for other in [None, *others]:
            if other == (rule.write[0], rule.move[0], rule.goto):
                continue
            instead = [Rule(rule.state, rule.read, (other[0],), (other[1],), other[2])] if other else []
            yield Machine(
                name=machine.name, states=machine.states, symbols=machine.symbols, verdicts=machine.verdicts,
                rules=(*machine.rules[:i], *instead, *machine.rules[i + 1 :]),
            )  # fmt: skip


def of_another(machine: Machine, certificate: dict, **claim: object) -> dict:
    """The certificate, given out for another machine."""
    return certificate | {"machine": machine.digest, "claim": claim or certificate["claim"]}


def test_proofs_that_another_machine_runs_forever(in_short):
    """A genuine proof for a machine, given out for each that differs in one cell and halts."""
    tried = 0
    for name in ENDLESS:
        machine, certificate = GENUINE[name]
        start = certificate["input"]["cells"], certificate["input"]["origin"]
        for other in neighbours(machine):
            if truth(other, *start, 500) is not None:
                tried += 1
                with pytest.raises(RefusedHalting):
                    check(other, of_another(other, certificate))
    assert tried > 1000


def test_proofs_that_another_machine_halts(in_short):
    """The same for halting, with the claim that is true of the other machine's neighbour, and with its own."""
    tried = 0
    for name in HALTING:
        machine, certificate = GENUINE[name]
        start = certificate["input"]["cells"], certificate["input"]["origin"]
        for other in neighbours(machine):
            true = truth(other, *start)
            tried += 1
            must_be_true(other, of_another(other, certificate))
            if true is not None:
                must_be_true(other, of_another(
                    other, certificate, ending=true.verdict, state=true.state, steps=true.steps, nonblank=true.nonblank,
                ))  # fmt: skip
    assert tried > 500


@pytest.mark.parametrize("name", SMALL)
def test_proofs_for_another_input(in_short, name):
    machine, certificate = GENUINE[name]
    symbols = range(len(machine.symbols))
    cells, origin = certificate["input"]["cells"], certificate["input"]["origin"]
    inputs = [([*cells[:i], a, *cells[i + 1 :]], origin) for i in range(len(cells)) for a in symbols]
    inputs += [([*cells, *[0] * gap, a], origin) for a in symbols for gap in range(8)]
    inputs += [([a, *[0] * gap, *cells], origin - gap - 1) for a in symbols for gap in range(8)]
    inputs += [(cells, origin + shift) for shift in range(-8, 9)]
    for other, first in inputs:
        true = truth(machine, other, first)
        claims = [certificate["claim"], {"ending": "runs forever"}]
        if true is not None:
            claims.append({"ending": true.verdict, "state": true.state, "steps": true.steps, "nonblank": true.nonblank})
        for claim in claims:
            must_be_true(machine, certificate | {"input": {"cells": other, "origin": first}, "claim": claim})


def variations(certificate: dict):
    """Each number of a proof changed, each entry of a list dropped, doubled, and exchanged with the next."""
    for path in places(certificate["proof"], ("proof",)):
        here, parent, key = entry(certificate, path), entry(certificate, path[:-1]), path[-1]
        if isinstance(here, int):
            for value in {here - 1, here + 1, 0, -here, 2 * here} - {here}:
                yield replaced(certificate, path, value)
        if isinstance(here, str):
            for value in {"left", "right", "cycle", "translated cycle", "steps"} - {here}:
                yield replaced(certificate, path, value)
        if isinstance(parent, list):
            yield replaced(certificate, path[:-1], parent[:key] + parent[key + 1 :])
            yield replaced(certificate, path[:-1], parent[: key + 1] + parent[key:])
            if key:
                swapped = [*parent[: key - 1], here, parent[key - 1], *parent[key + 1 :]]
                yield replaced(certificate, path[:-1], swapped)


@pytest.mark.parametrize("name", VARIED)
def test_proofs_with_one_change(in_short, name):
    """With the claim as it is, and that the machine runs forever; and with whatever the changed proof comes to."""
    machine, certificate = GENUINE[name]
    for forged in variations(certificate):
        must_be_true(machine, forged)
        if certificate["claim"]["ending"] != "runs forever":
            must_be_true(machine, forged | {"claim": {"ending": "runs forever"}})


@pytest.mark.parametrize("name", HALTING)
def test_claims_with_one_change(in_short, name):
    machine, certificate = GENUINE[name]
    claim = certificate["claim"]
    for key, value in [
        *(("ending", other) for other in {"halted", "undefined", "runs forever"} - {claim["ending"]}),
        *((key, int(claim[key]) + more) for key in ("state", "steps", "nonblank") for more in (-1, 1)),
        *((key, None) for key in ("state", "steps", "nonblank")),
    ]:
        with pytest.raises(RefusedHalting, match="claim"):
            check(machine, certificate | {"claim": claim | {key: value}})


HALT_LATE = (  # tables that halt after some dozens of steps, and words for them
    ("1RB1LA_0LA0RB", ()), ("1RB1LB_1LA1RZ", ()), ("1RB1RZ_1LB0RC_1LC1LA", ()), ("1RB1RZ_0LC0RC_1LC1LA", (1, 0, 1)),
    ("1RB1LB_1LA0LC_1RZ1LD_1RD0RA", ()), ("1RB2LB1RZ_2LA2RB1LB", ()), ("0RA1RA2LB_1RA0LB---", (0, 0, 0, 2)),
    ("0RB1RB2LA_0LB1LA2RA", (1, 1, 0, 1, 2)), ("1RA0RA2LB_1LB1LB2RA", (2, 1, 1, 0, 2)),
)  # fmt: skip


@pytest.mark.parametrize(("table", "word"), HALT_LATE)
@pytest.mark.parametrize("mirrored", [False, True])
def test_cycles_of_machines_that_halt(in_short, table, word, mirrored):
    """All befores and periods there are, in place and with a shift."""
    machine = from_busy_beaver(table)
    if mirrored:
        machine = mirror(machine)
    cells = list(word[::-1] if mirrored else word)
    origin = 1 - len(cells) if mirrored else 0
    true = truth(machine, cells, origin, 60)
    if true is None:
        return
    for method in ("cycle", "translated cycle"):
        for before in range(true.steps + 2):
            for period in range(1, true.steps + 2 - before):
                certificate = {
                    "format": "triquetra halting certificate 1", "machine": machine.digest,
                    "input": {"cells": cells, "origin": origin}, "claim": {"ending": "runs forever"},
                    "proof": {"method": method, "before": before, "period": period},
                }  # fmt: skip
                with pytest.raises(RefusedHalting):
                    check(machine, certificate)


def mirror(machine: Machine) -> Machine:
    """The machine with left for right."""
    return Machine(
        name=machine.name, states=machine.states, symbols=machine.symbols, verdicts=machine.verdicts,
        rules=tuple(Rule(r.state, r.read, r.write, (-r.move[0],), r.goto) for r in machine.rules),
    )  # fmt: skip


def random_machine(rng: random.Random, states: int, symbols: int) -> Machine:
    """Most of the table filled in."""
    rules = [
        Rule(state, (read,), (rng.randrange(symbols),), (rng.choice((-1, -1, -1, 0, 1, 1, 1)),), rng.randrange(states))
        for state in range(states)
        for read in range(symbols)
        if rng.random() < 0.9
    ]
    return Machine(
        states=tuple("ABCD"[:states]), symbols=tuple("0123"[:symbols]), verdicts=(None,) * states, rules=tuple(rules)
    )


@pytest.mark.parametrize("seed", range(4))
def test_cycles_of_random_machines_that_halt(in_short, seed):
    rng = random.Random(seed)
    tried = 0
    while tried < 400:
        machine = random_machine(rng, rng.choice((2, 3, 4)), rng.choice((2, 3)))
        cells, origin = [rng.randrange(len(machine.symbols)) for _ in range(7)], rng.randrange(-6, 1)
        true = truth(machine, cells, origin, 60)
        if true is None or true.steps < 8:
            continue
        moments = moments_of(machine, cells, origin)
        for (before, state, head), (after, state_after, head_after) in product(moments, moments):
            if before < after and state == state_after:
                tried += 1
                certificate = {
                    "format": "triquetra halting certificate 1", "machine": machine.digest,
                    "input": {"cells": cells, "origin": origin}, "claim": {"ending": "runs forever"},
                    "proof": {
                        "method": "cycle" if head == head_after else "translated cycle",
                        "before": before, "period": after - before,
                    },
                }  # fmt: skip
                with pytest.raises(RefusedHalting):
                    check(machine, certificate)


def moments_of(machine: Machine, cells: list[int], origin: int) -> list[tuple[int, int, int]]:
    """Step, state and head at all moments of a run that halts."""
    run = Run(machine, cells, origin)
    moments = [(0, run.state, run.head)]
    while run.step():
        moments.append((run.steps, run.state, run.head))
    return moments
