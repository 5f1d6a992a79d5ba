"""Files as people have them: real ones run, broken ones get a diagnostic that points at the line."""

import re
import time
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triquetra.machines import InputError, Machine, from_busy_beaver, steps
from triquetra.machines.equivalence import renaming
from triquetra.machines.formats import FORMATS, CannotHold, FormatError, detect, read, write
from triquetra.machines.load import load

HERE = Path(__file__).parent
DATA = sorted((HERE / "data").iterdir())
BROKEN = sorted((HERE / "broken").iterdir())
EXPECT = re.compile(r"expect: (\d+): (.*?)(?: -->)?\n")


def end(machine: Machine, word: str, limit: int = 5000) -> tuple[str | None, str]:
    """Verdict and tape at the end of a run."""
    *_, last = islice(steps(machine, word), limit)
    return machine.verdicts[last.state], machine.spell(last.tapes[0].cells)


@pytest.mark.parametrize(
    ("name", "format", "runs"),
    [
        ("binary_add.yaml", "turingmachine.io", {"11+1": ("halt", "100 1"), "1011+11001": ("halt", "100100 11001")}),
        ("exported.yaml", "turingmachine.io", {"1001": ("accept", "1001"), "101": ("reject", "101")}),
        (
            "palindrome.txt",
            "morphett",
            {"1001001": ("accept", ":)"), "10": ("reject", ":("), "": ("accept", ":)")},
        ),
        ("anbn.jff", "jflap", {"aabb": ("accept", ""), "": ("accept", ""), "aab": (None, ""), "abb": (None, "b")}),
        ("increment.csv", "csv", {"1011": ("halt", "1100")}),
        ("bb3.csv", "csv", {"": ("halt", "111111")}),
        ("bb4.bb", "busy-beaver", {"": ("halt", "10111111111111")}),
    ],
)
def test_real_files_run(name: str, format: str, runs: dict[str, tuple[str | None, str]]) -> None:
    text = (HERE / "data" / name).read_text()
    assert detect(text).name == format
    machine = load(HERE / "data" / name).machine
    assert machine.name == {"binary_add.yaml": "binary addition", "exported.yaml": "divisible by three"}.get(
        name, name.partition(".")[0]
    )
    for word, (verdict, tape) in runs.items():
        assert end(machine, word) == (verdict, tape), word


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.name)
def test_real_files_survive_every_format_that_holds_them(path: Path) -> None:
    machine = load(path).machine
    held = 0
    for format in FORMATS:
        if format.read is None or format.name == "busy-beaver":
            continue
        try:
            text = write(machine, format.name)
        except CannotHold:
            continue
        back = read(text, format=format.name)
        assert back == machine
        held += 1
    assert held >= 3


def test_two_tapes_of_jflap_and_of_a_table() -> None:
    copied = load(HERE / "data" / "copy_two_tapes.jff").machine
    *_, last = steps(copied, "abba")
    assert copied.verdicts[last.state] == "accept"
    assert last.tapes[0] == last.tapes[1]
    table = load(HERE / "data" / "copy.tsv").machine
    *_, last = steps(table, "111")
    assert (table.verdicts[last.state], last.tapes[0]) == ("accept", last.tapes[1])


def test_the_most_specific_line_of_the_simulator_applies() -> None:
    """Each cell of defaults.morphett, worked out by hand."""
    machine = load(HERE / "data" / "defaults.morphett").machine
    found = {
        (machine.states[r.state], machine.symbols[r.read[0]]): (
            machine.symbols[r.write[0]], "LSR"[r.move[0] + 1], machine.states[r.goto],
        )
        for r in machine.rules
    }  # fmt: skip
    assert found == {
        ("0", "_"): ("_", "S", "HALT-accept"),
        ("0", "x"): ("y", "L", "0"),
        ("0", "y"): ("y", "R", "0"),
        ("0", "z"): ("z", "R", "0"),
        ("0", "a"): ("b", "R", "1"),
        ("0", "b"): ("b", "R", "0"),
        **{("1", symbol): ("z", "S", "halt") for symbol in "_xyzab"},
    }
    assert dict(zip(machine.states, machine.verdicts))["HALT-accept"] == "accept"


