"""What a proved rule says holds, at every length of its runs and with anything beyond: held against plain runs."""

import itertools
import random
from fractions import Fraction
from itertools import product

import pytest
from tests.verifier_halting.test_nothing_false import random_machine
from tests.verifier_halting.truth import GENUINE, Run

from triquetra.machines import Machine, Tape, from_busy_beaver
from triquetra.verifier.halting_checker import RefusedHalting, rules
from triquetra.verifier.halting_checker.algebra import Algebra
from triquetra.verifier.halting_checker.blocks import Blocks
from triquetra.verifier.halting_checker.limits import Work


class Prover:
    """Proves rules for a machine, one after the other, as the checker does."""

    def __init__(self, machine: Machine, size: int) -> None:
        self.machine, self.size = machine, size
        self.blocks = Blocks(machine, size, Work())
        self.algebra = Algebra(self.blocks.work)
        self.rules: list = []

    def prove(self, text: dict):
        """The next rule; None if it is refused."""
        self.blocks.work.left = 20_000
        try:
            self.rules.append(rules._prove(self.blocks, self.algebra, self.rules, text))
        except RefusedHalting:
            return None
        return self.rules[-1]

    def walk(self, text: dict, values):
        """A walk without variables from a rule's start at these lengths."""
        self.blocks.work.left = 20_000
        walk = rules._Walk(self.blocks, self.algebra, text["state"], text["enters"] == "right", 0)
        for side, runs in enumerate(counted(text, values)):
            for block, count in runs:
                walk.push(side, tuple(block), None if count is None else (count,))
        return walk


def variables(text: dict) -> int:
    return sum(run[1] > 0 for run in text["left"] + text["right"])


def counted(text: dict, values):
    """The runs of a rule's start with their lengths, far ones first; None: endless."""
    values = iter(values)

    def count(modulus: int, rest: int):
        return None if modulus < 0 else rest + (modulus * next(values) if modulus else 0)

    return [[(block, count(modulus, rest)) for block, modulus, rest in text[side]] for side in ("left", "right")]


def laid(sides, beyond, boundary: int) -> dict[int, int]:
    """The cells that are not blank, where the block right of the head's way begins at `boundary`."""
    tape = {}
    for side, runs in enumerate(sides):
        endless = bool(runs) and runs[0][1] is None
        outwards = 1 if side else -1
        cells = [cell for block, count in reversed(runs) if count for _ in range(count) for cell in block[::outwards]]
        for place, cell in enumerate([*cells, *([] if endless else beyond[side])]):
            if cell:
                tape[boundary + place if side else boundary - 1 - place] = cell
    return tape


def plain(machine: Machine, state: int, rightward: bool, tape: dict[int, int], steps: int) -> Run:
    """A plain run of so many steps; there must be so many."""
    run = Run(machine, [])
    run.state, run.head, run.tape = state, 0 if rightward else -1, dict(tape)
    for _ in range(steps):
        assert run.step()
    return run


def value(polynomial, values) -> Fraction:
    total = Fraction(0)
    for monomial, factor in polynomial.items():
        for number in monomial:
            factor *= values[number]
        total += factor
    return total


def hold(prover: Prover, text: dict, rule, rng: random.Random, most: int = 3000) -> int:
    """Hold a rule against plain runs; at how many lengths."""
    machine, held = prover.machine, 0
    lengths = list(product(range(5), repeat=variables(text)))
    for values in rng.sample(lengths, min(len(lengths), 12)):
        sides = counted(text, values)
        if any(count is not None and count < 1 for runs in sides for _, count in runs):
            continue
        if any(c[0] + sum(map(int.__mul__, c[1:], values)) < 0 for c in rule.conditions):
            continue
        steps = value(rule.steps, values)
        assert steps.denominator == 1 and steps >= 0
        if steps > most:
            continue
        held += 1
        beyond = [[rng.randrange(len(machine.symbols)) for _ in range(4)] for _ in range(2)]
        run = plain(machine, text["state"], text["enters"] == "right", laid(sides, beyond, 0), int(steps))
        ends = [
            [(block, None if c is None else c[0] + sum(map(int.__mul__, c[1:], values))) for block, c in runs]
            for runs in rule.end
        ]
        assert all(count is None or count >= 1 for runs in ends for _, count in runs)
        boundary = run.head if rule.end_rightward else run.head + 1
        assert (run.state, run.tape) == (rule.end_state, laid(ends, beyond, boundary))
        if rule.advances:
            assert steps > 0
        if rule.after is not None:
            after = [form[0] + sum(map(int.__mul__, form[1:], values)) for form in rule.after]
            assert [[(tuple(b), c) for b, c in runs] for runs in counted(text, after)] == ends
            assert (rule.end_state, rule.end_rightward) == (text["state"], text["enters"] == "right")
            repeat(prover, text, rule, values)
    return held


def repeat(prover: Prover, text: dict, rule, values) -> None:
    """n times at once is n times one after the other, wherever either is possible."""
    one_by_one = prover.walk(text, values)
    possible = 0
    for times in range(1, 8):
        at_once = prover.walk(text, values)
        try:
            one_by_one.use(rule, (1,))
        except RefusedHalting:
            break
        possible = times
        at_once.use(rule, (times,))
        assert seen(at_once) == seen(one_by_one)
    at_once = prover.walk(text, values)
    if possible < 7:
        with pytest.raises(RefusedHalting):
            prover.walk(text, values).use(rule, (possible + 1,))
        if possible:
            again = prover.walk(text, values)
            at_once.use(rule, None)
            again.use(rule, (possible,))
            assert seen(at_once) == seen(again)
        else:
            with pytest.raises(RefusedHalting):
                at_once.use(rule, None)
    with pytest.raises(RefusedHalting):
        prover.walk(text, values).use(rule, (0,))


