"""What the diagnostics say: a function for each mistake, and no other code.

The passes decide what is wrong and hand over names and places; all prose is here.
"""

from __future__ import annotations

from collections.abc import Sequence

from .diagnostics import Diagnostic, Note
from .source import SourceText, Span
from .syntax import Name


def counted(number: int, what: str) -> str:
    """`no tapes`, `1 tape`, `2 tapes`."""
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"


# Lines


def not_utf8(span: Span, byte: int) -> Diagnostic:
    return Diagnostic("E001", span, f"byte 0x{byte:02x} is not UTF-8", help="save the file as UTF-8")


def long_file(span: Span, size: int, most: int, what: str) -> Diagnostic:
    message = f"this file has {size:,} {what}; at most {most:,} are read"
    return Diagnostic("E003", span, message, help="write what repeats as a `macro`")


def long_line(span: Span, size: int, most: int) -> Diagnostic:
    return Diagnostic("E003", span, f"this line has {size:,} characters; at most {most:,} are read", help="break it up")


def hidden_character(span: Span, character: str, help: str) -> Diagnostic:
    return Diagnostic("E004", span, f"a hidden character, {character}", help=help)


def open_string(span: Span) -> Diagnostic:
    return Diagnostic(
        "E005",
        span,
        "a string is not closed",
        'begins here, with no `"` after it',
        help='close it with `"` on the same line; inside a string `"` is written `\\"`',
    )


def unknown_escape(span: Span, escape: str) -> Diagnostic:
    return Diagnostic(
        "E006",
        span,
        f"`{escape}` is no escape",
        help='the escapes are \\\\ \\" \\n \\t and \\u{1F600}; a backslash itself is \\\\',
    )


def unexpected(span: Span, found: str, expected: str, help: str) -> Diagnostic:
    return Diagnostic("E007", span, f"{found} is not expected here", f"expected {expected}", help=help)


def neither(span: Span, help: str) -> Diagnostic:
    return Diagnostic("E008", span, "this line is neither a statement nor a rule", "has no `->`", help=help)


def no_comment(span: Span, sign: str) -> Diagnostic:
    return Diagnostic(
        "E008",
        span,
        "this line is neither a statement nor a rule",
        f"`{sign}` does not begin a comment",
        help="a comment begins with `#`",
    )


def comment_as_name(span: Span) -> Diagnostic:
    return Diagnostic(
        "E007",
        span,
        "`//` is not expected here",
        "does not begin a comment",
        help="a comment begins with `#`; a name that begins with `//` is quoted",
    )


def foreign_arrow(span: Span, arrow: str) -> Diagnostic:
    label = "`=>` belongs to tests" if arrow == "=>" else "is another arrow"
    return Diagnostic("E008", span, "this rule has no `->`", label, help="write `->`")


def empty_name(span: Span) -> Diagnostic:
    return Diagnostic("E011", span, "a name cannot be empty", help="put a name in the quotes")


def deep_calls(span: Span, most: int) -> Diagnostic:
    return Diagnostic(
        "E034",
        span,
        f"more than {most} macros are called inside each other",
        help="give a part of it a name of its own: `name: use macro(...)`",
    )


def long_range(span: Span, size: int, most: int) -> Diagnostic:
    return Diagnostic(
        "E038",
        span,
        f"this range has {size:,} symbols; at most {most:,} are read",
        help="use `*` where any symbol is meant",
    )


def keyword_begins_rule(span: Span, word: str) -> Diagnostic:
    return Diagnostic(
        "E040",
        span,
        f"`{word}` begins a statement and cannot begin a rule",
        help=f'quote it to read the symbol: `"{word}"`',
    )


def range_as_name(span: Span, text: str) -> Diagnostic:
    return Diagnostic(
        "E043",
        span,
        f"the range `{text}` stands where one name does",
        "stands for several symbols",
        help=f'name one, or quote it if it is a name: `"{text}"`',
    )


def old_word(span: Span, old: str, new: str) -> Diagnostic:
    return Diagnostic("E044", span, f"a `{old}` is a `{new}` now", help=f"write `{new}`")


def foreign_quotes(span: Span, text: str) -> Diagnostic:
    inside = text[1:-1] if text[-1] in "'‘’‚‛′`´“”„‟″«»" else text[1:]
    return Diagnostic(
        "E045",
        span,
        "these are not the quotes of the language",
        "would be part of the name",
        help=f'write `"{inside}"`, with straight double quotes',
    )


