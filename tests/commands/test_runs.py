"""run, agree and test: what they refuse, what they say where forms fail, traces, tests counted as tests."""

import json
import shlex

import pytest
from typer.testing import CliRunner

from triquetra.cli import make_app

GOOD = 'machine good\n  blank _\n  input 1\n  s: 1 -> R s\n     _ -> S done\n  done: halt\n\ntest "11" => "11"\n'


def call(*arguments):
    """Status, stdout and stderr."""
    ended = CliRunner().invoke(make_app(arguments[0]), [*map(str, arguments)])
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    return ended.exit_code, ended.stdout, ended.stderr


@pytest.fixture
def artifact(tmp_path):
    call("compile", "@increment", "--out", tmp_path / "saved")
    return tmp_path / "saved"


@pytest.mark.parametrize(
    "option", [("--artifact", "saved"), ("--gain", "20"), ("--dense",), ("--tape", "synaptic"), ("--foreign",)]
)
@pytest.mark.parametrize("form", [(), ("--form", "turing")])
def test_options_of_compiled_forms_are_refused_where_the_table_runs(option, form, artifact, monkeypatch):
    monkeypatch.chdir(artifact.parent)
    status, _, said = call("run", "@increment", "-i", "1011", *form, *option)
    assert status == 2
    assert f"{option[0]} has no effect on the turing form; add --form network, --form pomdp or --form all" in said
    if option != ("--foreign",):
        assert call("run", "@increment", "-i", "1011", "--form", "all", *option)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "@increment", "--every", "2"), "--every is for a trace; add --trace"),
        (("run", "@increment", "--form", "network", "--foreign"), "--foreign is for saved forms; add --artifact"),
        (("run", "@increment", "--form", "netwrok"), "but `network`"),
        (("test", "@increment", "--form", "Turing"), "but `turing`"),
        (("agree", "@increment", "--foreign"), "add --artifact"),
        (("record", "@increment", "--out", "x.csv", "--form", "turing"), "not for this"),
        (("universal", "@parity", "--tape", "synaptic"), "--tape has no effect on the turing form"),
        (("universal", "@parity", "--dense"), "--dense has no effect on the turing form"),
    ],
)
def test_what_has_no_effect_is_refused(arguments, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, _, error = call(*arguments)
    assert status == 2 and said in error


@pytest.mark.parametrize("gain", ["0.5", "1", "2"])
@pytest.mark.parametrize("form", ["network", "pomdp"])
def test_a_form_that_is_too_weak_is_what_fails_and_not_the_machine(form, gain):
    status, said, _ = call("run", "@increment", "-i", "1011", "--gain", gain, "--form", form)
    assert status == 1
    assert f"the {form} fails: " in said
    assert "no rule for what it reads" not in said
    status, said, _ = call("run", "@increment", "-i", "1011", "--gain", gain, "--form", form, "--json")
    described = json.loads(said)
    assert (status, described["verdict"], described["form"]) == (1, "failed", form)
    assert described["unit"] and described["reason"]
    status, said, _ = call("run", "@increment", "-i", "1011", "--gain", gain, "--form", "all")
    assert status == 1
    assert "turing   halted in state done after 8 steps" in said and said.endswith("the forms DISAGREE\n")


def test_a_halt_where_the_machine_has_a_rule_is_a_failure(tmp_path):
    """The network of a machine that lacks a rule, meant by the user for one that has it."""
    (tmp_path / "all.tm").write_text(GOOD)
    (tmp_path / "less.tm").write_text(GOOD.replace("     _ -> S done\n", ""))
    call("compile", tmp_path / "less.tm", "--out", tmp_path / "less")
    asked = ("run", tmp_path / "all.tm", "-i", "11", "--form", "network", "--artifact", tmp_path / "less")
    assert call(*asked)[0] == 2
    status, said, _ = call(*asked, "--foreign")
    assert status == 0 and "halted in state s, which has no rule" in said
    (tmp_path / "less" / "pomdp.json").unlink()
    header = json.loads((tmp_path / "less" / "network.json").read_text()) | {"machine": ""}
    (tmp_path / "less" / "network.json").write_text(json.dumps(header))
    status, said, _ = call(*asked)
    assert status == 1
    assert "the network fails: its halt unit is on in state s reading _, where the machine has a rule" in said


def test_forms_that_part_disagree_and_did_not_reach_a_limit():
    status, said, _ = call("agree", "@increment", "-i", "1011", "--gain", "2", "--json")
    described = json.loads(said)
    assert (status, described["verdict"], described["steps"], described["agree"]) == (1, "disagreement", 5, False)
    assert described["difference"]["step"] == 5
    status, said, _ = call("agree", "@increment", "-i", "1011", "--gain", "2", "--dense")
    margins = [line.split() for line in said.splitlines() if line.split()[:1] == ["margin"]]
    assert status == 1 and margins == [["margin", "0.0153677", "0.0153677"]]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("@never-halts",), 3),
        (("@never-halts", "--max-steps", "0"), 3),
        (("@never-halts", "--tape", "synaptic", "--cells", "9"), 3),
        (("@increment", "-i", "1011"), 0),
        (("@increment", "-i", "1011", "--dense"), 0),
        (("@increment", "-i", "1011", "--max-steps", "7"), 3),
        (("@increment", "-i", "1011", "--max-steps", "8"), 0),
    ],
)
def test_a_comparison_that_reached_its_limit_says_so(arguments, status):
    assert call("agree", *arguments)[0] == status


