"""The canonical look: comments kept, idempotent, and the machine is the same after printing."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triquetra.machines import LanguageError, Machine, parse
from triquetra.machines.language import format_text, library_names, library_path, print_machine
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

NAMES = st.text(min_size=1, max_size=4) | st.sampled_from(
    [
        "L",
        "R",
        "S",
        "*",
        "undefined",
        "halt",
        "accept",
        "use",
        "test",
        "->",
        "=>",
        "a b",
        '"',
        "\\",
        "#",
        "_",
        "一",
        "a..z",
        "'_'",
        "“x”",
        "'",
        "piece",
        "p(0).x",
    ]
)


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


def test_printing_groups_cells_and_uses_a_wildcard_for_the_largest_group() -> None:
    text = "machine m\nblank _\nsymbols 0 1 2 3 4\na: 0 -> 1 R\n * -> L\n 4 -> S halt"
    assert print_machine(parse(text).machine) == (
        "machine m\n  blank    _\n  symbols  0 1 2 3 4\n  start    a\n\n"
        "  a:     0  -> 1 R\n         4  ->   S halt\n         *  ->   L\n  halt:  halt\n"
    )
