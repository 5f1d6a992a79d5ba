"""Nothing is dropped in silence: what a reader leaves out, and what a format has no room for, is in the notes."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from triquetra.machines import Configuration, Machine, MachineError, Program, Tape, from_busy_beaver, steps
from triquetra.machines.equivalence import renaming
from triquetra.machines.formats import FORMATS, CannotHold, FormatError, input_tapes, read, read_program, write_program
from triquetra.machines.load import load
from triquetra.machines.strategies import machines, tapes

DATA = Path(__file__).parent / "data"
HOLDING = [format.name for format in FORMATS if format.comment is not None]
BEAVER = from_busy_beaver("1RB1LB_1LA1RZ")


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Machines with names, documentation, states that no run enters, and something on their tapes."""
    machine = draw(machines(max_tapes=2, max_states=3))
    if draw(st.booleans()):
        lonely = replace(
            machine,
            states=(*machine.states, "lonely", "over"),
            verdicts=(*machine.verdicts, None, draw(st.sampled_from(["halt", "lost"]))),
        )
        machine = draw(st.sampled_from([lonely, machine]))
    machine = replace(
        machine,
        name=draw(st.sampled_from(["drawn", "a b", "1-2--3", "*"])),
        documentation=draw(st.sampled_from(["", "Says\nwhat it -- does.", "; # <!-- -->"])),
    )
    word = draw(tapes(machine, max_cells=3))
    while word and not word[-1].cells:
        word = word[:-1]
    return Program(machine, inputs=word)


@pytest.mark.parametrize("source", HOLDING)
@pytest.mark.parametrize("target", HOLDING)
@given(program=programs())
@settings(max_examples=15)
def test_between_any_two_formats_nothing_is_lost(source: str, target: str, program: Program) -> None:
    """Machine, name, documentation and input go through both, or one of the two refuses; there is nothing to note."""
    try:
        first = read_program(write_program(program, source).text, format=source)
        written = write_program(replace(first, notes=()), target)
    except CannotHold as error:
        assert error.reason
        return
    second = read_program(written.text, format=target)
    for found in (first, second):
        assert found.machine == program.machine
        assert found.machine.name == program.machine.name
        assert found.machine.documentation == program.machine.documentation
        assert found.inputs == program.inputs
    assert written.notes == ()
    assert not first.behind


@given(program=programs())
def test_what_busy_beaver_text_has_no_room_for_is_named(program: Program) -> None:
    machine = program.machine
    try:
        written = write_program(program, "busy-beaver")
    except CannotHold as error:
        assert error.reason
        return
    back = read(written.text, format="busy-beaver")
    (said,) = written.notes or ("",)
    assert sum(v is None for v in back.verdicts) == sum(v is None for v in machine.verdicts)
    entered = {rule.goto for rule in machine.rules}
    never = [name for s, name in enumerate(machine.states) if machine.verdicts[s] is not None and s not in entered]
    assert all(name in said for name in never)
    merged = sum(v is not None for v in machine.verdicts) - len(never) > 1
    for gone, thing in (
        (program.inputs != (), "what stands on its tapes"),
        (machine.documentation != "", "its documentation"),
        (len(machine.input_symbols) < len(machine.symbols), "its input alphabet"),
        (merged, "halting states it ends in"),
        (machine.symbols != back.symbols, "the names of its symbols"),
    ):
        assert (thing in said) == gone, thing
    if not merged and not never and len(machine.input_symbols) == len(machine.symbols):
        assert renaming(machine, back) is not None
        if "names of its states" not in said:
            running = [name for name, verdict in zip(machine.states, machine.verdicts) if verdict is None]
            assert set(running) <= set(back.states)


def test_states_that_no_run_enters_are_written() -> None:
    text = "1RB1LB_1LA1RZ_0LC1RA"
    assert write_program(Program(from_busy_beaver(text)), "busy-beaver").text == text + "\n"