def test_margins_are_those_of_dense_comparisons():
    assert "margin" not in call("agree", "@increment", "-i", "1011")[1]
    assert "smallest margin" in call("agree", "@increment", "-i", "1011", "--dense")[1]
    assert json.loads(call("agree", "@increment", "-i", "1011", "--json")[1])["margins"] == {}


def rows(said):
    """The lines of a trace."""
    return [line for line in said.splitlines() if line[:8].strip().replace(",", "").isdigit()]


def test_cells_keep_their_columns_in_a_trace():
    status, said, _ = call("run", "@binary-counter", "--max-steps", "60", "--trace")
    assert status == 3
    columns = {}
    for row in rows(said):
        head = row.index("[")
        step = int(row[:8])
        columns[step] = head
    moves = {abs(columns[step + 1] - columns[step]) for step in range(60)}
    assert moves == {2}  # a symbol and what separates it from the next


def test_a_trace_has_what_the_run_has():
    """The dense trace, the engine's and the table's are one, and the last row is the end of the run."""
    seen = []
    for more in (("--form", "turing"), ("--form", "network"), ("--form", "pomdp", "--tape", "synaptic"),
                 ("--form", "network", "--dense")):  # fmt: skip
        seen.append(rows(call("run", "@increment", "-i", "1011", "--trace", *more)[1]))
    assert seen[0] == seen[1] == seen[2] == seen[3]
    assert len(seen[0]) == 9
    assert seen[0][0].split() == ["0", "right", "-8", "[1]0", "1", "1"]
    assert seen[0][-1].split() == ["8", "done", "-8", "1[1]0", "0", "_"]


def test_a_trace_is_bounded_and_thinned():
    status, said, _ = call("run", "@never-halts", "--trace")
    assert status == 3 and len(rows(said)) == 1000 and "the first 1,000 moments; --every N" in said
    said = call("run", "@never-halts", "--trace", "--max-steps", "3000")[1]
    assert len(rows(said)) == 3001 and "moments" not in said
    steps = [
        int(row[:8].replace(",", ""))
        for row in rows(call("run", "@never-halts", "--trace", "--max-steps", "3000", "--every", "700")[1])
    ]
    assert steps == [0, 700, 1400, 2100, 2800]


def test_a_trace_of_a_long_tape_shows_a_window():
    said = call("run", "@increment", "-i", "1" * 50_000, "--trace", "--max-steps", "100000", "--every", "25000")[1]
    assert [int(row[:8].replace(",", "")) for row in rows(said)] == [0, 25_000, 50_000, 75_000, 100_000]
    assert all(len(row) < 90 and "[" in row for row in rows(said))


def test_a_trace_is_in_the_object():
    described = json.loads(call("run", "@increment", "-i", "1011", "--trace", "--every", "4", "--json")[1])
    assert [row["step"] for row in described["trace"]] == [0, 4, 8]
    last = described["trace"][-1]
    (window,), (first,), (head,) = last["windows"], last["window_starts_at"], last["heads"]
    assert window[-first:].startswith("1100") and head == described["head"] and last["state"] == "done"
    described = json.loads(call("run", "@increment", "-i", "1", "--trace", "--form", "all", "--json")[1])
    assert {name: len(each["trace"]) for name, each in described["forms"].items()} == dict.fromkeys(
        ("turing", "network", "pomdp"), 5
    )


