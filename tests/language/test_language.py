"""What the language means: source to machine and tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from triquetra.machines import (
    LEFT,
    RIGHT,
    STAY,
    InputError,
    LanguageError,
    Machine,
    Outcome,
    Rule,
    Tape,
    Test,
    Verdict,
    parse,
    start,
)
from triquetra.machines.language import SourceText, elaborate, parse_syntax

INCREMENT = """
machine increment
  "Add one to a binary number."
  "The lowest digit stands on the right."
  blank  _
  start  right

  right:  0 1  -> R                 # a rule may list symbols; unwritten = kept
          _    -> L  carry
  carry:  1    -> 0 L
          0 _  -> 1 S  done
  done:   halt

test "1011" => "1100"
"""


def rules(text: str) -> dict[tuple[str, str], tuple[str, str, str]]:
    """Rules of a text's machine in words: (state, read) to (write, move, state), with commas between tapes."""
    machine = parse(text).machine

    def spell(symbols: tuple[int, ...]) -> str:
        return ",".join(machine.symbols[a] for a in symbols)

    return {
        (machine.states[r.state], spell(r.read)): (
            spell(r.write), ",".join("SRL"[move] for move in r.move), machine.states[r.goto]
        )
        for r in machine.rules
    }  # fmt: skip


def errors(text: str) -> list[tuple[str, int]]:
    """Code and line of each mistake."""
    with pytest.raises(LanguageError) as caught:
        parse(text)
    return [(each.code, each.span.line) for each in caught.value.diagnostics]


def in_machine(body: str, settings: str = "") -> str:
    return f"machine m\nblank _\n{settings}\n{body}"


def test_the_machine_of_a_table() -> None:
    assert parse(INCREMENT).machine == Machine(
        name="increment",
        states=("right", "carry", "done"),
        symbols=("_", "0", "1"),
        rules=(
            Rule(0, (0,), (0,), (LEFT,), 1),
            Rule(0, (1,), (1,), (RIGHT,), 0),
            Rule(0, (2,), (2,), (RIGHT,), 0),
            Rule(1, (0,), (2,), (STAY,), 2),
            Rule(1, (1,), (2,), (STAY,), 2),
            Rule(1, (2,), (1,), (LEFT,), 1),
        ),
        verdicts=(None, None, "halt"),
    )


def test_name_documentation_and_origins() -> None:
    machine = parse(INCREMENT, "folder/increment.tm").machine
    assert machine.name == "increment"
    assert machine.documentation == "Add one to a binary number.\nThe lowest digit stands on the right."
    assert [rule.origin for rule in machine.rules] == [f"increment.tm:{line}" for line in (9, 8, 8, 11, 11, 10)]


def test_layout_means_nothing() -> None:
    squeezed = "\n".join(line.strip() for line in INCREMENT.splitlines())
    spread = "\r\n\r\n".join("\t\t " + line.replace(" -> ", "   ->\t") + " \t" for line in squeezed.split("\n"))
    assert parse(squeezed).machine == parse(INCREMENT).machine
    assert parse(spread).machine == parse(INCREMENT).machine


