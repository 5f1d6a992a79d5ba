"""Lists: a file with a machine on each line, for run, halts, verify, convert, lint and survey."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from triquetra.machines import InputError, from_busy_beaver, to_busy_beaver
from triquetra.machines.load import load, load_many

from .examples import Ended, call

BB2, BB3 = "1RB1LB_1LA1RZ", "1RB1RZ_1LB0RC_1LC1LA"  # of the field: halt after 6 and 21 steps, with 4 and 5 marks
ENDLESS = "1RB1LB_1LA1RB"
COMMANDS = {
    "run": ["run", "LIST"],
    "halts": ["halts", "LIST"],
    "verify": ["verify", "LIST", "--no-robustness", "--tape", "external"],
    "convert": ["convert", "LIST", "-", "--to", "busy-beaver"],
    "lint": ["lint", "LIST"],
    "survey": ["survey", "LIST", "--out", "s.sqlite", "--workers", "1"],
}
TEXT = f"""# machines of the field, with steps and marks
{BB2}  6 4

; others write comments so
{BB3}, 21, 5
1RB1LB_1LA1R
// and so
{BB2}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "list.txt").write_text(TEXT)
    (tmp_path / "good.txt").write_text(f"{BB2}\n{BB3}\n")
    return tmp_path


def triquetra(command: str, folder: Path, *more: str, file: str = "list.txt", stdin: bytes = b"") -> Ended:
    arguments = [file if each == "LIST" else each for each in COMMANDS[command]]
    return call(*arguments, *more, folder=folder, stdin=stdin)


@pytest.mark.parametrize("command", COMMANDS)
def test_one_answer_a_line_and_the_status_is_the_worst(command: str, folder: Path) -> None:
    ended = triquetra(command, folder)
    lines = [line for line in ended.out.splitlines() if "1RB1" in line and not line.startswith("  most")]
    mistake = ended.out.splitlines()[2:3] if command == "lint" else ended.err.splitlines()  # it is lint's answer
    assert [line[:54] for line in mistake] == ["error: list.txt:6: row B, cell 1: `1R` is not a symbol"]
    assert [BB2 in lines[0], BB3 in lines[1], BB2 in lines[2], len(lines)] == [True, True, True, 3]
    assert ended.status == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_json_has_an_object_a_line_for_each_machine_and_each_bad_line(command: str, folder: Path) -> None:
    ended = triquetra(command, folder, "--json")
    objects = [json.loads(line) for line in ended.out.splitlines()]
    assert [each["source"] for each in objects] == [f"list.txt:{line}" for line in (2, 5, 6, 8)]
    assert [each["machine"] for each in objects] == [BB2, BB3, "1RB1LB_1LA1R", BB2]
    assert ended.status == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_a_list_without_mistakes_is_fine_also_on_standard_input(command: str, folder: Path) -> None:
    from_file = triquetra(command, folder, file="good.txt")
    assert (from_file.status, from_file.err) == (0, "")
    (folder / "s.sqlite").unlink(missing_ok=True)
    piped = triquetra(command, folder, file="-", stdin=(folder / "good.txt").read_bytes())
    assert (piped.status, piped.err, piped.out[:40]) == (0, "", from_file.out[:40])


def test_the_answers_are_those_of_the_field(folder: Path) -> None:
    answers = [json.loads(line) for line in triquetra("halts", folder, "--json", file="good.txt").out.splitlines()]
    assert [(each["steps"], each["nonblank"]) for each in answers] == [("6", "4"), ("21", "5")]
    assert triquetra("halts", folder, file="good.txt").out.splitlines() == [
        f"{BB2} halts after 6 steps, with 4 marks", f"{BB3} halts after 21 steps, with 5 marks",
    ]  # fmt: skip
    answers = [json.loads(line) for line in triquetra("run", folder, "--json", file="good.txt").out.splitlines()]
    assert [(each["steps"], each["nonblank"]) for each in answers] == [(6, 4), (21, 5)]
    answers = [json.loads(line) for line in triquetra("survey", folder, "--json", file="good.txt").out.splitlines()]
    assert [(each["steps"], each["nonblank"], each["agrees"]) for each in answers] == [
        ("6", "4", True),
        ("21", "5", True),
    ]


def test_the_worst_status_wins(folder: Path) -> None:
    """0 < a limit < a disagreement < bad input; here a limit, and input that one machine cannot read."""
    (folder / "list.txt").write_text(f"{BB2}\n{ENDLESS}\n")
    ended = triquetra("run", folder, "--max-steps", "50")
    assert ended.status == 3
    assert [line.partition("  ")[0] for line in ended.out.splitlines()] == [BB2, ENDLESS]
    (folder / "list.txt").write_text(f"{ENDLESS}\n1RB2LA1LC_0LA2RB1LB_1RZ1RA1RC\n")
    ended = triquetra("run", folder, "--max-steps", "50", "--input", "2")
    assert ended.status == 2
    assert ended.err.startswith("error: list.txt:1: input symbol 1 is `2`") and len(ended.err.splitlines()) == 1


