"""The YAML documents of turingmachine.io: `blank`, `start state`, `table`, and `synonyms` for instructions.

An instruction is a move (`L`, `R`, `N` to stay) or a mapping with a move to a state and, if anything is written,
`write`; without a state it stays in its state. A key may be a list of symbols, `[0,1]: R`. A state with nothing in it
halts. `input` is what a run starts on. A document that was exported has all this as text under `source code`. Other
keys, such as `positions`, say nothing about the machine. Values are taken as they are written: `0`, `'0'` and `"0"` are
one name, but 00 is not 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ..core import LEFT, RIGHT, STAY, Machine, Tape
from ..language.program import Program
from .detection import NO, Guess, perhaps, surely
from .note import Spelling, written
from .source import CannotHold, FormatError, FormatText, NamedRule, build, verdict_of

if TYPE_CHECKING:
    import yaml

NAME = "turingmachine.io YAML"
MAX_CHARACTERS = 2 * 2**20
SPELLING = Spelling(symbol=lambda name: len(name) == 1)
_MOVES = {"L": LEFT, "R": RIGHT, "N": STAY}
_LETTERS = {move: letter for letter, move in _MOVES.items()}
_EXAMPLE = "a move (L, R or N), or a mapping such as {write: 1, R: carry}"
_KEY = re.compile(r"^\s*['\"]?(blank|start state|table|source code)['\"]?\s*:", re.MULTILINE)
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
# what YAML, in one version or another, takes for something other than a text
_SPECIAL = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))

Entry = tuple["yaml.Node", "yaml.Node"]
Action = tuple[str | None, int, str | None]  # symbol to write (None: keep), move, state to go to (None: stay in it)


_KNOWN = ("name", "blank", "start state", "input", "synonyms", "table", "source code")


def recognise(text: str) -> Guess:
    """Whether the keys of such a document are there."""
    keys = {found[1] for found in _KEY.finditer(text)}
    if "source code" in keys or len(keys & {"blank", "start state", "table"}) >= 2:
        return surely(f"it has the key `{min(keys)}`")
    return perhaps(f"it has the key `{min(keys)}`") if keys else NO


def comments(text: str) -> list[str]:
    """The comments of a document that have a line of their own."""
    return [line.strip()[1:].strip() for line in text.split("\n") if line.strip().startswith("#")]


def read(source: FormatText) -> Program:
    """The machine of a document.

    Raises: FormatError: it is not YAML, or not such a document; the line is that of the entry at fault.
    """
    import yaml

    if len(source.text) > MAX_CHARACTERS:
        raise source.error(
            1,
            f"{len(source.text):,} characters",
            expected=f"at most {MAX_CHARACTERS:,}",
            cure="write so large a machine as .tm or .csv",
        )
    try:
        root = yaml.compose(source.text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise source.error(
            _line_of(error),
            f"this is not YAML: {error.problem or error.context}",
            expected="YAML, as turingmachine.io has it",
            cure="check quotes, colons and indentation; quote symbols such as ' ', '#' and '*'",
        ) from None
    except yaml.YAMLError as error:
        raise source.error(
            1, f"this is not YAML: {error}", expected="text without control characters", cure="delete them"
        ) from None
    except RecursionError:
        raise source.error(
            1, "lists or mappings are nested too deeply", expected="a table of states", cure="delete the nesting"
        ) from None
    return _Document(source).program(root)


def _line_of(error: yaml.YAMLError) -> int:
    """Where YAML went wrong: where something was opened, if the text ended before it was closed."""
    problem, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    ended = problem is None or "stream end" in str(getattr(error, "problem", ""))
    mark = context if ended and context is not None else problem
    return 1 if mark is None else int(mark.line) + 1


class _Document:
    """Walks the nodes of one document; a line is counted from that of the document in its file."""

    def __init__(self, source: FormatText, first_line: int = 1) -> None:
        self.source = source
        self.first_line = first_line

    def error(self, node: yaml.Node, problem: str, expected: str, cure: str) -> FormatError:
        return self.source.error(self.line(node), problem, expected=expected, cure=cure)

    def line(self, node: yaml.Node) -> int:
        return self.first_line + int(node.start_mark.line)

    def program(self, root: yaml.Node | None) -> Program:
        import yaml

        if not isinstance(root, yaml.MappingNode):
            raise self.source.error(
                self.first_line,
                "the document is not a mapping",
                expected="the keys blank, start state and table",
                cure="begin with a line such as blank: ' '",
            )
        keys: dict[str, Entry] = {}
        for key, value in root.value:
            name = self.text(key, "a key of the document")
            if name in keys:
                raise self.error(key, f"`{name}` is there twice", "each key once", "delete one of the two")
            keys[name] = (key, value)
        notes = [
            self.source.note(self.line(key), f"left out: the key `{name}`")
            for name, (key, _) in keys.items()
            if name not in _KNOWN or (name == "source code" and "table" in keys)
        ]
        if "table" not in keys and "source code" in keys:
            unread = [name for name in keys if name in _KNOWN and name not in ("name", "source code")]
            notes += [self.source.note(self.line(keys[name][0]), f"left out: the key `{name}`") for name in unread]
            inner = self.exported(keys["source code"][1], keys.get("name"))
            return replace(inner, notes=(*notes, *inner.notes))
        for wanted, example in (("blank", "blank: ' '"), ("start state", "start state: q0"), ("table", "table:")):
            if wanted not in keys:
                raise self.error(root, f"there is no `{wanted}`", f"the key `{wanted}`", f"add a line {example}")
        blank = self.symbol(keys["blank"][1], "the blank")
        start = self.text(keys["start state"][1], "the start state")
        key, table = keys["table"]
        rows = self.rows(key, table)
        if start not in rows:
            raise self.error(
                keys["start state"][0],
                f"the start state `{start}` is not in the table",
                f"one of the table's states: {_some(rows)}",
                f"add `{start}:` to the table, or start in another state",
            )
        synonyms = self.synonyms(keys["synonyms"][1]) if "synonyms" in keys else {}
        halting = {state: verdict_of(state) for state, (_, row) in rows.items() if not self.has_cells(row)}
        name = self.text(keys["name"][1], "the name") if "name" in keys else ""
        rules = list(self.rules(rows, synonyms))
        word = self.text(keys["input"][1], "the input") if "input" in keys and not _is_empty(keys["input"][1]) else ""
        symbols = dict.fromkeys(symbol for rule in rules for symbol in (*rule.read, *rule.write)) | dict.fromkeys(word)
        machine = build(
            self.source, rules, start=start, blank=blank, states=rows, symbols=symbols, verdicts=halting, name=name
        )
        if synonyms:
            notes.append(self.source.note(self.line(keys["synonyms"][0]), "synonyms are written out"))
        if not word:
            return Program(machine, notes=tuple(notes))
        notes.append(self.source.note(self.line(keys["input"][0]), f"a run that is given no input starts on `{word}`"))
        tape = Tape.of(machine.word(word))
        return Program(machine, inputs=(tape,) if tape.cells else (), notes=tuple(notes))

    def rules(self, rows: dict[str, Entry], synonyms: dict[str, Action]) -> Iterator[NamedRule]:
        room = self.source.room
        for key, row in rows.values():
            room -= _size(row)
            if room < 0:
                raise self.source.too_large(self.line(key), "with aliases and lists written out")
        for state, (_, row) in rows.items():
            for symbol, where, instruction in self.cells(state, row):
                write, move, goto = self.instruction(instruction, synonyms, where)
                if goto is not None and goto not in rows:
                    raise self.error(
                        where,
                        f"state `{goto}` is not in the table",
                        f"one of the table's states: {_some(rows)}",
                        f"add `{goto}:` to the table; left empty, it halts",
                    )
                yield NamedRule(
                    state, (symbol,), (write or symbol,), (move,), state if goto is None else goto, self.line(where)
                )

    def has_cells(self, row: yaml.Node) -> bool:
        import yaml

        return not _is_empty(row) and not (isinstance(row, yaml.MappingNode) and not row.value)

    def exported(self, code: yaml.Node, name: Entry | None) -> Program:
        """The program of the document that stands as text under `source code`."""
        import yaml

        text = self.text(code, "the source code")
        first = self.line(code) + (1 if getattr(code, "style", None) in ("|", ">") else 0)
        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
        except (yaml.YAMLError, RecursionError) as error:
            raise self.source.error(
                first + (_line_of(error) if isinstance(error, yaml.YAMLError) else 1) - 1,
                f"the source code is not YAML: {getattr(error, 'problem', None) or error}",
                expected="YAML, as turingmachine.io has it",
                cure="check quotes, colons and indentation",
            ) from None
        if root is None or not isinstance(root, yaml.MappingNode) or all(k.value != "table" for k, _ in root.value):
            raise self.source.error(
                first, "the source code has no table", expected="the key `table`", cure="add a line table:"
            )
        inner = _Document(self.source, first).program(root)
        title = "" if name is None else self.text(name[1], "the name")
        return replace(inner, machine=replace(inner.machine, name=title)) if title else inner

    def rows(self, key: yaml.Node, table: yaml.Node) -> dict[str, Entry]:
        import yaml

        if not isinstance(table, yaml.MappingNode) or not table.value:
            raise self.error(
                key,
                "the table is not a mapping of states",
                "states, each with symbols and instructions",
                "add a state below `table:`, indented",
            )
        rows: dict[str, Entry] = {}
        for state, row in table.value:
            name = self.text(state, "a state")
            if not name:
                raise self.error(state, "a state has no name", "a name", "name it")
            if name in rows:
                raise self.error(
                    state,
                    f"state `{name}` is in the table on line {self.line(rows[name][0])} already",
                    "each state once",
                    "put its instructions in one place",
                )
            rows[name] = (state, row)
        return rows

    def cells(self, state: str, row: yaml.Node) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
        """Symbol, node of the symbol and node of the instruction."""
        import yaml

        if _is_empty(row):
            return
        if not isinstance(row, yaml.MappingNode):
            raise self.error(
                row,
                f"state `{state}` has no instructions for symbols",
                "a mapping such as {0: R}",
                "indent its symbols",
            )
        for key, instruction in row.value:
            if isinstance(key, yaml.SequenceNode):
                for each in key.value:
                    yield self.symbol(each, "a symbol"), each, instruction
            else:
                yield self.symbol(key, "a symbol"), key, instruction

    def synonyms(self, node: yaml.Node) -> dict[str, Action]:
        import yaml

        if _is_empty(node):
            return {}
        if not isinstance(node, yaml.MappingNode):
            raise self.error(node, "the synonyms are not a mapping", "such as accept: {R: accept}", "indent them")
        return {self.text(key, "a synonym"): self.instruction(value, {}, key) for key, value in node.value}

    def instruction(self, node: yaml.Node, synonyms: dict[str, Action], where: yaml.Node) -> Action:
        import yaml

        if isinstance(node, yaml.ScalarNode):
            if node.value in _MOVES:
                return None, _MOVES[node.value], None
            if node.value in synonyms:
                return synonyms[node.value]
            known = f", or a synonym: {_some(synonyms)}" if synonyms else ""
            raise self.error(
                where, f"`{node.value}` is no instruction", _EXAMPLE + known, "write a move, or add it to `synonyms`"
            )
        if not isinstance(node, yaml.MappingNode):
            raise self.error(where, "a list is no instruction", _EXAMPLE, "write one instruction")
        fields: dict[str, yaml.Node] = {}
        for key, value in node.value:
            field = self.text(key, "a key of an instruction")
            if field not in (*_MOVES, "write"):
                raise self.error(
                    key, f"`{field}` is no part of an instruction", "write, and one of L, R, N", "delete it"
                )
            if field in fields:
                raise self.error(key, f"`{field}` is there twice", "each part once", "delete one of the two")
            fields[field] = value
        moves = [field for field in fields if field in _MOVES]
        if len(moves) != 1:
            problem = f"the instruction moves {' and '.join(moves)}" if moves else "the instruction has no move"
            raise self.error(where, problem, "one of L, R and N", "N stays where it is; L: and R: take a state")
        write = self.symbol(fields["write"], "the symbol to write") if "write" in fields else None
        target = fields[moves[0]]
        return write, _MOVES[moves[0]], None if _is_empty(target) else self.text(target, "the state to go to")

    def symbol(self, node: yaml.Node, what: str) -> str:
        text = self.text(node, what)
        if len(text) != 1:
            raise self.error(
                node, f"{what} is `{text}`", "one character", "use one character a symbol; quote it where YAML needs it"
            )
        return text

    def text(self, node: yaml.Node, what: str) -> str:
        import yaml

        if not isinstance(node, yaml.ScalarNode):
            raise self.error(node, f"{what} is a list or a mapping", "a name", "write one name")
        if node.tag == "tag:yaml.org,2002:merge":
            raise self.error(node, "`<<` merges mappings", "plain mappings", "use `synonyms`, or write them out")
        return str(node.value)


def _size(row: yaml.Node) -> int:
    """How many cells the instructions of a state are for."""
    import yaml

    keys = [key for key, _ in row.value] if isinstance(row, yaml.MappingNode) else []
    return sum(len(key.value) if isinstance(key, yaml.SequenceNode) else 1 for key in keys)


def _is_empty(node: yaml.Node) -> bool:
    """Whether nothing is written there, or null."""
    import yaml

    return isinstance(node, yaml.ScalarNode) and node.style is None and node.value in ("", "~", "null")


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:8]) + (", ..." if len(listed) > 8 else "")


def write(machine: Machine) -> str:
    """The document of a machine.

    Raises: CannotHold: more than one tape, or a one-way tape.
    """
    if machine.tapes != 1:
        raise CannotHold(NAME, machine, f"it has {machine.tapes} tapes", "use .tm, .csv or .jff")
    if machine.one_way[0]:
        raise CannotHold(NAME, machine, "its tape is one-way, and the format's has no end", "use .tm")
    lines = [f"# {line}" for line in machine.documentation.split("\n") if line and line.isprintable()]
    lines += [
        f"name: {_quote(machine.name)}",
        f"blank: {_quote(machine.symbols[0], always=True)}",
        f"start state: {_quote(machine.states[machine.start])}",
        "table:",
    ]
    rows: dict[int, list[str]] = {s: [] for s in range(len(machine.states))}
    for rule in machine.rules:
        parts = []
        if rule.write != rule.read:
            parts.append(f"write: {_quote(machine.symbols[rule.write[0]])}")
        move = _LETTERS[rule.move[0]]
        parts.append(move if rule.goto == rule.state else f"{move}: {_quote(machine.states[rule.goto])}")
        plain = parts == [move]
        action = move if plain else "{" + ", ".join(parts) + "}"
        rows[rule.state].append(f"    {_quote(machine.symbols[rule.read[0]])}: {action}")
    for state, row in rows.items():
        lines += [f"  {_quote(machine.states[state])}:", *row]
    return "\n".join(lines) + "\n"


def write_input(machine: Machine, tape: Tape) -> str:
    """The line of a document that puts this on the tape."""
    return f"input: {_quote(machine.spell(written(tape)), always=True)}\n"


def _quote(text: str, always: bool = False) -> str:
    """A YAML scalar that every version of YAML reads as this text."""
    if not always and _PLAIN.fullmatch(text) and text.lower() not in _SPECIAL and (len(text) == 1 or text[0].isalpha()):
        return text
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text) + '"'
