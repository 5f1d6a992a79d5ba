"""The canonical look: comments kept, idempotent, and the machine is the same after printing."""

from __future__ import annotations

import re
import string
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triquetra.machines import LanguageError, Machine, Rule, parse
from triquetra.machines.language import format_text, library_names, library_path, print_machine
from triquetra.machines.language.rows import rows
from triquetra.machines.load import load
from triquetra.machines.strategies import machines

FOLDER = Path(__file__).parent / "layout"
MACHINES = [
    name for name in library_names() if re.search(r"(?m)^machine ", Path(library_path(name)).read_text("utf-8"))
]


def test_a_messy_file(update_golden: bool) -> None:
    neat = format_text((FOLDER / "messy.tm").read_text("utf-8"))
    if update_golden:
        (FOLDER / "neat.tm").write_text(neat, "utf-8")
    assert neat == (FOLDER / "neat.tm").read_text("utf-8")
    assert format_text(neat) == neat


def test_an_empty_file_stays_empty() -> None:
    assert format_text("\n \n\t\n") == ""


def test_comments_are_all_kept_in_order() -> None:
    text = (FOLDER / "messy.tm").read_text("utf-8")

    def comments(of: str) -> list[str]:
        return [line[line.index("#") :].rstrip() for line in of.splitlines() if "#" in line]

    assert comments(format_text(text)) == comments(text)


def test_wide_characters_are_aligned_by_columns() -> None:
    text = "machine m\nblank 空\na: 空 0 -> R # x\n 1 -> 空 L halt # y"
    *_, first, second = format_text(text).splitlines()
    assert first == "  a:  空 0  ->    R       # x"
    assert second == "      1     -> 空 L halt  # y"


def test_a_file_with_a_broken_line_is_refused() -> None:
    with pytest.raises(LanguageError):
        format_text("machine m\n  oops\n")


@pytest.mark.parametrize("name", library_names())
def test_the_library_is_in_the_canonical_look(name: str) -> None:
    text = Path(library_path(name)).read_text("utf-8")
    assert format_text(text) == text


@pytest.mark.parametrize("name", MACHINES)
def test_library_machines_are_the_same_after_printing(name: str) -> None:
    machine = load(f"@{name}").machine
    text = print_machine(machine)
    again = parse(text).machine
    assert again == machine
    assert (again.name, again.documentation) == (machine.name, machine.documentation)
    assert format_text(text) == text


# Any machine, with names that no one should choose

RESERVED = ("L", "R", "S", "*", "undefined", "halt", "accept", "use", "test", "->", "=>", "a b", '"', "\\", "#", "_")
RANGES_AND_QUOTES = ("a..c", "0..12", "x..", "..", "'a'", "'", "“", "”a", "“x”", "//", "-", "-->", "(a)", "一", "piece")
NAMES = st.text(min_size=1, max_size=4) | st.sampled_from((*RESERVED, *RANGES_AND_QUOTES, "p(0).x"))


@st.composite
def renamed_machines(draw: st.DrawFn) -> Machine:
    """Machines with up to two tapes, one-way tapes and several verdicts, and any names for states and symbols."""
    machine = draw(machines(max_tapes=2, max_symbols=3, verdicts=("halt", "accept", "reject", "a b", "halt?")))
    states = draw(st.lists(NAMES, min_size=len(machine.states), max_size=len(machine.states), unique=True))
    symbols = draw(st.lists(NAMES, min_size=len(machine.symbols), max_size=len(machine.symbols), unique=True))
    return replace(
        machine, states=tuple(states), symbols=tuple(symbols), name=draw(st.text(max_size=5)),
        documentation=draw(st.text(max_size=20)),
    )  # fmt: skip


@given(renamed_machines())
def test_any_machine_is_the_same_after_printing(machine: Machine) -> None:
    text = print_machine(machine)
    again = parse(text).machine
    assert again == machine
    assert again.digest == machine.digest
    assert again.name == (machine.name or "machine")
    assert again.documentation == machine.documentation
    assert format_text(text) == text


@given(st.data())
def test_letters_and_digits_printed_as_ranges_are_the_same(data: st.DataObject) -> None:
    """One tape with many letters: ranges, and lists that go together, of any runs and any writes."""
    symbols = data.draw(st.lists(st.sampled_from(string.ascii_letters + string.digits), min_size=8, unique=True))
    symbols = sorted(symbols) if data.draw(st.booleans()) else symbols
    actions = st.tuples(st.integers(0, len(symbols)), st.sampled_from((-1, 0, 1)), st.integers(0, 1))
    rules = tuple(
        Rule(0, (read,), (action[0],), (action[1],), action[2])
        for read in range(len(symbols) + 1)
        if (action := data.draw(st.none() | actions)) is not None
    )
    machine = Machine(states=("q", "h"), symbols=("_", *symbols), rules=rules, verdicts=(None, "halt"))
    text = print_machine(machine)
    assert parse(text).machine == machine
    assert format_text(text) == text


@given(machines(max_tapes=3, max_symbols=4))
def test_rows_of_several_tapes_are_no_more_than_the_rules(machine: Machine) -> None:
    assert parse(print_machine(machine)).machine == machine
    assert sum(1 for _ in rows(machine)) <= len(machine.rules)


def test_a_substitution_is_printed_in_one_rule() -> None:
    text = "machine m\n  blank    _\n  symbols  a..z\n  start    a\n\n  a:  (a..z)  -> (n..z a..m) R\n"
    assert print_machine(parse(text).machine) == text


def test_cells_of_several_tapes_are_put_together() -> None:
    """No cell is undefined in either state, so that the largest group of cells may stand last as a wildcard."""
    text = "machine m\nblank _\ntapes 2\nsymbols 0 1\na: *,* -> R,R\nb: _,(0 1) _,_ -> R,S\n (0 1),* -> *,_ S,L\n"
    found = [(row.read, row.write, row.move) for row in rows(parse(text).machine)]
    assert found == [("*,*", "", "R,R"), ("_,*", "", "R,S"), ("(0 1),_", "", "S,L"), ("*,*", "*,_", "S,L")]


def test_printing_groups_cells_and_uses_a_wildcard_for_the_largest_group() -> None:
    text = "machine m\nblank _\nsymbols 0 1 2 3 4\na: 0 -> 1 R\n * -> L\n 4 -> S halt"
    assert print_machine(parse(text).machine) == (
        "machine m\n  blank    _\n  symbols  0 1 2 3 4\n  start    a\n\n"
        "  a:     0  -> 1 R\n         4  ->   S halt\n         *  ->   L\n  halt:  halt\n"
    )
