"""Macros filled in: from sections to one flat list of states, each name in it resolved.

A macro is what Turing (1936, section 4) calls a skeleton table: `find(1, done)` names the state in which a copy of
the macro begins, and equal calls are one copy. `name: use find(1, done)` makes a copy with a name of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import TypeAlias

from ..core import LEFT, RIGHT, STAY
from . import messages
from .sections import Block, Log, Section, check_reserved
from .source import Span
from .syntax import (
    KINDS,
    Action,
    Call,
    Component,
    Group,
    MacroHeader,
    MacroParameter,
    Name,
    Part,
    Pattern,
    RuleLine,
    Target,
    Undefined,
    Wildcard,
)

MOVES = {"L": LEFT, "S": STAY, "R": RIGHT}
IMPLIED = ("accept", "reject", "halt")  # halting states that need no line of their own
MAX_DEPTH = 200  # macros that call macros
MAX_NAME = 2_000  # characters of a state's name that calls make
MAX_STATES = 200_000
MAX_COPIED = 20_000  # states in copies of macros

# How people write moves elsewhere.
_FOREIGN_MOVES = {
    "l": "L",
    "left": "L",
    "<": "L",
    "r": "R",
    "right": "R",
    ">": "R",
    "s": "S",
    "n": "S",
    "stay": "S",
    "none": "S",
    "-": "S",
}


class SymbolTable:
    """Symbols and their indices; the blank is 0. Unless it was declared, it grows with each new name."""

    def __init__(self, blank: str, log: Log) -> None:
        self.index = {blank: 0}
        self.declared = False
        self.named: set[int] = set()  # symbols that a rule names
        self._log = log

    @property
    def names(self) -> list[str]:
        """Symbols in the order of their indices."""
        return list(self.index)

    def copy(self) -> SymbolTable:
        """One with the same symbols, which may grow without this one."""
        other = SymbolTable("", self._log)
        other.index, other.declared = dict(self.index), self.declared
        return other

    def of(self, name: Name) -> int:
        """Index of a symbol; an undeclared one is an error, and counts as the blank."""
        text, span = name.text, name.span
        index = self.index.get(text)
        if index is None:
            if self.declared:
                self._log.add(messages.unknown_symbol(text, span, self._log.nearest(text, self.index)))
                return 0
            index = self.index[text] = len(self.index)
        self.named.add(index)
        return index


@dataclass(frozen=True, slots=True)
class Mapped:
    """What is written where a list goes with a list: `symbols` maps what is read on tape `tape` to it."""

    tape: int
    symbols: Mapping[int, int]


Written: TypeAlias = tuple[int | Mapped | None, ...]  # one entry a tape


@dataclass(frozen=True, slots=True)
class FlatRule:
    """A rule with names resolved.

    `read[p][i]` are the symbols that pattern `p` reads on tape `i`, None for any other. `write[p][i]` is what is
    written there, None where the symbol is kept. `goto` is None where the cells are undefined.
    """

    syntax: RuleLine
    read: tuple[tuple[tuple[int, ...] | None, ...], ...]
    write: tuple[Written, ...]
    move: tuple[int, ...]
    goto: str | None


@dataclass(frozen=True, slots=True)
class FlatState:
    """A state of the machine; `block` is where it is written, None for an implied halting state."""

    name: str
    rules: tuple[FlatRule, ...] = ()
    verdict: str | None = None
    block: Block | None = None


@dataclass(frozen=True, slots=True)
class _Scope:
    """What the names in one copy of a section mean."""

    section: Section
    labels: Mapping[str, str]
    symbols: Mapping[str, int] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    moves: Mapping[str, int] = field(default_factory=dict)
    depth: int = 0


class Flattener:
    """Works through the machine's section and every copy of a macro that it calls for."""

    def __init__(
        self, macros: Mapping[str, Section], alphabet: SymbolTable, tapes: int, lost: Set[str], log: Log
    ) -> None:
        self.macros, self.alphabet, self.tapes, self.log = macros, alphabet, tapes, log
        self.lost = lost  # macros whose header could not be read, so that it is no mistake to call them; "": any
        self.used: set[str] = set()  # macros with a copy
        self._machine: Section | None = None
        self._implied: dict[str, None] = {}
        self._copies: dict[tuple[object, ...], str] = {}
        self._made = 0  # states in copies
        self._agenda: deque[_Scope] = deque()

    def flatten(self, machine: Section, start: Target | None) -> tuple[list[FlatState], str]:
        """All states of the machine, and the name of the one that starts."""
        self._machine = machine
        scope = _Scope(machine, {name: name for name in machine.labels})
        self._agenda.append(scope)
        first = next(iter(machine.labels), "")
        if start is not None:
            first = self._resolve(start, scope, starts=True) or first
        states = self._work(machine)
        return states + [FlatState(name, verdict=name) for name in self._implied], first

    def rehearse(self, macro: Section) -> list[FlatState]:
        """The states of a macro with stand-ins for its parameters, and of all that it calls, to find mistakes."""
        header = macro.header
        assert isinstance(header, MacroHeader)
        names = {kind: [p.name.text for p in header.parameters if p.kind == kind] for kind in KINDS}
        symbols = self.alphabet.index
        self._agenda.append(
            _Scope(
                macro,
                {name: name for name in macro.labels},
                {name: symbols.setdefault(f"({name})", len(symbols)) for name in names["symbol"]},
                {name: f"({name})" for name in names["state"]},
                dict.fromkeys(names["move"], RIGHT),
                depth=1,
            )
        )
        return self._work(macro)

    def _work(self, section: Section) -> list[FlatState]:
        """Make every copy that is called for."""
        states: list[FlatState] = []
        while self._agenda:
            states += self._copy(self._agenda.popleft())
            if len(states) > MAX_STATES or self._made > MAX_COPIED:
                copied = f"{MAX_COPIED:,} states in copies of macros"
                what = copied if self._made > MAX_COPIED else f"{MAX_STATES:,} states"
                self.log.add(messages.too_many_states(section.header.name, what))
                break
        return states

    def _copy(self, scope: _Scope) -> list[FlatState]:
        states = []
        for block in scope.section.blocks:
            name = scope.labels.get(block.name.text, "")
            rules = [self._rule(rule, scope, name) for rule in block.rules]
            if scope.section.labels.get(block.name.text) is not block:
                continue  # without a name, or a second one of this name: only its mistakes count
            if block.instance:
                self._instantiate(block.instance.call, scope, name)
                continue
            verdict = block.verdict.verdict if block.verdict else None
            states.append(FlatState(name, tuple([rule for rule in rules if rule]), verdict, block))
        return states

    def check_calls(self, section: Section) -> None:
        """Find the mistakes in the calls of a macro whose header could not be read."""
        for node in nodes(section):
            if isinstance(node, Call):
                self._called(node)

    # Rules

    def _rule(self, rule: RuleLine, scope: _Scope, own: str) -> FlatRule | None:
        """The rule in this copy; one whose action is wrong has no `goto`, so that its cells are still compared."""
        mistakes = len(self.log.diagnostics)
        for pattern in rule.patterns:
            if len(pattern) != self.tapes:
                self._wrong_width(pattern, "reads")
        read = tuple(tuple([self._component(each, scope) for each in pattern]) for pattern in rule.patterns)
        action = rule.action
        if isinstance(action, Undefined):
            return FlatRule(rule, read, (), (), None) if len(self.log.diagnostics) == mistakes else None
        wrong = None if len(self.log.diagnostics) > mistakes else FlatRule(rule, read, (), (), None)
        parts = action.parts
        places = [i for i, part in enumerate(parts) if self._is_move(part, scope)]
        if len(places) != 1 or places[0] > 1 or len(parts) - places[0] > 2:
            self._misshapen(action, places, scope)
            return wrong
        place = places[0]
        move = self._move(parts[place], scope)
        kept: Written = (None,) * self.tapes
        write = self._write(parts[0], rule, read, scope) if place == 1 else (kept,) * len(read)
        goto = self._goto(parts[-1], scope) if len(parts) > place + 1 else own
        if not (write and move and goto) or len(self.log.diagnostics) > mistakes:
            return wrong
        return FlatRule(rule, read, write, move, goto)

    def _component(self, component: Component, scope: _Scope) -> tuple[int, ...] | None:
        if isinstance(component, Name):
            return (self._symbol(component, scope),)
        if isinstance(component, Group):
            return self._listed(component, scope)
        return None

    def _listed(self, group: Group, scope: _Scope) -> tuple[int, ...]:
        return tuple(self._symbol(name, scope) for name in self.log.names(group.names))

    def _symbol(self, name: Name, scope: _Scope) -> int:
        text = name.text
        if not name.quoted:
            if text in MOVES:
                check_reserved(name, "symbol", self.log)
                return 0
            if text in scope.symbols:
                return scope.symbols[text]
            if text in scope.states or text in scope.moves:
                self._wrong_kind(name, "symbol", scope)
                return 0
        return self.alphabet.of(name)

    def _is_move(self, part: Part, scope: _Scope) -> bool:
        return all(
            isinstance(each, Name) and not each.quoted and (each.text in MOVES or each.text in scope.moves)
            for each in part
        )

    def _move(self, part: Part, scope: _Scope) -> tuple[int, ...] | None:
        if len(part) != self.tapes:
            self._wrong_width(part, "moves")
            return None
        names = [each.text for each in part if isinstance(each, Name)]
        return tuple(MOVES[text] if text in MOVES else scope.moves[text] for text in names)

    def _write(
        self, part: Part, rule: RuleLine, read: Sequence[Sequence[tuple[int, ...] | None]], scope: _Scope
    ) -> tuple[Written, ...] | None:
        """What each pattern writes."""
        if len(part) != self.tapes:
            self._wrong_width(part, "writes")
            return None
        for each in part:
            if isinstance(each, Call):
                self.log.add(messages.macro_written(each.span))
                return None
        fixed = [self._symbol(each, scope) if isinstance(each, Name) else None for each in part]
        lists = {tape: (each, self._listed(each, scope)) for tape, each in enumerate(part) if isinstance(each, Group)}
        if not lists:
            return (tuple(fixed),) * len(read)
        result: list[Written] = []
        for pattern, named in zip(rule.patterns, read):
            written: list[int | Mapped | None] = [*fixed]
            for tape, (group, symbols) in lists.items():
                mapped = self._mapped(group, symbols, tape, pattern, named)
                if mapped is None:
                    return None
                written[tape] = mapped
            result.append(tuple(written))
        return tuple(result)

    def _mapped(
        self,
        group: Group,
        symbols: tuple[int, ...],
        tape: int,
        pattern: Pattern,
        read: Sequence[tuple[int, ...] | None],
    ) -> Mapped | None:
        """A list that is written, with the list that goes with it: that of its own tape, else the only one."""
        lists = [at for at, each in enumerate(pattern) if isinstance(each, Group)]
        source = tape if tape in lists else lists[0] if len(lists) == 1 else None
        named = None if source is None else read[source]
        if source is None or named is None:
            self.log.add(messages.list_without_partner(group.span))
            return None
        partner = span_of((pattern[source],))
        if len(named) != len(symbols):
            self.log.add(messages.unequal_lists(group.span, len(symbols), len(named), partner))
            return None
        seen: set[int] = set()
        for symbol in named:
            if symbol in seen:
                self.log.add(messages.listed_twice(self.alphabet.names[symbol], partner, partner, "symbol"))
                return None
            seen.add(symbol)
        return Mapped(source, dict(zip(named, symbols)))

    def _goto(self, part: Part, scope: _Scope) -> str | None:
        target = part[0]
        if len(part) > 1 or isinstance(target, Wildcard | Group):
            self.log.add(messages.several_targets(span_of(part)))
            return None
        return self._resolve(target, scope)

    def _misshapen(self, action: Action, places: list[int], scope: _Scope) -> None:
        """Say why an action is not one move with at most a write before it and a state after it."""
        parts, span = action.parts, span_of(action.parts[0]).to(span_of(action.parts[-1]))
        words = [_as_written(each) for part in parts for each in part]
        mixed = [part for part in parts if len(part) > 1 and len({_is_move_word(each) for each in part}) > 1]
        signs = [(part, sign) for part in parts for sign in ("//", ";", "--") if _as_written(part[0]).startswith(sign)]
        if len(parts) == 1 and len(parts[0]) > self.tapes:
            mixed = mixed or [parts[0]]
        if mixed:
            cure = " ".join(",".join(words[at : at + self.tapes]) for at in range(0, len(words), self.tapes))
            self.log.add(messages.commas_between_parts(span_of(mixed[0]), cure))
        elif signs and len(parts) > (places[0] if places else 0) + 2:
            self.log.add(messages.foreign_comment(span_of(signs[0][0]), signs[0][1]))
        elif places == [0] and len(parts) == 3 and not self._is_state(parts[1], scope):
            write, move, state = (",".join(map(_as_written, parts[at])) for at in (1, 0, 2))
            self.log.add(messages.write_after_move(span_of(parts[1]), f"{write} {move} {state}"))
        elif not places:
            foreign = [
                (each, _FOREIGN_MOVES[each.text.lower()])
                for part in parts
                for each in part
                if isinstance(each, Name) and each.text.lower() in _FOREIGN_MOVES
            ]
            if foreign:
                self.log.add(messages.foreign_move(*foreign[0]))
            else:
                self.log.add(messages.no_move(span))
        elif len(places) > 1:
            second = parts[places[1]]
            text = second[0].text if isinstance(second[0], Name) else ""
            self.log.add(messages.two_moves(span_of(second), text))
        elif places[0] > 1:
            self.log.add(messages.two_writes(span_of(parts[1])))
        else:
            self.log.add(messages.left_over(span_of(parts[places[0] + 2])))

    def _is_state(self, part: Part, scope: _Scope) -> bool:
        """Whether a part can only be a state to go to."""
        return any(
            not isinstance(each, Name)
            or (each.text not in self.alphabet.index and (each.text in scope.labels or each.text in scope.states))
            for each in part
        )

    def _wrong_width(self, part: Part | Pattern, verb: str) -> None:
        listed = " ".join(map(_as_written, part))
        self.log.add(messages.wrong_width(span_of(part), verb, len(part), self.tapes, listed))

    # Names of states and macros

    def _resolve(self, target: Target, scope: _Scope, starts: bool = False) -> str | None:
        """The name, in the whole machine, of the state that `target` means."""
        if isinstance(target, Call):
            first = self._instantiate(target, scope)
            if first is None or target.member is None:
                return first
            section = self.macros[target.name.text]
            member = _member(first, target.member.text, section, self.macros)
            if member is None:
                self._no_such_member(target.member.span, target.member.text, target.name.text)
            return member
        text = target.text
        if text in scope.labels:
            return scope.labels[text]
        if not target.quoted:
            if text in scope.states:
                return scope.states[text]
            if text in scope.symbols or text in scope.moves or text in MOVES:
                self._wrong_kind(target, "state", scope)
                return None
        if "." in text and not target.quoted:
            for label, rest in _splits(text):
                block = scope.section.labels.get(label)
                if block and block.instance and (macro := self.macros.get(block.instance.call.name.text)):
                    member = _member(scope.labels[label], rest, macro, self.macros)
                    if member is None:
                        self._no_such_member(target.span, rest, macro.header.name.text)
                    return member
        if text in IMPLIED:
            if not (self._machine and text in self._machine.labels):  # else a macro means the machine's own state
                self._implied[text] = None
            return text
        self._no_such_state(target, scope, starts)
        return None

    def _no_such_member(self, span: Span, state: str, macro: str) -> None:
        section = self.macros[macro]
        similar = self.log.nearest(state, section.labels)
        self.log.add(messages.no_such_member(span, macro, state, section.header.name, similar))

    def _no_such_state(self, name: Name, scope: _Scope, starts: bool) -> None:
        labels = scope.section.labels
        similar = self.log.nearest(name.text, [*labels, *scope.states, *IMPLIED])
        opening = scope.section.openings.get(name.text)
        if name.text in self.macros:
            help = f"`{name.text}` is a macro: fill it in as in `{_signature(self.macros[name.text])}`"
        elif name.text.startswith(";"):
            help = "a comment begins with `#`"
        elif opening:
            self.log.misread.add(opening)
            help = messages.first_rule_without_colon(name.text, opening)
        elif name.text in self.alphabet.index and similar not in labels:
            help = f"`{name.text}` is a symbol: the order is write, move, state"
        elif similar in labels:
            help = f"state `{similar}` is defined on line {labels[similar].name.span.line}"
        elif similar:
            help = f"`{similar}` is known here"
        elif scope.depth:
            help = "a macro knows its own states and its parameters; pass this one as a `state` parameter"
        else:
            help = f"define it, as in `{name.text}: halt`"
        if starts:
            self.log.add(messages.no_start(name, help))
        else:
            self.log.add(messages.no_such_state(name, help))

    def _wrong_kind(self, name: Name, wanted: str, scope: _Scope) -> None:
        kind = "move"
        if isinstance(scope.section.header, MacroHeader):
            kind = next((p.kind for p in scope.section.header.parameters if p.name.text == name.text), kind)
        self.log.add(messages.wrong_kind(name, kind, wanted))

    def _instantiate(self, call: Call, scope: _Scope, name: str | None = None) -> str | None:
        """The first state of a copy of a macro: one copy for equal calls, or one of its own called `name`."""
        section = self._called(call)
        if section is None:
            for argument in call.arguments:
                if isinstance(argument, Call):
                    self._resolve(argument, scope)  # to find its mistakes
            return None
        if name is not None and call.member is not None:
            self.log.add(messages.member_used(call.member.span, _signature(section)))
            return None
        header = section.header
        assert isinstance(header, MacroHeader)
        values = self._arguments(call, section, scope)
        if values is None:
            return None
        self.used.add(call.name.text)
        if not section.labels:
            return None  # said at the macro itself
        if name is None:
            key = (call.name.text, *values)
            if key in self._copies:
                return self._copies[key]
            name = f"{call.name.text}({', '.join(map(self._spell, header.parameters, values))})"
            self._copies[key] = name
        if scope.depth >= MAX_DEPTH or len(name) > MAX_NAME:
            self.log.add(messages.endless_macros(call.span))
            return None
        self._made += len(section.labels)
        bound = list(zip(header.parameters, values))
        labels = {label: name if at == 0 else f"{name}.{label}" for at, label in enumerate(section.labels)}
        self._agenda.append(
            _Scope(
                section,
                labels,
                {p.name.text: v for p, v in bound if p.kind == "symbol" and isinstance(v, int)},
                {p.name.text: v for p, v in bound if isinstance(v, str)},
                {p.name.text: v for p, v in bound if p.kind == "move" and isinstance(v, int)},
                scope.depth + 1,
            )
        )
        return name

    def _called(self, call: Call) -> Section | None:
        """The macro that a call names; None, noted as a mistake, if there is none with as many parameters."""
        section = self.macros.get(call.name.text)
        if section is None:
            if not self.lost & {call.name.text, ""}:
                similar = self.log.nearest(call.name.text, self.macros)
                self.log.add(messages.no_such_macro(call.name, _signature(self.macros[similar]) if similar else None))
            return None
        header = section.header
        assert isinstance(header, MacroHeader)
        wanted, given = len(header.parameters), len(call.arguments)
        if wanted != given:
            signature = _signature(section)
            self.log.add(messages.number_of_arguments(call.name, call.span, wanted, given, header.name, signature))
            return None
        return section

    def _arguments(self, call: Call, section: Section, scope: _Scope) -> list[int | str] | None:
        """Values of a call's arguments: a symbol's index, a state's name or a move; None after a mistake."""
        header = section.header
        assert isinstance(header, MacroHeader)
        values = [self._argument(p, a, scope) for p, a in zip(header.parameters, call.arguments)]
        known = [value for value in values if value is not None]
        return known if len(known) == len(values) else None

    def _argument(self, parameter: MacroParameter, argument: Target, scope: _Scope) -> int | str | None:
        if parameter.kind == "state":
            return self._resolve(argument, scope)
        if isinstance(argument, Name):
            if parameter.kind == "symbol":
                return self._symbol(argument, scope)
            if not argument.quoted and argument.text in MOVES:
                return MOVES[argument.text]
            if not argument.quoted and argument.text in scope.moves:
                return scope.moves[argument.text]
            given = f"`{argument.text}`"
        else:
            given = f"the macro `{argument.name.text}`"
        self.log.add(messages.wrong_argument(given, argument.span, parameter.kind, parameter.name))
        return None

    def _spell(self, parameter: MacroParameter, value: int | str) -> str:
        if isinstance(value, str):
            return value
        names = {v: k for k, v in MOVES.items()} if parameter.kind == "move" else self.alphabet.names
        return names[value]


