"""First pass: source to syntax. Lark reads each line by the grammar; a line with a mistake costs nothing else."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib import resources
from typing import Any, cast

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from ..core.spelling import ESCAPE, ESCAPES
from . import messages
from .diagnostics import Diagnostic, nearest
from .source import SourceText, Span
from .syntax import (
    KINDS,
    Action,
    Broken,
    Call,
    Documentation,
    Expectation,
    Group,
    Include,
    Instance,
    MachineHeader,
    MacroHeader,
    MacroParameter,
    Name,
    Range,
    RuleLine,
    Setting,
    StateLine,
    Statement,
    Syntax,
    SyntaxLine,
    Target,
    TestLine,
    Undefined,
    VerdictBody,
    Wildcard,
)

MAX_CHARACTERS = 4_000_000  # of a file
MAX_LINES = 100_000
MAX_LINE = 20_000  # characters
MAX_CALLS = 50  # macros called inside the brackets of another
MAX_RANGE = 1_000  # symbols
MAX_PROBLEMS = 100  # after so many broken lines the rest of a file is not read

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)  # control characters, line separators, and what reorders or hides text
_FIRST_WORD = re.compile(r'[ \t]*([^\s"#,:()]*)')
_RANGE = re.compile(r"(.)\.\.(.)", re.DOTALL)
_SINGLE = "'‘’‚‛′`´"  # quotes, none of which is the language's
_DOUBLE = "“”„‟″«»"
_IN_DOUBLE = re.compile(f"[ \t]*([{_DOUBLE}][^{_DOUBLE}]*[{_DOUBLE}]?)")
COMMENT = "//"  # begins a comment elsewhere; a name that begins with it is quoted
_SHAFTS = frozenset("-=—–")  # what makes an arrow longer than ours
_ARROW = re.compile(r"=>|[→⇒⟶➔]|-->|\|->|↦|(?<=\s)>(?=\s)")  # other people's
_COLONLESS = re.compile(r'[ \t]*([^\s"#,:()]+)(?:[ \t]+(?:accept|reject|halt)(?:[ \t]+[^\s"#,:()]+)?)?[ \t]*(?:#.*)?$')
_MACRO = re.compile(r'[ \t]*\S+[ \t]+([^\s"#,:()]+)([^#]*)')
_PARAMETER_WORD = re.compile(r"[^\s,;()]+")
_LABEL = re.compile(r'[ \t]*((?:(?![-=]>)[^\s"#,:()])+|"(?:[^"\\]|\\.)*")[ \t]*:')

# What each kind of statement looks like, for help.
FORMS = {
    "machine": "machine NAME",
    "macro": "macro NAME(symbol X, state Y, move Z)",
    "blank": "blank _",
    "start": "start NAME",
    "input": "input 0 1",
    "symbols": "symbols 0 1 x",
    "tapes": "tapes 2",
    "one-way": "one-way 1 3",
    "include": 'include "file.tm"',
    "test": 'test "1011" => "1100"',
}

# What each kind of expectation looks like in a test.
EXPECTATIONS = {
    "accepts": "accepts in 12 steps",
    "rejects": "rejects in 12 steps",
    "halts": "halts as overflow in 12 steps",
    "runs": "runs forever at least 1000 steps",
    "leaves": "leaves 3 marks",
}

OLD_MACRO = "piece"  # what `macro` was called

# The reader's words for the grammar's terminals.
_WORDS = {
    "WORD": "a name",
    "STRING": "a string",
    "STAR": "`*`",
    "ARROW": "`->`",
    "GIVES": "`=>`",
    "COLON": "`:`",
    "COMMA": "`,`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "_ONE_WAY": "`one-way`",
    "LABEL": "a state and `:`",
    "RANGE": "a range",
    "MEMBER": "`)`",
}


class _Mistake(Exception):
    """A mistake found while a line's nodes are built."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic


@cache
def _lark() -> Lark:
    grammar = (resources.files(__package__) / "grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual", maybe_placeholders=False)


def parse_syntax(source: SourceText) -> Syntax:
    """The lines of a file as statements; a line that cannot be read is `Broken` and has a diagnostic.

    Never raises: all that is wrong is in `problems`.
    """
    for size, most, what in (
        (len(source.text), MAX_CHARACTERS, "characters"),
        (source.text.count("\n") + 1, MAX_LINES, "lines"),
    ):
        if size > most:
            problem = messages.long_file(Span(source, 0, 0), size, most, what)
            return Syntax(source, (), (problem,))
    lines: list[SyntaxLine] = []
    problems: list[Diagnostic] = []
    for number, start in enumerate(source.line_starts, 1):
        end = start + len(source.line(number))
        try:
            lines.append(_line(source, number, start, end))
        except _Mistake as mistake:
            problems.append(mistake.diagnostic)
            lines.append(SyntaxLine(number, _broken(source, start, end), None))
            if len(problems) == MAX_PROBLEMS:
                break
    return Syntax(source, tuple(lines), tuple(problems), cut=len(problems) == MAX_PROBLEMS)