def test_in_jflap_a_final_state_halts_though_it_has_transitions() -> None:
    machine = load(HERE / "data" / "anbn.jff").machine
    assert machine.verdicts[machine.states.index("q4")] == "accept"
    assert not any(machine.states[rule.state] == "q4" for rule in machine.rules)


def test_in_jflap_a_transition_with_not_yields_to_others() -> None:
    text = (HERE / "data" / "anbn.jff").read_text()
    start = text.index("<transition>")
    extra = "<transition><from>1</from><to>4</to><read>b</read><write>b</write><move>S</move></transition>"
    machine = read(text[:start] + extra + text[start:])
    rule = machine.delta[machine.states.index("q1"), (machine.symbols.index("b"),)]
    assert machine.states[rule.goto] == "q4"


def test_in_jflap_states_of_one_name_are_told_apart() -> None:
    text = (HERE / "data" / "copy_two_tapes.jff").read_text().replace('name="q1"', 'name="q0"')
    assert read(text).states == ("q0#0", "q0#1")


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.name)
def test_broken_files_get_a_diagnostic_at_the_line(path: Path) -> None:
    expected = EXPECT.search(path.read_text())
    assert expected is not None
    with pytest.raises(FormatError) as caught:
        load(path)
    error = caught.value
    assert (error.line, error.problem[: len(expected[2])]) == (int(expected[1]), expected[2])
    assert str(error).startswith(f"{path}:{error.line}: ")
    assert error.expected and error.cure


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("1RB1LB_1LA1RX0", "row B, cell 2"),
        ("1RB_1LA1RZ", "row B has 2 cells, row A has 1"),
        ("1RB2LB_1LA1RZ", "symbol 2"),
    ],
)
def test_broken_busy_beaver_text(text: str, problem: str) -> None:
    with pytest.raises(FormatError, match=problem):
        read(text, format="busy-beaver")


SYMBOLS = [chr(0x4E00 + i) for i in range(200)]
TRANSITION = "<transition><from>0</from><to>0</to><read>{}</read><write>~</write><move>R</move></transition>"