# Files and sections


def empty_file(span: Span) -> Diagnostic:
    return Diagnostic("E002", span, "this file is empty", help="a machine begins with a line `machine NAME`")


def no_machine(span: Span) -> Diagnostic:
    help = "a machine begins with a line `machine NAME`"
    return Diagnostic("E002", span, "there is no machine in this file", help=help)


def outside_of_machine(span: Span) -> Diagnostic:
    return Diagnostic(
        "E009",
        span,
        "this stands outside of a machine",
        "comes before any `machine` line",
        help="begin with a line `machine NAME`",
    )


def setting_in_macro(keyword: str, span: Span) -> Diagnostic:
    return Diagnostic(
        "E009",
        span,
        f"`{keyword}` stands in a macro",
        "only a machine has it",
        help="a macro starts in its first state, and shares the machine's tapes and symbols; "
        "move this line above the first `macro`",
    )


def rule_without_state(span: Span) -> Diagnostic:
    return Diagnostic(
        "E010",
        span,
        "this rule belongs to no state",
        "no state is named above it",
        help="put the state's name and a colon before its first rule: `start: 0 -> R`",
    )


# Actions


def foreign_move(name: Name, move: str) -> Diagnostic:
    return Diagnostic("E012", name.span, "this rule has no move", "is not a move", help=f"write `{move}`")


def no_move(span: Span) -> Diagnostic:
    return Diagnostic(
        "E012",
        span,
        "this rule has no move",
        "has no L, R or S",
        help="the order is write, move, state; to stay on the cell, write `S`",
    )


def macro_written(span: Span) -> Diagnostic:
    return Diagnostic(
        "E013",
        span,
        "a macro cannot be written on the tape",
        help="a rule is `read -> write move state`; a macro stands last",
    )


def several_targets(span: Span) -> Diagnostic:
    return Diagnostic("E013", span, "a rule goes to one state", help="name one state, or none to stay in this")


def two_moves(span: Span, text: str) -> Diagnostic:
    return Diagnostic(
        "E013",
        span,
        "this rule has two moves",
        "is a second move",
        help=f'if it is a symbol or a state, quote it: `"{text}"`; several tapes are written with a comma: `R,S`',
    )


def two_writes(span: Span) -> Diagnostic:
    return Diagnostic(
        "E013",
        span,
        "this rule writes more than one symbol",
        "is a second one",
        help="a rule writes one symbol on a tape; several tapes are written with a comma: `0,1`",
    )


def write_after_move(span: Span, cure: str) -> Diagnostic:
    return Diagnostic(
        "E013",
        span,
        "this rule writes after its move",
        "stands after the move",
        help=f"the order is write, move, state: `{cure}`",
    )


def commas_between_parts(span: Span, cure: str) -> Diagnostic:
    return Diagnostic(
        "E013",
        span,
        "a comma separates tapes, not the parts of a rule",
        "mixes a move with something else",
        help=f"write, move and state are separated by space: `{cure}`",
    )


def foreign_comment(span: Span, sign: str) -> Diagnostic:
    return Diagnostic(
        "E013",
        span,
        "this rule goes to more than one state",
        f"`{sign}` does not begin a comment",
        help="a comment begins with `#`",
    )


def left_over(span: Span) -> Diagnostic:
    return Diagnostic(
        "E013",
        span,
        "this rule goes to more than one state",
        "is left over",
        help="the order is write, move, state",
    )


# States


def no_such_state(name: Name, help: str) -> Diagnostic:
    return Diagnostic(
        "E014", name.span, f"state `{name.text}` has no rules", "goes to a state nobody defines", help=help
    )


def no_such_member(span: Span, macro: str, state: str, first: Name, similar: str | None) -> Diagnostic:
    return Diagnostic(
        "E014",
        span,
        f"macro `{macro}` has no state `{state}`",
        "goes to a state nobody defines",
        notes=(Note("the macro is here", first.span),),
        help=f"it has a state `{similar}`" if similar else "name one of the states that stand in the macro",
    )


def first_rule_without_colon(name: str, line: int) -> str:
    """Help where a state is missing."""
    return f"line {line} seems to be its first rule: put a colon after the name, `{name}:`"


def state_twice(name: Name, first: Name) -> Diagnostic:
    return Diagnostic(
        "E015",
        name.span,
        f"state `{name.text}` is defined twice",
        notes=(Note("it is first defined here", first.span),),
        help=f"put all its rules under one `{name.text}:`; only the first of them needs the name",
    )


