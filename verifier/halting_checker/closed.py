"""Proofs by a set of tapes that holds the start, that no step leaves, and in which nothing halts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from triquetra.machines.core import RIGHT, STAY, Machine, Tape

from .limits import MAX_BITS, MAX_BLOCK, RefusedHalting, Work
from .reading import ENDLESS, ProvedHalting, read_integer, read_list

Cell = tuple[int, ...]  # symbol, then state and symbol read of the latest visits
Word = tuple[Cell, ...]


def check_closed_set(machine: Machine, tape: Tape, proof: Mapping[str, Any]) -> ProvedHalting:
    """That the start is in the set, and whatever a step leads to from the set."""
    radius = read_integer(proof.get("radius"), "proof: radius", 1, MAX_BLOCK)
    history = read_integer(proof.get("history"), "proof: history", 0, MAX_BLOCK)
    size = 1 + 2 * history  # of a cell at most, in numbers
    left, right = (
        {_word(word, f"proof: {side}", radius, size) for word in read_list(proof.get(side), f"proof: {side}")}
        for side in ("left", "right")
    )
    middles = {
        _middle(middle, "proof: middles", radius, size) for middle in read_list(proof.get("middles"), "proof: middles")
    }
    work = Work()

    def pay(middles: int) -> None:
        """For so many middles that are made and looked for."""
        work.spend(middles * (2 + (1 + 2 * radius) * (4 + size) // 32))

    def on_tape(first: int) -> Word:
        return tuple((tape[cell],) for cell in range(first, first + radius))

    if (machine.start, on_tape(-radius), (tape[0],), on_tape(1)) not in middles:
        raise RefusedHalting("proof: the start is not in the set")
    # Words that touch what is written, and the blanks beyond.
    for first in range(2, max(tape.origin + len(tape.cells), 2) + 1):
        if on_tape(first) not in right:
            raise RefusedHalting("proof: the right half of the start's tape is not in the set")
    for last in range(-2, min(tape.origin, -1) - 2, -1):
        if on_tape(last - radius + 1) not in left:
            raise RefusedHalting("proof: the left half of the start's tape is not in the set")
    beyond_left: dict[Word, set[Cell]] = defaultdict(set)
    beyond_right: dict[Word, set[Cell]] = defaultdict(set)
    for word in left:
        beyond_left[word[1:]].add(word[0])
    for word in right:
        beyond_right[word[:-1]].add(word[-1])
    for state, near_left, cell, near_right in middles:
        rule = machine.delta.get((state, cell[:1]))
        if rule is None:
            raise RefusedHalting(f"proof: state {state} halts on symbol {cell[0]}, and that is in the set")
        (write,), (move,) = rule.write, rule.move
        after = (write, state, *cell)[:size]
        if move == STAY:
            following = [(rule.goto, near_left, after, near_right)]
        elif move == RIGHT:
            if near_left not in left:
                raise RefusedHalting("proof: the set is not closed: a word on the left is missing")
            known = near_right[1:]
            pay(len(beyond_right[known]))
            following = [
                (rule.goto, (*near_left[1:], after), near_right[0], (*known, last)) for last in beyond_right[known]
            ]
        else:
            if near_right not in right:
                raise RefusedHalting("proof: the set is not closed: a word on the right is missing")
            known = near_left[:-1]
            pay(len(beyond_left[known]))
            following = [
                (rule.goto, (last, *known), near_left[-1], (after, *near_right[:-1])) for last in beyond_left[known]
            ]
        if not middles.issuperset(following):
            raise RefusedHalting("proof: the set is not closed under the step")
    return ProvedHalting(ENDLESS, "closed set")


def _cell(value: object, where: str, size: int) -> Cell:
    cell = tuple(read_integer(part, where, 0, MAX_BITS) for part in read_list(value, where, size))
    if not cell:
        raise RefusedHalting(f"{where}: a cell holds no symbol")
    return cell


def _word(value: object, where: str, radius: int, size: int) -> Word:
    word = tuple(_cell(cell, where, size) for cell in read_list(value, where))
    if len(word) != radius:
        raise RefusedHalting(f"{where}: a word has not {radius} cells")
    return word


def _middle(value: object, where: str, radius: int, size: int) -> tuple[int, Word, Cell, Word]:
    parts = read_list(value, where)
    if len(parts) != 4:
        raise RefusedHalting(f"{where}: an entry is not [state, left, cell, right]")
    return (
        read_integer(parts[0], where, 0, MAX_BITS),
        _word(parts[1], where, radius, size),
        _cell(parts[2], where, size),
        _word(parts[3], where, radius, size),
    )
