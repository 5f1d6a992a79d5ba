"""δ in few rows: cells where the same is done put together, with wildcards and lists as one would write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from ..core import MOVE_NAMES, Machine, Rule
from ..core.spelling import quote
from .macros import IMPLIED
from .parser import FORMS, is_special

MAX_LISTED = 20  # entries of one list
MAX_PAIRS = 100  # symbols of a list that goes with another
MAX_ROW = 160  # characters of what a row reads on several tapes, but for one entry
MIN_RUN = 6  # letters or digits that follow each other and are written as a range

_CLASSES = ("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789")
_BARE = re.compile(r'(?:(?![-=]>)[^\s"#,:()])+')
NOT_STATES = frozenset(("L", "R", "S", "*", "undefined"))
NOT_SYMBOLS = NOT_STATES.union(
    FORMS, IMPLIED, ("use",)
)  # what begins a line, or what follows a state's name, would be read as something else

_Action: TypeAlias = tuple[tuple[int | None, ...], tuple[int, ...], int]  # written (None: kept), moves, next state
_Block: TypeAlias = tuple[tuple[int, ...], ...]  # for each tape the symbols that are read


@dataclass(frozen=True, slots=True)
class Row:
    """A rule as the language writes it, for one cell or several; `write` is empty where all symbols are kept."""

    state: int
    read: str
    write: str
    move: str
    goto: int


def rows(machine: Machine) -> Iterator[Row]:
    """All rules of a machine, state by state."""
    of_state: list[list[Rule]] = [[] for _ in machine.states]
    for rule in machine.rules:
        of_state[rule.state].append(rule)
    for state, found in enumerate(of_state):
        if found:
            yield from _rows(state, found, machine.symbols)


def written(name: str, reserved: frozenset[str] = frozenset()) -> str:
    """A name as the language writes it: quoted if it must be."""
    bare = _BARE.fullmatch(name) and name.isprintable() and name not in reserved and not is_special(name)
    return name if bare else quote(name)


def lists(names: Sequence[str]) -> Iterator[str]:
    """Names of symbols, as the language writes them, in lists of at most `MAX_LISTED` entries."""
    entries = _entries(names)
    for start in range(0, len(entries), MAX_LISTED):
        yield " ".join(entries[start : start + MAX_LISTED])


def _rows(state: int, rules: Sequence[Rule], symbols: Sequence[str]) -> Iterator[Row]:
    groups: dict[_Action, list[Rule]] = {}
    for rule in rules:
        kept = tuple([None if new == old else new for old, new in zip(rule.read, rule.write)])
        groups.setdefault((kept, rule.move, rule.goto), []).append(rule)
    full = len(rules) == len(symbols) ** len(rules[0].read)
    largest = max(groups, key=lambda action: len(groups[action]))
    other = largest if full and len(groups[largest]) > 2 else None  # written last, as a wildcard
    pairs: dict[tuple[tuple[int, ...], int], list[Rule]] = {}
    for action, group in groups.items():
        if action != other and _pairs_up(action, group):
            pairs.setdefault(action[1:], []).append(group[0])
    for action, group in groups.items():
        if action == other:
            continue
        paired = pairs.get(action[1:], [])
        if len(paired) < 2 or not _pairs_up(action, group):
            for read in _reads([rule.read for rule in group], symbols):
                yield _row(state, read, _write(action, symbols), action)
        elif group[0] is paired[0]:
            for start in range(0, len(paired), MAX_PAIRS):
                portion = paired[start : start + MAX_PAIRS]
                read, write = (
                    f"({' '.join(_entries([symbols[word[0]] for word in words]))})"
                    for words in ([rule.read for rule in portion], [rule.write for rule in portion])
                )
                yield _row(state, read, write, action)
    if other:
        yield _row(state, ",".join("*" * len(other[0])), _write(other, symbols), other)


def _pairs_up(action: _Action, group: Sequence[Rule]) -> bool:
    """Whether it is a single cell of a single tape that writes: such rules may go into two lists."""
    return len(group) == 1 and len(action[0]) == 1 and action[0] != (None,)


def _row(state: int, read: str, write: str, action: _Action) -> Row:
    return Row(state, read, write, ",".join(MOVE_NAMES[move] for move in action[1]), action[2])


def _write(action: _Action, symbols: Sequence[str]) -> str:
    if all(new is None for new in action[0]):
        return ""
    return ",".join("*" if new is None else written(symbols[new], NOT_SYMBOLS) for new in action[0])


def _reads(reads: Sequence[tuple[int, ...]], symbols: Sequence[str]) -> Iterator[str]:
    """What rules that do the same read, as one row or several."""
    if len(reads[0]) == 1:
        yield from lists([symbols[read[0]] for read in reads])
        return
    held: list[str] = []
    for block in _blocks(reads):
        choices = [["*"] if len(named) == len(symbols) else _choices([symbols[a] for a in named]) for named in block]
        for entry in map(",".join, product(*choices)):
            if held and sum(map(len, held)) + len(entry) > MAX_ROW:
                yield " ".join(held)
                held = []
            held.append(entry)
    yield " ".join(held)


def _choices(names: Sequence[str]) -> list[str]:
    """Symbols that one tape reads, as entries of a row."""
    return [written(names[0], NOT_SYMBOLS)] if len(names) == 1 else [f"({each})" for each in lists(names)]


def _blocks(reads: Sequence[tuple[int, ...]]) -> list[_Block]:
    """Cells put together where all but one tape read the same, tape by tape. The blocks do not overlap."""
    blocks: list[_Block] = [tuple([(symbol,) for symbol in read]) for read in reads]
    for tape in range(len(reads[0])):
        merged: dict[tuple[_Block, _Block], list[int]] = {}
        for block in blocks:
            merged.setdefault((block[:tape], block[tape + 1 :]), []).extend(block[tape])
        blocks = [(*before, tuple(named), *after) for (before, after), named in merged.items()]
    return blocks


def _entries(names: Sequence[str]) -> list[str]:
    """Names as the language writes them, with those that follow each other put together as ranges."""
    entries: list[str] = []
    start = 0
    while start < len(names):
        run = _run(names, start)
        found = names[start : start + run]
        entries += [f"{found[0]}..{found[-1]}"] if run >= MIN_RUN else [written(name, NOT_SYMBOLS) for name in found]
        start += run
    return entries


def _run(names: Sequence[str], start: int) -> int:
    """How many names from `start` on are letters, or digits, one after the other; 1 at least."""
    letters = next((each for each in _CLASSES if names[start] in each), "")
    following = letters[letters.find(names[start]) :]
    run = 1
    while run < len(following) and start + run < len(names) and names[start + run] == following[run]:
        run += 1
    return run
