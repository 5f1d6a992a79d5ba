"""The library's files: documented, formatted, without warnings, and right by their own tests in all three forms."""

import re

import pytest

from triquetra.compiler import compile_machine
from triquetra.machines.catalogue import library, library_file
from triquetra.machines.language import format_text
from triquetra.machines.language.syntax import StateLine
from triquetra.machines.load import load
from triquetra.runtime.inline import run_tests
from triquetra.runtime.network import NetworkForm
from triquetra.runtime.pomdp import PomdpForm
from triquetra.runtime.reference import TuringForm

FILES = library()
MACHINES = [file for file in FILES if file.program is not None]
PIECES = [file for file in FILES if file.program is None]


def named(files):
    return pytest.mark.parametrize("file", files, ids=lambda file: file.name)


@named(MACHINES)
def test_inline_tests_pass_in_all_three_forms(file):
    machine = file.program.machine
    compiled = compile_machine(machine)
    forms = [TuringForm(machine), NetworkForm(compiled.network), PomdpForm(compiled.pomdp)]
    results = list(run_tests(file.program, forms, max_steps=100_000))
    assert len(results) == len(file.program.tests) > 0
    assert all(list(each.beside) == ["network", "pomdp"] for each in results)
    assert not [(each.test.text, each.failures, each.parted) for each in results if not each.passed]


@named([file for file in MACHINES if len(file.program.machine.states) < 50])
def test_inline_tests_pass_with_the_tape_in_synapses(file):
    compiled = compile_machine(file.program.machine, cells=256)
    forms = [NetworkForm(compiled.network, 256), PomdpForm(compiled.pomdp, 256)]
    results = list(run_tests(file.program, forms, max_steps=100_000))
    assert not [(each.test.text, each.failures, each.parted) for each in results if not each.passed]


@named(MACHINES)
def test_a_machine_is_documented(file):
    summary, *explained = file.documentation
    assert file.program.machine.name == file.name.rpartition("/")[2]
    assert len(summary) <= 110 and summary[-1] in ".?"
    assert explained, "say how it works"
    assert not file.program.warnings


@named(FILES)
def test_a_file_has_the_canonical_look(file):
    assert format_text(file.text) == file.text
    assert max(map(len, file.text.splitlines())) <= 120


@named(PIECES)
def test_macros_are_documented_and_used(file):
    assert file.documentation[0]
    uses = "\n".join(other.text for other in FILES)
    for call, text in file.macros:
        name = call.partition("(")[0]
        assert text, f"{name} says nothing"
        assert re.search(rf"(?<!macro ){name}\(", uses), f"{name} is used nowhere"


def test_macros_make_a_large_machine_of_a_short_file():
    lines = [line.statement for name in ("calculator", "decimal", "macros") for line in library_file(name).syntax.lines]
    written = sum(isinstance(each, StateLine) for each in lines)
    expanded = len(load("@calculator").machine.states)
    assert f"Its {expanded} states come out of some {round(written, -1)}" in library_file("calculator").text
    assert expanded > 3 * written


def test_the_library_has_what_a_textbook_has():
    names = {file.name for file in MACHINES}
    assert len(names) >= 45
    assert names >= {
        "increment", "decrement", "add", "subtract", "multiply", "compare", "copy", "reverse", "sort", "palindrome",
        "anbncn", "brackets", "divisible-by-three", "unary-to-binary", "binary-to-unary", "unary-prime",
        "two-tape-palindrome", "two-tape-add", "one-way-shift", "never-halts", "busy-beaver-5",
    }  # fmt: skip
