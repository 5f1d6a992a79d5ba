"""`.tag` files: source to system, with diagnostics that point at the place and name the cure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from ..files import read_text
from ..language.diagnostics import Diagnostic, LanguageError, Note, nearest
from ..language.source import SourceText, Span
from .systems import BitagSystem, System, TagError, TagSystem

# What each kind of line looks like, for help.
_FORMS = {
    "tag": "tag NAME",
    "bitag": "bitag NAME",
    "delete": "delete 2",
    "halt": "halt h",
    "word": "word a b a",
}
_PRODUCTION = "a production is written `a -> b c`, in a bi-tag system `e1 a1 -> a2 e2`"
_FIRST_WORD = re.compile(r'[ \t]*([^\s"#]*)')


def load_tag(path: str | Path) -> System:
    """The system of a `.tag` file.

    Raises: InputError: the file cannot be read; LanguageError: all that is wrong in it.
    """
    return parse_tag(read_text(path), str(path))


def parse_tag(text: str, path: str = "<text>") -> System:
    """The tag or bi-tag system that `text` describes.

    Raises: LanguageError: all that is wrong, each mistake with its place and cure.
    """
    source = SourceText(path, text)
    problems: list[Diagnostic] = []
    statements = list(_statements(source, problems))
    system = _Elaboration(source, statements, problems).system()
    if problems or system is None:
        raise LanguageError(problems)
    return system


@dataclass(frozen=True, slots=True)
class _Name:
    """A word of the source and its place."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class _Statement:
    """One line: its kind, the words it holds, for a production those right of the arrow, and its place."""

    kind: str
    names: tuple[_Name, ...]
    right: tuple[_Name, ...]
    span: Span


@cache
def _lark() -> Lark:
    grammar = (resources.files(__package__) / "grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual")


def _statements(source: SourceText, problems: list[Diagnostic]) -> Iterator[_Statement]:
    for number, start in enumerate(source.line_starts, 1):
        text = source.line(number)
        try:
            tree = _lark().parse(text)
        except UnexpectedInput as error:
            problems.append(_translate(error, source, start, start + len(text)))
            continue
        for child in tree.children:
            if isinstance(child, Tree):
                indent = len(text) - len(text.lstrip())
                span = Span(source, start + indent, start + max(len(text.rstrip()), indent))
                sides = list(child.find_data("left")) + list(child.find_data("right")) or [child]
                words = [_names(source, start, side) for side in sides]
                yield _Statement(str(child.data), words[0], words[1] if len(words) > 1 else (), span)


def _names(source: SourceText, start: int, tree: Tree[Token]) -> tuple[_Name, ...]:
    names = []
    for token in tree.children:
        assert isinstance(token, Token) and token.start_pos is not None and token.end_pos is not None
        names.append(_Name(str(token), Span(source, start + token.start_pos, start + token.end_pos)))
    return tuple(names)


def _translate(error: UnexpectedInput, source: SourceText, start: int, end: int) -> Diagnostic:
    """What lark could not read, in the reader's words."""
    text = source.text[start:end]
    match = _FIRST_WORD.match(text)
    first = match[1] if match else ""
    known = _FORMS.get(first)
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        place = Span(source, start + (error.token.start_pos or 0), start + (error.token.end_pos or 0))
        message = f"`{error.token}` does not fit here"
    elif isinstance(error, UnexpectedCharacters):
        column = error.column - 1
        place = Span(source, start + column, start + column + 1)
        message = f"`{text[column]}` does not fit here"
    else:
        place, message = Span(source, start, end), "this line is not finished"
    if known:
        return Diagnostic("E101", place, message, help=f"write `{known}`")
    near = nearest(first, _FORMS)
    return Diagnostic("E101", place, message, help=f"write `{_FORMS[near]}`" if near else _PRODUCTION)