def span_of(part: Part | Pattern) -> Span:
    """From the first to the last entry."""
    return part[0].span.to(part[-1].span)


def _as_written(each: Component | Target) -> str:
    text = each.span.source.text[each.span.start : each.span.end]
    return f"({text})" if isinstance(each, Group) and each.bracketed else text


def _is_move_word(each: Component | Target) -> bool:
    return isinstance(each, Name) and not each.quoted and each.text in MOVES


def _splits(text: str) -> Iterator[tuple[str, str]]:
    """The ways to cut a text at a dot, with something on both sides."""
    if len(text) <= MAX_NAME and text.count(".") <= MAX_DEPTH:
        yield from ((text[:at], text[at + 1 :]) for at in range(1, len(text) - 1) if text[at] == ".")


def _member(copy: str, state: str, section: Section, macros: Mapping[str, Section]) -> str | None:
    """The name, in the whole machine, of a state in the copy of a macro whose first state is called `copy`."""
    first = next(iter(section.labels), None)
    if state in section.labels:
        return copy if state == first else f"{copy}.{state}"
    for label, rest in _splits(state):
        block = section.labels.get(label)
        if block and block.instance and (inner := macros.get(block.instance.call.name.text)):
            return _member(copy if label == first else f"{copy}.{label}", rest, inner, macros)
    return None


def nodes(section: Section) -> Iterator[Name | Call]:
    """Every name and call in the states of a section, those in lists and in calls included."""
    found: list[object] = []
    for block in section.blocks:
        found += [block.instance.call] if block.instance else []
        for rule in block.rules:
            found += [each for pattern in rule.patterns for each in pattern]
            if isinstance(rule.action, Action):
                found += [each for part in rule.action.parts for each in part]
    while found:
        node = found.pop()
        if isinstance(node, Name | Call):
            yield node
        if isinstance(node, Group):
            found += node.names
        elif isinstance(node, Call):
            found += node.arguments


def _signature(section: Section) -> str:
    """A macro as one calls it: `find(x, found)`."""
    header = section.header
    names = ", ".join(p.name.text for p in header.parameters) if isinstance(header, MacroHeader) else ""
    return f"{header.name.text}({names})"
