"""What a format has no room for goes into one comment, which other programs skip: names, order, verdicts, inputs.

    ; triquetra: {"states": {"0": "right", "halt-done": "done"}, "symbols": {"_": "0", "1": "1"}}

`states` and `symbols` map each name in the file to the machine's own, in the machine's order, the blank first.
`verdicts` maps states (as in the file) to what halting there means, null where a state runs. `input` lists the symbols
(as in the file) that an input may hold. `name` and `documentation` are the machine's. `tapes` has, for each tape that
is not blank, the symbols (the machine's own) that a run finds there from cell 0 on, if it is given nothing else.
"""

from __future__ import annotations

import itertools
import json
import re
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..core import BLANK, Machine, Rule, Tape
from ..language.program import Program
from .source import FormatError, FormatText

_NOTE = re.compile(r"^[ \t]*(?:#|;|<!--)[ \t]*triquetra:[ \t]*(\{.*\})[ \t]*(?:-->)?[ \t]*$", re.MULTILINE)
_FIELDS = ("states", "symbols", "verdicts", "input", "name", "documentation", "tapes")
_SYMBOLS = string.digits + string.ascii_letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """Which names a format can write. `blank` and `start`, if given, are the only spelling of these two."""

    state: Callable[[str, bool], bool] = lambda name, halting: True
    symbol: Callable[[str], bool] = lambda name: len(name) == 1
    halting_prefix: str = ""
    blank: str | None = None
    start: str | None = None


ANY_NAME = Spelling(symbol=lambda name: True)


def spell(machine: Machine, spelling: Spelling) -> Machine:
    """The machine with names that the format can write; those that it can already are kept."""

    def fresh_state(index: int) -> Iterable[str]:
        if machine.verdicts[index] is None:
            return (f"q{n}" for n in itertools.count())
        meaning = machine.verdicts[index]
        named = (machine.states[index],) if meaning == "halt" else (meaning, machine.states[index])
        return (f"{spelling.halting_prefix}{name}" for name in itertools.chain(named, itertools.count(2)))

    states = _choose(
        machine.states,
        {} if spelling.start is None else {machine.start: spelling.start},
        lambda index, name: spelling.state(name, machine.verdicts[index] is not None),
        fresh_state,
    )
    symbols = _choose(
        machine.symbols,
        {} if spelling.blank is None else {0: spelling.blank},
        lambda index, name: spelling.symbol(name),
        lambda index: itertools.chain(_SYMBOLS, (chr(n) for n in range(0x4E00, 0x10000))),
    )
    return replace(machine, states=states, symbols=symbols)


def _choose(
    names: Sequence[str],
    fixed: Mapping[int, str],
    legal: Callable[[int, str], bool],
    fresh: Callable[[int], Iterable[str]],
) -> tuple[str, ...]:
    """A legal name for each: the fixed one, its own, or the first fresh one that is free."""
    chosen = dict(fixed)
    taken = set(fixed.values())
    for index, name in enumerate(names):
        if index not in chosen and name not in taken and legal(index, name):
            chosen[index] = name
            taken.add(name)
    for index in range(len(names)):
        if index not in chosen:
            chosen[index] = next(n for n in fresh(index) if n not in taken and legal(index, n))
            taken.add(chosen[index])
    return tuple(chosen[index] for index in range(len(names)))


def note_for(program: Program, spelled: Machine, back: Program) -> dict[str, Any]:
    """What must be noted for a program, its machine spelled as `spelled`, if a reader of the bare file gets `back`."""
    machine, found = program.machine, back.machine
    note: dict[str, Any] = {}
    if machine.name and found.name != machine.name:
        note["name"] = machine.name
    if found.documentation != machine.documentation:
        note["documentation"] = machine.documentation
    if found.states != machine.states:
        note["states"] = dict(zip(spelled.states, machine.states))
    if found.symbols != machine.symbols:
        note["symbols"] = dict(zip(spelled.symbols, machine.symbols))
    read = dict(zip(found.states, found.verdicts))
    verdicts = {s: verdict for s, verdict in zip(spelled.states, machine.verdicts) if read.get(s) != verdict}
    if verdicts:
        note["verdicts"] = verdicts
    if _allowed(machine) != _allowed(found):
        note["input"] = [spelled.symbols[a] for a in machine.input_symbols]
    if program.inputs != back.inputs:
        note["tapes"] = [[machine.symbols[a] for a in written(tape)] for tape in program.inputs]
    return note


def _allowed(machine: Machine) -> tuple[str, ...] | None:
    """The input alphabet by name, None where it is all symbols."""
    everything = machine.input_symbols == tuple(range(len(machine.symbols)))
    return None if everything else tuple(machine.symbols[a] for a in machine.input_symbols)


def written(tape: Tape) -> tuple[int, ...]:
    """The symbols of an input from cell 0 to its last cell that is not blank."""
    return (BLANK,) * tape.origin + tape.cells


