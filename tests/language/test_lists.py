"""Ranges, lists that are written, further states of macros, and symbols in quotes inside words."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triquetra.machines import LanguageError, Machine, MachineError, Tape, parse, visible
from triquetra.machines.core.spelling import cut, letters, spell
from triquetra.machines.language import Program, format_text


def codes(text: str) -> list[tuple[str, int]]:
    """Code and line of each mistake and each wrong test."""
    try:
        return [(each.code, each.span.line) for each in parse(text).test_errors]
    except LanguageError as error:
        return [(each.code, each.span.line) for each in error.diagnostics]


def machine(body: str, settings: str = "") -> Machine:
    return parse(f"machine m\nblank _\n{settings}\n{body}").machine


# Ranges


def test_a_range_is_its_symbols_wherever_a_list_may_stand() -> None:
    short = machine("s: c..e -> R\n (a..b 0) -> L\n _ -> S halt", "symbols 0..2 a..e\ninput a..e")
    long = machine("s: c d e -> R\n a b 0 -> L\n _ -> S halt", "symbols 0 1 2 a b c d e\ninput a b c d e")
    assert short == long


def test_a_range_holds_what_else_would_be_moves() -> None:
    assert machine("s: K..M -> R\n _ -> S halt").symbols == ("_", "K", "L", "M")


def test_a_quoted_range_is_a_name() -> None:
    assert machine('s: "a..c" -> R "x..y"\n"x..y": halt', 'input "a..c"').symbols == ("_", "a..c")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("blank a..b", "E043"),
        ("a..b: 0 -> R", "E043"),
        ("s: 0 -> R a..b", "E013"),
        ("s: c..a -> R", "E043"),
        ("s: \u0100..\U0010ffff -> R", "E038"),
    ],
)
def test_a_range_where_none_can_stand(line: str, code: str) -> None:
    text = f"machine m\n{'' if line.startswith('blank') else 'blank _'}\n{line}\ns: _ -> S halt".replace(
        "s: _", "t: _" if line.startswith("s:") else "s: _"
    )
    assert (code, 3) in codes(text)


def test_ranges_are_charged_before_they_are_written_out() -> None:
    ranges = " ".join(["!..\u03f0"] * 50)
    rules = "\n".join(f"s{i}: {ranges} -> R" for i in range(300))
    started = time.process_time()
    assert "E038" in {code for code, _ in codes(f"machine m\nblank _\n{rules}")}
    assert time.process_time() - started < 10


# Lists that are written

ALPHABET = "abcdefgh"


@given(st.permutations(ALPHABET), st.permutations(ALPHABET), st.integers(1, len(ALPHABET)), st.booleans())
def test_a_written_list_is_a_rule_for_each_pair(read: list[str], written: list[str], size: int, two: bool) -> None:
    """Against the same machine with a line for each pair, on the list's own tape or on the other."""
    pairs = list(zip(read[:size], written[:size]))
    listed, also = " ".join(read[:size]), " ".join(written[:size])
    if two:
        short, settings = f"s: ({listed}),_ -> *,({also}) R,S", "tapes 2\ninput a..h"
        long = "\n".join(f"{a},_ -> *,{b} R,S" for a, b in pairs)
    else:
        short, settings = f"s: ({listed}) -> ({also}) R", "input a..h"
        long = "\n".join(f"{a} -> {b} R" for a, b in pairs)
    assert machine(short, settings) == machine(f"s:\n{long}", settings)
    text = f"machine m\nblank _\n{settings}\n{short}"
    assert parse(format_text(text)).machine == parse(text).machine


def test_each_pattern_has_its_own_list() -> None:
    short = machine("s: (a b) (c d) -> (x y) R\n _ -> S halt", "symbols a b c d x y")
    assert short == machine("s: a c -> x R\n b d -> y R\n _ -> S halt", "symbols a b c d x y")


def test_lists_in_macros_take_parameters() -> None:
    short = machine("s: _ -> S swap(a, b)\nmacro swap(symbol p, symbol q)\n only: (p q) -> (q p) R")
    found = {(short.symbols[r.read[0]], short.symbols[r.write[0]]) for r in short.rules if r.state == 1}
    assert found == {("a", "b"), ("b", "a")}


# Further states of macros

TWO = "macro two(symbol x)\n first: x -> R second\n second: * -> R third(x)\nmacro third(symbol x)\n only: * -> L halt"


def goes_to(body: str) -> set[str]:
    found = machine(body)
    return {found.states[rule.goto] for rule in found.rules if found.states[rule.state] == "s"}


