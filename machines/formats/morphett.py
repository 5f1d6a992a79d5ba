"""The syntax of Anthony Morphett's simulator: `state read write direction new-state`, one rule a line, `;` comments.

As the simulator has it: it starts in state `0`; `_` is the blank; a state whose name starts with `halt` (in any case)
halts, and its own rules never apply; direction is `l`, `r` or `*` (stay); `*` as new symbol or new state keeps it; `*`
as state or symbol stands for any. What is most specific applies: (state, symbol), then (state, *), then (*, symbol),
then (*, *). `!` at the end is a breakpoint, which is no part of the machine. Where two lines give one cell, the
simulator takes the last with a warning; that is refused here. Its one-way and nondeterministic variants are chosen on
its page, not in the file. In an input, a space is a blank, and `*` stands before the symbol under the head.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from ..core import BLANK as FIRST
from ..core import LEFT, RIGHT, STAY, Machine, MachineError, Tape
from ..language.program import Program
from .detection import NO, Guess, perhaps, surely
from .note import Spelling
from .source import CannotHold, FormatError, FormatText, NamedRule, build, left_out, verdict_of

NAME = "Morphett's simulator"
ANY = "*"
BLANK = "_"
START = "0"
_DIRECTIONS = {"l": LEFT, "r": RIGHT, "*": STAY}
_LETTERS = {LEFT: "l", RIGHT: "r", STAY: "*"}
_PROSE = "begin a comment with ;"
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


def recognise(text: str) -> Guess:
    """Whether most lines with anything on them are rules."""
    lines = [line for line in text.split("\n") if line.partition(";")[0].strip()]
    rules = sum(_RULE.fullmatch(line) is not None for line in lines)
    if 2 * rules > len(lines):
        return surely("most of its lines are rules such as `0 1 0 r carry`")
    return perhaps("it has lines such as `0 1 0 r carry`") if rules else NO


def comments(text: str) -> list[str]:
    """The comments of a text."""
    return [line.partition(";")[2].strip() for line in text.split("\n") if ";" in line]


def read(source: FormatText) -> Program:
    """The machine of the simulator's text.

    Raises: FormatError: a line is not a rule, a cell has two, or there is no state `0` to start in.
    """
    lines: dict[tuple[str, str], NamedRule] = {}
    breakpoints = 0
    for number, text in enumerate(source.text.split("\n"), 1):
        rule = _line(source, number, text)
        if rule is None:
            continue
        breakpoints += text.partition(";")[0].split()[-1:] == ["!"]
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
    machine = build(
        source,
        _expanded(source, lines, states, symbols),
        start=START,
        blank=BLANK,
        states=states,
        symbols=symbols,
        verdicts=halting,
    )
    idle = (
        source.note(rule.line, f"left out: a rule of the state `{rule.state}`, which halts by its name")
        for rule in lines.values()
        if _halts(rule.state)
    )
    return Program(machine, notes=(*left_out(source, {"breakpoint": breakpoints}), *idle))


def _expanded(
    source: FormatText, lines: Mapping[tuple[str, str], NamedRule], states: Collection[str], symbols: Collection[str]
) -> Iterator[NamedRule]:
    """The rule of each cell that a line applies to, the most specific line first."""
    cells: dict[tuple[str, str], NamedRule] = {}
    room = source.room
    running = [state for state in states if not _halts(state)]
    for rule in sorted(lines.values(), key=lambda rule: (rule.state == ANY, rule.read[0] == ANY)):
        own = [rule.state] if rule.state != ANY else running
        reads = rule.read if rule.read[0] != ANY else symbols
        room -= len(own) * len(reads)
        if room < 0:
            raise source.too_large(rule.line, "with `*` written out")
        for state in own:
            for symbol in reads:
                cells.setdefault((state, symbol), rule)
    for (state, symbol), rule in cells.items():
        if not _halts(state):
            write = symbol if rule.write[0] == ANY else rule.write[0]
            goto = state if rule.goto == ANY else rule.goto
            yield NamedRule(state, (symbol,), (write,), rule.move, goto, rule.line)


def read_input(machine: Machine, text: str) -> Tape | str:
    """An input as the simulator takes it: a space or `_` is the blank, `*` stands before the symbol under the head.

    Raises: MachineError: there is a second `*`.
    """
    if any(len(name) != 1 for name in machine.symbols) or not set(text) & {" ", BLANK, ANY}:
        return text
    head = text.find(ANY) if ANY not in machine.symbols else -1
    if head >= 0:
        text = text[:head] + text[head + 1 :]
        if ANY in text:
            raise MachineError(f"`{ANY}` marks the head, and stands twice in the input")
    blanks = {" ", BLANK} - set(machine.symbols)
    word = machine.word("".join(machine.symbols[FIRST] if c in blanks else c for c in text))
    return Tape.of(word, -max(head, 0))


def _line(source: FormatText, number: int, text: str) -> NamedRule | None:
    """The rule of one line, if it has one; `*` is left in it."""
    fields = text.partition(";")[0].split()
    if not fields:
        return None

    def wrong(problem: str, cure: str) -> FormatError:
        return source.error(number, problem, expected=_SHAPE, cure=cure)

    fits = [len(field) == 1 for field in fields[1:3]] + [field.lower() in _DIRECTIONS for field in fields[3:4]]
    if not any(fits) or fits.count(False) > 1:
        raise wrong("this line is not a rule", _PROSE)
    if len(fields) < len(_FIELDS):
        raise wrong(f"{len(fields)} of 5 entries", f"add the {_FIELDS[len(fields)]}, or {_PROSE}")
    if len(fields) > 6 or (len(fields) == 6 and fields[5] != "!"):
        raise wrong(f"`{fields[5]}` after the new state", "put `;` before a comment")
    state, symbol, write, direction, goto = fields[:5]
    for field, value in (("current symbol", symbol), ("new symbol", write)):
        if len(value) != 1:
            raise wrong(
                f"the {field} is `{value}`", "write symbols as one character, the blank as _; begin a comment with ;"
            )
    if direction.lower() not in _DIRECTIONS:
        raise wrong(
            f"the direction is `{direction}`", "write l for left, r for right, * for staying; begin a comment with ;"
        )
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
