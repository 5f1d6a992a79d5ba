"""The front of the compiler: source → syntax → syntax with its files → program (machine and tests)."""

from __future__ import annotations

from itertools import pairwise

from ..core import InputError
from ..passes import Pass
from .elaborate import elaborate
from .parser import parse_syntax
from .program import Program
from .reading import read_includes
from .source import SourceText
from .syntax import Syntax


def positions_are_kept(syntax: Syntax) -> None:
    """Every line of syntax lies within its source, in order."""
    numbers = [line.number for line in syntax.lines]
    _require(all(a < b for a, b in pairwise(numbers)), "lines are out of order")
    spans = [span for line in syntax.lines if (span := getattr(line.statement, "span", None)) is not None]
    _require(
        all(0 <= span.start <= span.end <= len(span.source.text) for span in spans), "a line is outside its source"
    )


def delta_is_a_function(program: Program) -> None:
    """No cell has two rules, and each rule knows its line."""
    machine = program.machine
    _require(len(machine.delta) == len(machine.rules), "a cell has two rules")
    _require(all(rule.origin for rule in machine.rules), "a rule does not know its line")


def includes_are_there(syntax: Syntax) -> None:
    """Every file that is included was read, once."""
    paths = [each.source.path for each in syntax.included]
    _require(len(set(paths)) == len(paths), "a file was included twice")


PARSE = Pass(parse_syntax, positions_are_kept)
INCLUDE = Pass(read_includes, includes_are_there)
ELABORATE = Pass(elaborate, delta_is_a_function)


def compile_source(source: SourceText, *, checked: bool = False) -> Program:
    """The machine and the tests of a source; `checked`: each pass's promise is held against its result.

    Raises: LanguageError: all that is wrong with it, drawn with places and cures.
    """
    return ELABORATE(checked, INCLUDE(checked, PARSE(checked, source)))


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise InputError(message)