class _Elaboration:
    """Statements to a system; what is wrong goes to `problems`."""

    def __init__(self, source: SourceText, statements: Sequence[_Statement], problems: list[Diagnostic]) -> None:
        self.source = source
        self.statements = statements
        self.problems = problems
        self.header = self.only("tag", "bitag")
        self.bitag = self.header is not None and self.header.kind == "bitag"
        self.productions = [each for each in statements if each.kind == "production"]
        self.halting = [name for each in statements if each.kind == "halting" for name in each.names]
        self.initial = initial.names if (initial := self.only("initial")) else ()

    def system(self) -> System | None:
        """The system, or None where something is wrong."""
        if self.header is None:
            if not self.problems:
                self.fault("E103", Span(self.source, 0, 0), "no system begins here", "write `tag NAME` or `bitag NAME`")
            return None
        name = self.header.names[0].text
        note = self.only("documentation")
        documentation = re.sub(r"\\(.)", r"\1", note.names[0].text[1:-1]) if note else ""
        deletion = self.deletion()
        self.check_letters()
        if self.problems:
            return None
        try:
            if not self.bitag:
                return TagSystem(
                    name=name,
                    documentation=documentation,
                    deletion=deletion,
                    productions=tuple((each.names[0].text, _texts(each.right)) for each in self.productions),
                    halting=_texts(self.halting),
                    initial=_texts(self.initial),
                )
            pairs = [(each.names[0].text, each.names[1].text) for each in self.productions]
            return BitagSystem(
                name=name,
                documentation=documentation,
                active=tuple(dict.fromkeys(e for e, _ in pairs)),
                passive=tuple(dict.fromkeys(a for _, a in pairs)),
                productions=tuple((pair, _texts(each.right)) for pair, each in zip(pairs, self.productions)),
                halting=_texts(self.halting),
                initial=_texts(self.initial),
            )
        except TagError as error:
            self.fault("E108", self.header.span, str(error), _PRODUCTION)
            return None

    def fault(self, code: str, span: Span, message: str, help: str, *notes: Note) -> None:
        """Note a mistake."""
        self.problems.append(Diagnostic(code, span, message, notes=notes, help=help))

    def only(self, *kinds: str) -> _Statement | None:
        """The first statement of these kinds; any other is a mistake."""
        found = [each for each in self.statements if each.kind in kinds]
        for again in found[1:]:
            self.fault("E102", again.span, "this is said twice", "keep one", Note("first here", found[0].span))
        return found[0] if found else None

    def deletion(self) -> int:
        """The deletion number, 2 where none is given."""
        statement = self.only("deletion")
        if statement is None:
            return 2
        text, span = statement.names[0].text, statement.names[0].span
        if self.bitag:
            self.fault("E107", statement.span, "a bi-tag system has no deletion number", "delete this line")
        elif not (text.isascii() and text.isdecimal() and 0 < len(text) < 5 and int(text)):
            self.fault("E107", span, f"`{text}` is not a number of letters", "write `delete 2`")
        else:
            return int(text)
        return 2

    def check_letters(self) -> None:
        """Each left side is one letter (bi-tag: two) and is defined once; each letter used is defined."""
        assert self.header is not None
        if not self.productions:
            self.fault("E104", self.header.span, "this system has no productions", _PRODUCTION)
        seen: dict[tuple[str, ...], Span] = {}
        for each in self.productions:
            place = each.names[0].span.to(each.names[-1].span)
            if len(each.names) != 1 + self.bitag:
                wanted = "an active and a passive letter" if self.bitag else "one letter"
                self.fault("E105", place, f"a production of this system starts with {wanted}", _PRODUCTION)
            left = _texts(each.names)
            if left in seen:
                note = Note("first here", seen[left])
                self.fault("E102", place, f"`{' '.join(left)}` has two productions", "keep one", note)
            seen.setdefault(left, place)
        for name in self.halting:
            if (name.text,) in seen:
                note = Note("production here", seen[name.text,])
                self.fault("E102", name.span, f"halting letter `{name.text}` has a production", "drop one", note)
        defined = {letter for left in seen for letter in left} | {name.text for name in self.halting}
        for name in (*(name for each in self.productions for name in each.right), *self.initial):
            if name.text not in defined:
                near = nearest(name.text, defined)
                cure = f"letter `{near}` is defined; or give it a production, or write `halt {name.text}`"
                self.fault(
                    "E106",
                    name.span,
                    f"nothing says what letter `{name.text}` does",
                    cure if near else f"give it a production, or write `halt {name.text}`",
                )


def _texts(names: Sequence[_Name]) -> tuple[str, ...]:
    return tuple(name.text for name in names)
