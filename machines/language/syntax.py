"""What a `.tm` file says, line by line, before names are given a meaning. Every node keeps its span."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from .diagnostics import Diagnostic
from .source import SourceText, Span

KINDS = ("symbol", "state", "move")  # of a macro's parameters


@dataclass(frozen=True, slots=True)
class Name:
    """A word; a quoted one is never a move, a wildcard or a parameter."""

    text: str
    span: Span
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Wildcard:
    """`*`: any other symbol where a rule reads, the symbol that was read where it writes."""

    span: Span


@dataclass(frozen=True, slots=True)
class Range:
    """`a..z`: the symbols of one character from `first` to `last`, as Unicode orders them."""

    first: str
    last: str
    span: Span

    def __len__(self) -> int:
        return max(0, ord(self.last) - ord(self.first) + 1)

    @property
    def texts(self) -> Iterator[str]:
        """The names that it stands for."""
        return map(chr, range(ord(self.first), ord(self.last) + 1))


Listed: TypeAlias = Name | Range


@dataclass(frozen=True, slots=True)
class Group:
    """`(0 1)`: any of these symbols where a rule reads; where it writes, the one that goes with what was read.

    A range that stands alone is a group without brackets.
    """

    names: tuple[Listed, ...]
    bracketed: bool = True

    @property
    def span(self) -> Span:
        """From the first to the last entry."""
        return self.names[0].span.to(self.names[-1].span)


@dataclass(frozen=True, slots=True)
class Call:
    """`find(1, done)`: the first state of a macro with its parameters filled in.

    `find(1, done).second` is another of its states, the `member`.
    """

    name: Name
    arguments: tuple[Target, ...]
    span: Span
    member: Name | None = None


Target: TypeAlias = Name | Call
Component: TypeAlias = Name | Wildcard | Group
Pattern: TypeAlias = tuple[Component, ...]  # what is read, one entry a tape
Part: TypeAlias = tuple[Target | Wildcard | Group, ...]  # of an action: a write, a move or a state to go to


@dataclass(frozen=True, slots=True)
class Action:
    """What stands right of `->`, in order; the elaborator tells writes, moves and states apart."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Undefined:
    """`undefined` right of `->`: the cells have no rule, whatever a wildcard says."""


@dataclass(frozen=True, slots=True)
class RuleLine:
    """`0 1 -> R carry`."""

    patterns: tuple[Pattern, ...]
    action: Action | Undefined
    span: Span
    line: int


@dataclass(frozen=True, slots=True)
class VerdictBody:
    """`done: halt`."""

    verdict: str
    span: Span


@dataclass(frozen=True, slots=True)
class Instance:
    """`seek: use find(1, done)`."""

    call: Call


@dataclass(frozen=True, slots=True)
class StateLine:
    """`carry:`, with what may follow on its line."""

    name: Name
    body: RuleLine | VerdictBody | Instance | None


@dataclass(frozen=True, slots=True)
class MachineHeader:
    """`machine increment`."""

    name: Name


@dataclass(frozen=True, slots=True)
class MacroParameter:
    """`symbol x` in a macro's header; the kind is `symbol`, `state` or `move`."""

    kind: str
    name: Name


@dataclass(frozen=True, slots=True)
class MacroHeader:
    """`macro find(symbol x, state found)`."""

    name: Name
    parameters: tuple[MacroParameter, ...]


@dataclass(frozen=True, slots=True)
class Documentation:
    """A line that is one string."""

    text: Name


@dataclass(frozen=True, slots=True)
class Setting:
    """`blank`, `start`, `input`, `symbols`, `tapes` or `one-way`, and what follows it."""

    keyword: str
    values: tuple[Target | Range, ...]
    span: Span

    @property
    def target(self) -> Target | None:
        """The state that `start` names."""
        return self.values[0] if not isinstance(self.values[0], Range) else None


@dataclass(frozen=True, slots=True)
class Include:
    """`include "macros.tm"`."""

    path: Name


@dataclass(frozen=True, slots=True)
class Expectation:
    """One expectation of a test: its kind (the grammar's name for it), a name or number, steps, outputs."""

    kind: str
    span: Span
    value: Name | None = None
    steps: Name | None = None
    outputs: tuple[Name | Wildcard, ...] = ()


@dataclass(frozen=True, slots=True)
class TestLine:
    """`test "1011" => "1100"`."""

    inputs: tuple[Name, ...]
    expectations: tuple[Expectation, ...]
    span: Span
    line: int


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that could not be read: its first word, and the state or the macro that it defines if it begins with one.

    It is kept so that one mistake does not make others appear: the state is known to be there.
    """

    word: str
    label: Name | None
    macro: Name | None = None
    parameters: tuple[MacroParameter, ...] | None = None  # of the macro, where they are clear


Statement: TypeAlias = (
    MachineHeader | MacroHeader | Documentation | Setting | Include | StateLine | RuleLine | TestLine | Broken
)


@dataclass(frozen=True, slots=True)
class SyntaxLine:
    """One line of a file: a statement, a comment, both or neither."""

    number: int
    statement: Statement | None
    comment: str | None


@dataclass(frozen=True)
class Syntax:
    """A file as lines, and what is wrong with their shape."""

    source: SourceText
    lines: tuple[SyntaxLine, ...]
    problems: tuple[Diagnostic, ...] = ()
    included: tuple[Syntax, ...] = ()  # the files that it includes, directly or not, each once
    cut: bool = False  # so many lines cannot be read that the rest was left