def state_of_a_copy(name: str, span: Span, copied: Span) -> Diagnostic:
    return Diagnostic(
        "E015",
        span,
        f"state `{name}` is defined twice",
        "has the name of a state in a copy of a macro",
        notes=(Note("the macro's state is here", copied),),
        help="rename it",
    )


# Cells and symbols


def two_rules(span: Span, earlier: Span) -> Diagnostic:
    return Diagnostic(
        "E016",
        span,
        "two rules for one cell",
        "is read already",
        notes=(Note("by the rule here", earlier),),
        help="delete one of the two",
    )


def wildcards_meet(span: Span, earlier: Span) -> Diagnostic:
    return Diagnostic(
        "E017",
        span,
        "two rules with wildcards meet in one cell",
        "is no more definite than the other",
        notes=(Note("the other is here", earlier),),
        help="add a rule that names the symbols of the cells where they meet",
    )


def unknown_symbol(name: str, span: Span, similar: str | None) -> Diagnostic:
    return Diagnostic(
        "E018",
        span,
        f"symbol `{name}` is not in the alphabet",
        "is not among the `symbols`",
        help=f"the symbol `{similar}` is" if similar else "add it to the line `symbols`, or correct it",
    )


def listed_twice(name: str, span: Span, first: Span, what: str) -> Diagnostic:
    return Diagnostic(
        "E019",
        span,
        f"{what} `{name}` is listed twice",
        notes=(Note("it is first listed here", first),) if first != span else (),
        help="delete one of the two",
    )


# Settings


def setting_twice(keyword: str, span: Span, first: Span) -> Diagnostic:
    return Diagnostic(
        "E020",
        span,
        f"`{keyword}` is given twice",
        notes=(Note("it is first given here", first),),
        help="delete one of the two",
    )


def no_blank(name: Name) -> Diagnostic:
    machine = f"machine `{name.text}`" if name.text else "the machine"
    return Diagnostic(
        "E021",
        name.span,
        f"{machine} has no blank",
        help="add a line `blank _` with the symbol that fills an empty tape",
    )


def no_start(name: Name, help: str) -> Diagnostic:
    return Diagnostic("E022", name.span, f"start state `{name.text}` is not defined", help=help)


def wrong_width(span: Span, verb: str, entries: int, tapes: int, listed: str) -> Diagnostic:
    """`listed` is what stands there with spaces for its commas."""
    what, example = {"reads": ("symbol", "0"), "writes": ("symbol", "0"), "moves": ("head", "R")}[verb]
    each = f"one for each tape, as in `{','.join(example * tapes)}`"
    return Diagnostic(
        "E023",
        span,
        f"this rule {verb} {counted(entries, what)}, but the machine has {counted(tapes, 'tape')}",
        help=f"a comma separates tapes; symbols of one tape are separated by space: `{listed}`"
        if tapes == 1 and verb == "reads"
        else f"write {each}, or change the line `tapes`",
    )


def wrong_number(name: Name, what: str, least: int, most: int | None) -> Diagnostic:
    bounds = f"from {least} to {most}" if most is not None else f"from {least} on"
    return Diagnostic(
        "E024",
        name.span,
        f"`{name.text}` is not {what}",
        f"expected a number {bounds}",
        help="numbers are written in digits, as in `12` or `47_176_870`",
    )


def rule_of_halting_state(span: Span, state: Name, halts: bool) -> Diagnostic:
    what = f"`{state.text}` halts" if halts else f"`{state.text}` is an instance of a macro"
    return Diagnostic(
        "E025",
        span,
        f"{what} and cannot have rules",
        notes=(Note("it is defined here", state.span),),
        help="name the state that this rule belongs to, or delete the rule",
    )


def second_machine(span: Span, first: Span) -> Diagnostic:
    return Diagnostic(
        "E026",
        span,
        "a second machine in one file",
        "a file holds one machine",
        notes=(Note("the first is here", first),),
        help="put it into a file of its own; what both need can be a `macro` in a third, to `include`",
    )


# Includes

_INCLUDED = "is included here"


def include_unreadable(name: Name, error: str) -> Diagnostic:
    help = (
        "`triquetra library` lists the files that come with it; a file of your own is named without `@`"
        if name.text.startswith("@")
        else "a path is relative to the folder of the file that includes it"
    )
    return Diagnostic("E027", name.span, error, _INCLUDED, help=help)