def _line(source: SourceText, number: int, start: int, end: int) -> SyntaxLine:
    if end - start > MAX_LINE:
        raise _Mistake(messages.long_line(Span(source, start, end), end - start, MAX_LINE))
    text = source.text[start:end]
    if not text.strip(" \t"):
        return SyntaxLine(number, None, None)
    if hidden := _FORBIDDEN.search(text):
        place = Span(source, start + hidden.start(), start + hidden.end())
        raise _Mistake(messages.hidden_character(place, _character(hidden[0]), "delete it, or escape it"))
    try:
        tree = _lark().parse(text)
    except UnexpectedInput as error:
        raise _Mistake(_explain(source, error, start, end)) from None
    return _Builder(source, number, Span(source, start, end)).line(tree)


def _character(c: str) -> str:
    name = unicodedata.name(c, "")
    return f"U+{ord(c):04X}" + (f" ({name.lower()})" if name else "")


def _broken(source: SourceText, start: int, end: int) -> Broken:
    end = min(end, start + MAX_LINE)
    word = _FIRST_WORD.match(source.text, start, end)
    label = _LABEL.match(source.text, start, end)
    name = None
    if label:
        quoted = label[1].startswith('"')
        text = ESCAPE.sub(lambda m: m[2] or "", label[1][1:-1]) if quoted else label[1]
        name = Name(text, Span(source, label.start(1), label.end(1)), quoted)
    elif word and word[1] not in FORMS and (bare := _COLONLESS.match(source.text, start, end)):
        name = Name(bare[1], Span(source, bare.start(1), bare.end(1)))  # alone, or with a verdict: its colon is missing
    macro = _MACRO.match(source.text, start, end)
    if not macro or not word or name or (word[1] != OLD_MACRO and nearest(word[1], FORMS) != "macro"):
        return Broken(word[1] if word else "", name)
    header = Name(macro[1], Span(source, macro.start(1), macro.end(1)))
    return Broken(word[1], None, header, _parameters(source, macro))


def _parameters(source: SourceText, header: re.Match[str]) -> tuple[MacroParameter, ...] | None:
    """The parameters of a header that cannot be read, if only its commas and brackets are wrong."""
    words = list(_PARAMETER_WORD.finditer(source.text, header.start(2), header.end(2)))
    pairs = list(zip(words[::2], words[1::2]))
    if len(words) % 2 or any(kind[0] not in KINDS or name[0] in KINDS for kind, name in pairs):
        return None
    return tuple(MacroParameter(k[0], Name(n[0], Span(source, n.start(), n.end()))) for k, n in pairs)


def _explain(source: SourceText, error: UnexpectedInput, start: int, end: int) -> Diagnostic:
    """Lark's complaint in the reader's words."""
    first = _FIRST_WORD.match(source.text, start, end)
    word = first[1] if first else ""
    if isinstance(error, UnexpectedCharacters):
        place = start + cast(int, error.pos_in_stream)
        if source.text[place] == '"':
            return messages.open_string(Span(source, place, end))
        what = _character(source.text[place])
        return messages.hidden_character(Span(source, place, place + 1), what, "use an ordinary space")
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        place = start + cast(int, error.token.start_pos)
        span = Span(source, place, place + len(error.token))
        found = f"`{_short(error.token)}`"
    else:
        stop = start + len(source.text[start:end].rstrip())
        span = Span(source, stop, stop)
        found = "the end of the line"
    text = source.text[start:end].rstrip()
    if known := _known_mistake(source, text, span, word, first.start(1) if first else start):
        return known
    accepts = set(getattr(error, "accepts", None) or getattr(error, "expected", None) or ())
    if word not in FORMS and "ARROW" in accepts and "->" not in source.text[start:end]:
        return _no_arrow(source, word, first.start(1) if first else start, end)
    if found == "`->`" and re.match(r'\s*test\s+"', text):
        return messages.unexpected(span, found, "`=>`", "what stands on the tape at the end follows `=>`")
    if word in FORMS and found in ("`->`", "`,`") and "->" in source.text[start:end]:
        at = first.start(1) if first else start
        return messages.keyword_begins_rule(Span(source, at, at + len(word)), word)
    wanted = _expected(accepts)
    at_fault = source.text[span.start : span.end]
    help = _cure_of_test(text, at_fault, accepts) if word == "test" else _cure_of_name(text, word)
    return messages.unexpected(span, found, _listed(wanted), help or _cure(at_fault, wanted, word))


