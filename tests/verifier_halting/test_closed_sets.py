"""Closed sets that fail in exactly one way, made by rule for machines that halt.

A set is grown from the start of a run under all requirements but one. Where nothing in it halts it is a proof that the
machine runs forever, but for that requirement; and as the machine halts, it must be refused.
"""

import random
from collections import defaultdict

import pytest
from tests.verifier_halting.test_nothing_false import mirror, random_machine
from tests.verifier_halting.truth import truth

from triquetra.machines import Machine, from_busy_beaver
from triquetra.verifier.halting_checker import RefusedHalting, check

REQUIREMENTS = ("right of the start", "left of the start", "left behind", "right behind", "beyond")


def grow(
    machine: Machine, cells: list[int], origin: int, radius: int, history: int, without: str | None
) -> dict | None:
    """The least set that fulfils all requirements but one, as a proof; None if something in it halts."""
    size = 1 + 2 * history
    table = {(rule.state, rule.read[0]): (rule.write[0], rule.move[0], rule.goto) for rule in machine.rules}

    def on_tape(first: int) -> tuple:
        written = range(origin, origin + len(cells))
        return tuple((cells[i - origin] if i in written else 0,) for i in range(first, first + radius))

    left = {on_tape(last - radius + 1) for last in range(-2, min(origin, 0) - radius - 2, -1)}
    right = {on_tape(first) for first in range(2, max(origin + len(cells), 0) + 3)}
    blank = ((0,),) * radius
    if without == "right of the start":
        right = {blank}
    if without == "left of the start":
        left = {blank}
    middles = {(machine.start, on_tape(-radius), on_tape(0)[0], on_tape(1))}
    while True:
        more, more_left, more_right = set(), set(), set()
        beyond_left, beyond_right = defaultdict(set), defaultdict(set)
        for word in left:
            beyond_left[word[1:]].add(word[0])
        for word in right:
            beyond_right[word[:-1]].add(word[-1])
        if without == "beyond":
            beyond_left = defaultdict(lambda: {(0,)})
            beyond_right = defaultdict(lambda: {(0,)})
        for state, near_left, cell, near_right in middles:
            if (state, cell[0]) not in table:
                return None
            write, move, goto = table[state, cell[0]]
            after = (write, state, *cell)[:size]
            if move == 0:
                more.add((goto, near_left, after, near_right))
            elif move > 0:
                if without != "left behind":
                    more_left.add(near_left)
                for last in beyond_right[near_right[1:]]:
                    more.add((goto, (*near_left[1:], after), near_right[0], (*near_right[1:], last)))
            else:
                if without != "right behind":
                    more_right.add(near_right)
                for last in beyond_left[near_left[:-1]]:
                    more.add((goto, (last, *near_left[:-1]), near_left[-1], (after, *near_right[:-1])))
        if len(middles) > 400:
            return None
        if more <= middles and more_left <= left and more_right <= right:
            return {
                "method": "closed set", "radius": radius, "history": history, "left": listed(left),
                "right": listed(right), "middles": listed(middles),
            }  # fmt: skip
        middles |= more
        left |= more_left
        right |= more_right


def listed(value):
    """Tuples and sets as lists."""
    if isinstance(value, set):
        return sorted(map(listed, value))
    return [*map(listed, value)] if isinstance(value, tuple) else value


def certificate(machine: Machine, cells: list[int], origin: int, proof: dict) -> dict:
    """That the machine runs forever."""
    return {
        "format": "triquetra halting certificate 1", "machine": machine.digest,
        "input": {"cells": cells, "origin": origin}, "claim": {"ending": "runs forever"}, "proof": proof,
    }  # fmt: skip


def cases():
    """Machines with an input, at random: those that halt, and others."""
    rng = random.Random(5)
    for _ in range(4000):
        machine = random_machine(rng, rng.choice((2, 2, 3)), rng.choice((2, 2, 3)))
        cells, origin = [rng.randrange(len(machine.symbols)) for _ in range(rng.choice((0, 4, 8)))], -rng.randrange(8)
        yield machine, cells, origin, rng.choice((1, 1, 2, 3)), rng.choice((0, 0, 1, 2))


@pytest.mark.parametrize("without", REQUIREMENTS)
def test_a_set_that_lacks_one_thing_is_refused(without):
    tried = 0
    for machine, cells, origin, radius, history in cases():
        if truth(machine, cells, origin, 200) is None:
            continue
        proof = grow(machine, cells, origin, radius, history, without)
        if proof is not None:
            tried += 1
            with pytest.raises(RefusedHalting):
                check(machine, certificate(machine, cells, origin, proof))
        if tried == 60:
            break
    assert tried > 20


def test_sets_that_lack_nothing_are_accepted_and_each_part_is_needed():
    """A least set is a proof; without any of its parts it is none."""
    accepted = 0
    for machine, cells, origin, radius, history in cases():
        proof = grow(machine, cells, origin, radius, history, None)
        if proof is None or len(proof["middles"]) > 40:
            continue
        assert truth(machine, cells, origin) is None
        accepted += 1
        assert check(machine, certificate(machine, cells, origin, proof)).verdict == "runs forever"
        for part in ("middles", "left", "right"):
            blank = [[0]] * radius
            for i, each in enumerate(proof[part]):
                lacking = proof | {part: proof[part][:i] + proof[part][i + 1 :]}
                if part == "middles":
                    with pytest.raises(RefusedHalting):
                        check(machine, certificate(machine, cells, origin, lacking))
                elif each == blank:  # the start's own
                    with pytest.raises(RefusedHalting, match=r"half of the start's tape|missing"):
                        check(machine, certificate(machine, cells, origin, lacking))
        if accepted == 60:
            break
    assert accepted == 60


# Walks to the right over blanks, and halts on the first 1.
WALKS = from_busy_beaver("0RA---")


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("radius", [1, 2, 3])
@pytest.mark.parametrize("distance", range(1, 12))
def test_far_words_of_the_start(mirrored, radius, distance):
    """A set of blanks alone, for a tape with a 1 far out: the start's far words are not in it."""
    machine = mirror(WALKS) if mirrored else WALKS
    place = -distance if mirrored else distance
    blank = [[0]] * radius
    proof = {
        "method": "closed set", "radius": radius, "history": 0, "left": [blank], "right": [blank],
        "middles": [[0, blank, [0], blank]],
    }  # fmt: skip
    assert check(machine, certificate(machine, [], 0, proof)).verdict == "runs forever"
    with pytest.raises(RefusedHalting, match="start"):
        check(machine, certificate(machine, [1], place, proof))


@pytest.mark.parametrize("mirrored", [False, True])
def test_all_words_beyond_must_be_followed(mirrored):
    """The far word 0 1 is in the set, but the middle to which it leads is not."""
    machine = mirror(WALKS) if mirrored else WALKS
    words = [[[0], [0]], [[0], [1]], [[1], [0]]]
    here, far = ("right", "left") if not mirrored else ("left", "right")
    turned = [word[::-1] for word in words] if mirrored else words
    proof = {
        "method": "closed set", "radius": 2, "history": 0, here: turned, far: [[[0], [0]]],
        "middles": [[0, [[0], [0]], [0], [[0], [0]]]],
    }  # fmt: skip
    with pytest.raises(RefusedHalting, match="not closed under the step"):
        check(machine, certificate(machine, [1], -3 if mirrored else 3, proof))