def test_tests_and_comments_of_a_file_stay_behind_by_name() -> None:
    text = 'machine m  # a machine\n"It says # nothing."\nblank _\n# all of it:\na: _ -> R halt\ntest "" halts\n'
    program = load(text)
    assert program.behind == ("2 comments",)
    assert write_program(program, "jflap").notes == ("left behind: 1 test, 2 comments",)
    assert "cannot" not in write_program(program, "dot").text
    assert "drawing" in write_program(program, "dot").notes[0]


def test_a_note_on_tapes_in_a_file_of_the_language() -> None:
    text = "machine m\nblank _\ninput a\na: a -> R\n"
    program = load(text + '# triquetra: {"tapes": [["_", "a"]]}\n')
    assert program.inputs == (Tape((1,), 1),)
    assert program.notes == ("<text>:5: a run that is given no input starts on `_a`",)
    for note, says in (
        ('{"tapes": [["a"], ["a"]]}', "fills 2 tapes of 1"),
        ('{"tapes": [["b"]]}', "`b` on a tape, which is not an input symbol"),
        ('{"tapes": ["a"]}', "another shape"),
        ('{"states": {"a": "b"}}', "more than tapes"),
    ):
        with pytest.raises(FormatError, match=says):
            load(f"{text}# triquetra: {note}\n")


# JFLAP


def jff(body: str, root: str = "<structure>") -> str:
    return f"{root}<type>turing</type><automaton>{body}</automaton></structure>"


STATES = '<state id="0" name="q0"><initial/></state><state id="1" name="q1"><final/></state>'


def arrow(read: str, write: str = "~", move: str = "R", goto: int = 0) -> str:
    return (
        f"<transition><from>0</from><to>{goto}</to><read>{read}</read><write>{write}</write>"
        f"<move>{move}</move></transition>"
    )


def test_an_exclamation_mark_alone_reads_any_symbol_but_the_blank() -> None:
    """TMTransition.setRead of JFLAP 7 makes `!` into `!` and the blank."""
    alone = read(jff(STATES + arrow("!") + arrow("a", "b", "S", 1)))
    spelled = read(jff(STATES + arrow("!□") + arrow("a", "b", "S", 1)))
    assert alone == spelled
    assert "!" not in alone.symbols
    assert {alone.symbols[rule.read[0]] for rule in alone.rules if rule.goto == 0} == {"b"}


@pytest.mark.parametrize("inner", ["<m0/>", "<m0></m0>", "<m0><automaton/></m0>", "<m0><!-- empty --></m0>", ""])
@pytest.mark.parametrize("outside", [False, True])
def test_an_empty_building_block_is_a_plain_state(inner: str, outside: bool) -> None:
    blocks = (
        '<block id="0" name="q0"><tag>m0</tag><x>1.0</x><y>2.0</y><initial/></block>'
        '<block id="1" name="q1"><tag>m0</tag><final/></block>'
    )
    text = jff(blocks + arrow("a", "b", "R", 1) + ("" if outside else inner))
    if outside:
        text = text.replace("</structure>", f"{inner}</structure>")
    program = load(text)
    assert program.machine == read(jff(STATES + arrow("a", "b", "R", 1)))
    assert program.notes[0] == "<text>: left out: 1 position"


def test_a_transition_that_leaves_a_block_keeps_the_symbol_and_stays() -> None:
    """TMTransducer.createTransition of JFLAP 7: where `block` is true it writes `~` and moves `S`."""
    text = '<transition block="true"><from>0</from><to>1</to><read>a</read></transition>'
    (rule,) = read(jff(STATES + text)).rules
    assert (rule.write, rule.move, rule.goto) == (rule.read, (0,), 1)


def test_a_block_with_a_machine_in_it_is_refused_wherever_it_stands() -> None:
    for inner in ("<m0><automaton><state id='0'/></automaton></m0>", "<m0><block id='0'/></m0>"):
        with pytest.raises(FormatError, match="a building block with a machine inside"):
            read(jff(f'<block id="0" name="q0"><tag>m0</tag><initial/></block>{inner}'))
    with pytest.raises(FormatError, match="a building block with a machine inside"):
        read(jff('<block id="0" name="q0"><initial/><automaton><state id="0"/></automaton></block>'))


