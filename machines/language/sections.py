"""Lines put together: the machine, the macros and the tests of one file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from .diagnostics import Diagnostic, Note, nearest
from .parser import FORMS
from .source import Span
from .syntax import (
    Broken,
    Documentation,
    Instance,
    Line,
    MachineHeader,
    Name,
    MacroHeader,
    RuleLine,
    Setting,
    StateLine,
    Syntax,
    TestLine,
    VerdictBody,
)

MAX_COMPARISONS = 200_000  # of names, in search of the nearest


class Log:
    """The diagnostics of one elaboration, as they are found."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._comparisons = MAX_COMPARISONS

    def nearest(self, name: str, names: Collection[str]) -> str | None:
        """The one of `names` most like `name`; none once many have been compared, for it takes long in a large file."""
        self._comparisons -= len(names)
        return nearest(name, names) if self._comparisons >= 0 else None

    def add(
        self, code: str, span: Span, message: str, label: str = "", *, notes: tuple[Note, ...] = (), help: str = ""
    ) -> None:
        """Note one mistake (E...) or warning (W...)."""
        self.diagnostics.append(Diagnostic(code, span, message, label, notes, help))

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
    several and name no state, with their lines: such a symbol may be a state whose colon is missing.
    """

    header: MachineHeader | MacroHeader
    settings: dict[str, Setting] = field(default_factory=dict)
    documentation: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    labels: dict[str, Block] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    openings: dict[str, int] = field(default_factory=dict)
    implied: bool = False  # it has no first line of its own

    def lost(self, keyword: str) -> bool:
        """Whether a line that could not be read may have been this setting."""
        return any(nearest(word, FORMS) == keyword for word in self.broken)


@dataclass(slots=True)
class Outline:
    """One file: its machine if it has one, its macros by name, its tests."""

    machine: Section | None = None
    macros: dict[str, Section] = field(default_factory=dict)
    tests: list[TestLine] = field(default_factory=list)
    lost_macro: bool = False  # there is a macro that could not be read


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
                    log.add(
                        "E026",
                        statement.name.span,
                        "a second machine in one file",
                        "a file holds one machine",
                        notes=(Note("the first is here", result.machine.header.name.span),),
                        help="put it into a file of its own; what both need can be a `macro` in a third, to `include`",
                    )
            case MacroHeader():
                section = Section(statement)
                _macro(statement, section, result.macros, log)
            case Setting() if section is not None:
                _setting(statement, section, log)
            case Documentation() if section is not None:
                section.documentation.append(statement.text.text)
            case Broken():
                section = _broken(statement, section, result, line, syntax)
            case Setting() | Documentation() | StateLine() | RuleLine():
                span = _span(statement)
                log.add(
                    "E009",
                    span,
                    "this stands outside of a machine",
                    "comes before any `machine` line",
                    help="begin with a line `machine NAME`",
                )
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


def _broken(statement: Broken, section: Section | None, result: Outline, line: Line, syntax: Syntax) -> Section:
    """Take a line that could not be read for what it seems to be."""
    start = syntax.source.line_starts[line.number - 1]
    nameless = Name("", Span(syntax.source, start, start))
    if not statement.label and nearest(statement.word, FORMS) in ("macro", "include"):
        result.lost_macro = True
    if statement.word == "macro" and not statement.label:
        return Section(MacroHeader(nameless, ()))
    if section is None or (statement.word == "machine" and not statement.label):
        section = Section(MachineHeader(nameless), implied=True)
        result.machine = result.machine or section
    section.broken.add(statement.word)
    if statement.label:
        block = section.labels.setdefault(statement.label.text, Block(statement.label))
        section.blocks.append(block)
    return section


def _macro(header: MacroHeader, section: Section, macros: dict[str, Section], log: Log) -> None:
    first = macros.setdefault(header.name.text, section)
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
        log.add(
            "E009",
            setting.span,
            f"`{keyword}` stands in a macro",
            "only a machine has it",
            help="a macro starts in its first state, and shares the machine's tapes and symbols; "
            "move this line above the first `macro`",
        )
        return
    first = section.settings.setdefault(keyword, setting)
    if first is setting:
        return
    if keyword in ("symbols", "input"):  # long lists go on in a further line
        section.settings[keyword] = replace(first, values=first.values + setting.values)
        return
    log.add(
        "E020",
        setting.span,
        f"`{keyword}` is given twice",
        notes=(Note("it is first given here", first.span),),
        help="delete one of the two",
    )


def _state(statement: StateLine, section: Section, log: Log) -> None:
    name = statement.name
    check_reserved(name, "state", log)
    block = Block(name)
    first = section.labels.setdefault(name.text, block)
    if first is not block:
        log.add(
            "E015",
            name.span,
            f"state `{name.text}` is defined twice",
            notes=(Note("it is first defined here", first.name.span),),
            help=f"put all its rules under one `{name.text}:`; only the first of them needs the name",
        )
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
            log.add(
                "E010",
                rule.span,
                "this rule belongs to no state",
                "no state is named above it",
                help="put the state's name and a colon before its first rule: `start: 0 -> R`",
            )
            section.broken.add("")  # once is enough
        return
    block = section.blocks[-1]
    if block.verdict or block.instance:
        what = f"`{block.name.text}` halts" if block.verdict else f"`{block.name.text}` is an instance of a macro"
        log.add(
            "E025",
            rule.span,
            f"{what} and cannot have rules",
            notes=(Note("it is defined here", block.name.span),),
            help="name the state that this rule belongs to, or delete the rule",
        )
        return
    block.rules.append(rule)
    first = rule.patterns[0][0]
    if len(rule.patterns) > 1 and isinstance(first, Name):
        section.openings.setdefault(first.text, rule.line)


def check_reserved(name: Name, what: str, log: Log) -> None:
    """A bare L, R or S is a move wherever it stands."""
    if name.text in ("L", "R", "S") and not name.quoted:
        log.add(
            "E040",
            name.span,
            f"`{name.text}` is a move, not a {what}",
            help=f'quote it to use it as a {what}: `"{name.text}"`',
        )


def twice(name: Name, first: Name, what: str, log: Log) -> None:
    """Note a name that a list holds twice."""
    log.add(
        "E019",
        name.span,
        f"{what} `{name.text}` is listed twice",
        notes=(Note("it is first listed here", first.span),),
        help="delete one of the two",
    )


def defined_twice(name: Name, first: Name, log: Log) -> None:
    """Note a second macro of one name."""
    log.add(
        "E031",
        name.span,
        f"macro `{name.text}` is defined twice",
        notes=(Note("it is first defined here", first.span),),
        help="rename one of them",
    )


def read_number(name: Name, least: int, most: int | None, what: str, log: Log) -> int | None:
    """A number within bounds, or None, noted as a mistake."""
    digits = name.text.replace("_", "")
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None
    if number is None or number < least or (most is not None and number > most):
        bounds = f"from {least} to {most}" if most is not None else f"from {least} on"
        log.add(
            "E024",
            name.span,
            f"`{name.text}` is not {what}",
            f"expected a number {bounds}",
            help="numbers are written in digits, as in `12` or `47_176_870`",
        )
        return None
    return number