def include_circle(name: Name, way: Sequence[Span]) -> Diagnostic:
    return Diagnostic(
        "E028",
        name.span,
        f"`{name.text}` includes itself",
        _INCLUDED,
        tuple(Note("on the way here", span) for span in way),
        "move the macros that both need into a third file",
    )


def include_too_deep(name: Name, most: int) -> Diagnostic:
    return Diagnostic(
        "E029",
        name.span,
        f"includes are nested more than {most} deep",
        _INCLUDED,
        help="include the file that holds the macros directly",
    )


# Macros


def no_such_macro(name: Name, similar: str | None) -> Diagnostic:
    """`similar` is how a macro with a name like it is called."""
    return Diagnostic(
        "E030",
        name.span,
        f"there is no macro `{name.text}`",
        help=f"there is a macro `{similar}`"
        if similar
        else f"define it, as in `macro {name.text}(symbol x, state next)`, or `include` its file",
    )


def macro_twice(name: Name, first: Name) -> Diagnostic:
    return Diagnostic(
        "E031",
        name.span,
        f"macro `{name.text}` is defined twice",
        notes=(Note("it is first defined here", first.span),),
        help="rename one of them",
    )


def number_of_arguments(name: Name, span: Span, wanted: int, given: int, header: Name, call: str) -> Diagnostic:
    return Diagnostic(
        "E032",
        span,
        f"macro `{name.text}` has {counted(wanted, 'parameter')}, not {given}",
        notes=(Note("it is defined here", header.span),),
        help=f"call it as in `{call}`",
    )


def wrong_kind(name: Name, kind: str, wanted: str) -> Diagnostic:
    return Diagnostic(
        "E033",
        name.span,
        f"`{name.text}` is a {kind}, but a {wanted} stands here",
        help=f'name a {wanted}, or quote it if a {wanted} has this name: `"{name.text}"`',
    )


def wrong_argument(given: str, span: Span, kind: str, parameter: Name) -> Diagnostic:
    return Diagnostic(
        "E033",
        span,
        f"{given} is given for the {kind} `{parameter.text}`",
        f"a {kind} stands here",
        notes=(Note("the parameter is here", parameter.span),),
        help="moves are L, R and S" if kind == "move" else "give a symbol",
    )


def member_used(span: Span, call: str) -> Diagnostic:
    return Diagnostic(
        "E033",
        span,
        "`use` makes a copy of a macro, not of one of its states",
        "names a state of it",
        help=f"write `use {call}`, and let rules go to the copy's further states by name",
    )


def endless_macros(span: Span) -> Diagnostic:
    return Diagnostic(
        "E034",
        span,
        "macros call each other without end",
        help="equal calls are one state, but arguments must not grow, and no macro can `use` itself",
    )


# Tests


def not_a_symbol(text: str, span: Span, what: str, help: str, long: str | None) -> Diagnostic:
    """`long` is a symbol of several characters, on account of which words have space between their symbols."""
    label = f"symbols have space between them, for `{long}` has several characters" if long else ""
    return Diagnostic("E035", span, f"`{text}` is not {what} of the machine", label, help=help)


def open_quote(span: Span) -> Diagnostic:
    return Diagnostic(
        "E035",
        span,
        "a symbol in quotes is not closed",
        help='inside a word a quoted symbol is written `\\"a b\\"`, with space around it',
    )


def too_many_words(span: Span, words: int, what: str, tapes: int) -> Diagnostic:
    return Diagnostic(
        "E036",
        span,
        f"{words} {what}, but the machine has {counted(tapes, 'tape')}",
        help="leave the last ones out, or change the line `tapes`",
    )


def no_such_verdict(verdict: str, span: Span, help: str) -> Diagnostic:
    return Diagnostic("E037", span, "this test can never pass", f"no state has the verdict `{verdict}`", help=help)


def contradiction(span: Span, earlier: Span) -> Diagnostic:
    return Diagnostic(
        "E037",
        span,
        "this test can never pass",
        "contradicts what is asked before",
        notes=(Note("it is asked here", earlier),),
        help="keep one of the two, or write two tests",
    )


def tests_left_out(source: SourceText, errors: Sequence[Diagnostic]) -> str:
    """What commands that are not about tests say of the ones that are wrong."""
    lines = sorted({each.span.line for each in errors})
    where = ", ".join(map(str, lines[:5])) + (" ..." if len(lines) > 5 else "")
    what = f"{len(lines)} wrong test{'' if len(lines) == 1 else 's'}"
    return f"{source.path}: {what} left out, on line {where}; `triquetra lint` says what is wrong"


