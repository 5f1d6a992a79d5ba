"""Recordings without names: which unit is what, from activity alone, and then the machine.

One run of a one-tape machine; columns are read, state, halt, movement and risk units in any order. What tells them
apart: of the states exactly one is on in every row, of the symbols read one in every row but the first; everything
in a row follows from the state before and the symbol read; movements exclude each other; risk comes in pairs, one
of them the symbol read; and a cell of the tape still holds what was written there when it is read again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

import numpy as np

from triquetra.forms.recording import Recording
from triquetra.machines import LEFT, RIGHT, STAY, Machine, Rule
from triquetra.machines.core.words import count
from triquetra.machines.equivalence import renaming

from .decompile import NoMachine
from .from_activity import Bits, Visited, decided

MOST_READINGS = 2_000  # assignments of units to populations that are tried before giving up
UNREAD = -1  # a symbol that is written and never read


@dataclass(frozen=True)
class ColumnRoles:
    """Columns: of the states, of the symbols read, of movement one way and the other, of halt, and of each flip.

    A movement or halt that was never on is None; `risk[c]` is the index in `read` of the symbol that column c flips,
    or `UNREAD`.
    """

    state: tuple[int, ...]
    read: tuple[int, ...]
    move: tuple[int | None, int | None]
    halt: int | None
    risk: dict[int, int]


def from_unlabelled_activity(recording: Recording, *, name: str = "recorded", one_way: bool = False) -> list[Visited]:
    """The machines that fit a recording whose columns have no names, different ones only; at best there is one.

    Machines that differ in names, or on a two-way tape in left and right, count as one.

    Raises: NoMachine: no reading of the columns fits, or too many do to try them all.
    """
    on = decided(recording)
    if on[0].sum() != 1:
        raise NoMachine(
            f"row 1: {on[0].sum()} units are on; a recording begins with a row in which only the start state is"
        )
    found: list[Visited] = []
    for tried, roles in enumerate(_readings(on)):
        if tried == MOST_READINGS:
            raise NoMachine(f"more than {MOST_READINGS:,} readings of these units are possible; record more steps")
        visited = _visited(recording, on, roles, name, one_way)
        if visited is not None and not any(_same(visited, other, one_way) for other in found):
            found.append(visited)
    if not found:
        raise NoMachine("these activities are no run of a machine with one tape, whatever each unit may be")
    return found


def _readings(on: Bits) -> Iterator[ColumnRoles]:
    """Assignments of the columns that agree with everything but the tape."""
    masks = {c: int.from_bytes(np.packbits(on[:, c]).tobytes(), "big") for c in np.flatnonzero(on.any(axis=0)).tolist()}
    first = int.from_bytes(np.packbits(np.arange(len(on)) == 0).tobytes(), "big")
    everything = int.from_bytes(np.packbits(np.ones(len(on), dtype=bool)).tobytes(), "big")
    start = int(on[0].argmax())
    for state in _covers(masks, everything, (start,)):
        rest = {c: mask for c, mask in masks.items() if c not in state}
        for read in _covers(rest, everything & ~first, ()):
            others = sorted(c for c in rest if c not in read)
            if _follows(on, state, read, others):
                yield from _actions(on, state, read, others)


def _covers(masks: dict[int, int], rows: int, chosen: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Sets of columns of which exactly one is on in each of the rows and none elsewhere, with those `chosen`."""
    covered = 0
    for c in chosen:
        covered |= masks[c]
    left = rows & ~covered
    if not left:
        yield tuple(sorted(chosen))
        return
    row = left & -left
    for c, mask in masks.items():
        if mask & row and not mask & ~left:
            yield from _covers(masks, rows, (*chosen, c))


def _follows(on: Bits, state: Sequence[int], read: Sequence[int], others: Sequence[int]) -> bool:
    """Whether the state before and the symbol read decide everything else."""
    before, now = on[:-1][:, state].argmax(axis=1), on[1:]
    seen: dict[tuple[int, int], bytes] = {}
    for p, a, effect in zip(before, now[:, read].argmax(axis=1), now[:, [*state, *others]]):
        if seen.setdefault((int(p), int(a)), effect.tobytes()) != effect.tobytes():
            return False
    return True


def _actions(on: Bits, state: tuple[int, ...], read: tuple[int, ...], others: Sequence[int]) -> Iterator[ColumnRoles]:
    """Ways to tell halt, movement and risk apart among the other columns."""
    now = on[1:]
    stayed = bool((on[-1, state] == on[-2, state]).all())
    for halt in (*others, None):
        acting = [c for c in others if c != halt]
        if halt is not None and (now[:-1, halt].any() or not stayed or now[-1, acting].any()):
            continue
        for moves in (pair for size in (2, 1, 0) for pair in combinations(acting, size)):
            risk = [c for c in acting if c not in moves]
            flips = now[:, risk].sum(axis=1)
            if (len(moves) == 2 and now[:, moves].all(axis=1).any()) or not np.isin(flips, (0, 2)).all():
                continue
            move = (moves[0] if moves else None, moves[1] if len(moves) > 1 else None)
            for meaning in _flipped(now, read, risk):
                yield ColumnRoles(state, read, move, halt, meaning)