def test_states_and_symbols_may_share_names() -> None:
    assert rules(in_machine("0: 0 -> 1 R 1\n1: 1 -> 0 R 0\n   0 -> S halt")) == {
        ("0", "0"): ("1", "R", "1"), ("1", "1"): ("0", "R", "0"), ("1", "0"): ("0", "S", "halt"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "word", ["machine", "test", "start", "include", "symbol", "halts", "accept", "halt", "use", "one-way"]
)
def test_words_of_the_language_name_states(word: str) -> None:
    assert rules(in_machine(f"{word}: _ -> x R {word}\n x -> S other\nother: halt")) == {
        (word, "_"): ("x", "R", word), (word, "x"): ("x", "S", "other"),
    }  # fmt: skip


def test_quoted_names() -> None:
    assert rules(in_machine(r'"L": "R" "*" -> "S" R "R"' + "\n" + r'"R": "a b" -> "\"\\\n\t\u{e9}" L "L"')) == {
        ("L", "R"): ("S", "R", "R"), ("L", "*"): ("S", "R", "R"), ("R", "a b"): ('"\\\n\té', "L", "L"),
    }  # fmt: skip


def test_arrows_need_no_space_and_names_may_look_like_them() -> None:
    assert rules(in_machine("a:0->1 R b\nb:- = >->- L")) == {
        ("a", "0"): ("1", "R", "b"),
        ("b", "-"): ("-", "L", "b"), ("b", "="): ("-", "L", "b"), ("b", ">"): ("-", "L", "b"),
    }  # fmt: skip


def test_alphabets() -> None:
    body = "a: x y -> z R\n _ -> S halt"
    assert parse(in_machine(body)).machine.symbols == ("_", "x", "y", "z")
    assert parse(in_machine(body, "input y x")).machine.symbols == ("_", "y", "x", "z")
    assert parse(in_machine(body, "input y x")).machine.input_symbols == (1, 2)
    assert parse(in_machine(body, "symbols z y\nsymbols _ x\ninput x")).machine.symbols == ("_", "z", "y", "x")
    assert parse(in_machine(body, "symbols z y\nsymbols _ x\ninput x")).machine.input_symbols == (3,)
    assert parse(in_machine(body)).machine.input_symbols == (0, 1, 2, 3)


def test_the_first_state_starts_unless_another_does() -> None:
    body = "a: _ -> R b\nb: _ -> R a"
    assert parse(in_machine(body)).machine.start == 0
    assert parse(in_machine(body, "start b")).machine.start == 1


def test_verdicts() -> None:
    machine = parse(in_machine("a: 0 -> R yes\n 1 -> R no\n 2 -> R out\n _ -> R over\n"
                               "yes: accept\nno: reject\nout: halt\nover: halt overflow")).machine  # fmt: skip
    assert dict(zip(machine.states, machine.verdicts)) == {
        "a": None, "yes": "accept", "no": "reject", "out": "halt", "over": "overflow",
    }  # fmt: skip


def test_implied_halting_states() -> None:
    machine = parse(in_machine("a: 0 -> R reject\n _ -> R accept\n1 -> R halt")).machine
    assert machine.states == ("a", "reject", "accept", "halt")
    assert machine.verdicts == (None, "reject", "accept", "halt")


def test_a_state_may_be_called_halt_and_run() -> None:
    assert rules(in_machine("a: _ -> R halt\nhalt: _ -> L a"))["halt", "_"] == ("_", "L", "a")


def test_a_macro_means_the_machines_own_halting_state() -> None:
    machine = parse(in_machine("a: 0 -> R p()\nhalt: halt mine\nmacro p()\n x: * -> R halt\n 0 -> R accept")).machine
    assert dict(zip(machine.states, machine.verdicts)) == {"a": None, "halt": "mine", "p()": None, "accept": "accept"}


def test_a_wildcard_is_any_other_symbol_and_keeps_what_is_read() -> None:
    assert rules(in_machine("a: * -> L\n 0 -> x R b\nb: 1 -> undefined\n * -> * S halt", "symbols 0 1 x")) == {
        ("a", "0"): ("x", "R", "b"), ("a", "1"): ("1", "L", "a"), ("a", "x"): ("x", "L", "a"),
        ("a", "_"): ("_", "L", "a"),
        ("b", "0"): ("0", "S", "halt"), ("b", "x"): ("x", "S", "halt"), ("b", "_"): ("_", "S", "halt"),
    }  # fmt: skip


def test_several_tapes() -> None:
    found = rules(in_machine("a: 0,0 1,1 -> x,* R,L b\n (0 1),_ -> *,x S,R\nb: _,(0 x) -> S,S halt", "tapes 2"))
    assert found == {
        ("a", "0,0"): ("x,0", "R,L", "b"), ("a", "1,1"): ("x,1", "R,L", "b"),
        ("a", "0,_"): ("0,x", "S,R", "a"), ("a", "1,_"): ("1,x", "S,R", "a"),
        ("b", "_,0"): ("_,0", "S,S", "halt"), ("b", "_,x"): ("_,x", "S,S", "halt"),
    }  # fmt: skip


def test_fewer_wildcards_go_first() -> None:
    found = rules(
        in_machine("a: *,* -> S,S halt\n *,1 -> R,R\n 1,* -> L,L\n 1,1 -> S,S b\nb: *,* -> S,S", "tapes 2\nsymbols 1")
    )
    assert {read: move for (state, read), (_, move, _) in found.items() if state == "a"} == {
        "_,_": "S,S", "_,1": "R,R", "1,_": "L,L", "1,1": "S,S",
    }  # fmt: skip
    assert found["a", "1,1"][2] == "b"


def test_one_way_tapes() -> None:
    body = "a: *,*,* -> S,S,S halt"
    assert parse(in_machine(body, "tapes 3\none-way")).machine.one_way == (True, True, True)
    assert parse(in_machine(body, "one-way 3 1\ntapes 3")).machine.one_way == (True, False, True)
    assert parse(in_machine(body, "tapes 3")).machine.one_way == (False, False, False)


# Tests


def only_test(
    test: str, settings: str = "", body: str = "a: 0 1 -> R\n _ -> S accept\n b: halt lost\n c: reject"
) -> Test:
    (found,) = parse(in_machine(f"{body}\n{test}", settings), "m.tm").tests
    return found


@pytest.mark.parametrize(("text", "fields"), [
    ('"01" => "10"', {"outputs": ((2, 1),), "halted": True}),
    ('"01" accepts', {"verdict": "accept", "halted": True}),
    ('"01" rejects in 1 step', {"verdict": "reject", "halted": True, "steps": 1}),
    ('"01" halts', {"halted": True}),
    ('"01" halts in 1_000 steps', {"halted": True, "steps": 1000}),
    ('"01" halts as lost', {"halted": True, "verdict": "lost"}),
    ('"01" halts undefined in 2 steps', {"halted": True, "undefined": True, "steps": 2}),
    ('"01" runs at least 7 steps', {"at_least_steps": 7}),
    ('"01" runs forever at least 7 steps', {"at_least_steps": 7, "forever": True}),
    ('"01" leaves 0 marks and accepts in 3 steps and => ""',
     {"marks": 0, "halted": True, "verdict": "accept", "steps": 3, "outputs": ((),)}),
])  # fmt: skip
def test_expectations(text: str, fields: dict[str, object]) -> None:
    expected = Test(inputs=(Tape((1, 2)),), origin="m.tm:8", text=f"test {text}", **fields)  # type: ignore[arg-type]
    assert only_test(f"test {text}   # not part of it") == expected


def test_words_of_several_tapes_and_blanks() -> None:
    body = "a: *,* -> S,S accept"
    found = only_test('test "0_1_", "" => *, "_01_0__"', "tapes 2\nsymbols 0 1", body)
    assert found.inputs == (Tape((1, 0, 2)), Tape())
    assert found.outputs == (None, (1, 2, 0, 1))


def test_words_of_longer_symbols() -> None:
    body = "a: zero one -> R\n _ -> S accept"
    assert only_test('test " one  zero " => "zero _ one"', "", body).inputs == (Tape((2, 1)),)


def test_a_test_without_input_has_blank_tapes() -> None:
    assert only_test("test accepts").inputs == ()


def test_failures_say_what_was_expected() -> None:
    machine = parse(in_machine("a: 0 1 -> R\n _ -> S accept\nb: reject")).machine
    end = start(machine, "01")
    accept = Outcome(Verdict.HALTED, type(end)(2, end.heads, end.tapes), 3)
    stuck = Outcome(Verdict.UNDEFINED, end, 2)
    limit = Outcome(Verdict.STEP_LIMIT, end, 5)
    assert Test(halted=True, verdict="accept", steps=3, marks=2, outputs=((1, 2),)).failures(machine, accept) == ()
    assert Test(halted=True, verdict="reject", steps=4, marks=1, outputs=((2,),)).failures(machine, accept) == (
        "ends accept, expected reject", "halts in 3 steps, expected 4", "leaves 2 marks, expected 1",
        'output "01", expected "1"',
    )  # fmt: skip
    assert Test(halted=True, undefined=True).failures(machine, stuck) == ()
    assert Test(halted=True, undefined=True).failures(machine, accept) == (
        "ends in halting state accept, expected an undefined cell",
    )  # fmt: skip
    assert Test(halted=True, verdict="accept").failures(machine, stuck) == (
        "ends undefined in state a, expected accept",
    )
    assert Test(halted=True).failures(machine, limit) == ("step limit after 5 steps, not halted",)
    assert Test(at_least_steps=5).failures(machine, limit) == ()
    assert Test(at_least_steps=5).failures(machine, accept) == ("halted after 3 steps, not running after 5",)
    assert Test(at_least_steps=6).failures(machine, limit) == ("step limit after 5 steps, not running after 6",)


def test_how_far_a_test_must_run() -> None:
    assert Test(steps=7).max_steps(100) == 7
    assert Test(at_least_steps=9).max_steps(100) == 9
    assert Test(halted=True).max_steps(100) == 100


# Macros

FIND = """
macro find(symbol goal, move way, state found)
  seek:  goal -> S found
         *    -> way
"""


def test_a_macro_is_filled_in() -> None:
    assert rules(in_machine("a: 0 -> R find(1, L, halt)" + FIND)) == {
        ("a", "0"): ("0", "R", "find(1, L, halt)"),
        ("find(1, L, halt)", "1"): ("1", "S", "halt"),
        ("find(1, L, halt)", "0"): ("0", "L", "find(1, L, halt)"),
        ("find(1, L, halt)", "_"): ("_", "L", "find(1, L, halt)"),
    }


def test_equal_calls_are_one_state_and_a_copy_by_name_is_its_own() -> None:
    calls = "a: 0 -> R find(1, L, halt)\n 1 -> S find(1,L,halt)\n _ -> S b\nb: use find(1, L, halt)"
    machine = parse(in_machine(calls + FIND)).machine
    assert sorted(machine.states) == ["a", "b", "find(1, L, halt)", "halt"]


def test_states_of_macros_are_named_after_their_copy() -> None:
    calls = "a: _ -> S p(0)\n 0 -> S b\nb: use p(1)\n"
    machine = parse(in_machine(calls + "macro p(symbol x)\n first: x -> R second\n second: x -> L first")).machine
    assert sorted(machine.states) == ["a", "b", "b.second", "p(0)", "p(0).second"]


def test_macros_call_macros_and_themselves() -> None:
    text = in_machine(
        "a: * -> S walk(R, back)\nback: * -> S walk(L, a)\n"
        "macro walk(move way, state next)\n go: 1 -> way walk(way, next)\n * -> S twice(way, next)\n"
        "macro twice(move way, state next)\n one: * -> way two\n two: * -> way next",
        "symbols 1",
    )
    found = rules(text)
    assert found["walk(R, back)", "1"] == ("1", "R", "walk(R, back)")
    assert found["walk(R, back)", "_"] == ("_", "S", "twice(R, back)")
    assert found["twice(R, back)", "_"] == ("_", "R", "twice(R, back).two")
    assert found["twice(L, a).two", "1"] == ("1", "L", "a")


def test_calls_are_parameters_of_calls() -> None:
    found = rules(in_machine("a: _ -> S put(x, put(y, halt))\nmacro put(symbol s, state next)\n only: * -> s R next"))
    assert found["put(x, put(y, halt))", "_"] == ("x", "R", "put(y, halt)")
    assert found["put(y, halt)", "x"] == ("y", "R", "halt")


def test_a_quoted_name_is_no_parameter() -> None:
    found = rules(in_machine('a: _ -> S p(0)\nmacro p(symbol x)\n only: x -> "x" R halt'))
    assert found["p(0)", "0"] == ("x", "R", "halt")


def test_a_call_may_start() -> None:
    assert parse(in_machine("a: _ -> R" + FIND, "start find(1, R, a)")).machine.start == 1


def test_a_long_machine_is_written_with_few_lines() -> None:
    """A counter of 250 copies: 500 states from 6 lines and one call nested through parameters."""
    calls = "".join(f"s{i}: use step(s{i + 1})\n" for i in range(250))
    machine = parse(in_machine(f"{calls}s250: halt\nmacro step(state next)\n a: * -> 1 R b\n b: * -> R next")).machine
    assert len(machine.states) == 501


# Include


def test_include_brings_macros_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "find.tm").write_text('include "put.tm"\n' + FIND)
    (tmp_path / "more" / "put.tm").write_text(
        'machine other\nblank 0\nx: 0 -> R halt\ntest "" halts\nmacro put(symbol s, state next)\n only: * -> s S next'
    )
    text = 'include "more/find.tm"\ninclude "more/put.tm"\n' + in_machine("a: _ -> S find(1, R, put(0, halt))")
    program = parse(text, str(tmp_path / "main.tm"))
    assert set(program.machine.states) == {"a", "find(1, R, put(0, halt))", "put(0, halt)", "halt"}
    assert program.tests == ()
    assert {rule.origin for rule in program.machine.rules} == {"main.tm:6", "find.tm:4", "find.tm:5", "put.tm:6"}


