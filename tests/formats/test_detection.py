"""Which format a text is in: the reader that is sure reads it; where none is, nobody guesses at a cure."""

import json
import re
from pathlib import Path

import pytest

from triquetra.compiler import compile_machine
from triquetra.forms import save
from triquetra.machines import InputError, from_busy_beaver
from triquetra.machines.formats import FORMATS, FormatError, detect, read, write
from triquetra.machines.formats.detection import Certainty
from triquetra.machines.load import load

BEAVER = from_busy_beaver("1RB1LB_1LA1RZ")
READABLE = [format for format in FORMATS if format.read is not None]


def refusal(source: object) -> str:
    with pytest.raises(InputError) as caught:
        load(source)  # type: ignore[arg-type]
    return str(caught.value)


@pytest.mark.parametrize("format", [format.name for format in READABLE])
def test_exactly_one_reader_is_sure_of_what_was_written(format: str) -> None:
    text = write(BEAVER, format)
    sure = [each.name for each in READABLE if each.recognise and each.recognise(text).certainty is Certainty.SURELY]
    assert sure == [format]
    assert all(each.recognise(text).reason for each in READABLE if each.recognise and each.name in sure)


@pytest.mark.parametrize("format", [format.name for format in READABLE])
def test_text_loads_like_a_file(format: str) -> None:
    """What the front door promises: a path, or text in a known format."""
    text = write(BEAVER, format)
    program = load(text)
    assert program.format == format
    if format != "busy-beaver":
        assert program.machine == BEAVER
    assert load("\ufeff" + text).machine == program.machine


@pytest.mark.parametrize("text", ["Dear all,\nhere is my machine.\n", "1 2 3\n4 5 6\n", "x = 1\ny = 2\n", "§\n§\n"])
@pytest.mark.parametrize("name", ["notes.txt", "machine", "machine.data"])
def test_what_is_in_no_format_is_described(text: str, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    message = refusal(tmp_path / name)
    assert text.split("\n")[0] in message
    assert all(format.name in message for format in READABLE)
    assert "--from" in message
    assert "help: add" not in message


def test_a_suffix_decides_who_explains_what_is_wrong() -> None:
    for suffix, name in ((".jff", "jflap"), ("x.YAML", "turingmachine.io"), (".tm", "tm"), (".csv", "csv")):
        assert detect("hello", suffix).name == name
    assert detect("1RB1LB_1LA1RZ", ".tm").name == "busy-beaver"
    with pytest.raises(InputError, match="no format is recognised"):
        detect("hello", ".txt")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("1RB1LB_1LA1RX0", 1, "row B, cell 2: `0` is not"),
        ("1RB1LB-1LA1RZ", 1, "row A, cell 2: `-1L` is not"),
        ("# the champion\n\n1RB1LB_1LA1R\n", 3, "row B, cell 1: `1R` is not"),
        ("1RB 1LB 1LA 1RH", 1, "does not tell the states apart"),
        ("1RB1Lb_1LA1RZ", 1, "state `b` in lower case"),
        ("B1R B1L  A1L H1R", 1, "row A, cell 0: `B1R` is not"),
        ("1RB1LB_1LA2RZ", 1, "symbol 2, but there are 2 symbols"),
    ],
)
@pytest.mark.parametrize("name", [None, "machine.txt", "machine"])
def test_what_is_nearly_busy_beaver_text_gets_advice_of_its_own(
    text: str, line: int, says: str, name: str | None, tmp_path: Path
) -> None:
    source: object = text
    if name is not None:
        source = tmp_path / name
        (tmp_path / name).write_text(text)
    with pytest.raises(FormatError) as caught:
        load(source)  # type: ignore[arg-type]
    assert (caught.value.line, caught.value.format) == (line, "busy-beaver text")
    assert says in caught.value.problem
    assert re.search("_|1RB|one of them", caught.value.cure)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("1RB1LB_1LA1RZ\n1RB1RZ_1LB0RC_1LC1L?\n", 2, "row C, cell 1: `1L?` is not"),
        ("1RB1LB\n1LA1RZ\n", 1, "a machine on 2 lines"),
        ("1RB1LB_1LA1RZ\n\n1RB1RZ_1LB0RC_1LC1LA\n", 3, "the file holds 2 machines"),
    ],
)
def test_several_lines_where_one_machine_is_read(text: str, line: int, says: str) -> None:
    with pytest.raises(FormatError) as caught:
        read(text)
    assert (caught.value.line, caught.value.format) == (line, "busy-beaver text")
    assert says in caught.value.problem


@pytest.mark.parametrize("name", ["a.tm", "a.txt", "a", "a.json"])
@pytest.mark.parametrize(
    ("text", "says"),
    [
        (write(BEAVER, "dot"), "a drawing for Graphviz"),
        ("// made by hand\nstrict graph {\n a -- b\n}\n", "a drawing for Graphviz"),
        (write(BEAVER, "graphml"), r"a drawing or a page \(GraphML\)"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>\n', r"a drawing or a page \(SVG\)"),
        ('{"format": "triquetra certificate", "version": 1}\n', "`triquetra check CERTIFICATE MACHINE`"),
        ('{"format": "triquetra halting certificate 1"}\n', "`triquetra check-halts CERTIFICATE MACHINE`"),
        ('{"machine": "x", "steps": 5}\n', "it is JSON"),
        ("step,read:0,read:1,state:A\n0,0.0,0.0,1.0\n", "`triquetra decompile` reads the machine off it"),
        ("\x89PNG\r\n\x1a\n\0\0", "no text in UTF-8"),
    ],
)
def test_what_is_known_to_be_something_else_gets_one_sentence(text: str, says: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text)
    message = refusal(path)
    assert message.startswith(f"{path} is not a machine: ") and "\n" not in message
    assert re.search(says, message)


@pytest.mark.parametrize("raw", [b"\x89PNG\r\n\x1a\n\0\0", "state,0\n".encode("utf-16")])
def test_bytes_that_are_no_text_get_one_sentence(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(raw)
    assert refusal(tmp_path / "a.csv").endswith("is not a machine: it is no text in UTF-8; a machine is a text file")


def test_the_header_of_a_saved_network_gets_one_sentence(tmp_path: Path) -> None:
    save(compile_machine(BEAVER).network, tmp_path)
    assert "part of a saved network" in refusal(tmp_path / "network.json")
    assert json.loads((tmp_path / "network.json").read_text())["format"] == "triquetra"


def test_two_readers_that_are_sure_are_both_named() -> None:
    """A table of states whose cells are rules of the simulator, too."""
    text = ";r\n0 1 0 r 0;L A\n0 0 1 l 0;R B\n"
    with pytest.raises(InputError, match="several formats are possible") as caught:
        detect(text)
    assert "(csv)" in str(caught.value) and "(morphett)" in str(caught.value)
    assert detect(text, "x.txt").name == "morphett"
    assert detect(text, "x.csv").name == "csv"


def test_spaces_without_end_do_not_keep_a_reader_busy() -> None:
    for text in (" " * 200_000 + "x", "1RB " + " " * 200_000 + "1RB\n", "a" + " " * 200_000 + "-\n" * 3):
        with pytest.raises(InputError):
            read(text)