def test_what_comes_of_one_machine_needs_one(folder: Path) -> None:
    for command in ("halts", "verify"):
        ended = triquetra(command, folder, "--out", "c.json")
        assert ended.status == 2 and "--out" in ended.err and not (folder / "c.json").exists()
    for arguments in (["show", "list.txt"], ["agree", "list.txt"], ["convert", "list.txt", "x.tm"]):
        ended = call(*arguments, folder=folder)
        assert ended.status == 2 and len(ended.err.splitlines()) == 1, ended.err


def test_a_list_becomes_a_list_or_files_in_a_folder(folder: Path) -> None:
    ended = triquetra("convert", folder, file="good.txt")
    assert ended.out == f"{BB2}\n{BB3}\n"
    ended = call("convert", "good.txt", "machines/", "--to", "tm", folder=folder)
    assert ended.status == 0 and len(ended.out.splitlines()) == 2
    for text in (BB2, BB3):
        assert to_busy_beaver(load(folder / "machines" / f"{text}.tm").machine) == text
    again = call("convert", "good.txt", "machines/", "--to", "tm", folder=folder)
    assert again.status == 2 and again.err.count("--force") == 2
    ended = call("convert", "list.txt", "all.bb", folder=folder)
    assert ended.status == 2 and (folder / "all.bb").read_text() == f"{BB2}\n{BB3}\n{BB2}\n"


def test_a_survey_of_a_list_answers_for_each_and_goes_on_only_with_the_same(folder: Path) -> None:
    (folder / "list.txt").write_text(f"{BB2} 6\n{ENDLESS}\n{BB2}\n")
    ended = triquetra("survey", folder)
    assert ended.status == 0
    assert ended.out.splitlines()[:3] == [
        f"{BB2}  halts after 6 steps, with 4 marks",
        f"{ENDLESS}  translated cycle",
        f"{BB2}  halts after 6 steps, with 4 marks",
    ]
    assert "2 machines in 1 task" in ended.out
    assert triquetra("survey", folder).out.splitlines()[:3] == ended.out.splitlines()[:3]
    (folder / "list.txt").write_text(f"{BB2}\n{BB3}\n")
    assert "holds the survey list:2" in triquetra("survey", folder).err


@pytest.mark.parametrize(
    "text",
    [
        f"{BB2}\n", f"# a comment\n{BB2}  6 4\n", f"{BB2}, 6\n", f"\n\n  {BB2}\n", f"{BB2} # BB(2)\n",
    ],
)  # fmt: skip
def test_one_machine_among_comments_and_results_is_one_machine(text: str, tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_text(text)
    assert load(path).machine == from_busy_beaver(BB2)


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".txt", "; a comment\n0 0 1 r 0\n0 1 0 r halt\n"),  # Morphett's format
        (".csv", "state,0,1\nA,1RB,1LB\nB,1LA,1RZ\n"),
        (".tm", "machine m\n  blank _\n  a: _ -> R halt\n"),
    ],
)
def test_other_formats_are_no_lists(suffix: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / f"other{suffix}"
    path.write_text(text)
    assert load(path).machine.rules


def test_rows_on_lines_of_their_own_are_not_taken_for_machines(tmp_path: Path) -> None:
    path = tmp_path / "rows.txt"
    path.write_text("1RB1LB\n1LA1RZ\n")
    with pytest.raises(InputError, match="on one line"):
        load(path)


def test_lists_in_other_spellings_keep_their_places(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(f"\ufeff{BB2}\t6\r\n\r\n{BB3}|21\r\n".encode())
    found = load_many(path)
    assert [(each.place, each.text) for each in found] == [(f"{path}:1", BB2), (f"{path}:3", BB3)]  # type: ignore[union-attr]


def test_the_page_shows_what_is_printed(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "cli.md").read_text()
    block = next(part for part in page.split("\n\n") if part.startswith("    $ cat machines.txt"))
    shown = [line.removeprefix("    ") for line in block.splitlines()]
    prompt = shown.index("$ triquetra halts machines.txt")
    (tmp_path / "machines.txt").write_text("\n".join(shown[1:prompt]) + "\n")
    ended = call("halts", "machines.txt", folder=tmp_path)
    assert (ended.status, ended.out.splitlines()) == (0, shown[prompt + 1 :])