def test_a_file_of_another_version_says_which() -> None:
    with pytest.raises(FormatError, match="a file of JFLAP 8") as caught:
        read('<structure type="editor_panel"><structure type="transition_graph"/></structure>')
    assert ".jff" in caught.value.cure


def test_what_jflap_draws_is_left_out_by_name() -> None:
    text = jff(
        '<state id="0"><x>1.0</x><y>2.0</y><label>go</label><initial/><color>red</color></state>'
        '<state id="1" name="q1"><x>1.0</x><y>2.0</y><final/></state>'
        "<transition><from>0</from><to>1</to><read>a</read><controlx>5</controlx><controly>5</controly></transition>"
        "<transition><from>1</from><to>0</to><read>a</read><write>a</write><move>R</move></transition>"
        "<note><text>hello</text><x>1.0</x><y>2.0</y></note>"
    )
    assert load(text).notes == (
        "<text>: left out: 2 positions, 1 label, 1 element <color>, 1 bend, 1 note",
        "<text>:1: the state with the id 0 is called `q0`",
        "<text>:1: no <write>, <move>: JFLAP reads and writes the blank, and moves right",
        "<text>:1: left out: a transition of `q1`, which is final and halts",
    )


# the other readers


def test_keys_of_a_document_that_say_nothing_are_named() -> None:
    keys = "name: x\nblank: ' '\nstart state: a\nsynonyms:\n  go: {R: b}\npositions:\n  a: {x: 1}\n"
    text = f"{keys}table:\n  a:\n    1: go\n  b:\n"
    assert load(text).notes == ("<text>:6: left out: the key `positions`", "<text>:4: synonyms are written out")
    indented = "".join(f"  {line}\n" for line in text.split("\n")[1:] if line)
    exported = f"name: outer\ninput: 'x'\nsource code: |\n{indented}"
    assert load(exported).notes[0] == "<text>:2: left out: the key `input`"
    assert load(exported).machine.name == "outer"


@pytest.mark.parametrize(("given", "cells"), [("'0110'", "0110"), ("0110", "0110"), ("' 01'", " 01"), ("'2'", "2")])
def test_the_input_of_a_document(given: str, cells: str) -> None:
    text = f"input: {given}\nblank: ' '\nstart state: a\ntable:\n  a:\n    [0,1]: R\n"
    program = load(text)
    (tape,) = program.inputs
    machine = program.machine
    assert [machine.symbols[tape[place]] for place in range(len(cells))] == list(cells)
    assert read_program(write_program(program, "turingmachine.io").text).inputs == program.inputs
    assert load(text.replace(given, "''")).inputs == load(text.replace(given, "")).inputs == ()


def test_what_the_simulator_has_on_its_page_is_left_out_by_name() -> None:
    program = load("0 _ _ r 0 !\n0 1 1 * halt ; enough\nhalt 1 1 r 0\n")
    assert program.notes == (
        "<text>: left out: 1 breakpoint",
        "<text>:3: left out: a rule of the state `halt`, which halts by its name",
    )
    assert program.behind == ("1 comment",)


def final(machine: Machine, *inputs: object) -> Configuration:
    *_, last = islice(steps(machine, *inputs), 1000)  # type: ignore[arg-type]
    return last


@pytest.mark.parametrize(
    ("given", "cells", "head"),
    [("1 1", "1_1", 0), ("1_1", "1_1", 0), ("1*10", "110", 1), ("*11", "11", 0), ("11*", "11", 2), (" *1", "_1", 1)],
)
def test_inputs_as_the_simulator_takes_them(given: str, cells: str, head: int) -> None:
    """A space is a blank, and the head begins where `*` stands."""
    program = load("0 1 1 r 0\n0 0 0 r 0\n0 _ _ * halt\n")
    (tape,) = input_tapes(program, [given])
    assert isinstance(tape, Tape)
    names = program.machine.symbols
    assert "".join(names[tape[place - head]] for place in range(len(cells))) == cells
    assert tape == Tape.of(tape.cells, tape.origin)