def print_note(note: Mapping[str, Any]) -> str:
    """The note as one line that may stand in any comment (an XML comment may not hold two hyphens)."""
    text = json.dumps(note, ensure_ascii=False).replace("--", "-\\u002d")
    return "triquetra: " + "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def read_note(source: FormatText) -> tuple[dict[str, Any], int]:
    """The note of a file and its line; an empty one if there is none.

    Raises: FormatError: it is not of the shape above.
    """
    found = _NOTE.search(source.text)
    if found is None:
        return {}, 1
    line = source.text.count("\n", 0, found.start(1)) + 1
    try:
        note = json.loads(found[1])
    except (ValueError, RecursionError) as error:
        raise _bad(source, line, f"the note is not JSON: {error}") from None
    for key, value in note.items():
        if key not in _FIELDS:
            raise _bad(source, line, f"the note has a field `{key}`")
        if key in ("name", "documentation"):
            good = isinstance(value, str)
        elif key == "input":
            good = _is_word(value) and value != []
        elif key == "tapes":
            good = isinstance(value, list) and all(map(_is_word, value))
        else:
            texts = value.values() if isinstance(value, dict) else [0]
            good = all(isinstance(name, str) or (name is None and key == "verdicts") for name in texts)
        if not good:
            raise _bad(source, line, f"the note's field `{key}` has another shape")
    return note, line


def is_note(line: str) -> bool:
    """Whether a line is a note that can be read."""
    found = _NOTE.fullmatch(line)
    try:
        return found is not None and isinstance(json.loads(found[1]), dict)
    except (ValueError, RecursionError):
        return False


def _is_word(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def apply_note(source: FormatText, program: Program, note: Mapping[str, Any], line: int) -> Program:
    """The program as noted: names and order of states and symbols, those that no rule has, verdicts and inputs.

    Raises: FormatError: the note does not go with the rules.
    """
    found = program.machine
    machine = _renamed(source, found, note, line) if note.keys() - {"tapes"} else found
    if "tapes" not in note:
        names = note.get("symbols") or dict(zip(found.symbols, found.symbols))
        place = [machine.symbols.index(names[symbol]) for symbol in found.symbols]
        inputs = tuple(Tape(tuple(place[a] for a in tape.cells), tape.origin) for tape in program.inputs)
        return replace(program, machine=machine, inputs=inputs)
    if len(note["tapes"]) > machine.tapes:
        raise _bad(source, line, f"the note fills {len(note['tapes'])} tapes of {machine.tapes}")
    index = {name: a for a, name in enumerate(machine.symbols)}
    for name in itertools.chain.from_iterable(note["tapes"]):
        if index.get(name) not in (BLANK, *machine.input_symbols):
            raise _bad(source, line, f"the note has `{name}` on a tape, which is not an input symbol")
    inputs = tuple(Tape.of([index[name] for name in word]) for word in note["tapes"])
    shown = ", ".join(f"`{machine.spell(written(tape))}`" for tape in inputs)
    said = source.note(line, f"a run that is given no input starts on {shown}")
    return replace(program, machine=machine, inputs=inputs, notes=(*program.notes, said))


def _renamed(source: FormatText, machine: Machine, note: Mapping[str, Any], line: int) -> Machine:
    states: dict[str, str] = note.get("states") or {name: name for name in machine.states}
    symbols: dict[str, str] = note.get("symbols") or {name: name for name in machine.symbols}
    for kind, listed, used in (("state", states, machine.states), ("symbol", symbols, machine.symbols)):
        for name in used:
            if name not in listed:
                raise _bad(source, line, f"the note does not list the {kind} `{name}`, which a rule has")
        if len(set(listed.values())) < len(listed) or "" in listed.values():
            raise _bad(source, line, f"the note gives two {kind}s one name, or none")
    if next(iter(symbols)) != machine.symbols[0]:
        raise _bad(source, line, f"the note's first symbol is not the blank, `{machine.symbols[0]}`")
    state = {name: index for index, name in enumerate(states)}
    symbol = {name: index for index, name in enumerate(symbols)}
    read = dict(zip(machine.states, machine.verdicts)) | dict(note.get("verdicts", {}))
    for kind, wanted, known in (("state", read, state), ("symbol", note.get("input", ()), symbol)):
        for name in wanted:
            if name not in known:
                raise _bad(source, line, f"the note speaks of a {kind} `{name}` that is not there")
    running = {machine.states[rule.state] for rule in machine.rules}
    for name in running:
        if read[name] is not None:
            raise _bad(source, line, f"the note says that state `{name}` halts, but it has rules")

    def indices(word: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(symbol[machine.symbols[a]] for a in word)

    rules = (
        Rule(
            state[machine.states[rule.state]],
            indices(rule.read),
            indices(rule.write),
            rule.move,
            state[machine.states[rule.goto]],
            rule.origin,
        )
        for rule in machine.rules
    )
    return Machine(
        name=note.get("name") or machine.name,
        states=tuple(states.values()),
        symbols=tuple(symbols.values()),
        rules=tuple(sorted(rules, key=lambda rule: (rule.state, rule.read))),
        verdicts=tuple(read.get(name) for name in states),
        start=state[machine.states[machine.start]],
        one_way=machine.one_way,
        input_symbols=tuple(symbol[name] for name in note["input"]) if "input" in note else _kept(machine, symbol),
        documentation=note.get("documentation", machine.documentation),
    )


def _kept(machine: Machine, symbol: Mapping[str, int]) -> tuple[int, ...]:
    """The input alphabet that the file itself gives, () for all symbols."""
    allowed = _allowed(machine)
    return () if allowed is None else tuple(symbol[name] for name in allowed)


def _bad(source: FormatText, line: int, problem: str) -> FormatError:
    return source.error(
        line,
        problem,
        expected="the note that `triquetra convert` wrote for these rules",
        cure="delete the comment, or convert the machine again",
    )
