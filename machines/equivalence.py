"""When two machines are the same: up to the names of states and symbols, or in all that they do."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .core import BLANK, Machine, MachineError, Rule


@dataclass(frozen=True, slots=True)
class Renaming:
    """An isomorphism: state i of one machine is `states[i]` of the other, symbol a is `symbols[a]`."""

    states: tuple[int, ...]
    symbols: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Distinction:
    """Where two machines part: from their starts they reach states `first` and `second`, and on `read` do not agree."""

    first: int
    second: int
    read: tuple[int, ...]


def renaming(a: Machine, b: Machine, *, verdicts: bool = True) -> Renaming | None:
    """The isomorphism from `a` to `b`, or None: rules, start, blank, input symbols and one-way tapes must go together.

    `verdicts`: whether halting states must also mean the same; False where their names were lost.
    Colours are refined until they are stable; where several nodes share one, each choice is tried.
    """
    same = (a.one_way, len(a.states), len(a.symbols), len(a.rules))
    if same != (b.one_way, len(b.states), len(b.symbols), len(b.rules)):
        return None
    return _match(a, b, _first_colours(a, verdicts), _first_colours(b, verdicts))


def first_difference(a: Machine, b: Machine, *, partial: bool = False) -> Distinction | None:
    """None if the machines do the same on every tape; else where they part first; see `differences`."""
    return next(differences(a, b, partial=partial), None)


def differences(a: Machine, b: Machine, *, partial: bool = False) -> Iterator[Distinction]:
    """All pairs of states that runs from the starts can be in, with what is read there and not dealt with alike.

    Both must have the same symbols in the same order; names and number of states are free, and verdicts count only
    as running or halting. If there are none the machines are bisimilar, over every symbol that could be read.
    `partial`: cells that `b` leaves undefined are unknown and differ from nothing.

    Raises: MachineError: other symbols or tapes.
    """
    if a.symbols != b.symbols or a.one_way != b.one_way:
        raise MachineError(f"`{a.name}` and `{b.name}` have other symbols or tapes; nothing can be compared")
    rules_a, rules_b = _by_state(a), _by_state(b)
    seen = {(a.start, b.start)}
    waiting = [(a.start, b.start)]
    for p, q in waiting:
        mine, theirs = rules_a[p], rules_b[q]
        for read in sorted(mine.keys() | theirs.keys()):
            rule, other = mine.get(read), theirs.get(read)
            if other is None and partial:
                continue
            if rule is None or other is None or (rule.write, rule.move) != (other.write, other.move):
                yield Distinction(p, q, read)
                continue
            pair = (rule.goto, other.goto)
            if pair not in seen:
                seen.add(pair)
                waiting.append(pair)


def _by_state(machine: Machine) -> dict[int, dict[tuple[int, ...], Rule]]:
    rules: dict[int, dict[tuple[int, ...], Rule]] = defaultdict(dict)
    for rule in machine.rules:
        rules[rule.state][rule.read] = rule
    return rules


Colours = list[Any]  # of the states, then of the symbols


def _first_colours(machine: Machine, verdicts: bool) -> Colours:
    states = [(s == machine.start, verdict if verdicts else None) for s, verdict in enumerate(machine.verdicts)]
    return [*states, *((i == BLANK, i in machine.input_symbols) for i in range(len(machine.symbols)))]


def _match(a: Machine, b: Machine, first: Colours, second: Colours) -> Renaming | None:
    first, second = _refine(a, b, first, second)
    sizes = Counter(first)
    if sizes != Counter(second):
        return None
    n = len(a.states)
    shared = [i for i, colour in enumerate(first) if sizes[colour] > 1]
    if not shared:
        place = {colour: i for i, colour in enumerate(second)}
        images = [place[colour] for colour in first]
        return Renaming(tuple(images[:n]), tuple(i - n for i in images[n:]))
    chosen = min(shared, key=lambda i: sizes[first[i]])
    marked = [("chosen", c) if i == chosen else c for i, c in enumerate(first)]
    for rival, colour in enumerate(second):
        if colour == first[chosen]:
            tried = [("chosen", c) if i == rival else c for i, c in enumerate(second)]
            found = _match(a, b, marked, tried)
            if found is not None:
                return found
    return None


def _refine(a: Machine, b: Machine, first: Colours, second: Colours) -> tuple[Colours, Colours]:
    """Colours refined by what rules a state or symbol takes part in, and how, until no class splits any more."""
    while True:
        before = len({*first, *second})
        names: dict[Any, int] = {}
        first, second = (
            [names.setdefault(sign, len(names)) for sign in _signs(machine, colours)]
            for machine, colours in ((a, first), (b, second))
        )
        if len(names) == before:
            return first, second


def _signs(machine: Machine, colours: Colours) -> list[Any]:
    n = len(machine.states)
    parts: list[list[Any]] = [[] for _ in colours]
    for rule in machine.rules:
        reads, writes = ([colours[n + i] for i in symbols] for symbols in (rule.read, rule.write))
        sign = repr((colours[rule.state], reads, writes, rule.move, colours[rule.goto]))
        parts[rule.state].append(("from", sign))
        parts[rule.goto].append(("to", sign))
        for tape, (read, write) in enumerate(zip(rule.read, rule.write)):
            parts[n + read].append((f"read {tape}", sign))
            parts[n + write].append((f"write {tape}", sign))
    return [(colour, tuple(sorted(part))) for colour, part in zip(colours, parts)]
