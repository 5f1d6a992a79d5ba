"""One canonical look for each file: columns aligned, comments kept, words as they were written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .diagnostics import LanguageError, columns
from .macros import IMPLIED, MOVES
from .parser import parse_syntax
from .source import SourceText, with_plain_ends
from .syntax import (
    Call,
    Component,
    Documentation,
    Expectation,
    Group,
    Include,
    Instance,
    MachineHeader,
    MacroHeader,
    Name,
    Range,
    RuleLine,
    Setting,
    StateLine,
    SyntaxLine,
    Target,
    TestLine,
    Undefined,
    VerdictBody,
    Wildcard,
)

MAX_LABEL = 24  # columns; a state's name that is longer stands on a line of its own
MAX_COLUMN = 48  # an entry that is wider does not push its neighbours to the right


def format_text(text: str, path: str = "<text>") -> str:
    """The text of a `.tm` file in its canonical look; doing it again changes nothing.

    Raises: LanguageError: a line cannot be read. What names mean is not looked at.
    """
    syntax = parse_syntax(SourceText(path, with_plain_ends(text)))
    if syntax.problems:
        raise LanguageError(syntax.problems)
    lines = [text for section in _sections(_spaced(_chunks(_relabelled(syntax.lines)))) for text in _lay_out(section)]
    return "".join(f"{line}\n" for line in lines)


# Lines to chunks: a statement with the comments right above it


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A statement with the lines of comment above it, or such lines alone; `spaced` if a blank line goes before."""

    comments: tuple[str, ...]
    line: SyntaxLine | None
    spaced: bool

    @property
    def kind(self) -> str:
        """What chunks stand together with this one."""
        match self.line.statement if self.line else None:
            case None:
                return "comment"
            case MachineHeader() | MacroHeader():
                return "header"
            case Setting() | Documentation():
                return "setting"
            case TestLine():
                return "test"
            case Include():
                return "include"
            case _:
                return "rule"


def _relabelled(lines: Sequence[SyntaxLine]) -> Iterator[SyntaxLine]:
    """Names of states moved to the line of their first rule, or away from it if they are long."""
    held: SyntaxLine | None = None  # a name alone on its line
    for line in lines:
        statement = line.statement
        if held is not None:
            label = held.statement
            assert isinstance(label, StateLine)
            if isinstance(statement, RuleLine) and not _is_long(label):
                yield replace(line, statement=replace(label, body=statement))
                held = None
                continue
            yield held
            held = None
        if isinstance(statement, StateLine) and statement.body is None and not line.comment:
            held = line
        elif isinstance(statement, StateLine) and isinstance(statement.body, RuleLine) and _is_long(statement):
            yield replace(line, statement=replace(statement, body=None), comment=None)
            yield replace(line, statement=statement.body)
        else:
            yield line
    if held is not None:
        yield held


def _is_long(label: StateLine) -> bool:
    return columns(_text(label.name)) > MAX_LABEL


def _chunks(lines: Iterator[SyntaxLine]) -> Iterator[_Chunk]:
    comments: list[str] = []
    spaced = False
    for line in lines:
        if line.statement is not None:
            yield _Chunk(tuple(comments), line, spaced)
        elif line.comment is not None:
            comments.append(line.comment)
            continue
        elif comments:
            yield _Chunk(tuple(comments), None, spaced)
        comments, spaced = [], line.statement is None
    if comments:
        yield _Chunk(tuple(comments), None, spaced)


def _spaced(chunks: Iterator[_Chunk]) -> list[_Chunk]:
    """A blank line between headers, settings, rules and tests; none after a header; else as it was written."""
    result: list[_Chunk] = []
    for chunk in chunks:
        before = result[-1].kind if result else ""
        if not result or (before == "header" and chunk.kind in ("setting", "rule")):
            chunk = replace(chunk, spaced=False)
        elif (chunk.kind != before and "comment" not in (chunk.kind, before)) or chunk.kind == "header":
            chunk = replace(chunk, spaced=True)
        result.append(chunk)
    return result


def _sections(chunks: Sequence[_Chunk]) -> Iterator[list[_Chunk]]:
    section: list[_Chunk] = []
    for chunk in chunks:
        if chunk.kind == "header" and section:
            yield section
            section = []
        section.append(chunk)
    if section:
        yield section


# Chunks to text


def _lay_out(section: Sequence[_Chunk]) -> Iterator[str]:
    """The lines of a section; names of states take as much room in all of it, other columns in a paragraph."""
    header = section[0].line.statement if section[0].line else None
    moves = set(MOVES)
    if isinstance(header, MacroHeader):
        moves |= {parameter.name.text for parameter in header.parameters if parameter.kind == "move"}
    statements = [chunk.line.statement for chunk in section if chunk.line]
    label = max((columns(_label(s)) for s in statements if isinstance(s, StateLine) and not _is_long(s)), default=0)
    start = 0
    for end in range(1, len(section) + 1):
        if end == len(section) or section[end].spaced or section[end].kind != section[start].kind:
            if section[start].spaced:
                yield ""
            following = next((chunk.kind for chunk in section[start:] if chunk.line), "")
            yield from _paragraph(section[start:end], "  " if following in ("setting", "rule") else "", label, moves)
            start = end


