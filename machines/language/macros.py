"""Macros filled in: from sections to one flat list of states, each name in it resolved.

A macro is what Turing (1936, section 4) calls a skeleton table: `find(1, done)` names the state in which a copy of
the macro begins, and equal calls are one copy. `name: use find(1, done)` makes a copy with a name of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..core import LEFT, RIGHT, STAY
from .diagnostics import Note
from .sections import Block, Log, Section, check_reserved
from .source import Span
from .syntax import (
    Action,
    Call,
    Component,
    Group,
    Name,
    MacroParameter,
    Part,
    Pattern,
    MacroHeader,
    RuleLine,
    Target,
    Undefined,
    Wildcard,
)

MOVES = {"L": LEFT, "S": STAY, "R": RIGHT}
IMPLIED = ("accept", "reject", "halt")  # halting states that need no line of their own
KINDS = ("symbol", "state", "move")  # of parameters
MAX_DEPTH = 200  # macros that call macros
MAX_NAME = 2_000  # characters of a state's name that calls make
MAX_STATES = 200_000

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

    def of(self, name: Name) -> int:
        """Index of a symbol; an undeclared one is an error, and counts as the blank."""
        index = self.index.get(name.text)
        if index is None:
            if self.declared:
                similar = self._log.nearest(name.text, self.index)
                self._log.add(
                    "E018",
                    name.span,
                    f"symbol `{name.text}` is not in the alphabet",
                    "is not among the `symbols`",
                    help=f"the symbol `{similar}` is" if similar else "add it to the line `symbols`, or correct it",
                )
                return 0
            index = self.index[name.text] = len(self.index)
        self.named.add(index)
        return index


@dataclass(frozen=True, slots=True)
class FlatRule:
    """A rule with names resolved.

    `read[p][i]` are the symbols that pattern `p` reads on tape `i`, None for any other. `write[i]` is None
    where the symbol is kept. `goto` is None where the cells are undefined.
    """

    syntax: RuleLine
    read: tuple[tuple[tuple[int, ...] | None, ...], ...]
    write: tuple[int | None, ...]
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

    def __init__(self, macros: Mapping[str, Section], alphabet: SymbolTable, tapes: int, lost: bool, log: Log) -> None:
        self.macros, self.alphabet, self.tapes, self.log = macros, alphabet, tapes, log
        self.lost = lost  # some macro could not be read, so that a missing one is no mistake
        self.used: set[str] = set()  # macros with a copy
        self._machine: Section | None = None
        self._implied: dict[str, None] = {}
        self._copies: dict[tuple[object, ...], str] = {}
        self._made = 0  # copies
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
            if max(len(states), self._made) > MAX_STATES:
                self.log.add(
                    "E038",
                    section.header.name.span,
                    f"the machine has more than {MAX_STATES:,} states",
                    help="look for macros that call each other with ever new arguments",
                )
                break
        return states

    def _copy(self, scope: _Scope) -> list[FlatState]:
        states = []
        for label, block in scope.section.labels.items():
            name = scope.labels[label]
            if block.instance:
                self._instantiate(block.instance.call, scope, name)
                continue
            rules = (self._rule(rule, scope, name) for rule in block.rules)
            verdict = block.verdict.verdict if block.verdict else None
            states.append(FlatState(name, tuple(rule for rule in rules if rule), verdict, block))
        return states

    # Rules

    def _rule(self, rule: RuleLine, scope: _Scope, own: str) -> FlatRule | None:
        mistakes = len(self.log.diagnostics)
        for pattern in rule.patterns:
            if len(pattern) != self.tapes:
                self._wrong_width(pattern, "reads")
        read = tuple(tuple([self._component(each, scope) for each in pattern]) for pattern in rule.patterns)
        action = rule.action
        if isinstance(action, Undefined):
            return FlatRule(rule, read, (), (), None) if len(self.log.diagnostics) == mistakes else None
        parts = action.parts
        places = [i for i, part in enumerate(parts) if self._is_move(part, scope)]
        if len(places) != 1 or places[0] > 1 or len(parts) - places[0] > 2:
            self._misshapen(action, places)
            return None
        place = places[0]
        move = self._move(parts[place], scope)
        write = self._write(parts[0], scope) if place == 1 else (None,) * self.tapes
        goto = self._goto(parts[-1], scope) if len(parts) > place + 1 else own
        if not (write and move and goto) or len(self.log.diagnostics) > mistakes:
            return None
        return FlatRule(rule, read, write, move, goto)

    def _component(self, component: Component, scope: _Scope) -> tuple[int, ...] | None:
        if isinstance(component, Name):
            return (self._symbol(component, scope),)
        if isinstance(component, Group):
            return tuple(self._symbol(name, scope) for name in component.names)
        return None

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

    def _write(self, part: Part, scope: _Scope) -> tuple[int | None, ...] | None:
        if len(part) != self.tapes:
            self._wrong_width(part, "writes")
            return None
        for each in part:
            if isinstance(each, Call):
                self.log.add(
                    "E013",
                    each.span,
                    "a macro cannot be written on the tape",
                    help="a rule is `read -> write move state`; a macro stands last",
                )
                return None
        return tuple(self._symbol(each, scope) if isinstance(each, Name) else None for each in part)

    def _goto(self, part: Part, scope: _Scope) -> str | None:
        target = part[0]
        if len(part) > 1 or isinstance(target, Wildcard):
            self.log.add(
                "E013", span_of(part), "a rule goes to one state", help="name one state, or none to stay in this"
            )
            return None
        return self._resolve(target, scope)

    def _misshapen(self, action: Action, places: list[int]) -> None:
        """Say why an action is not one move with at most a write before it and a state after it."""
        parts, span = action.parts, span_of(action.parts[0]).to(span_of(action.parts[-1]))
        if not places:
            foreign = [
                (each, _FOREIGN_MOVES[each.text.lower()])
                for part in parts
                for each in part
                if isinstance(each, Name) and each.text.lower() in _FOREIGN_MOVES
            ]
            if foreign:
                name, move = foreign[0]
                self.log.add("E012", name.span, "this rule has no move", "is not a move", help=f"write `{move}`")
            else:
                self.log.add(
                    "E012",
                    span,
                    "this rule has no move",
                    "has no L, R or S",
                    help="the order is write, move, state; to stay on the cell, write `S`",
                )
        elif len(places) > 1:
            second = parts[places[1]]
            text = second[0].text if isinstance(second[0], Name) else ""
            self.log.add(
                "E013",
                span_of(second),
                "this rule has two moves",
                "is a second move",
                help=f'if it is a symbol or a state, quote it: `"{text}"`; several tapes are written '
                "with a comma: `R,S`",
            )
        elif places[0] > 1:
            self.log.add(
                "E013",
                span_of(parts[1]),
                "this rule writes more than one symbol",
                "is a second one",
                help="a rule writes one symbol on a tape; several tapes are written with a comma: `0,1`",
            )
        else:
            self.log.add(
                "E013",
                span_of(parts[places[0] + 2]),
                "this rule goes to more than one state",
                "is left over",
                help="the order is write, move, state",
            )

    def _wrong_width(self, part: Part | Pattern, verb: str) -> None:
        what, example = {"reads": ("symbol", "0"), "writes": ("symbol", "0"), "moves": ("head", "R")}[verb]
        self.log.add(
            "E023",
            span_of(part),
            f"this rule {verb} {counted(len(part), what)}, but the machine has {counted(self.tapes, 'tape')}",
            help=f"write one for each tape, as in `{','.join(example * self.tapes)}`, or change the line `tapes`",
        )

    # Names of states and macros

    def _resolve(self, target: Target, scope: _Scope, starts: bool = False) -> str | None:
        """The name, in the whole machine, of the state that `target` means."""
        if isinstance(target, Call):
            return self._instantiate(target, scope)
        text = target.text
        if text in scope.labels:
            return scope.labels[text]
        if not target.quoted:
            if text in scope.states:
                return scope.states[text]
            if text in scope.symbols or text in scope.moves or text in MOVES:
                self._wrong_kind(target, "state", scope)
                return None
        if text in IMPLIED:
            if not (self._machine and text in self._machine.labels):  # else a macro means the machine's own state
                self._implied[text] = None
            return text
        self._no_such_state(target, scope, starts)
        return None

    def _no_such_state(self, name: Name, scope: _Scope, starts: bool) -> None:
        labels = scope.section.labels
        similar = self.log.nearest(name.text, [*labels, *scope.states, *IMPLIED])
        opening = scope.section.openings.get(name.text)
        if name.text in self.macros:
            help = f"`{name.text}` is a macro: fill it in as in `{_signature(self.macros[name.text])}`"
        elif opening:
            help = f"line {opening} seems to be its first rule: put a colon after the name, `{name.text}:`"
        elif similar in labels:
            help = f"state `{similar}` is defined on line {labels[similar].name.span.line}"
        elif similar:
            help = f"`{similar}` is known here"
        elif scope.depth:
            help = "a macro knows its own states and its parameters; pass this one as a `state` parameter"
        else:
            help = f"define it, as in `{name.text}: halt`"
        if starts:
            self.log.add("E022", name.span, f"start state `{name.text}` is not defined", help=help)
        else:
            self.log.add(
                "E014", name.span, f"state `{name.text}` has no rules", "goes to a state nobody defines", help=help
            )

    def _wrong_kind(self, name: Name, wanted: str, scope: _Scope) -> None:
        kind = "move"
        if isinstance(scope.section.header, MacroHeader):
            kind = next((p.kind for p in scope.section.header.parameters if p.name.text == name.text), kind)
        what = f"`{name.text}` is a {kind}"
        self.log.add(
            "E033",
            name.span,
            f"{what}, but a {wanted} stands here",
            help=f'name a {wanted}, or quote it if a {wanted} has this name: `"{name.text}"`',
        )

    def _instantiate(self, call: Call, scope: _Scope, name: str | None = None) -> str | None:
        """The first state of a copy of a macro: one copy for equal calls, or one of its own called `name`."""
        section = self.macros.get(call.name.text)
        if section is None:
            if not self.lost:
                similar = self.log.nearest(call.name.text, self.macros)
                self.log.add(
                    "E030",
                    call.name.span,
                    f"there is no macro `{call.name.text}`",
                    help=f"there is a macro `{_signature(self.macros[similar])}`"
                    if similar
                    else f"define it, as in `macro {call.name.text}(symbol x, state next)`, or `include` its file",
                )
            return None
        self.used.add(call.name.text)
        header = section.header
        assert isinstance(header, MacroHeader)
        values = self._arguments(call, section, scope)
        if values is None:
            return None
        if not section.labels:
            return None  # said at the macro itself
        if name is None:
            key = (call.name.text, *values)
            if key in self._copies:
                return self._copies[key]
            name = f"{call.name.text}({', '.join(map(self._spell, header.parameters, values))})"
            self._copies[key] = name
        if scope.depth >= MAX_DEPTH or len(name) > MAX_NAME:
            self.log.add(
                "E034",
                call.span,
                "macros call each other without end",
                help="equal calls are one state, but arguments must not grow, and no macro can `use` itself",
            )
            return None
        self._made += 1
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

    def _arguments(self, call: Call, section: Section, scope: _Scope) -> list[int | str] | None:
        """Values of a call's arguments: a symbol's index, a state's name or a move; None after a mistake."""
        header = section.header
        assert isinstance(header, MacroHeader)
        wanted, given = len(header.parameters), len(call.arguments)
        if wanted != given:
            self.log.add(
                "E032",
                call.span,
                f"macro `{call.name.text}` has {counted(wanted, 'parameter')}, not {given}",
                notes=(Note("it is defined here", header.name.span),),
                help=f"call it as in `{_signature(section)}`",
            )
            return None
        values = [self._argument(p, a, scope) for p, a in zip(header.parameters, call.arguments)]
        known = [value for value in values if value is not None]
        return known if len(known) == wanted else None

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
        self.log.add(
            "E033",
            argument.span,
            f"{given} is given for the {parameter.kind} `{parameter.name.text}`",
            f"a {parameter.kind} stands here",
            notes=(Note("the parameter is here", parameter.name.span),),
            help="moves are L, R and S" if parameter.kind == "move" else "give a symbol",
        )
        return None

    def _spell(self, parameter: MacroParameter, value: int | str) -> str:
        if isinstance(value, str):
            return value
        names = {v: k for k, v in MOVES.items()} if parameter.kind == "move" else self.alphabet.names
        return names[value]


def span_of(part: Part | Pattern) -> Span:
    """From the first to the last entry."""
    first, last = (
        each.names[0 if at == 0 else -1] if isinstance(each, Group) else each
        for at, each in enumerate((part[0], part[-1]))
    )
    return first.span.to(last.span)


def counted(number: int, what: str) -> str:
    """`no tapes`, `1 tape`, `2 tapes`."""
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"


def _signature(section: Section) -> str:
    """A macro as one calls it: `find(x, found)`."""
    header = section.header
    names = ", ".join(p.name.text for p in header.parameters) if isinstance(header, MacroHeader) else ""
    return f"{header.name.text}({names})"