def test_mistakes_in_an_included_file_are_named_there(tmp_path: Path) -> None:
    (tmp_path / "p.tm").write_text("macro p()\n a: 0 -> R nowhere\n b ->")
    with pytest.raises(LanguageError) as caught:
        parse('include "p.tm"\n' + in_machine("a: _ -> S p()"), str(tmp_path / "main.tm"))
    assert [(each.code, each.span.source.name, each.span.line) for each in caught.value.diagnostics] == [
        ("E014", "p.tm", 2), ("E007", "p.tm", 3),
    ]  # fmt: skip


def test_a_missing_include_does_not_make_its_macros_mistakes() -> None:
    assert errors('include "no.tm"\n' + in_machine("a: _ -> S p()")) == [("E027", 1)]


# Several mistakes


def test_all_independent_mistakes_in_one_run() -> None:
    assert errors(
        "machine m\n"
        "blank _ _\n"  # 2
        "symbols 0 0\n"  # 3
        "start frist\n"  # 4
        "first: 0 -> 1 R\n"  # 5: 1 is not declared
        "   0 -> L scond\n"  # 6: no such state
        "   0 _\n"  # 7
        "second: 0 -> 0\n"  # 8: no move
        "   _ -> R first extra\n"  # 9
        'test "2" halts\n'  # 10
        'test "0" halts as lost and'  # 11
    ) == [
        ("E007", 2), ("E019", 3), ("E022", 4), ("E018", 5), ("E016", 6), ("E014", 6), ("E008", 7), ("E012", 8),
        ("E013", 9), ("E035", 10), ("E007", 11),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "codes"),
    [
        ("macro p(symbol x state y)", [("E032", 4), ("E030", 5), ("E007", 6)]),  # what it means is clear
        ("macro p symbol x, state y", [("E032", 4), ("E030", 5), ("E007", 6)]),
        ("macro p(symbol)", [("E030", 5), ("E007", 6)]),  # only the name is clear
        ("piece p(symbol x, state y)", [("E032", 4), ("E030", 5), ("E044", 6)]),
        ("macro (symbol x, state y)", [("E007", 6)]),  # nothing is
    ],
)
def test_a_broken_header_hides_as_little_as_it_can(header: str, codes: list[tuple[str, int]]) -> None:
    assert errors(in_machine(f"a: 0 -> R p(1)\n _ -> R q(1)\n{header}\n b: * -> x R y")) == codes


