"""Lines of tests to questions about a run, each checked to be one that a run could pass."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from ..core import InputError, Tape, visible
from ..core.spelling import Letter, cut, letters
from . import messages
from .macros import SymbolTable
from .program import Test
from .sections import Log, read_number
from .source import Span
from .syntax import Name, TestLine

MAX_CHOICES = 20  # names that a help lists


def read_tests(
    lines: Sequence[TestLine],
    alphabet: SymbolTable,
    inputs: tuple[int, ...],
    verdicts: set[str | None],
    tapes: int,
    log: Log,
) -> tuple[Test, ...]:
    """The tests of a machine with this alphabet, input symbols, verdicts and tapes, without those noted as mistakes."""
    reader = _Words(alphabet, inputs, log)
    tests = []
    for line in lines:
        known = len(log.diagnostics)
        test = _test(line, reader, verdicts, tapes, log)
        if len(log.diagnostics) == known:
            tests.append(test)
    return tuple(tests)


class _Words:
    """Reads the words in tests as symbols: a character each, or with white space between where a symbol is longer."""

    def __init__(self, alphabet: SymbolTable, inputs: tuple[int, ...], log: Log) -> None:
        self.names, self.index, self.log = alphabet.names, alphabet.index, log
        self.inputs = frozenset(inputs)
        self.allowed = (dict.fromkeys(self.names), dict.fromkeys(self.names[a] for a in sorted(inputs)))
        self.long = next((name for name in self.names if len(name) > 1), None)

    def read(self, word: Name, *, is_input: bool) -> Tape:
        """The tape with `word` on it; a symbol that cannot be there is noted."""
        indices = []
        try:
            found = list(letters(word.text, single=self.long is None))
        except InputError:
            self.log.add(messages.open_quote(word.span))
            return Tape()
        for letter in found:
            index = self.index.get(letter.name)
            if index is None or (is_input and index not in self.inputs):
                allowed = self.allowed[is_input]
                what = "an input symbol" if is_input else "a symbol"
                parts = cut(letter.name, allowed.keys()) if self.long else None
                help = (
                    f'write `"{" ".join(map(visible, parts))}"`'
                    if parts
                    else _choices(what, [*islice(allowed, MAX_CHOICES + 1)])
                )
                long = self.long if parts else None
                self.log.add(messages.not_a_symbol(letter.name, _inside(word, letter), what, help, long))
                return Tape()
            indices.append(index)
        return Tape.of(indices)


def _inside(word: Name, letter: Letter) -> Span:
    """Where in the source a part of a string stands; the whole string if it has escapes."""
    if word.span.end - word.span.start != len(word.text) + 2:
        return word.span
    start = word.span.start + 1
    return Span(word.span.source, start + letter.start, start + letter.end)


def _choices(what: str, names: Sequence[str]) -> str:
    shown = " ".join(map(visible, names[:MAX_CHOICES])) + (" ..." if len(names) > MAX_CHOICES else "")
    return f"{what} is one of: {shown}"


def _test(line: TestLine, words: _Words, verdicts: set[str | None], tapes: int, log: Log) -> Test:
    for given, what in ((line.inputs, "inputs"), *((e.outputs, "outputs") for e in line.expectations)):
        if len(given) > tapes:
            log.add(messages.too_many_words(given[tapes].span, len(given), what, tapes))
    inputs = tuple(words.read(word, is_input=True) for word in line.inputs)
    asked: dict[str, Any] = {}
    placed: dict[str, Span] = {}

    def ask(field: str, value: object, span: Span) -> None:
        if asked.setdefault(field, value) != value:
            _contradiction(span, placed[field], log)
        placed.setdefault(field, span)

    for each in line.expectations:
        match each.kind:
            case "gives":
                outputs = tuple(
                    words.read(word, is_input=False).cells if isinstance(word, Name) else None for word in each.outputs
                )
                ask("outputs", outputs, each.span)
            case "accepts" | "rejects":
                ask("verdict", each.kind.removesuffix("s"), each.span)
            case "halts" if each.value:
                ask("verdict", each.value.text, each.span)
            case "halts_undefined":
                ask("undefined", True, each.span)
            case "leaves" if each.value:
                ask("marks", read_number(each.value, 0, None, "a number of marks", log), each.span)
        if each.kind.startswith("runs") and each.steps:
            ask("at_least_steps", read_number(each.steps, 1, None, "a number of steps", log), each.span)
            ask("forever", each.kind == "runs_forever", each.span)
            continue
        ask("halted", True, each.span)
        if each.steps:
            ask("steps", read_number(each.steps, 0, None, "a number of steps", log), each.span)
    for one, other in (("at_least_steps", "halted"), ("undefined", "verdict")):
        if one in asked and other in asked:
            late, early = sorted((placed[one], placed[other]), key=lambda span: -span.start)
            _contradiction(late, early, log)
    verdict = asked.get("verdict")
    if verdict is not None and verdict not in verdicts:
        known = sorted(each for each in verdicts if each)
        help = _choices("a verdict", known) if known else f"give a state a verdict, as in `done: {verdict}`"
        log.add(messages.no_such_verdict(verdict, placed["verdict"], help))
    text = line.span.source.text[line.span.start : line.span.end]
    origin = f"{line.span.source.name}:{line.line}"
    return Test(inputs=inputs, origin=origin, text=text, **asked)


def _contradiction(span: Span, earlier: Span, log: Log) -> None:
    log.add(messages.contradiction(span, earlier))
