"""Proofs by a set of tapes that holds the start, that no step leaves, and in which nothing halts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triquetra.machines import BLANK, RIGHT, STAY, Machine, Tape

from .reading import ENDLESS, MAX_BLOCK, Proved, Refused, read_integer, read_list, read_word


def check_closed_set(machine: Machine, tape: Tape, proof: Mapping[str, Any]) -> Proved:
    radius = read_integer(proof.get("radius"), "proof: radius", 1, MAX_BLOCK)
    words = {}
    for side in ("left", "right"):
        given = read_list(proof.get(side), f"proof: {side}")
        words[side] = {read_word(machine, word, f"proof: {side}", radius) for word in given}
    middles = set()
    for middle in read_list(proof.get("middles"), "proof: middles"):
        if len(read_list(middle, "proof: middles", 4)) != 4:
            raise Refused("proof: middles: an entry is not [state, left, symbol, right]")
        middles.add((
            read_integer(middle[0], "proof: middles", 0, len(machine.states) - 1),
            read_word(machine, middle[1], "proof: middles", radius),
            read_integer(middle[2], "proof: middles", 0, len(machine.symbols) - 1),
            read_word(machine, middle[3], "proof: middles", radius),
        ))  # fmt: skip
    # The start is in the set: its middle, and every word of the halves of its tape farther out.
    near = tuple(tape[cell] for cell in range(-radius, radius + 1))
    if (machine.start, near[:radius], tape[0], near[radius + 1 :]) not in middles:
        raise Refused("proof: the start is not in the set")
    far = max(abs(tape.origin), abs(tape.origin + len(tape.cells))) + 1
    for first in range(2, far + 1):
        if tuple(tape[cell] for cell in range(first, first + radius)) not in words["right"]:
            raise Refused("proof: the right half of the start's tape is not in the set")
        if tuple(tape[-cell] for cell in range(first + radius - 1, first - 1, -1)) not in words["left"]:
            raise Refused("proof: the left half of the start's tape is not in the set")
    for side in ("left", "right"):
        if (BLANK,) * radius not in words[side]:
            raise Refused(f"proof: blanks are not in the set on the {side}")
    # Whatever a step leads to from the set is in the set.
    for state, left, symbol, right in middles:
        rule = machine.delta.get((state, (symbol,)))
        if rule is None:
            raise Refused(f"proof: state {state} halts on symbol {symbol}, and that is in the set")
        (write,), (move,) = rule.write, rule.move
        if move == STAY:
            following = [(rule.goto, left, write, right)]
        elif move == RIGHT:
            if left not in words["left"]:
                raise Refused("proof: the set is not closed: a word on the left is missing")
            following = [
                (rule.goto, (*left[1:], write), right[0], (*right[1:], beyond))
                for beyond in range(len(machine.symbols))
                if (*right[1:], beyond) in words["right"]
            ]
        else:
            if right not in words["right"]:
                raise Refused("proof: the set is not closed: a word on the right is missing")
            following = [
                (rule.goto, (beyond, *left[:-1]), left[-1], (write, *right[:-1]))
                for beyond in range(len(machine.symbols))
                if (beyond, *left[:-1]) in words["left"]
            ]
        if not middles.issuperset(following):
            raise Refused("proof: the set is not closed under the step")
    return Proved(ENDLESS, "closed set")