def test_an_unused_macro_has_the_alphabet_of_the_machine() -> None:
    assert errors(in_machine("a: * -> R\nmacro p(symbol x)\n b: 0 x -> 2 S", "symbols 0 1")) == [("E018", 6)]


def test_what_is_defined_twice_is_read_twice() -> None:
    body = "a: _ -> R p()\na: 0 -> R nowhere\nmacro p()\n b: * -> R halt\nmacro p()\n b: * -> R astray"
    assert errors(in_machine(body)) == [("E015", 5), ("E014", 5), ("E031", 8), ("E014", 9)]


def test_a_call_that_is_wrong_hides_no_other_inside_it() -> None:
    body = "a: 0 -> R p(q(1), r(2))\n 1 -> R s(q(3))\nmacro p(state x)\n b: * -> R x"
    assert errors(in_machine(body)) == [("E032", 4), ("E030", 4), ("E030", 4), ("E030", 5), ("E030", 5)]


def test_a_missing_colon_is_one_mistake() -> None:
    assert errors(in_machine("a: 0 -> R b\n _ -> S c\nb\n 0 -> L\nc halt")) == [("E008", 6), ("E008", 8)]


def test_a_state_that_looks_like_a_symbol_of_the_rule_below_is_one_mistake() -> None:
    assert errors(in_machine("a: 0 -> R b\nb 0 -> L")) == [("E014", 4)]


