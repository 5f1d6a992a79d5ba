"""The syntax of Anthony Morphett's simulator: `state read write direction new-state`, one rule a line, `;` comments.

As the simulator has it: it starts in state `0`; `_` is the blank; a state whose name starts with `halt` (in any case)
halts, and its own rules never apply; direction is `l`, `r` or `*` (stay); `*` as new symbol or new state keeps it; `*`
as state or symbol stands for any. What is most specific applies: (state, symbol), then (state, *), then (*, symbol),
then (*, *). `!` at the end is a breakpoint, which is no part of the machine. Where two lines give one cell, the
simulator takes the last with a warning; that is refused here. Its one-way and nondeterministic variants are chosen on
its page, not in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ..core import LEFT, RIGHT, STAY, Machine
from .note import Spelling
from .source import CannotHold, FormatError, NamedRule, Source, build, verdict_of

NAME = "Morphett's simulator"
ANY = "*"
BLANK = "_"
START = "0"
_DIRECTIONS = {"l": LEFT, "r": RIGHT, "*": STAY}
_LETTERS = {LEFT: "l", RIGHT: "r", STAY: "*"}
_FIELDS = ("current state", "current symbol", "new symbol", "direction", "new state")
_SHAPE = "current state, current symbol, new symbol, direction (l, r or *) and new state, such as `0 1 0 r carry`"
_RULE = re.compile(r"\s*[^\s;]+\s+[^\s;]\s+[^\s;]\s+[lrLR*]\s+[^\s;]+(\s+!)?\s*(;.*)?")


def _halts(state: str) -> bool:
    return state[:4].lower() == "halt"


SPELLING = Spelling(
    state=lambda name, halting: (
        re.fullmatch(r"[^\s;]+", name) is not None and name not in (ANY, START) and _halts(name) == halting
    ),
    symbol=lambda name: len(name) == 1 and not name.isspace() and name not in "*;_" and name.isprintable(),
    halting_prefix="halt-",
    blank=BLANK,
    start=START,
)


def looks_like(text: str) -> bool:
    """Whether most lines with anything on them are rules."""
    lines = [line for line in text.split("\n") if line.partition(";")[0].strip()]
    return 2 * sum(_RULE.fullmatch(line) is not None for line in lines) > len(lines)


def read(source: Source) -> Machine:
    """The machine of the simulator's text.

    Raises: FormatError: a line is not a rule, a cell has two, or there is no state `0` to start in.
    """
    lines: dict[tuple[str, str], NamedRule] = {}
    for number, text in enumerate(source.text.split("\n"), 1):
        rule = _line(source, number, text)
        if rule is None:
            continue
        key = (rule.state, rule.read[0])
        if key in lines:
            raise source.error(
                number,
                f"state `{rule.state}` reading `{rule.read[0]}` has a rule on line {lines[key].line} already",
                expected="one rule for each state and symbol",
                cure="delete one of the two; the simulator would take the last",
            )
        lines[key] = rule
    states = dict.fromkeys(name for rule in lines.values() for name in (rule.state, rule.goto) if name != ANY)
    if START not in states:
        first = next(iter(states), "start")
        raise source.error(
            1,
            "there is no state `0`",
            expected="a state `0`: the simulator starts there",
            cure=f"rename the start state to 0 (is it `{first}`?)",
        )
    symbols = {BLANK: None} | dict.fromkeys(
        name for rule in lines.values() for name in (*rule.read, *rule.write) if name != ANY
    )
    halting = {state: verdict_of(state) for state in states if _halts(state)}
    return build(
        source,
        _expanded(lines, states, symbols),
        start=START,
        blank=BLANK,
        states=states,
        symbols=symbols,
        verdicts=halting,
    )


def _expanded(
    lines: Mapping[tuple[str, str], NamedRule], states: Iterable[str], symbols: Iterable[str]
) -> Iterator[NamedRule]:
    """The rule of each cell that a line applies to, the most specific line first."""
    for state in states:
        if _halts(state):
            continue
        for symbol in symbols:
            cells = ((state, symbol), (state, ANY), (ANY, symbol), (ANY, ANY))
            found = next((lines[cell] for cell in cells if cell in lines), None)
            if found is not None:
                write = symbol if found.write[0] == ANY else found.write[0]
                goto = state if found.goto == ANY else found.goto
                yield NamedRule(state, (symbol,), (write,), found.move, goto, found.line)


def _line(source: Source, number: int, text: str) -> NamedRule | None:
    """The rule of one line, if it has one; `*` is left in it."""
    fields = text.partition(";")[0].split()
    if not fields:
        return None

    def wrong(problem: str, cure: str) -> FormatError:
        return source.error(number, problem, expected=_SHAPE, cure=cure)

    if len(fields) < len(_FIELDS):
        raise wrong(f"{len(fields)} of 5 entries", f"add the {_FIELDS[len(fields)]}")
    if len(fields) > 6 or (len(fields) == 6 and fields[5] != "!"):
        raise wrong(f"`{fields[5]}` after the new state", "put `;` before a comment")
    state, symbol, write, direction, goto = fields[:5]
    for field, value in (("current symbol", symbol), ("new symbol", write)):
        if len(value) != 1:
            raise wrong(f"the {field} is `{value}`", "write symbols as one character, the blank as _")
    if direction.lower() not in _DIRECTIONS:
        raise wrong(f"the direction is `{direction}`", "write l for left, r for right, * for staying")
    return NamedRule(state, (symbol,), (write,), (_DIRECTIONS[direction.lower()],), goto, number)


def write(machine: Machine) -> str:
    """Text of a machine whose names are spelled for the simulator.

    Raises: CannotHold: more than one tape, a one-way tape, or a start state that halts.
    """
    if machine.tapes != 1:
        raise CannotHold(NAME, machine, f"it has {machine.tapes} tapes", "use .tm, .csv or .jff")
    if machine.one_way[0]:
        raise CannotHold(
            NAME, machine, "its tape is one-way, which the simulator has on its page, not in the file", "use .tm"
        )
    if machine.verdicts[machine.start] is not None:
        raise CannotHold(
            NAME, machine, "its start state halts, but the simulator starts in state 0, which runs", "use .tm or .yaml"
        )
    if all(machine.start not in (rule.state, rule.goto) for rule in machine.rules):
        raise CannotHold(NAME, machine, "its start state is in no rule, and the file has nothing but rules", "use .tm")
    lines = [f"; {line}" for line in (machine.name, *machine.documentation.split("\n")) if line.isprintable() and line]
    state = None
    for rule in machine.rules:
        if rule.state != state:
            lines.append("")
            state = rule.state
        kept = rule.read == rule.write
        lines.append(
            f"{machine.states[rule.state]} {machine.symbols[rule.read[0]]} "
            f"{ANY if kept else machine.symbols[rule.write[0]]} {_LETTERS[rule.move[0]]} {machine.states[rule.goto]}"
        )
    return "\n".join(lines) + "\n"
