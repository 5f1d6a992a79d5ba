"""What a Turing machine is: frozen, validated, hashable data."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Protocol

from .errors import InputError, shorten
from .spelling import cut, is_single, letters, shown, spell, visible
from .words import plural

LEFT, STAY, RIGHT = -1, 0, 1
MOVE_NAMES = MappingProxyType({LEFT: "L", STAY: "S", RIGHT: "R"})


class MachineError(InputError):
    """A machine, a tape or an input that is not well formed."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One cell of δ: in `state`, reading `read`, write `write`, move `move`, go to `goto`.

    `read`, `write` (symbol indices) and `move` (-1, 0, 1: left, stay, right) have one entry a tape.
    `origin` says where the rule was written, as `file:line`; it is not part of the rule's identity.
    """

    state: int
    read: tuple[int, ...]
    write: tuple[int, ...]
    move: tuple[int, ...]
    goto: int
    origin: str | None = field(default=None, compare=False)


REPR_RULES = 12  # of a machine that is shown whole


@dataclass(frozen=True, kw_only=True, repr=False)
class Machine:
    """A deterministic Turing machine with one or more tapes.

    `states[start]` starts; `symbols[0]` is the blank; all tapes share one alphabet.
    `rules` is sorted by (state, read); a cell without a rule is undefined and halts without a step.
    `verdicts[s]` is None where state `s` runs, else what it means to have halted there
    (`accept`, `reject`, `halt` or a name of one's own); a halting state has no rules.
    `one_way[i]`: tape `i` begins at cell 0, and a move left from there keeps the head in place.
    `input_symbols` are the symbols that an input may hold.
    """

    name: str = field(default="machine", compare=False)
    states: tuple[str, ...]
    symbols: tuple[str, ...]
    rules: tuple[Rule, ...]
    verdicts: tuple[str | None, ...]
    start: int = 0
    one_way: tuple[bool, ...] = (False,)
    input_symbols: tuple[int, ...] = ()
    documentation: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not self.input_symbols:
            object.__setattr__(self, "input_symbols", tuple(range(len(self.symbols))))
        n, k, t = len(self.states), len(self.symbols), len(self.one_way)
        _require(n > 0, "a machine needs at least one state")
        _require(k > 0, "a machine needs at least one symbol, its blank")
        _require(t > 0, "a machine needs at least one tape")
        _require_unique("state", self.states)
        _require_unique("symbol", self.symbols)
        _require(0 <= self.start < n, f"start = {self.start} is outside the {n} states")
        _require(len(self.verdicts) == n, f"{len(self.verdicts)} verdicts for {n} states: give one a state")
        _require(
            all(0 <= a < k for a in self.input_symbols), f"input symbols must be indices below {k}, the alphabet's size"
        )
        previous: tuple[int, tuple[int, ...]] | None = None
        for rule in self.rules:
            where = f"rule {rule.origin or (rule.state, rule.read)}"
            for part in (rule.read, rule.write, rule.move):
                _require(len(part) == t, f"{where}: {len(part)} entries for {t} {plural(t, 'tape')}")
            _require(0 <= rule.state < n, f"{where}: state {rule.state} is outside the {n} states")
            _require(0 <= rule.goto < n, f"{where}: goes to state {rule.goto}, outside the {n} states")
            _require(all(0 <= a < k for a in rule.read + rule.write), f"{where}: a symbol is outside the {k} symbols")
            _require(all(m in MOVE_NAMES for m in rule.move), f"{where}: moves are -1, 0 or 1")
            _require(
                self.verdicts[rule.state] is None,
                f"{where}: halting state `{self.states[rule.state]}` cannot have rules",
            )
            key = (rule.state, rule.read)
            _require(previous is None or previous < key, f"{where}: rules must be sorted by (state, read), each once")
            previous = key

    @cached_property
    def delta(self) -> Mapping[tuple[int, tuple[int, ...]], Rule]:
        """δ as a mapping from (state, symbols read) to the rule that applies."""
        return MappingProxyType({(rule.state, rule.read): rule for rule in self.rules})

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical form (name, documentation and rule origins left out), in hexadecimal."""
        canonical = [
            self.states, self.symbols, self.start, self.verdicts, self.one_way, self.input_symbols,
            [[r.state, r.read, r.write, r.move, r.goto] for r in self.rules],
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(canonical, separators=(",", ":")).encode()).hexdigest()

    @property
    def tapes(self) -> int:
        """Number of tapes."""
        return len(self.one_way)

    def word(self, text: str | Sequence[str]) -> tuple[int, ...]:
        """Symbol indices of an input; see `word`."""
        return word(self, text)

    def spell(self, word: Sequence[int]) -> str:
        """The text of a word: the inverse of `word`."""
        return spell(self.symbols, word)

    def describe_rule(self, rule: Rule) -> str:
        """A rule in words, such as `carry 1 -> 0 L carry`."""
        read, write = (" ".join(visible(self.symbols[a]) for a in word) for word in (rule.read, rule.write))
        moves = " ".join(MOVE_NAMES[move] for move in rule.move)
        return f"{self.states[rule.state]} {read} -> {write} {moves} {self.states[rule.goto]}"

    def __repr__(self) -> str:
        """The machine in one line, with its rules where they are few."""
        rules = "; ".join(map(self.describe_rule, self.rules)) if len(self.rules) <= REPR_RULES else ""
        ends = ", ".join(f"{s} is {v}" for s, v in zip(self.states, self.verdicts) if v is not None)
        ways = ", ".join(f"tape {i} is one-way" for i, one_way in enumerate(self.one_way, 1) if one_way)
        parts = [str(self), rules, f"starts in {self.states[self.start]}", ends, ways]
        return f"<{' | '.join(part for part in parts if part)}>"

    def _repr_html_(self) -> str:
        """δ as a table, for notebooks."""
        escape = html.escape
        reads = sorted({rule.read for rule in self.rules})
        head = "".join(f"<th>{escape(' '.join(self.symbols[a] for a in read))}</th>" for read in reads)
        rows = []
        for state, (name, verdict) in enumerate(zip(self.states, self.verdicts)):
            cells = (self.delta.get((state, read)) for read in reads)
            texts = ("" if r is None else escape(self.describe_rule(r).partition(" -> ")[2]) for r in cells)
            label = f"→ {escape(name)}" if state == self.start else escape(name)
            body = "".join(f"<td>{text}</td>" for text in texts)
            if verdict is not None:
                body = f'<td colspan="{max(len(reads), 1)}">{escape(verdict)}</td>'
            rows.append(f"<tr><th>{label}</th>{body}</tr>")
        return f"<table><caption>{escape(str(self))}</caption><tr><th></th>{head}</tr>{''.join(rows)}</table>"

    def __str__(self) -> str:
        parts = {"state": len(self.states), "symbol": len(self.symbols), "rule": len(self.rules)}
        if self.tapes > 1:
            parts["tape"] = self.tapes
        return f"{self.name}: {', '.join(f'{number} {plural(number, what)}' for what, number in parts.items())}"


def legible(machine: Machine) -> Machine:
    """The same machine with names to be looked at: what is not printed, or not told apart, is escaped in quotes."""
    return replace(
        machine,
        states=tuple(map(shown, machine.states)),
        symbols=tuple(map(visible, machine.symbols)),
        verdicts=tuple(verdict and shown(verdict) for verdict in machine.verdicts),
    )


class Alphabet(Protocol):
    """What it takes to read an input: satisfied by a machine and by the axes of a compiled form."""

    @property
    def name(self) -> str: ...
    @property
    def symbols(self) -> tuple[str, ...]: ...
    @property
    def input_symbols(self) -> tuple[int, ...]: ...
    @property
    def one_way(self) -> tuple[bool, ...]: ...


def word(alphabet: Alphabet, text: str | Sequence[str]) -> tuple[int, ...]:
    """Symbol indices of an input.

    `text` is a sequence of symbol names, or a string: one character a symbol where every symbol has one
    character, else symbols separated by white space, in quotes where a symbol holds white space itself.

    Raises: MachineError: a symbol that is not in the input alphabet, named with its place.
    """
    symbols = alphabet.symbols
    single = is_single(symbols)
    try:
        names = [letter.name for letter in letters(text, single)] if isinstance(text, str) else text
    except InputError as error:
        raise MachineError(f"input of `{alphabet.name}`: {error}") from None
    index_of = {name: index for index, name in enumerate(symbols)}
    indices = []
    for place, name in enumerate(names, 1):
        index = index_of.get(name)
        if index is None or index not in alphabet.input_symbols:
            allowed = [symbols[a] for a in alphabet.input_symbols]
            parts = None if single or not isinstance(text, str) else cut(name, set(allowed))
            cure = f"; write its symbols with space between them: {' '.join(map(visible, parts))}" if parts else ""
            listed = shorten(" ".join(map(visible, allowed)), 400)
            raise MachineError(f"input symbol {place} is `{shorten(name)}`; `{alphabet.name}` reads: {listed}{cure}")
        indices.append(index)
    return tuple(indices)


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise MachineError(message)


def _require_unique(kind: str, names: tuple[str, ...]) -> None:
    seen: set[str] = set()
    for name in names:
        _require(name != "", f"a {kind} has an empty name")
        _require(name not in seen, f"{kind} `{name}` is named twice")
        seen.add(name)