def test_a_file_that_is_cut_has_no_mistakes_of_what_was_not_read() -> None:
    assert {code for code, _ in errors(in_machine("a: 0 -> R later\n" + "oops (\n" * 200 + "later: halt"))} == {"E007"}


@pytest.mark.parametrize(
    "broken", ["blank", "blank _ 0", "blnk _", "start", "symbols", "input ->", "tapes", "machine", "machine m n"]
)
def test_a_broken_setting_is_one_mistake(broken: str) -> None:
    settings = {"machine": "machine m", "blank": "blank _", "start": "start a"}
    settings[broken.split()[0].replace("blnk", "blank")] = broken
    tapes = 2 if broken == "tapes" else 1
    rule = f"{','.join('0' * tapes)} -> {','.join('R' * tapes)} b"
    assert len(errors("\n".join(settings.values()) + f"\na: {rule}\nb: halt")) == 1


def test_a_broken_state_line_still_defines_its_state() -> None:
    assert errors(in_machine("a: _ -> R b\nb: 0 R\n 1 -> L a")) == [("E008", 5)]


def test_a_broken_macro_hides_nothing_and_makes_no_more_mistakes() -> None:
    assert errors(in_machine("a: _ -> R p(halt)\n 0 -> R nowhere\nmacro p(state)\n x: * -> R next")) == [
        ("E014", 5), ("E007", 6),
    ]  # fmt: skip


