"""Second pass: syntax to program. Macros are filled in, wildcards become cells of δ, tests become questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from ..core import BLANK, Machine
from . import messages
from .diagnostics import Diagnostic, LanguageError, in_order
from .expectations import read_tests
from .macros import FlatState, Flattener, SymbolTable
from .program import Program
from .sections import Log, Outline, Section, check_reserved, defined_twice, outline, read_number, twice
from .source import Span
from .syntax import Broken, Name, Syntax
from .table import fill, rules
from .warnings import warn

MAX_TAPES = 32
UNREAD = frozenset(("E027", "E028", "E029"))  # an included file is missing


def elaborate(syntax: Syntax) -> Program:
    """The machine and tests of a file and of what it includes.

    Raises: LanguageError: all that is wrong with them, mistakes of shape included.
    """
    if syntax.cut:
        raise LanguageError(syntax.problems)  # what is not there may stand in the rest
    log = Log()
    bad_tests, others = _sorted_out(syntax)
    log.diagnostics += others
    for file in syntax.included:
        log.diagnostics += _sorted_out(file)[1]  # its tests are left alone
    main = outline(syntax, log)
    macros, lost = _all_macros(main, syntax, log)
    if main.machine is None:
        _rehearse(main, frozenset(), macros, lost, log)
        _no_machine(syntax, main, log)
        raise LanguageError([*log.diagnostics, *bad_tests])
    section = main.machine
    alphabet = _alphabet(section, log)
    one_way = _one_way(section, log)
    flattener = Flattener(macros, alphabet, len(one_way), lost, log)
    start = section.settings.get("start")
    states, first = flattener.flatten(section, start.target if start else None)
    _rehearse(main, flattener.used, macros, lost, log, alphabet)
    _check_states(section, macros, states, log)
    table = fill(states, len(alphabet.index), log)
    inputs = _input_symbols(section, alphabet, log)
    of_tests = Log()
    tests = read_tests(main.tests, alphabet, inputs, {state.verdict for state in states}, len(one_way), of_tests)
    bad_tests += of_tests.diagnostics
    if log.failed:
        raise LanguageError(each for each in (*log.diagnostics, *bad_tests) if each.is_error)
    index = {state.name: number for number, state in enumerate(states)}
    machine = Machine(
        name=section.header.name.text,
        states=tuple(index),
        symbols=tuple(alphabet.names),
        rules=rules(states, table, index),
        verdicts=tuple(state.verdict for state in states),
        start=index[first],
        one_way=one_way,
        input_symbols=inputs,
        documentation="\n".join(section.documentation),
    )
    warn(main, states, table, machine, alphabet.named, flattener.used, log)
    own = (each for each in log.diagnostics if each.span.source is syntax.source)
    test_errors = in_order(bad_tests)
    notes = (messages.tests_left_out(syntax.source, test_errors),) if test_errors else ()
    return Program(machine, tests, in_order(own), test_errors=test_errors, notes=notes)


def _sorted_out(syntax: Syntax) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """What is wrong with the shape of a file: in lines of tests, and elsewhere."""
    tests = {
        line.number
        for line in syntax.lines
        if isinstance(line.statement, Broken) and line.statement.word == "test" and not line.statement.label
    }
    found: tuple[list[Diagnostic], list[Diagnostic]] = ([], [])
    for each in syntax.problems:
        found[0 if each.span.source is syntax.source and each.span.line in tests else 1].append(each)
    return found


def _all_macros(main: Outline, syntax: Syntax, log: Log) -> tuple[dict[str, Section], set[str]]:
    """Macros of the file and of what it includes, by name; and those that could not be read, "" for any."""
    macros = dict(main.macros)
    lost = main.lost | ({""} if any(problem.code in UNREAD for problem in syntax.problems) else set())
    for file in syntax.included:
        found = outline(file, log)
        lost |= found.lost if file.lines else {""}
        for name, section in found.macros.items():
            first = macros.setdefault(name, section)
            if first is not section:
                defined_twice(section.header.name, first.header.name, log)
    return macros, lost


def _rehearse(
    main: Outline,
    used: Set[str],
    macros: Mapping[str, Section],
    lost: Set[str],
    log: Log,
    alphabet: SymbolTable | None = None,
) -> None:
    """Find the mistakes in macros of the file that the machine, with this alphabet, does not use."""
    for section in main.all_macros:
        name = section.header.name.text
        if name not in used or main.macros[name] is not section:
            tapes = next((len(rule.patterns[0]) for block in section.blocks for rule in block.rules), 1)
            own = (alphabet or SymbolTable("(blank)", log)).copy()
            states = Flattener(macros, own, tapes, lost, log).rehearse(section)
            fill(states, len(own.index), log)
    for section in main.headless:
        Flattener(macros, SymbolTable("(blank)", log), 1, lost, log).check_calls(section)


def _no_machine(syntax: Syntax, main: Outline, log: Log) -> None:
    if not syntax.lines:
        return  # too large to be read, as is said already
    here = Span(syntax.source, 0, 0)
    if main.macros or main.lost:
        log.add(messages.only_macros(here, syntax.source.name))
    elif not syntax.source.text.strip():
        log.add(messages.empty_file(here))
    else:
        log.add(messages.no_machine(here))


def _check_states(section: Section, macros: dict[str, Section], states: Sequence[FlatState], log: Log) -> None:
    for each in (section, *macros.values()):
        if not each.blocks and not each.broken:
            log.add(messages.no_states("machine" if each is section else "macro", each.header.name))
    seen: dict[str, FlatState] = {}
    for state in states:
        first = seen.setdefault(state.name, state)
        if first is not state and first.block and state.block:
            log.add(messages.state_of_a_copy(state.name, first.block.name.span, state.block.name.span))


# Settings


def _alphabet(section: Section, log: Log) -> SymbolTable:
    blank = section.settings.get("blank")
    if blank is None and not section.lost("blank"):
        log.add(messages.no_blank(section.header.name))
    names = [name for keyword in ("blank", "symbols", "input") for name in section.names(keyword, log)]
    for name in names:
        check_reserved(name, "symbol", log)
    alphabet = SymbolTable(names[0].text if blank else "_", log)
    for keyword in ("symbols", "input"):
        seen: dict[str, Name] = {}
        for name in section.names(keyword, log):
            alphabet.of(name)
            if seen.setdefault(name.text, name) is not name:
                twice(name, seen[name.text], "symbol", log)
        alphabet.declared = "symbols" in section.settings
    alphabet.named.clear()
    return alphabet


def _input_symbols(section: Section, alphabet: SymbolTable, log: Log) -> tuple[int, ...]:
    """The input alphabet: what `input` lists, else all symbols."""
    listed = tuple(dict.fromkeys(alphabet.index.get(name.text, BLANK) for name in section.names("input", log)))
    return listed or tuple(range(len(alphabet.index)))


def _one_way(section: Section, log: Log) -> tuple[bool, ...]:
    """For each tape, whether it is one-way."""
    used = next((len(rule.patterns[0]) for block in section.blocks for rule in block.rules), 1)
    tapes = used if section.lost("tapes") else 1
    for name in section.names("tapes", log):
        tapes = read_number(name, 1, MAX_TAPES, "the number of tapes", log) or used
    setting = section.settings.get("one-way")
    if setting is None:
        return (False,) * tapes
    seen: dict[int, Name] = {}
    for name in section.names("one-way", log):
        number = read_number(name, 1, tapes, "a tape's number", log)
        if number is not None and seen.setdefault(number, name) is not name:
            twice(name, seen[number], "tape", log)
    return tuple(not setting.values or number in seen for number in range(1, tapes + 1))