@pytest.mark.parametrize(
    "text",
    [
        # an alias, two wildcards, and JFLAP's `~`: each makes 200 × 20 rules of a few lines
        "blank: _\nstart state: s0\ntable:\n  s0: &row\n"
        + "".join(f"    {symbol}: R\n" for symbol in SYMBOLS)
        + "".join(f"  s{i}: *row\n" for i in range(1, 20)),
        "".join(f"{i} {symbol} * r {i + 1}\n" for i, symbol in enumerate(SYMBOLS)) + "* * * r *\n",
        "<structure><type>turing</type><tapes>2</tapes><automaton><state id='0'><initial/></state>"
        + "".join(TRANSITION.format(symbol) for symbol in SYMBOLS)
        + "<transition><from>0</from><to>0</to><read tape='1'>~</read><read tape='2'>~</read></transition>"
        + "</automaton></structure>",
    ],
)
def test_a_small_file_may_not_make_a_huge_table(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triquetra.machines.formats.source.MAX_ENTRIES", 1000)
    with pytest.raises(FormatError, match="the table would have more than"):
        read(text)


def tilde(tapes: int) -> str:
    """The file of a machine in which one transition reads anything on all tapes, and others name 94 symbols."""
    parts = "".join(f"<read tape='{i}'>~</read>" for i in range(1, tapes + 1))
    named = "".join(f"<transition><from>0</from><to>0</to><read>{c}</read></transition>" for c in SYMBOLS[:94])
    return (
        f"<structure><type>turing</type><tapes>{tapes}</tapes><automaton><state id='0'><initial/></state>{named}"
        f"<transition><from>0</from><to>0</to>{parts}</transition></automaton></structure>"
    )


@pytest.mark.parametrize(
    "text",
    [
        "machine x\nblank _\ntapes 19\nsymbols 1\ns: " + ",".join("*" * 19) + " -> " + ",".join("R" * 19) + "\n",
        "machine x\nblank _\ntapes 2\nsymbols " + " ".join(f"s{i}" for i in range(94))
        + "\n" + "".join(f"q{i}: *,* -> R,R q{i + 1}\n" for i in range(100)) + "q100: halt\n",
        "machine x\nblank _\ntapes 20\nsymbols 1\ns: " + ",".join(["(_ 1)"] * 20) + " -> " + ",".join("R" * 20) + "\n",
        "machine x\nblank _\na: _ -> R p0(a)\n"
        + "".join(f"macro p{i}(state a)\n t: _ -> R p{i + 1}(a)\n  1 -> R p{i + 1}(t)\n" for i in range(17))
        + "macro p17(state a)\n t: _ -> R a\n",
        "".join(f"{i} {symbol} * r {i + 1}\n" for i, symbol in enumerate(SYMBOLS)) + "".join(
            f"x{i} a a r x{i + 1}\n" for i in range(3000)) + "* * * r *\n",
        "blank: _\nstart state: s0\ntable:\n  s0: &row\n" + "".join(f"    {c}: R\n" for c in SYMBOLS)
        + "".join(f"  s{i}: *row\n" for i in range(1, 2000)),
        tilde(3),
        tilde(5),
    ],
    ids=["19 tapes", "94 symbols", "groups", "macros", "simulator", "aliases", "3 tapes", "5 tapes"],
)  # fmt: skip
def test_what_would_be_huge_is_refused_in_time(text: str) -> None:
    """The expansion is charged before it is done: seconds, whatever a small file stands for."""
    began = time.process_time()
    with pytest.raises(InputError, match="more than"):
        read(text)
    assert time.process_time() - began < 8


def test_large_files_that_write_everything_out_are_read() -> None:
    """20,000 states of two rules and 200 symbols each in three rows of wildcards are no small files."""
    rules = "".join(f"q{i},0,1,R,q{i + 1}\nq{i},1,1,L,q0\n" for i in range(20_000))
    assert len(read("# blank: 0\nstate,read,write,move,goto\n" + rules).rules) == 40_000
    lines = "".join(f"q{i}: 0 -> 1 R q{i + 1}\n 1 -> L q0\n" for i in range(5_000))
    assert len(read(f"machine m\nblank 0\n{lines}q5000: halt\n").rules) == 10_000


@pytest.mark.parametrize("text", ["[" * 20_000, "blank: _\ntable: " + "{a: " * 5000, "<a>" * 100_000, "- " * 20_000])
@pytest.mark.parametrize("format", ["turingmachine.io", "jflap"])
def test_deep_nesting_is_refused(text: str, format: str) -> None:
    with pytest.raises(FormatError):
        read(text, format=format)


def mutated(text: str) -> st.SearchStrategy[str]:
    """The text with a part taken out, doubled, or replaced."""

    def change(first: int, length: int, new: str, keep: bool) -> str:
        return text[: first + (length if keep else 0)] + new + text[first + length :]

    place = st.integers(0, len(text))
    piece = st.sampled_from(
        ["", "\n", "<", ">", '"', "'", ":", "{", "}", "[", "*", "~", "!", "0", "□", ",", "\t", "\x00"]
    )
    return st.builds(change, place, st.integers(0, 40), piece | st.text(max_size=4), st.booleans())


READERS = [format.name for format in FORMATS if format.read is not None and format.name != "tm"]


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.name)
@given(data=st.data())
def test_mutated_files_never_end_in_anything_but_a_message(path: Path, data: st.DataObject) -> None:
    text = data.draw(mutated(path.read_text()))
    try:
        machine = read(text, path.suffix)
    except InputError as error:
        assert "\n" in str(error) or str(error)
    else:
        assert isinstance(machine, Machine)


@pytest.mark.parametrize("format", READERS)
@given(text=st.text())
def test_any_text_is_read_or_refused(format: str, text: str) -> None:
    try:
        read(text, format=format)
    except InputError as error:
        assert isinstance(error, FormatError)


def test_an_unknown_format_lists_those_there_are() -> None:
    bb = from_busy_beaver("1RB1LB_1LA1RZ")
    with pytest.raises(InputError, match="there are: busy-beaver, jflap"):
        write(bb, "gif")
    assert renaming(read(write(bb, "busy-beaver")), bb) is not None


def test_suffixes_decide_where_the_content_does_not() -> None:
    assert detect("hello", ".jff").name == "jflap"
    assert detect("hello", "x.YAML").name == "turingmachine.io"
    assert detect("hello", ".tm").name == "tm"
    assert detect("1RB1LB_1LA1RZ", ".tm").name == "busy-beaver"