def test_many_mistakes_are_counted_and_the_first_are_shown() -> None:
    with pytest.raises(LanguageError) as caught:
        parse("machine m\n" + "oops\n" * 50)
    assert len(caught.value.diagnostics) == 51  # and no blank
    assert str(caught.value).count("error[") == 20
    assert str(caught.value).endswith("... and 31 more")


# Passes, and sizes


def test_the_passes_are_functions_that_keep_places() -> None:
    source = SourceText("x.tm", INCREMENT)
    syntax = parse_syntax(source)
    assert parse_syntax(source) == syntax
    assert [line.number for line in syntax.lines] == list(range(1, INCREMENT.count("\n") + 2))
    assert elaborate(syntax) == parse(INCREMENT, "x.tm")


def big(states: int, symbols: int) -> str:
    lines = ["machine big", "blank s0"]
    for state in range(states):
        lines.append(f"q{state}:")
        lines += [
            f"s{a} -> s{(7 * a + state) % symbols} {'LRS'[(a + state) % 3]} q{(17 * state + a) % states}"
            for a in range(symbols)
        ]
    return "\n".join(lines)


def test_a_large_machine() -> None:
    machine = parse(big(500, 20)).machine
    assert (len(machine.states), len(machine.symbols), len(machine.rules)) == (500, 20, 10_000)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000_000,
        '"' * 10_000_000,
        "\x00" * 10_000_000,
        "\n" * 1_000_000,
        "a: 0 -> R\n" * 1_000_000,
        "machine m\n" + "blank _\n" * 20_000,
        "a:\n" * 20_000,
        "a: " + "(" * 19_000,
        "a: 0 -> R " + "p(" * 9_900,
        "a " * 9_900,
        "a," * 9_900,
        'include "x"\n' * 2_000,
        "machine m\nblank _\n" + "".join(f"q{i}: 0 _ -> R p{i}\n" for i in range(4_000)),
        "machine m\nblank _\nsymbols 0\na: " + "".join(f"s{i} {i} -> R\n" for i in range(4_000)),
    ],
    ids=lambda text: f"{text[:12]!r} x {len(text)}",
)
def test_large_nonsense_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse(text)


def test_copies_that_multiply_are_refused() -> None:
    lines = "".join(f"macro p{i}(state s)\n a: use p{i + 1}(s)\n b: use p{i + 1}(s)\n" for i in range(30))
    assert {
        code for code, _ in errors(in_machine("a: use p0(halt)\n" + lines + "macro p30(state s)\n a: * -> R s"))
    } == {"E038"}