def test_symbols_of_any_length_keep_their_columns(tmp_path):
    (tmp_path / "wide.tm").write_text(
        "machine wide\n  blank _\n  input apple b\n"
        "  s: apple -> b R s\n     b -> apple R s\n     _ -> S done\n  done: halt\n"
    )
    said = rows(call("run", tmp_path / "wide.tm", "-i", "apple b apple", "--trace")[1])
    heads = [row.index("[") for row in said]
    assert len(said) == 5 and heads[1] - heads[0] == heads[2] - heads[1] == 6


def test_tests_are_counted_once_whatever_the_forms(tmp_path):
    (tmp_path / "bad.tm").write_text(GOOD + 'test "1" => "11"\ntest "" => ""\n')
    status, said, _ = call("test", tmp_path / "bad.tm")
    assert status == 1
    assert "2 tests passed, 1 failed in 1 file" in said
    assert said.count("FAILED") == 1 and said.count('test "1" => "11"') == 1
    assert "halted in state done after 2 steps" in said and "1[_]" in said
    described = json.loads(call("test", tmp_path / "bad.tm", "--json")[1])
    assert (described["passed"], described["failed"], len(described["tests"])) == (2, 1, 3)
    assert [each["passed"] for each in described["tests"]] == [True, False, True]
    assert described["tests"][1]["tapes"] == ["1"]


def test_the_command_that_is_printed_shows_the_failure_again(tmp_path):
    folder = tmp_path / "a folder"
    folder.mkdir()
    (folder / "bad.tm").write_text(GOOD + 'test "1" => "11"\n')
    said = call("test", folder / "bad.tm")[1]
    again = next(line.strip() for line in said.splitlines() if line.strip().startswith("triquetra run"))
    status, shown, _ = call(*shlex.split(again)[1:])
    assert status == 0 and "halted in state done after 2 steps" in shown


def test_one_bad_file_does_not_stop_the_others(tmp_path):
    (tmp_path / "good.tm").write_text(GOOD)
    (tmp_path / "broken.tm").write_text("machine broken\n  blank\n")
    status, said, error = call(
        "test", tmp_path / "broken.tm", tmp_path / "nowhere.tm", tmp_path / "good.tm", "@increment"
    )
    assert status == 2
    assert "passed, 0 failed in 4 files; mistakes in" in said
    assert "broken.tm" in said and "nowhere.tm" in said and "good.tm" not in said
    assert "error" in error
    described = json.loads(call("test", tmp_path / "broken.tm", tmp_path / "good.tm", "--json")[1])
    assert (described["passed"], [each["file"].endswith("broken.tm") for each in described["errors"]]) == (1, [True])


def test_one_bad_test_line_stops_only_itself(tmp_path):
    (tmp_path / "some.tm").write_text(GOOD + 'test "22" => "2"\ntest "1" => "1"\n')
    assert call("run", tmp_path / "some.tm", "-i", "11")[0] == 0
    assert call("show", tmp_path / "some.tm")[0] == 0
    assert call("agree", tmp_path / "some.tm", "-i", "11")[0] == 0
    status, said, error = call("test", tmp_path / "some.tm")
    assert status == 2
    assert said.startswith("2 tests passed, 0 failed in 1 file; mistakes in ")
    assert "E035" in error and "22" in error


def test_a_long_test_takes_seconds(tmp_path):
    (tmp_path / "long.tm").write_text(GOOD + f'test "{"1" * 9000}" => "{"1" * 9000}"\n')
    status, said, _ = call("test", tmp_path / "long.tm")
    assert (status, said) == (0, "2 tests passed, 0 failed in 1 file\n")


@pytest.mark.parametrize("number", ["-5", "1.5", "x"])
@pytest.mark.parametrize(
    ("command", "option"),
    [("run", "--max-steps"), ("run", "--cells"), ("run", "--every"), ("agree", "--max-steps"), ("agree", "--cells"),
     ("test", "--max-steps"), ("record", "--max-steps"), ("universal", "--max-steps")],
)  # fmt: skip
def test_numbers_that_mean_nothing_are_refused(command, option, number):
    assert call(command, "@increment", option, number)[0] == 2