def _known_mistake(source: SourceText, text: str, span: Span, word: str, at: int) -> Diagnostic | None:
    """A mistake of a kind that many make, told from the line as a whole."""
    line = Span(source, at, at + len(text.strip()))
    first = Span(source, at, at + len(word))
    if word == OLD_MACRO and _MACRO.match(text):
        return messages.old_word(first, word, "macro")
    for sign in ("//", ";", "--", "%", "/*"):
        if text.lstrip().startswith(sign):
            return messages.no_comment(line, sign)
    found = source.text[span.start : span.end]
    if quoted := _IN_DOUBLE.match(text):
        return messages.foreign_quotes(Span(source, at, at + len(quoted[1])), quoted[1])
    for name, place in ((found, span), (word, first)):
        if _is_foreign_quoted(name):
            return messages.foreign_quotes(*_quoted(place))
    if found.startswith(COMMENT):
        return messages.comment_as_name(span)
    if word not in FORMS and "->" not in text and (arrow := _ARROW.search(text.partition("#")[0])):
        start = at - (len(text) - len(text.lstrip())) + arrow.start()
        return messages.foreign_arrow(Span(source, start, start + len(arrow[0])), arrow[0])
    return None


def _is_foreign_quoted(text: str) -> bool:
    """Whether a bare name is in quotes, or begins as if it were, of a kind that mean nothing here."""
    if len(text) < 2:
        return False
    return text[0] in _DOUBLE or (text[0] in _SINGLE and text[-1] in _SINGLE)


def _quoted(span: Span) -> tuple[Span, str]:
    """All that foreign quotes quote, spaces and all; the word that begins with one if it is not closed."""
    text, start = span.source.line(span.line), span.column - 1
    opening, word = text[start], text[start : start + span.end - span.start]
    kind = _SINGLE if opening in _SINGLE else _DOUBLE
    end = next((at for at in range(start + 1, len(text)) if text[at] in kind), None)
    if end is None:
        return span, word
    return Span(span.source, span.start, span.start + end + 1 - start), text[start : end + 1]


def is_special(name: str) -> bool:
    """Whether a name means something else, or is refused, where it stands without quotes."""
    return bool(_RANGE.fullmatch(name)) or _is_foreign_quoted(name) or name.startswith(COMMENT)


def _cure_of_test(text: str, found: str, accepts: set[str]) -> str:
    words = re.findall(r"=>|[a-z]+", re.sub(r'"(?:[^"\\]|\\.)*"', "", text))
    last = next((word for word in reversed(words) if word in EXPECTATIONS), "")
    if last and not found:
        return f"it is written `{EXPECTATIONS[last]}`"
    if "_AND" in accepts and found in ("in", "halts", "accepts", "rejects", "leaves", "runs", "=>"):
        rest = text[text.rindex(found) :] if found in text else found
        return f"expectations are joined with `and`: `and {'halts ' if found == 'in' else ''}{_short(rest)}`"
    if re.search(r"\bruns\b", text) and accepts & {"_AT", "_LEAST", "FOREVER", "_STEPS"}:
        return f"it is written `runs {'forever ' if 'forever' in text else ''}at least 1000 steps`"
    return ""


def _cure_of_name(text: str, word: str) -> str:
    name = text.split(word, 1)[1].partition("#")[0].strip() if word in ("machine", "start") else ""
    return f'quote a name with a space: `{word} "{_short(name)}"`' if len(name.split()) > 1 and '"' not in name else ""


def _no_arrow(source: SourceText, word: str, start: int, end: int) -> Diagnostic:
    stop = start + len(source.text[start:end].rstrip())
    similar = nearest(word, FORMS)
    bare = _COLONLESS.match(source.text, start, stop)
    if similar:
        help = f"`{similar}` begins a statement: `{FORMS[similar]}`"
    elif bare:
        rest = source.text[bare.end(1) : stop].partition("#")[0].strip()
        help = f"the name of a state has a colon: `{word}:{' ' if rest else ''}{rest}`"
    else:
        help = "a rule is written `read -> write move state`, as in `0 1 -> R`"
    return messages.neither(Span(source, start, stop), help)