def test_two_heads_in_an_input_are_refused_and_other_formats_take_words_as_they_are() -> None:
    program = load("0 1 1 r 0\n0 _ _ * halt\n")
    with pytest.raises(MachineError, match="stands twice"):
        input_tapes(program, ["1*1*"])
    assert input_tapes(program, ["11"]) == ("11",)
    assert input_tapes(replace(program, format="tm"), ["1 1"]) == ("1 1",)
    assert input_tapes(program, []) == ()


TABLE = "state,0,1\nq0,1 R q1,1 L q1\nq1,1 L q0,\n"


@pytest.mark.parametrize(
    "text",
    [
        TABLE,
        TABLE.replace("state", ""),
        TABLE.replace("state", "States"),
        TABLE.replace(",", ";"),
        TABLE.replace(",", "\t").replace("state", ""),
        "\ufeff" + TABLE,
        TABLE.replace("\n", "\r\n"),
        'state,0,1\nq0,"1,R,q1","1,L,q1"\nq1,"1,L,q0",---\n',
        'state,0,1\nq0,"q1,1,R","q1,1,L"\nq1,"q0,1,L",...\n',
        'state,0,1\nq0,"(q1, 1, R)","(q1, 1, L)"\nq1,"(q0, 1, L)",-\n',
        "state;0;1\nq0;q1,1,R;q1,1,L\nq1;q0,1,L;\n",
        "state,0,1\nq0,1/q1/R,1/q1/L\nq1,1/q0/L,\n",
        "state,0,1\nq0,1Rq1,1lq1\nq1,1Lq0,\n",
        'state,0,1\nq0,1Rq1,"q1,1,L"\nq1,"q0,1,L",\n',
        "state,0,1,,\nq0,1 R q1,1 L q1,,\nq1,1 L q0,,,\n,,,,\n",
        '"state","0","1"\n"q0","1 R q1","1 L q1"\n"q1","1 L q0",""\n',
        '"# blank: 0",,\nstate,0,1\nq0,1 R q1,1 L q1\nq1,1 L q0,\n',
        "# start: q0;;\nstate;0;1\nq1;1 L q0;\nq0;1 R q1;1 L q1\n",
    ],
)
def test_tables_as_spreadsheets_and_people_write_them(text: str) -> None:
    machine = load(text).machine
    assert renaming(machine, read(TABLE)) is not None
    assert sorted(map(machine.describe_rule, machine.rules)) == ["q0 0 -> 1 R q1", "q0 1 -> 1 L q1", "q1 0 -> 1 L q0"]


def test_how_cells_and_columns_were_read_is_said() -> None:
    assert load('state,0\nq0,"q0,0,R"\n').notes == ("<text>:1: cells are read as goto, write, move",)
    text = "state,read,write,move,goto,remark\nA,_,1,R,A,first\n"
    assert load(text).notes == ("<text>:1: left out: the columns `remark`",)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_survives_a_spreadsheet(separator: str) -> None:
    """Read as rows of fields, padded to one width, and written with quotes where they are needed."""
    machine = load("@palindrome").machine
    text = write_program(Program(machine), "csv").text
    rows = list(csv.reader(io.StringIO(text)))
    width = max(map(len, rows))
    saved = io.StringIO()
    csv.writer(saved, delimiter=separator).writerows([*row, *[""] * (width - len(row))] for row in rows)
    back = read(saved.getvalue())
    assert (back, back.name) == (machine, machine.name)


@given(machines(verdicts=("halt",), max_halting=1, one_way=False, any_input=True), st.randoms())
def test_older_spellings_of_busy_beaver_text_mean_the_same(machine: Machine, random: object) -> None:
    assume(machine.verdicts[machine.start] is None and machine.tapes == 1)
    today = write_program(Program(machine), "busy-beaver").text.strip()
    rows = [[row[at : at + 3] for at in range(0, len(row), 3)] for row in today.split("_")]
    spaced = "  ".join(" ".join(row) for row in rows)
    for text in (spaced, spaced.replace("---", "..."), today.lower(), "\t".join("".join(row) for row in rows)):
        if len(rows) > 1 or " " not in text:
            assert read(text, format="busy-beaver") == read(today)