def seen(walk):
    return walk.state, walk.rightward, walk.runs, walk.certain, walk.advances, walk.ending


def random_runs(rng: random.Random, symbols: int, size: int) -> list:
    """Far ones first, no two neighbours alike."""
    runs: list = []
    for place in range(rng.randrange(4)):
        block = [rng.randrange(symbols) for _ in range(size)]
        if runs and runs[-1][0] == block:
            continue
        if place == 0 and rng.random() < 0.2:
            runs.append([[0] * size, -1, 0])
        else:
            runs.append([block, rng.choice((0, 1, 1, 1, 2, 3)), rng.choice((0, 1, 1, 2, 3, 4))])
    return runs


def random_proof(rng: random.Random, known: list[int], count: int) -> list:
    """Macro-steps and earlier rules, some of them repeated."""
    uses: list = []
    for _ in range(rng.choice((1, 1, 2, 3))):
        if known and rng.random() < 0.6:
            number = rng.choice(known)
            form = [rng.choice((1, 2, 3)), *(rng.choice((0, 0, 1, -1, 2)) for _ in range(count))]
            uses.append([number, form] if rng.random() < 0.7 else number)
        else:
            uses.append(-rng.randrange(1, 7))
    return uses


# Some machines that go to and fro, so that there are rules that repeat.
TABLES = (
    "0LB1RA_0RA1LB", "1RB1LA_0LA1RB", "1RB1LB_1LA1RZ", "1RB1LA_0LA0RB_1LA1LB", "0LB2RA1RA_0RA1LB2LB",
    "1LB2RA---_2RA1LB0LB", "1RB2LA1RZ5LB5LA4LB_1LA4RB3RB5LB1LB4RA", "1RB1RB2LA_2LA1LB1RB",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_random_rules_hold(seed):
    rng = random.Random(seed)
    held = repeated = 0
    for number in range(120):
        machine = from_busy_beaver(rng.choice(TABLES)) if number % 2 else random_machine(rng, 2, rng.choice((2, 3)))
        prover = Prover(machine, rng.choice((1, 1, 1, 2)))
        texts: list[dict] = []
        for _ in range(25):
            if texts and rng.random() < 0.5:  # the start of an earlier rule, with more blocks
                text = dict(rng.choice(texts))
                for side in ("left", "right"):
                    text[side] = [[b, m, r + m * rng.choice((0, 1, 2)) if m > 0 else r] for b, m, r in text[side]]
            else:
                text = {
                    "state": rng.randrange(len(machine.states)), "enters": rng.choice(("left", "right")),
                    "left": random_runs(rng, len(machine.symbols), prover.size),
                    "right": random_runs(rng, len(machine.symbols), prover.size),
                }  # fmt: skip
            way = text["state"], text["enters"] == "right"
            known = [i for i, each in enumerate(prover.rules) if (each.state, each.rightward) == way]
            text["proof"] = random_proof(rng, known, variables(text))
            rule = prover.prove(text)
            if rule is not None:
                texts.append(text)
                held += hold(prover, text, rule, rng)
                repeated += rule.after is not None
    assert held > 1000
    assert repeated > 5


@pytest.mark.parametrize("name", sorted(GENUINE))
def test_genuine_rules_hold(name):
    machine, certificate = GENUINE[name]
    proof = certificate["proof"]
    rng = random.Random(name)
    prover = Prover(machine, proof.get("block", 1))
    for text in proof.get("rules", ()):
        text = text | {side: [[b, int(m), int(r)] for b, m, r in text[side]] for side in ("left", "right")}
        rule = prover.prove(text)
        assert rule is not None
        hold(prover, text, rule, rng)


def test_every_moment_of_a_run_is_one_of_the_plain_run():
    """The run of each genuine certificate, use by use."""
    for machine, certificate in GENUINE.values():
        proof, tape = certificate["proof"], certificate["input"]
        if proof["method"] != "rules":
            continue
        prover = Prover(machine, proof["block"])
        for text in proof["rules"]:
            prover.prove(text)
        walk = rules._begin(prover.blocks, prover.algebra, Tape.of(tape["cells"], tape["origin"]), proof)
        run = Run(machine, tape["cells"], tape["origin"])
        moments(walk, run)
        for use in itertools.chain.from_iterable([[-1] * -use if use < 0 else [use] for use in proof["run"]]):
            prover.blocks.work.left = 20_000
            rules._follow(walk, prover.rules, use, once=False)
            if walk.certain > 3000:
                break
            moments(walk, run)


def moments(walk, run: Run) -> None:
    """Let the plain run come to where the walk is; they must be alike."""
    while run.steps < walk.certain:
        assert run.step()
    if walk.ending is None:
        boundary = run.head if walk.rightward else run.head + 1
        sides = [[(b, c and c[0]) for b, c in side] for side in walk.runs]
        assert (walk.state, laid(sides, [[], []], boundary)) == (run.state, run.tape)


def by_rules(machine: Machine, all_: list, run: list, cells=(), origin: int = 0, block: int = 1, **claim) -> dict:
    """A certificate by rules; without a claim, that the machine runs forever."""
    return {
        "format": "triquetra halting certificate 1", "machine": machine.digest,
        "input": {"origin": origin, "cells": list(cells)}, "claim": claim or {"ending": "runs forever"},
        "proof": {"method": "rules", "block": block, "rules": all_, "run": run},
    }  # fmt: skip