def _cure(found: str, wanted: list[str], word: str) -> str:
    """What to write instead of `found`, in a line that begins with `word`."""
    keywords = [each.strip("`") for each in wanted if each.strip("`").isalpha()]
    similar = keywords[0] if len(wanted) == 1 and keywords else nearest(found, keywords)
    if similar:
        return f"write `{similar}`"
    if "a string" in wanted and found.isalnum():
        return f'put it in quotes: `"{found}"`'
    return f"it is written `{FORMS[word]}`" if word in FORMS else "a rule is written `state: read -> write move state`"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _expected(terminals: set[str]) -> list[str]:
    """Terminals of the grammar in the reader's words."""
    if not terminals - {"COMMENT", "$END"}:
        return ["the end of the line"]
    words = {_WORDS.get(each, f"`{each.lower().strip('_')}`") for each in terminals - {"COMMENT", "$END"}}
    if "WORD" in terminals:
        words -= {"a string", "a range"}
    return sorted(words, key=lambda each: (each.startswith("`"), each))


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."


class _Builder:
    """Nodes from the tree of one line."""

    def __init__(self, source: SourceText, number: int, span: Span) -> None:
        self.source, self.number, self.whole = source, number, span

    def line(self, tree: Tree[Token]) -> SyntaxLine:
        statement, comment = None, None
        if tree.children and isinstance(last := tree.children[-1], Token):
            comment = str(last).rstrip()
            self.whole = Span(self.source, self.whole.start, self.span(last).start)
        if tree.children and isinstance(first := tree.children[0], Tree):
            statement = self.statement(first)
        return SyntaxLine(self.number, statement, comment)

    def statement(self, tree: Tree[Token]) -> Statement:
        kind, parts = tree.data, cast(Any, tree.children)
        match kind:
            case "rule":
                return self.rule(tree)
            case "state":
                return StateLine(self.name(parts[0]), self.body(parts[1]) if len(parts) > 1 else None)
            case "test":
                return self.test(parts)
            case "machine":
                return MachineHeader(self.name(parts[0]))
            case "macro":
                return MacroHeader(
                    self.name(parts[0]),
                    tuple(MacroParameter(str(p.children[0]), self.name(p.children[1])) for p in parts[1:]),
                )
            case "documentation":
                return Documentation(self.string(parts[0]))
            case "include":
                return Include(self.string(parts[0]))
            case _:
                keyword = {"start_state": "start", "one_way": "one-way"}.get(str(kind), str(kind))
                return Setting(keyword, tuple(self.value(each) for each in parts), self.trimmed)

    @property
    def trimmed(self) -> Span:
        """The line without its comment and the space around it."""
        text = self.source.text[self.whole.start : self.whole.end]
        start = self.whole.start + len(text) - len(text.lstrip())
        end = self.whole.start + len(text.rstrip())
        return Span(self.source, start, end)

    def body(self, tree: Tree[Token]) -> RuleLine | VerdictBody | Instance:
        match tree.data:
            case "rule":
                return self.rule(tree)
            case "instance":
                return Instance(self.call(cast(Any, tree.children[0])))
            case _:
                word = cast(Token, tree.children[-1])
                return VerdictBody(self.name(word).text, self.span(word))

    def rule(self, tree: Tree[Token]) -> RuleLine:
        *patterns, action = cast(Any, tree.children)
        read = tuple(tuple(self.component(each) for each in pattern.children) for pattern in patterns)
        first = self.span(next(tree.scan_values(lambda node: isinstance(node, Token))))
        self.check_arrow(action)
        parts = action.children
        if isinstance(parts[0], Token):  # the word `undefined`
            return RuleLine(read, Undefined(), first.to(self.span(parts[0])), self.number)
        written = tuple(tuple(self.argument(each) for each in part.children) for part in parts)
        return RuleLine(read, Action(written), first.to(written[-1][-1].span), self.number)

    def check_arrow(self, action: Tree[Token]) -> None:
        """`0 --> R` would be read as the symbols 0 and -, which nobody means."""
        start = self.whole.start + cast(int, next(action.scan_values(lambda node: isinstance(node, Token))).start_pos)
        arrow = self.source.text.rindex("->", 0, start)
        if self.source.text[arrow - 1] in _SHAFTS:
            raise _Mistake(messages.foreign_arrow(Span(self.source, arrow - 1, arrow + 2), "-->"))

    def component(self, node: Any) -> Name | Wildcard | Group:
        return cast(Name | Wildcard | Group, self.argument(node))

    def argument(self, node: Any) -> Target | Wildcard | Group:
        if isinstance(node, Tree) and node.data == "group":
            return Group(tuple(self.listed(each) for each in cast(Any, node.children)))
        if isinstance(node, Token) and node.type == "STAR":
            return Wildcard(self.span(node))
        if isinstance(node, Token) and node.type == "RANGE":
            return Group((self.range(node),), bracketed=False)
        return self.target(node)

    def listed(self, token: Token) -> Name | Range:
        return self.range(token) if token.type == "RANGE" else self.name(token)

    def value(self, node: Any) -> Target | Range:
        return self.listed(node) if isinstance(node, Token) else self.call(node)

    def range(self, token: Token) -> Range:
        found = Range(token[0], token[-1], self.span(token))
        if found.first >= found.last:
            raise _Mistake(messages.empty_range(found.span, found.first, found.last))
        if len(found) > MAX_RANGE:
            raise _Mistake(messages.long_range(found.span, len(found), MAX_RANGE))
        return found

    def target(self, node: Any, depth: int = 0) -> Target:
        return self.call(node, depth) if isinstance(node, Tree) else self.name(node)

    def call(self, tree: Tree[Token], depth: int = 0) -> Call:
        name, *arguments, closing = cast(Any, tree.children)
        span = self.span(name).to(self.span(closing))
        if depth == MAX_CALLS:
            raise _Mistake(messages.deep_calls(span, MAX_CALLS))
        member = self.name(Token.new_borrow_pos("WORD", closing[2:], closing), 2) if len(closing) > 1 else None
        return Call(self.name(name), tuple(self.target(each, depth + 1) for each in arguments), span, member)

    def test(self, parts: list[Tree[Token]]) -> TestLine:
        inputs: tuple[Name, ...] = ()
        if parts[0].data == "words":
            inputs = tuple(self.string(cast(Token, each)) for each in parts[0].children)
            parts = parts[1:]
        return TestLine(inputs, tuple(self.expectation(each) for each in parts), self.trimmed, self.number)

    def expectation(self, tree: Tree[Token]) -> Expectation:
        keyword, *parts = cast(Any, tree.children)
        span, kind = self.span(keyword), str(tree.data)
        steps = None
        if parts and isinstance(parts[-1], Tree):  # `in 12 steps`
            steps = self.name(parts.pop().children[0])
        if kind == "gives":
            outputs = tuple(Wildcard(self.span(t)) if t.type == "STAR" else self.string(t) for t in parts)
            return Expectation(kind, span.to(outputs[-1].span), outputs=outputs)
        if kind == "runs":
            forever = parts[0].type == "FOREVER"
            steps = self.name(parts[-1])
            return Expectation("runs_forever" if forever else kind, span.to(steps.span), steps=steps)
        names = [self.name(token) for token in parts if token.type in ("WORD", "STRING")]
        end = steps or (names[-1] if names else None)
        return Expectation(kind, span.to(end.span) if end else span, value=names[0] if names else None, steps=steps)

    def name(self, token: Token, skipped: int = 0) -> Name:
        """`skipped` is how many characters stand between the token's position and its text."""
        span = self.span(token)
        span = Span(span.source, span.start + skipped, span.end + skipped)
        if not token.startswith('"'):
            if _is_foreign_quoted(token):
                raise _Mistake(messages.foreign_quotes(*_quoted(span)))
            if token.startswith(COMMENT):
                raise _Mistake(messages.comment_as_name(span))
            if token.type != "RANGE" and _RANGE.fullmatch(token):
                raise _Mistake(messages.range_as_name(span, token))
            return Name(str(token), span)
        name = Name(self.unescape(token), span, quoted=True)
        if not name.text:
            raise _Mistake(messages.empty_name(name.span))
        return name

    def string(self, token: Token) -> Name:
        return Name(self.unescape(token), self.span(token), quoted=True)

    def unescape(self, token: Token) -> str:
        def character(escape: re.Match[str]) -> str:
            code, letter = escape.groups()
            if code and int(code, 16) <= 0x10FFFF:
                return chr(int(code, 16))
            if letter in ESCAPES:
                return ESCAPES[letter]
            start = self.span(token).start + 1 + escape.start()
            raise _Mistake(messages.unknown_escape(Span(self.source, start, start + len(escape[0])), escape[0]))

        body = str(token)[1:-1]
        return ESCAPE.sub(character, body) if "\\" in body else body

    def span(self, token: Token) -> Span:
        start = self.whole.start + cast(int, token.start_pos)
        return Span(self.source, start, start + len(token))