def _paragraph(chunks: Sequence[_Chunk], indent: str, label: int, moves: set[str]) -> Iterator[str]:
    rows = [_cells(chunk.line, moves) if chunk.line else () for chunk in chunks]
    widths = [0] * max(map(len, rows))
    for row in rows:
        for at, cell in enumerate(row[:-1]):  # the last cell pushes nothing
            if columns(cell) <= MAX_COLUMN:
                widths[at] = max(widths[at], columns(cell))
    if chunks[0].kind == "rule":
        widths[0] = label
    bodies = [_joined(row, widths, indent) for row in rows]
    comments = [chunk.line.comment if chunk.line else None for chunk in chunks]
    edge = max((columns(body) for body, comment in zip(bodies, comments) if comment), default=0)
    for chunk, body, comment in zip(chunks, bodies, comments):
        yield from (indent + above for above in chunk.comments)
        if chunk.line:
            yield f"{_padded(body, edge)}  {comment}" if comment else body


def _joined(row: Sequence[str], widths: Sequence[int], indent: str) -> str:
    gaps = ("  ", "  ", " ", " ", " ", "")
    cells = [_padded(cell, width) + (gap if width or cell else "") for cell, width, gap in zip(row, widths, gaps)]
    return (indent + "".join(cells)).rstrip()


def _padded(text: str, width: int) -> str:
    return text + " " * (width - columns(text))


def _cells(line: SyntaxLine, moves: set[str]) -> tuple[str, ...]:
    """The entries of a line's statement; a rule has six: state, what is read, `->`, write, move, state."""
    match line.statement:
        case StateLine(name=_, body=None) as state:
            return (_label(state),)
        case StateLine(name=_, body=RuleLine() as rule) as state:
            return (_label(state), *_rule(rule, moves))
        case StateLine(name=_, body=VerdictBody(verdict=_, span=span)) as state:
            word = span.source.text[span.start : span.end]
            return (_label(state), word if word in IMPLIED else f"halt {word}")
        case StateLine(name=_, body=Instance(call=call)) as state:
            return (_label(state), f"use {_text(call)}")
        case RuleLine() as rule:
            return ("", *_rule(rule, moves))
        case Setting(keyword=keyword, values=values):
            return (keyword, " ".join(map(_text, values)))
        case Documentation(text=name):
            return (_text(name),)
        case MachineHeader(name=name):
            return (f"machine {_text(name)}",)
        case MacroHeader(name=name, parameters=parameters):
            inside = ", ".join(f"{parameter.kind} {_text(parameter.name)}" for parameter in parameters)
            return (f"macro {_text(name)}({inside})",)
        case Include(path=name):
            return (f"include {_text(name)}",)
        case TestLine(inputs=inputs, expectations=expectations):
            given = ", ".join(map(_text, inputs))
            return (f"test {given}".rstrip(), " and ".join(map(_expectation, expectations)))
        case _:
            return ()


def _label(state: StateLine) -> str:
    return f"{_text(state.name)}:"


def _rule(rule: RuleLine, moves: set[str]) -> tuple[str, ...]:
    read = " ".join(map(_entries, rule.patterns))
    if isinstance(rule.action, Undefined):
        return (read, "->", "undefined")
    parts = rule.action.parts
    places = [
        at
        for at, part in enumerate(parts)
        if all(isinstance(each, Name) and not each.quoted and each.text in moves for each in part)
    ]
    texts = [_entries(part) for part in parts]
    if len(places) != 1 or places[0] > 1 or len(parts) > places[0] + 2:
        return (read, "->", " ".join(texts))  # not a rule, but that is not ours to say
    return (read, "->", *([""] if places[0] == 0 else []), *texts)


def _entries(entries: Sequence[Component | Target | Group]) -> str:
    return ",".join(map(_text, entries))


def _text(node: Component | Target | Range) -> str:
    match node:
        case Name(span=span) | Range(span=span):
            return span.source.text[span.start : span.end]
        case Wildcard():
            return "*"
        case Group(names=names, bracketed=bracketed):
            listed = " ".join(map(_text, names))
            return f"({listed})" if bracketed else listed
        case Call(name=name, arguments=arguments, member=member):
            state = f".{_text(member)}" if member else ""
            return f"{_text(name)}({', '.join(map(_text, arguments))}){state}"


def _expectation(each: Expectation) -> str:
    within = f" in {_steps(each.steps)}" if each.steps else ""
    match each.kind:
        case "gives":
            return f"=> {', '.join(map(_text, each.outputs))}"
        case "halts":
            return (f"halts as {_text(each.value)}" if each.value else "halts") + within
        case "halts_undefined":
            return "halts undefined" + within
        case "runs" | "runs_forever" if each.steps:
            return f"{each.kind.replace('_', ' ')} at least {_steps(each.steps)}"
        case "leaves" if each.value:
            return f"leaves {_counted(each.value, 'mark')}"
        case _:
            return each.kind + within


def _steps(name: Name) -> str:
    return _counted(name, "step")


def _counted(number: Name, what: str) -> str:
    return f"{_text(number)} {what}{'' if number.text == '1' else 's'}"
