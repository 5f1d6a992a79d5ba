"""Spaces of machines: all tables of a size, their tree-normal form, or random ones; cut into tasks."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, product

from triquetra.machines import LEFT, MOVE_NAMES, RIGHT, InputError, Machine, Rule, from_busy_beaver, to_busy_beaver

Action = tuple[int, int, int]  # write, move, goto
Table = tuple[tuple[Action | None, ...], ...]  # rows of states, columns of symbols; None is undefined
KINDS = ("tnf", "all", "random")
CHUNK = 2_000  # tables of a task, where a space has no tree
LISTED = 100  # machines of a task, where they are given; some may take long
LARGEST = 10_000_000_000


@dataclass(frozen=True, slots=True)
class Space:
    """`tnf`: tree-normal form; `all`: every table, where a goto may be to a halting state; `random`: `count` of them;
    `list`: `machines`, as busy-beaver text.

    In tree-normal form a table starts undefined. Where a run from the blank tape meets an undefined cell (so the
    machine halts), it gets a child for each way to fill the cell in: states in the order of their first use, the
    first move to the right. Others are leaves. (Counted as by Coq-BB5, whose first rule may write 0.)
    """

    kind: str
    states: int
    symbols: int
    count: int = 0
    seed: int = 0
    machines: tuple[str, ...] = field(default=(), repr=False)

    def __str__(self) -> str:
        if self.kind == "list":
            return f"list:{self.count}:{hashlib.sha256(' '.join(self.machines).encode()).hexdigest()[:16]}"
        size = f"{self.kind}:{self.states}x{self.symbols}"
        return size if self.kind != "random" else f"{size}:{self.count}:{self.seed}"

    @property
    def actions(self) -> list[Action]:
        """What a cell may do: write, move, go to a state or halt (the state one past the last)."""
        return list(product(range(self.symbols), (LEFT, RIGHT), range(self.states + 1)))


def parse_space(text: str, count: int, seed: int) -> Space:
    """`4x2`, `tnf:4x2`, `all:2x2` or `random:5x2`.

    Raises: InputError: another form, or a space too large to enumerate.
    """
    match = re.fullmatch(r"(?:(\w+):)?(\d{1,3})x(\d{1,2})", text)
    if not match or (match[1] or "tnf") not in KINDS:
        raise InputError(f"`{text}` is not a space such as 4x2 (tree-normal form), all:2x2 or random:5x2")
    kind, states, symbols = match[1] or "tnf", int(match[2]), int(match[3])
    if not (1 <= states <= 25 and 2 <= symbols <= 10):
        raise InputError(f"`{text}`: 1 to 25 states and 2 to 10 symbols")
    space = Space(kind, states, symbols, count if kind == "random" else 0, seed if kind == "random" else 0)
    if kind == "all" and len(space.actions) ** (states * symbols) > LARGEST:
        raise InputError(
            f"`{text}` has {len(space.actions)}^{states * symbols} tables; take a sample, random:{match[2]}x{match[3]}"
        )
    if kind == "random" and count < 1:
        raise InputError("--count: how many random machines?")
    return space


def list_space(machines: Iterable[Machine]) -> Space:
    """The space of given machines, each once.

    Raises: InputError: busy-beaver text cannot hold one.
    """
    texts = tuple(dict.fromkeys(map(to_busy_beaver, machines)))
    return Space("list", 0, 0, len(texts), machines=texts)


def machine_of(table: Table) -> Machine:
    """The machine of a table; a goto past the last row is to a halting state."""
    n, k = len(table), len(table[0])
    rules = tuple(
        Rule(state, (read,), (action[0],), (action[1],), action[2])
        for state, row in enumerate(table)
        for read, action in enumerate(row)
        if action is not None
    )
    halting = any(rule.goto == n for rule in rules)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    states = tuple(letters[:n]) + (("Z",) if halting else ())
    verdicts = (None,) * n + (("halt",) if halting else ())
    return Machine(name=text_of(table), states=states, symbols=tuple("0123456789"[:k]), rules=rules, verdicts=verdicts)


def text_of(table: Table) -> str:
    """Busy-beaver text of a table."""
    names = "ABCDEFGHIJKLMNOPQRSTUVWXY"[: len(table)] + "Z"
    return "_".join(
        "".join("---" if a is None else f"{a[0]}{MOVE_NAMES[a[1]]}{names[a[2]]}" for a in row) for row in table
    )


def table_of(text: str) -> Table:
    """The table of busy-beaver text."""
    machine = from_busy_beaver(text)
    n, k = text.count("_") + 1, len(machine.symbols)
    rules = machine.delta
    rows = []
    for state in range(n):
        cells = (rules.get((state, (read,))) for read in range(k))
        rows.append(tuple(None if r is None else (r.write[0], r.move[0], min(r.goto, n)) for r in cells))
    return tuple(rows)


def children(space: Space, table: Table, state: int, read: int) -> Iterator[Table]:
    """The ways to fill in the undefined cell (`state`, `read`) at which a machine of a tree-normal form halted.

    None where it is the last one: a table with no undefined cell cannot halt.
    """
    defined = [action for row in table for action in row if action is not None]
    if len(defined) == space.states * space.symbols - 1:
        return
    used = max([state, *(action[2] for action in defined)]) + 1
    moves = (RIGHT,) if not defined else (RIGHT, LEFT)
    for move, goto, write in product(moves, range(min(used + 1, space.states)), range(space.symbols)):
        row = table[state]
        filled = (*row[:read], (write, move, goto), *row[read + 1 :])
        yield (*table[:state], filled, *table[state + 1 :])


def root(space: Space) -> Table:
    """The table with nothing defined."""
    return ((None,) * space.symbols,) * space.states


def tables(space: Space, task: int) -> Iterator[Table]:
    """The tables of a task of a space without a tree."""
    cells = space.states * space.symbols
    if space.kind == "all":
        flat: Iterator[tuple[Action, ...]] = _numbered(space, task * CHUNK, CHUNK)
    else:
        rng = random.Random(f"{space}/{task}")
        size = min(CHUNK, space.count - task * CHUNK)
        flat = (tuple(rng.choice(space.actions) for _ in range(cells)) for _ in range(size))
    for actions in flat:
        yield tuple(actions[s * space.symbols : (s + 1) * space.symbols] for s in range(space.states))


def tasks_without_tree(space: Space) -> int:
    """How many tasks such a space has."""
    total = space.count if space.kind == "random" else len(space.actions) ** (space.states * space.symbols)
    return -(-total // CHUNK)


def _numbered(space: Space, first: int, count: int) -> Iterator[tuple[Action, ...]]:
    actions, cells = space.actions, space.states * space.symbols
    total = len(actions) ** cells
    for number in islice(range(first, total), count):
        digits = []
        for _ in range(cells):
            number, digit = divmod(number, len(actions))
            digits.append(actions[digit])
        yield tuple(reversed(digits))