# Sizes


def too_many_states(name: Name, what: str) -> Diagnostic:
    return Diagnostic(
        "E038",
        name.span,
        f"the machine has more than {what}",
        help="look for macros that call each other with ever new arguments",
    )


def too_many_rules(span: Span, message: str) -> Diagnostic:
    return Diagnostic(
        "E038",
        span,
        message,
        "passes the limit",
        help="name the symbols that matter instead of `*` on several tapes",
    )


def too_much_in_ranges(span: Span, most: int) -> Diagnostic:
    return Diagnostic(
        "E038",
        span,
        f"ranges stand for more than {most:,} symbols",
        "passes the limit",
        help="use `*` where any symbol is meant",
    )


def no_states(what: str, name: Name) -> Diagnostic:
    return Diagnostic(
        "E039",
        name.span,
        f"{what} `{name.text}` has no states" if name.text else f"the {what} has no states",
        help="a state is a name and a colon before its first rule: `start: 0 1 -> R`",
    )


def reserved(name: Name, what: str) -> Diagnostic:
    return Diagnostic(
        "E040",
        name.span,
        f"`{name.text}` is a move, not a {what}",
        help=f'quote it to use it as a {what}: `"{name.text}"`',
    )


def only_macros(span: Span, file: str) -> Diagnostic:
    return Diagnostic(
        "E041",
        span,
        "there is no machine in this file, only macros",
        help=f'`include "{file}"` in the file of a machine',
    )


# Lists


def unequal_lists(span: Span, written: int, read: int, source: Span) -> Diagnostic:
    return Diagnostic(
        "E042",
        span,
        f"a list of {written} is written for a list of {read}",
        "goes with what is read, first for first",
        notes=(Note("this is read", source),),
        help="give both lists the same length",
    )


def list_without_partner(span: Span) -> Diagnostic:
    return Diagnostic(
        "E042",
        span,
        "a list is written, but none is read with it",
        "goes with what is read, first for first",
        help="read a list in brackets, as in `(0 1) -> (1 0) R`",
    )


def empty_range(span: Span, first: str, last: str) -> Diagnostic:
    return Diagnostic(
        "E043",
        span,
        "this range is empty",
        f"`{first}` comes after `{last}`" if first != last else "begins and ends with the same symbol",
        help=f"write `{last}..{first}`, or list the symbols in the order you want"
        if first != last
        else f"write `{first}`",
    )


# Warnings


def never_reached(name: Name) -> Diagnostic:
    return Diagnostic(
        "W001",
        name.span,
        f"state `{name.text}` is never reached",
        "no rule leads here from the start",
        help="let a rule go to it, or delete it",
    )


def unused_symbol(name: str, span: Span) -> Diagnostic:
    return Diagnostic(
        "W002",
        span,
        f"symbol `{name}` is never used",
        "no rule names it",
        help="delete it, or list it under `input` if it comes from there",
    )


def never_applies(span: Span, missing: str | None) -> Diagnostic:
    """`missing` is a symbol that the pattern reads and no tape ever holds."""
    return Diagnostic(
        "W003",
        span,
        "this rule can never apply",
        f"`{missing}` is no input symbol, and no rule writes it"
        if missing
        else "other rules name all symbols that it could read",
        help="delete it, or list the symbol under `input`" if missing else "delete it",
    )


def bare_state(name: Name) -> Diagnostic:
    return Diagnostic(
        "W004",
        name.span,
        f"state `{name.text}` has neither rules nor a verdict",
        help=f"if it halts, say so: `{name.text}: halt`; if not, `{name.text}: * -> undefined`",
    )


def unused_macro(name: Name) -> Diagnostic:
    return Diagnostic(
        "W005",
        name.span,
        f"macro `{name.text}` is never used",
        help=f"let a rule go to it, as in `0 -> R {name.text}(...)`, or delete it",
    )


def unused_parameter(name: Name) -> Diagnostic:
    return Diagnostic(
        "W006",
        name.span,
        f"parameter `{name.text}` is never used",
        help="delete it here and in each call",
    )


def blank_as_input(name: str, span: Span) -> Diagnostic:
    return Diagnostic(
        "W007",
        span,
        f"the blank `{name}` is listed as an input symbol",
        "an input could not be told from the empty tape around it",
        help="delete it here, unless blanks stand between the words of an input",
    )
