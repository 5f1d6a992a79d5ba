"""Lines put together: the machine, the macros and the tests of one file."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from . import messages
from .diagnostics import Diagnostic, nearest
from .parser import FORMS
from .source import Span
from .syntax import (
    Broken,
    Documentation,
    Instance,
    MachineHeader,
    MacroHeader,
    Name,
    Range,
    RuleLine,
    Setting,
    StateLine,
    Syntax,
    SyntaxLine,
    Target,
    TestLine,
    VerdictBody,
)

MAX_COMPARISONS = 200_000  # of names, in search of the nearest
MAX_RANGED = 250_000  # symbols that the ranges of a file may stand for, in all copies of macros


class Log:
    """The diagnostics of one elaboration, as they are found."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._comparisons = MAX_COMPARISONS
        self.misread: set[int] = set()  # lines of rules that seem to be a state without its colon
        self._ranged = 0  # symbols that ranges were written out as

    def nearest(self, name: str, names: Collection[str]) -> str | None:
        """The one of `names` most like `name`; none once many have been compared, for it takes long in a large file."""
        self._comparisons -= len(names)
        return nearest(name, names) if self._comparisons >= 0 else None

    def add(self, diagnostic: Diagnostic) -> None:
        """Note one mistake (E...) or warning (W...)."""
        self.diagnostics.append(diagnostic)

    def names(self, listed: Iterable[Target | Range]) -> tuple[Name, ...]:
        """A list with its ranges written out, calls left out; no more of them once they have become very many."""
        names: list[Name] = []
        for each in listed:
            if isinstance(each, Name):
                names.append(each)
            elif isinstance(each, Range):
                self._ranged += len(each)
                if self._ranged <= MAX_RANGED:
                    names += [Name(text, each.span, quoted=True) for text in each.texts]
                elif self._ranged - len(each) <= MAX_RANGED:  # once is enough
                    self.add(messages.too_much_in_ranges(each.span, MAX_RANGED))
        return tuple(names)

    @property
    def failed(self) -> bool:
        """Whether there is a mistake among them."""
        return any(each.is_error for each in self.diagnostics)


@dataclass(slots=True)
class Block:
    """A state: its name, and its rules, its verdict or the macro that it is an instance of."""

    name: Name
    rules: list[RuleLine] = field(default_factory=list)
    verdict: VerdictBody | None = None
    instance: Instance | None = None


@dataclass(slots=True)
class Section:
    """What stands under one header.

    `broken` has the first words of lines that could not be read; `openings` the first symbols of rules that read
    several and name no state, with their lines: such a symbol may be a state whose colon is missing. `blocks` has all
    states in order, `labels` the first of each name; a block without a name holds rules that belong to no state.
    """

    header: MachineHeader | MacroHeader
    settings: dict[str, Setting] = field(default_factory=dict)
    documentation: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    labels: dict[str, Block] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    openings: dict[str, int] = field(default_factory=dict)
    implied: bool = False  # it has no first line of its own
    _names: dict[str, tuple[Name, ...]] = field(default_factory=dict)

    def names(self, keyword: str, log: Log) -> tuple[Name, ...]:
        """What a setting lists, with ranges written out."""
        if keyword not in self._names:
            setting = self.settings.get(keyword)
            self._names[keyword] = log.names(setting.values) if setting else ()
        return self._names[keyword]

    def lost(self, keyword: str) -> bool:
        """Whether a line that could not be read may have been this setting."""
        return any(nearest(word, FORMS) == keyword for word in self.broken)


@dataclass(slots=True)
class Outline:
    """One file: its machine if it has one, its macros by name, its tests."""

    machine: Section | None = None
    macros: dict[str, Section] = field(default_factory=dict)
    all_macros: list[Section] = field(default_factory=list)  # a second one of a name, too
    tests: list[TestLine] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)  # macros whose header could not be read; "" where not even the name
    headless: list[Section] = field(default_factory=list)  # what stands under such headers


def outline(syntax: Syntax, log: Log) -> Outline:
    """The sections of one file; what stands in the wrong place is noted in `log`."""
    result = Outline()
    section: Section | None = None
    for line in syntax.lines:
        statement = line.statement
        match statement:
            case None:
                pass
            case RuleLine() if section is not None:
                _rule(statement, section, log)
            case StateLine() if section is not None:
                _state(statement, section, log)
            case TestLine():
                result.tests.append(statement)
            case MachineHeader():
                section = Section(statement)
                if result.machine is None:
                    result.machine = section
                elif result.machine.implied:  # what came before its line is taken to be its own
                    section = result.machine
                    section.header, section.implied = statement, False
                else:
                    log.add(messages.second_machine(statement.name.span, result.machine.header.name.span))
            case MacroHeader():
                section = Section(statement)
                _macro(section, result, log)
            case Setting() if section is not None:
                _setting(statement, section, log)
            case Documentation() if section is not None:
                section.documentation.append(statement.text.text)
            case Broken():
                section = _broken(statement, section, result, line, syntax, log)
            case Setting() | Documentation() | StateLine() | RuleLine():
                span = _span(statement)
                log.add(messages.outside_of_machine(span))
                section = result.machine = Section(MachineHeader(Name("machine", span)), implied=True)
                if isinstance(statement, StateLine):
                    _state(statement, section, log)
                elif isinstance(statement, Setting):
                    _setting(statement, section, log)
    return result


