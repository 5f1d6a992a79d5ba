"""What comes along: the library's machines and macros, and the zoo of famous machines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from importlib import resources

from .core import InputError, Machine
from .files import read_text
from .language import Program, library_names, library_path, parse, parse_syntax
from .language.diagnostics import nearest
from .language.source import SourceText
from .language.syntax import Documentation, MachineHeader, MacroHeader, Syntax
from .load import load


@dataclass(frozen=True)
class LibraryFile:
    """One `.tm` file of the library: a machine with tests, or macros only."""

    name: str
    text: str

    @cached_property
    def syntax(self) -> Syntax:
        """The file's lines; what it includes is not read."""
        return parse_syntax(SourceText(library_path(self.name), self.text))

    @cached_property
    def program(self) -> Program | None:
        """The machine and its tests; None of a file that holds macros only.

        Raises: LanguageError: the file is not a machine.
        """
        has_machine = any(isinstance(line.statement, MachineHeader) for line in self.syntax.lines)
        return parse(self.text, self.syntax.source.path) if has_machine else None

    @property
    def documentation(self) -> tuple[str, ...]:
        """Lines of the machine's documentation, or the comment that opens a file of macros; the first sums it up."""
        if self.program is not None:
            return tuple(self.program.machine.documentation.splitlines())
        first = self.syntax.lines[0].comment or ""
        return (first.removeprefix("#").strip(),)

    @property
    def macros(self) -> tuple[tuple[str, str], ...]:
        """Of each macro how it is called, as `find(symbol goal, state found)`, and its documentation."""
        found: list[tuple[str, list[str]]] = []
        for line in self.syntax.lines:
            match line.statement:
                case MacroHeader(name, parameters):
                    listed = ", ".join(f"{each.kind} {each.name.text}" for each in parameters)
                    found.append((f"{name.text}({listed})", []))
                case Documentation(text) if found:
                    found[-1][1].append(text.text)
        return tuple((call, " ".join(lines)) for call, lines in found)


def library() -> tuple[LibraryFile, ...]:
    """The library's files, sorted by name."""
    return tuple(library_file(name) for name in library_names())


def library_file(name: str) -> LibraryFile:
    """The library's file `name`, which may be written with its `@`.

    Raises: InputError: there is none; the message names those like it.
    """
    path = library_path(name)
    return LibraryFile(name.removeprefix("@"), read_text(path))


@dataclass(frozen=True, kw_only=True)
class Famous:
    """A machine of the zoo, run from the blank tape.

    `source` is what `machines.load` takes. `ends` is `halts`, `never halts` or `unknown`. `steps` and `marks` (cells
    that are not blank at the end) are exact where they are whole numbers; "7.412e36534" has the first digits, cut off
    and not rounded, of a number of 36,535 digits; None where the machine does not halt or nobody can say.
    `runs` is what it takes to run it: `step by step`, `accelerated`, or `not to its end`.
    """

    name: str
    source: str
    ends: str
    runs: str
    steps: int | str | None
    marks: int | str | None
    found: str
    citation: str
    note: str

    @property
    def machine(self) -> Machine:
        """The machine itself."""
        return load(self.source).machine

    @property
    def size(self) -> tuple[int, int]:
        """Numbers of states that run and of symbols."""
        machine = self.machine
        return sum(verdict is None for verdict in machine.verdicts), len(machine.symbols)


def zoo() -> tuple[Famous, ...]:
    """The zoo, in the order of its file."""
    text = (resources.files(__package__) / "library" / "zoo.json").read_text(encoding="utf-8")
    return tuple(Famous(**entry) for entry in json.loads(text))


def famous(name: str) -> Famous:
    """The machine of the zoo called `name`.

    Raises: InputError: there is none; the message names one like it.
    """
    machines = {one.name: one for one in zoo()}
    if name not in machines:
        similar = nearest(name, machines)
        cure = f"`{similar}` is" if similar else "`triquetra zoo` lists what is"
        raise InputError(f"`{name}` is not in the zoo; {cure}")
    return machines[name]