def test_a_rule_may_go_to_a_further_state() -> None:
    assert goes_to("s: _ -> S two(0).second\n" + TWO) == {"two(0).second"}
    assert goes_to("s: _ -> S two(0).first\n" + TWO) == {"two(0)"}
    assert goes_to("s: _ -> S z.second\nz: use two(1)\n" + TWO) == {"z.second"}
    nested = "s: _ -> S z.inner.second\nz: use outer(1)\nmacro outer(symbol y)\n go: * -> R\n inner: use two(y)\n"
    assert goes_to(nested + TWO) == {"z.inner.second"}


def test_a_further_state_may_be_an_argument_and_start() -> None:
    found = machine("s: _ -> S go(two(0).second)\nmacro go(state n)\n only: * -> R n\n" + TWO, "start two(0).second")
    assert found.states[found.start] == "two(0).second"
    assert "go(two(0).second)" in found.states


def test_a_state_of_the_machine_goes_before_one_of_a_copy() -> None:
    found = machine("s: _ -> S z.far\nz: use two(1)\nz.far: halt far\n" + TWO)
    assert "far" in found.verdicts


@pytest.mark.parametrize("target", ["two(0).thrid", "z.thrid", "z.second.more"])
def test_a_state_that_a_macro_has_not(target: str) -> None:
    assert codes(f"machine m\nblank _\ns: _ -> S {target}\nz: use two(1)\n{TWO}") == [("E014", 3)]


# All mistakes in one run


def test_a_state_that_is_missing_does_not_hide_two_rules() -> None:
    assert codes("machine m\nblank _\ns: 0 -> R nowhere\n 0 -> L") == [("E014", 3), ("E016", 4)]


def test_a_header_that_is_wrong_hides_only_itself() -> None:
    assert codes(
        "machine m\nblank _\n"
        "s: 0 -> R p(1, 2)\n"  # 3: nothing is known about p
        "   1 -> R q(1, 2)\n"  # 4: one parameter
        "   _ -> R r(1)\n"  # 5: no such macro
        "macro p(state)\n"  # 6
        "a: 0 -> R q()\n"  # 7: one parameter
        "   1 -> R nope(0)\n"  # 8: no such macro
        "macro q(symbol x)\na: x -> R halt"
    ) == [("E032", 4), ("E030", 5), ("E007", 6), ("E032", 7), ("E030", 8)]


# Wrong tests

WITH_TESTS = 'machine m\nblank _\ninput 0\ns: 0 -> R\n _ -> S accept\ntest "0" accepts\ntest "1" halts\ntest "0" hats'


def test_wrong_tests_do_not_stop_the_machine() -> None:
    program = parse(WITH_TESTS)
    assert isinstance(program, Program)
    assert [each.text for each in program.tests] == ['test "0" accepts']
    assert [(each.code, each.span.line) for each in program.test_errors] == [("E035", 7), ("E007", 8)]
    (note,) = program.notes
    assert "2 wrong tests left out, on line 7, 8" in note


def test_wrong_tests_are_named_with_the_other_mistakes() -> None:
    assert codes(WITH_TESTS + "\nt: 0 -> R nowhere") == [("E035", 7), ("E007", 8), ("E014", 9)]


# Words


def test_a_symbol_with_space_is_quoted_in_words() -> None:
    program = parse(
        'machine m\nblank _\ninput a "b c"\ns: * -> R\n _ -> S halt\ntest "a \\"b c\\" a" => "a \\"b c\\" a"'
    )
    assert program.tests[0].inputs == (Tape((1, 2, 1)),)
    assert program.machine.word('a "b c"') == (1, 2)
    with pytest.raises(MachineError, match='reads: a "b c"'):
        program.machine.word("d")


def test_words_without_space_are_told_how() -> None:
    found = machine("s: ab c -> R\n _ -> S halt", "input ab c")
    with pytest.raises(MachineError, match="with space between them: ab c ab"):
        found.word("abcab")


NAMES = st.lists(st.text(min_size=1, max_size=3), min_size=1, max_size=5, unique=True)


@given(NAMES, st.data())
def test_what_is_spelled_is_read_back(symbols: list[str], data: st.DataObject) -> None:
    word = data.draw(st.lists(st.integers(0, len(symbols) - 1), max_size=6))
    single = all(len(name) == 1 for name in symbols)
    found = [letter.name for letter in letters(spell(symbols, word), single)]
    assert found == [symbols[a] for a in word]


@given(NAMES, st.data())
def test_a_word_is_cut_into_symbols(symbols: list[str], data: st.DataObject) -> None:
    text = "".join(data.draw(st.lists(st.sampled_from(symbols), max_size=6)))
    parts = cut(text, set(symbols))
    assert parts is not None and "".join(parts) == text and set(parts) <= set(symbols)


def test_what_cannot_be_seen_is_escaped() -> None:
    assert [visible(name) for name in ("a", "\n", " ", '"', "é")] == ["a", '"\\n"', '" "', '"\\""', "é"]