def _span(statement: Setting | Documentation | StateLine | RuleLine) -> Span:
    match statement:
        case Documentation():
            return statement.text.span
        case StateLine():
            return statement.name.span
        case _:
            return statement.span


def _broken(
    statement: Broken, section: Section | None, result: Outline, line: SyntaxLine, syntax: Syntax, log: Log
) -> Section:
    """Take a line that could not be read for what it seems to be."""
    start = syntax.source.line_starts[line.number - 1]
    nameless = Name("", Span(syntax.source, start, start))
    if statement.macro and statement.parameters is not None:
        section = Section(MacroHeader(statement.macro, statement.parameters), broken={statement.word})
        _macro(section, result, log)
        return section
    if statement.macro or (statement.word == "macro" and not statement.label):
        section = Section(MacroHeader(statement.macro or nameless, ()))
        result.lost.add(section.header.name.text)
        result.headless.append(section)
        return section
    if not statement.label and nearest(statement.word, FORMS) in ("macro", "include"):
        result.lost.add("")
    if section is None or (statement.word == "machine" and not statement.label):
        section = Section(MachineHeader(nameless), implied=True)
        result.machine = result.machine or section
    section.broken.add(statement.word)
    if statement.label:
        block = Block(statement.label)
        section.labels.setdefault(statement.label.text, block)
        section.blocks.append(block)
    return section


def _macro(section: Section, result: Outline, log: Log) -> None:
    header = section.header
    assert isinstance(header, MacroHeader)
    result.all_macros.append(section)
    first = result.macros.setdefault(header.name.text, section)
    if first is not section:
        defined_twice(header.name, first.header.name, log)
    seen: dict[str, Name] = {}
    for parameter in header.parameters:
        name = parameter.name
        check_reserved(name, f"{parameter.kind} parameter", log)
        if seen.setdefault(name.text, name) is not name:
            twice(name, seen[name.text], "parameter", log)


def _setting(setting: Setting, section: Section, log: Log) -> None:
    keyword = setting.keyword
    if isinstance(section.header, MacroHeader):
        log.add(messages.setting_in_macro(keyword, setting.span))
        return
    first = section.settings.setdefault(keyword, setting)
    if first is setting:
        return
    if keyword in ("symbols", "input"):  # long lists go on in a further line
        section.settings[keyword] = replace(first, values=first.values + setting.values)
        return
    log.add(messages.setting_twice(keyword, setting.span, first.span))


def _state(statement: StateLine, section: Section, log: Log) -> None:
    name = statement.name
    check_reserved(name, "state", log)
    block = Block(name)
    first = section.labels.setdefault(name.text, block)
    if first is not block:
        log.add(messages.state_twice(name, first.name))
    section.blocks.append(block)
    match statement.body:
        case RuleLine() as rule:
            block.rules.append(rule)
        case VerdictBody() as verdict:
            block.verdict = verdict
        case Instance() as instance:
            block.instance = instance


def _rule(rule: RuleLine, section: Section, log: Log) -> None:
    if not section.blocks:
        if not section.broken:
            log.add(messages.rule_without_state(rule.span))
        section.blocks.append(Block(Name("", rule.span)))
    block = section.blocks[-1]
    if block.verdict or block.instance:
        log.add(messages.rule_of_halting_state(rule.span, block.name, block.verdict is not None))
    block.rules.append(rule)
    first = rule.patterns[0][0]
    if len(rule.patterns) > 1 and isinstance(first, Name):
        section.openings.setdefault(first.text, rule.line)


def check_reserved(name: Name, what: str, log: Log) -> None:
    """A bare L, R or S is a move wherever it stands."""
    if name.text in ("L", "R", "S") and not name.quoted:
        log.add(messages.reserved(name, what))


def twice(name: Name, first: Name, what: str, log: Log) -> None:
    """Note a name that a list holds twice."""
    log.add(messages.listed_twice(name.text, name.span, first.span, what))


def defined_twice(name: Name, first: Name, log: Log) -> None:
    """Note a second macro of one name."""
    log.add(messages.macro_twice(name, first))


def read_number(name: Name, least: int, most: int | None, what: str, log: Log) -> int | None:
    """A number within bounds, or None, noted as a mistake."""
    digits = name.text.replace("_", "")
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None
    if number is None or number < least or (most is not None and number > most):
        log.add(messages.wrong_number(name, what, least, most))
        return None
    return number
