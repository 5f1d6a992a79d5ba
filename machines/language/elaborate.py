"""Second pass: syntax to program. Macros are filled in, wildcards become cells of δ, tests become questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from ..core import BLANK, Machine
from .diagnostics import LanguageError, Note, in_order
from .warnings import warn
from .expectations import read_tests
from .macros import SymbolTable, FlatState, Flattener
from .program import Program
from .sections import Log, Outline, Section, check_reserved, defined_twice, outline, read_number, twice
from .source import Span
from .syntax import Name, Syntax
from .table import fill, rules

MAX_TAPES = 32
UNREAD = frozenset(("E027", "E028", "E029"))  # an included file is missing


def elaborate(syntax: Syntax) -> Program:
    """The machine and tests of a file and of what it includes.

    Raises: LanguageError: all that is wrong with them, mistakes of shape included.
    """
    log = Log()
    log.diagnostics += [problem for file in (syntax, *syntax.included) for problem in file.problems]
    main = outline(syntax, log)
    macros, lost = _all_macros(main, syntax, log)
    if main.machine is None:
        _rehearse(main, frozenset(), macros, lost, log)
        _no_machine(syntax, main, log)
        raise LanguageError(log.diagnostics)
    section = main.machine
    alphabet = _alphabet(section, log)
    one_way = _one_way(section, log)
    flattener = Flattener(macros, alphabet, len(one_way), lost, log)
    start = section.settings.get("start")
    states, first = flattener.flatten(section, start.values[0] if start else None)
    _rehearse(main, flattener.used, macros, lost, log)
    _check_states(section, macros, states, log)
    table = fill(states, len(alphabet.index), log)
    inputs = _input_symbols(section, alphabet)
    tests = read_tests(main.tests, alphabet, inputs, {state.verdict for state in states}, len(one_way), log)
    if log.failed:
        raise LanguageError(each for each in log.diagnostics if each.is_error)
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
    return Program(machine, tests, in_order(own))


def _all_macros(main: Outline, syntax: Syntax, log: Log) -> tuple[dict[str, Section], bool]:
    """Macros of the file and of what it includes, by name; and whether there is one that could not be read."""
    macros = dict(main.macros)
    lost = main.lost_macro or any(problem.code in UNREAD for problem in syntax.problems)
    for file in syntax.included:
        found = outline(file, log)
        lost = lost or found.lost_macro or bool(file.problems)
        for name, section in found.macros.items():
            first = macros.setdefault(name, section)
            if first is not section:
                defined_twice(section.header.name, first.header.name, log)
    return macros, lost


def _rehearse(main: Outline, used: Set[str], macros: Mapping[str, Section], lost: bool, log: Log) -> None:
    """Find the mistakes in macros of the file that the machine does not use."""
    for name, section in main.macros.items():
        if name not in used:
            tapes = next((len(rule.patterns[0]) for block in section.blocks for rule in block.rules), 1)
            alphabet = SymbolTable("(blank)", log)
            states = Flattener(macros, alphabet, tapes, lost, log).rehearse(section)
            fill(states, len(alphabet.index), log)


def _no_machine(syntax: Syntax, main: Outline, log: Log) -> None:
    if not syntax.lines:
        return  # too large to be read, as is said already
    here = Span(syntax.source, 0, 0)
    if main.macros or main.lost_macro:
        log.add(
            "E041",
            here,
            "there is no machine in this file, only macros",
            help=f'`include "{syntax.source.name}"` in the file of a machine',
        )
    elif not syntax.source.text.strip():
        log.add("E002", here, "this file is empty", help="a machine begins with a line `machine NAME`")
    else:
        log.add("E002", here, "there is no machine in this file", help="a machine begins with a line `machine NAME`")


def _check_states(section: Section, macros: dict[str, Section], states: Sequence[FlatState], log: Log) -> None:
    for each in (section, *macros.values()):
        if not each.labels and not each.broken:
            name = each.header.name
            what = "machine" if each is section else "macro"
            log.add(
                "E039",
                name.span,
                f"{what} `{name.text}` has no states",
                help="a state is a name and a colon before its first rule: `start: 0 1 -> R`",
            )
    seen: dict[str, FlatState] = {}
    for state in states:
        first = seen.setdefault(state.name, state)
        if first is not state and first.block and state.block:
            log.add(
                "E015",
                first.block.name.span,
                f"state `{state.name}` is defined twice",
                "has the name of a state in a copy of a macro",
                notes=(Note("the macro's state is here", state.block.name.span),),
                help="rename it",
            )


# Settings


def _alphabet(section: Section, log: Log) -> SymbolTable:
    blank = section.settings.get("blank")
    if blank is None and not section.lost("blank"):
        log.add(
            "E021",
            section.header.name.span,
            f"machine `{section.header.name.text}` has no blank",
            help="add a line `blank _` with the symbol that fills an empty tape",
        )
    names = [name for keyword in ("blank", "symbols", "input") for name in _names(section, keyword)]
    for name in names:
        check_reserved(name, "symbol", log)
    alphabet = SymbolTable(names[0].text if blank else "_", log)
    for keyword in ("symbols", "input"):
        seen: dict[str, Name] = {}
        for name in _names(section, keyword):
            alphabet.of(name)
            if seen.setdefault(name.text, name) is not name:
                twice(name, seen[name.text], "symbol", log)
        alphabet.declared = "symbols" in section.settings
    alphabet.named.clear()
    return alphabet


def _input_symbols(section: Section, alphabet: SymbolTable) -> tuple[int, ...]:
    """The input alphabet: what `input` lists, else all symbols."""
    listed = tuple(dict.fromkeys(alphabet.index.get(name.text, BLANK) for name in _names(section, "input")))
    return listed or tuple(range(len(alphabet.index)))


def _names(section: Section, keyword: str) -> tuple[Name, ...]:
    setting = section.settings.get(keyword)
    return tuple(each for each in setting.values if isinstance(each, Name)) if setting else ()


def _one_way(section: Section, log: Log) -> tuple[bool, ...]:
    """For each tape, whether it is one-way."""
    tapes = 1
    if section.lost("tapes"):
        tapes = next((len(rule.patterns[0]) for block in section.blocks for rule in block.rules), 1)
    for name in _names(section, "tapes"):
        tapes = read_number(name, 1, MAX_TAPES, "the number of tapes", log) or 1
    setting = section.settings.get("one-way")
    if setting is None:
        return (False,) * tapes
    seen: dict[int, Name] = {}
    for name in _names(section, "one-way"):
        number = read_number(name, 1, tapes, "a tape's number", log)
        if number is not None and seen.setdefault(number, name) is not name:
            twice(name, seen[number], "tape", log)
    return tuple(not setting.values or number in seen for number in range(1, tapes + 1))
