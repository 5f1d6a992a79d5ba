"""`triquetra convert` as a user meets it."""

import json
from pathlib import Path

import pytest
from tests.conftest import Command

from triquetra.machines.load import load

DATA = Path(__file__).parent / "data"


def test_round_the_formats_and_back(triquetra: Command, tmp_path: Path) -> None:
    """From one to the next, six times: still the same machine, and its runs on networks could not differ."""
    first = load("@palindrome").machine
    source: str | Path = "@palindrome"
    for suffix in (".jff", ".yaml", ".csv", ".txt", ".tm", ".jff"):
        target = tmp_path / f"palindrome{suffix}"
        status, _, err = triquetra("convert", source, target, "--force")
        assert status == 0, err
        assert load(target).machine == first
        source = target


def test_it_says_what_stays_behind(triquetra: Command, tmp_path: Path) -> None:
    target = tmp_path / "i.jff"
    status, out, err = triquetra("convert", "@increment", target)
    assert (status, out) == (0, f"{target}: {load('@increment').machine}, as JFLAP\n")
    assert err.startswith("note: left behind: 4 tests")


def test_json_lists_what_was_left_out(triquetra: Command, tmp_path: Path) -> None:
    status, out, _ = triquetra("convert", DATA / "copy_two_tapes.jff", tmp_path / "c.csv", "--json")
    found = json.loads(out)
    assert (status, found["from"], found["format"]) == (0, "jflap", "csv")
    assert found["notes"] == [f"{DATA / 'copy_two_tapes.jff'}: left out: 2 positions, 1 note"]
    status, out, _ = triquetra("convert", DATA / "bb3.csv", "-", "--to", "busy-beaver", "--json")
    assert json.loads(out)["text"] == "1RB1RZ_0RC1RB_1LC1LA\n"


@pytest.mark.parametrize("command", ["run", "lint", "show", "agree"])
def test_a_reader_that_is_named_reads(triquetra: Command, command: str, tmp_path: Path) -> None:
    path = tmp_path / "machine.data"
    path.write_text("0 1 is written as x, and so on\n0 1 x r 0\n")
    assert triquetra(command, path)[0] == 2
    path.write_text("; nothing tells\n0 _ _ * halt ; but the name\n")
    assert triquetra(command, path, "--from", "morphett")[0] == 0
    status, out, err = triquetra(command, path, "--from", "dot")
    assert (status, "written but not read" in out + err) == (2, True)


def test_to_standard_output(triquetra: Command) -> None:
    assert triquetra("convert", DATA / "bb3.csv", "-", "--to", "busy-beaver") == (0, "1RB1RZ_0RC1RB_1LC1LA\n", "")


def test_what_a_format_cannot_hold_is_refused_and_nothing_is_written(triquetra: Command, tmp_path: Path) -> None:
    target = tmp_path / "p.bb"
    status, out, err = triquetra("convert", "@palindrome", target)
    assert (status, out) == (2, "")
    assert "halt with accept, reject" in err and "help: use .tm" in err
    assert not target.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("@increment", "x.exe"), "names no format"),
        (("@increment", "-"), "add --to"),
        (("@increment", "-", "--to", "gif"), "there is no format `gif`"),
        ((DATA / "bb3.csv", "-", "--to", "tm", "--from", "jflap"), "bb3.csv:1: this is not XML"),
        ((DATA / "bb3.csv", "-", "--to", "tm", "--from", "gif"), "there is no format `gif`"),
        ((DATA / "bb3.csv", "-", "--to", "tm", "--from", "dot"), "written but not read"),
        ((DATA / "none.csv", "-", "--to", "tm"), "neither a file nor"),
    ],
)
def test_bad_requests(triquetra: Command, arguments: tuple[object, ...], message: str) -> None:
    status, _, err = triquetra("convert", *arguments)
    assert status == 2
    assert message in err


def test_a_machine_pasted_in_another_format_runs(triquetra: Command) -> None:
    status, out, _ = triquetra("run", DATA / "anbn.jff", "--input", "aabb", "--form", "all")
    assert status == 0
    assert "all forms agree" in out