def _flipped(now: Bits, read: tuple[int, ...], risk: Sequence[int]) -> Iterator[dict[int, int]]:
    """Which symbol each risk unit flips: of every pair that is on, one is the symbol read."""
    possible: dict[int, set[int]] = {}
    for row in now:
        pair = {c for c in risk if row[c]}
        if pair:
            symbol = int(row[list(read)].argmax())
            possible[symbol] = possible.get(symbol, pair) & pair
    kept = [symbol for symbol in range(len(read)) if symbol not in possible]
    for own in product(*possible.values()):
        if len(set(own)) < len(own):
            continue
        meaning = dict(zip(own, possible))
        rest = [c for c in risk if c not in meaning]
        for symbols in product((UNREAD, *kept), repeat=len(rest)):
            named = [s for s in symbols if s != UNREAD]
            if len(set(named)) == len(named):
                yield meaning | dict(zip(rest, symbols))


def _visited(recording: Recording, on: Bits, roles: ColumnRoles, name: str, one_way: bool) -> Visited | None:
    """The machine under one reading of the columns, or None where the tape contradicts it."""
    unread = [c for c, symbol in roles.risk.items() if symbol == UNREAD]
    number = {c: len(roles.read) + unread.index(c) if s == UNREAD else s for c, s in roles.risk.items()}
    tape: dict[int, int] = {}
    met: Counter[int] = Counter()
    rules: dict[tuple[int, int], Rule] = {}
    halting: set[tuple[int, tuple[int, ...]]] = set()
    head, state = 0, roles.state.index(int(on[0].argmax()))
    for row in on[1:]:
        symbol = int(row[list(roles.read)].argmax())
        met[symbol] += head not in tape
        if tape.setdefault(head, symbol) != symbol:
            return None
        goto = int(row[list(roles.state)].argmax())
        if roles.halt is not None and row[roles.halt]:
            halting.add((state, (symbol,)))
            break
        flips = [number[c] for c in roles.risk if row[c]]
        written = next((s for s in flips if s != symbol), symbol)
        move = next((m for m, c in zip((LEFT, RIGHT), roles.move) if c is not None and row[c]), STAY)
        rules[state, symbol] = Rule(state, (symbol,), (written,), (move,), goto)
        tape[head] = written
        head = max(head + move, 0) if one_way else head + move
        state = goto
    return _assemble(recording, roles, unread, met, rules, halting, name, one_way)


def _assemble(
    recording: Recording,
    roles: ColumnRoles,
    unread: Sequence[int],
    met: Counter[int],
    rules: dict[tuple[int, int], Rule],
    halting: set[tuple[int, tuple[int, ...]]],
    name: str,
    one_way: bool,
) -> Visited:
    """The machine with its likely blank, the symbol that stood in most cells when they were met, put first."""
    blank = met.most_common(1)[0][0] if met else 0
    order = [blank, *(s for s in range(len(roles.read) + len(unread)) if s != blank)]
    place = {symbol: i for i, symbol in enumerate(order)}
    moved = [replace(rule, read=(place[rule.read[0]],), write=(place[rule.write[0]],)) for rule in rules.values()]
    columns = [*roles.read, *unread]
    units = recording.units
    silent = len(units) - len(roles.state) - len(roles.read) - len(roles.risk) - sum(
        c is not None for c in (*roles.move, roles.halt)
    )  # fmt: skip
    notes = [f"which symbol is the blank does not show; taken to be `{units[columns[blank]]}`"]
    if any(c is not None for c in roles.move) and not one_way:
        notes.append("left and right look alike; they may be the other way round")
    if silent:
        notes.append(f"{count(silent, 'unit')} never came on, so nothing is known of {'it' if silent == 1 else 'them'}")
    return Visited(
        machine=Machine(
            name=name,
            states=tuple(units[c] for c in roles.state),
            symbols=tuple(units[columns[s]] for s in order),
            rules=tuple(sorted(moved, key=lambda rule: (rule.state, rule.read))),
            verdicts=(None,) * len(roles.state),
            start=roles.state.index(int(decided(recording)[0].argmax())),
            one_way=(one_way,),
        ),
        halting=frozenset((state, (place[read[0]],)) for state, read in halting),
        notes=tuple(notes),
    )


def _same(a: Visited, b: Visited, one_way: bool) -> bool:
    if renaming(a.machine, b.machine) is not None:
        return True
    return not one_way and renaming(mirrored(a.machine), b.machine) is not None


def mirrored(machine: Machine) -> Machine:
    """The machine with left and right exchanged."""
    rules = tuple(replace(rule, move=tuple(-m for m in rule.move)) for rule in machine.rules)
    return replace(machine, rules=rules)
