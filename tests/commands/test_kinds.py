"""What holds for every command: each is tried, so that a new one is too."""

from __future__ import annotations

import contextlib
import importlib
import itertools
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from triquetra.cli import COMMANDS, make_app
from triquetra.cli.output import count

from .examples import BEAVER, EXAMPLES, call, commands, long_name, prepare, replaced

NAMES = [name.replace("_", "-") for name in COMMANDS]
UNDEFINED_FIRST = "---1RB_1LA1RZ"
OUTPUTS = ("--out", "--dot", "--graphml", "--draw", "--smt", "--coq")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    prepare(folder)
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh copy of the examples' files, and the current folder of calls in this process."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def here(*arguments: str) -> tuple[int, str]:
    """Status and all that is printed by a call in this process; nothing may come out of it but an exit."""
    ended = CliRunner().invoke(make_app(arguments[0].replace("-", "_")), arguments, prog_name="triquetra")
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    return ended.exit_code, ended.output


def parameters() -> Iterator[tuple[str, Any]]:
    """Commands, and their options."""
    for name, command in commands().items():
        for parameter in command.params:
            if parameter.param_type_name == "option":
                yield name, parameter


def test_every_command_has_an_example() -> None:
    assert set(EXAMPLES) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_full_disk_behind_stdout_is_said_and_is_no_finding(name: str, folder: Path) -> None:
    """Status 2 and one sentence, not the 1 of a disagreement and no traceback."""
    with open("/dev/full", "w") as full:
        ended = call(name, *EXAMPLES[name], folder=folder, stdout=full, unbuffered=name < "d")
    assert ended.status == 2
    assert ended.err.splitlines()[-1] == "error: standard output cannot be written: No space left on device"


@pytest.mark.parametrize("arguments", [(), ("--help",), ("--version",), ("run", "-h"), ("library", "increment")])
def test_help_on_a_full_disk(arguments: tuple[str, ...], folder: Path) -> None:
    with open("/dev/full", "w") as full:
        ended = call(*arguments, folder=folder, stdout=full)
    assert ended.status == 2
    assert arguments == () or "cannot be written" in ended.err


@pytest.mark.parametrize("name", NAMES)
def test_a_terminal_without_unicode_gets_ascii(name: str, folder: Path) -> None:
    ended = call(name, *EXAMPLES[name], folder=folder, encoding="ascii")
    assert ended.status == 0, ended.err
    if name != "obligations":  # which prints a file
        assert ended.out.isascii()
        assert not re.search(r"(?<!reading )(?<![\w.,/-])1 (?:[a-z]+ )?[a-z]+[^s\W]s\b", ended.out)  # such as 1 steps


@pytest.mark.parametrize("name", NAMES)
def test_help_names_every_option_at_80_columns_in_ascii(name: str, folder: Path) -> None:
    ended = call(name, "-h", folder=folder, encoding="ascii")
    assert ended.status == 0 and ended.out.isascii()
    status, said = here(name, "--help")
    assert status == 0 and "…" not in said
    assert all(long_name(each) in ended.out for each in commands()[name].params if each.param_type_name == "option")


@pytest.mark.parametrize("name", sorted({name for name, p in parameters() if long_name(p) == "--max-steps"}))
def test_the_default_number_of_steps_is_displayed_and_documented(name: str, folder: Path) -> None:
    said = re.sub(r"[│\s]+", " ", here(name, "--help")[1])
    shown = re.search(r"--max-steps.*?\[default: \(?([\d,]+)", said)
    assert shown is not None
    number = f"{int(shown[1].replace(',', '')):,}"
    page = (Path(__file__).parents[2] / "docs" / "cli.md").read_text().partition("**Steps**")[2].partition("\n* ")[0]
    assert number in page or name == "survey"  # whose steps are watched for cycles only


def numbers() -> Iterator[tuple[str, str, str]]:
    """Options that take a number, and what none of them can take."""
    for name, parameter in parameters():
        function = getattr(importlib.import_module(f"triquetra.cli.{name.replace('-', '_')}"), name.replace("-", "_"))
        hint = typing.get_type_hints(function).get(parameter.name)
        kinds = {hint, *typing.get_args(hint)}
        if kinds & {int, float}:
            real = ("nan", "inf", "-inf", "1e400") if float in kinds else ("nan", "1.5")
            whole = () if float in kinds else (str(10**30), "1" * 400)
            for value in ("-1", *whole, *real):
                yield name, long_name(parameter), value


@pytest.mark.parametrize(("name", "option", "value"), list(numbers()))
def test_a_number_out_of_range_is_refused(name: str, option: str, value: str, folder: Path) -> None:
    status, said = here(name, *replaced(EXAMPLES[name], option, value))
    assert status == 2
    assert option in said.replace("\n", "")


def test_the_options_with_numbers_are_found() -> None:
    found = {(name, option) for name, option, _ in numbers()}
    assert {("run", "--max-steps"), ("test", "--max-steps"), ("decompile", "--clear"), ("study", "--seed")} <= found


def machine_calls() -> list[list[str]]:
    """The examples that name a machine, with one whose first cell is undefined."""
    calls = []
    for name, arguments in EXAMPLES.items():
        if BEAVER in arguments:
            calls.append([name, *(UNDEFINED_FIRST if each == BEAVER else each for each in arguments)])
    return calls


@pytest.mark.parametrize("arguments", machine_calls(), ids=lambda arguments: arguments[0])
def test_a_machine_whose_first_cell_is_undefined_is_no_option(arguments: list[str], folder: Path) -> None:
    """It halts at once, so all that ends otherwise is that the certificates are for another machine."""
    status, said = here(*arguments)
    assert "No such option" not in said and "unexpected" not in said
    assert (status, "another machine" in said) in ((0, False), (1, True))


def test_so_many_commands_take_machines() -> None:
    assert len(machine_calls()) >= 12


def test_an_unknown_option_is_still_named(folder: Path) -> None:
    for machine in (BEAVER, UNDEFINED_FIRST):
        status, said = here("run", machine, "--nosuch")
        assert status == 2 and "--nosuch" in said


def writers() -> Iterator[tuple[str, str, str]]:
    """Commands and options that write a file, and a name that such a file may have."""
    for name, parameter in parameters():
        option = long_name(parameter)
        if option in OUTPUTS and name != "survey":  # which adds to its file
            yield name, option, "there.svg" if option == "--draw" or name == "energy" else "there"
    yield "convert", "", "there.tm"


@pytest.mark.parametrize(("name", "option", "path"), list(writers()))
def test_nothing_is_replaced_without_force(name: str, option: str, path: str, folder: Path) -> None:
    arguments = replaced(EXAMPLES[name], option, path) if option else [BEAVER, path]
    if name == "study":
        arguments += ["--force"]
    status, said = here(name, *arguments)
    assert status == 0, said
    arguments = [each for each in arguments if each != "--force"]
    written = [folder / path] if (folder / path).is_file() else sorted((folder / path).iterdir())
    for file in written:
        file.write_text("dear to somebody")
    status, said = here(name, *arguments)
    assert status == 2 and "--force" in said
    assert all(file.read_text() == "dear to somebody" for file in written)
    status, said = here(name, *arguments, "--force")
    assert status == 0, said
    assert all(file.read_bytes() != b"dear to somebody" for file in written)


def test_who_can_write_can_be_forced() -> None:
    forced = {name for name, parameter in parameters() if long_name(parameter) == "--force"}
    assert forced == {name for name, _, _ in writers()}


def test_every_command_has_json() -> None:
    assert {name for name, parameter in parameters() if long_name(parameter) == "--json"} == set(NAMES)


def test_input_comes_from_files_wherever_it_comes_from_the_command_line() -> None:
    having = {
        option: {name for name, p in parameters() if long_name(p) == option} for option in ("--input", "--input-file")
    }
    assert (
        having["--input"] == having["--input-file"] >= {"run", "agree", "halts", "verify", "tag", "universal", "record"}
    )


@pytest.mark.parametrize("name", ["run", "agree", "halts", "record"])
@pytest.mark.parametrize("way", ["file", "stdin", "file from stdin"])
def test_a_long_input_is_read(name: str, way: str, folder: Path) -> None:
    """More than fits an argument; the machine goes over it and adds a 1, carrying all the way back."""
    ones = 140_000 if name in ("run", "halts") else 300
    (folder / "word.txt").write_text("1" * ones + "\n")
    option = {"file": ["--input-file", "word.txt"], "stdin": ["--input", "-"], "file from stdin": ["--input-file", "-"]}
    out = ["--out", "new.csv"] if name == "record" else []
    stdin = b"1" * ones + b"\r\n"
    ended = call(name, "@increment", *option[way], *out, "--json", folder=folder, stdin=stdin)
    assert ended.status == 0, ended.err
    steps = 2 * ones + 2 + (name == "record")  # which records the step that halts, too
    assert re.search(rf'"steps": "?{steps}\b', ended.out)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "-", "--input", "-"], "standard input, `-`, is named twice"),
        (["run", "@two-tape-add", "-i", "-", "-i", "-"], "named twice"),
        (["run", "@increment", "-i", "1", "--input-file", "word.txt"], "give one of them"),
        (["run", "@increment", "--input-file", "nowhere"], "there is no file nowhere"),
        (["run", "@increment", "--input-file", "latin.txt"], "latin.txt:1: byte 0xe4 is not UTF-8"),
        (["halts", "@increment", "-i", "1", "-i", "1"], "2 inputs"),
        (["run", "@increment", "-i", "1", "-i", "1"], "has 1 tape"),
    ],
)
def test_an_input_that_cannot_be_read(arguments: list[str], said: str, folder: Path) -> None:
    (folder / "latin.txt").write_bytes(b"\xe4")
    status, text = here(*arguments)
    assert (status, said in text) == (2, True), text


@pytest.mark.parametrize("columns", [80, 40])
@pytest.mark.parametrize("arguments", [("show", "wide.tm"), ("show", "@vending-machine"), ("show", "@same-word")])
def test_a_table_loses_nothing(arguments: tuple[str, ...], columns: int, folder: Path) -> None:
    """In a pipe cells stand whole; in a terminal they are folded, so that each character is still there."""
    long = "a-name-that-is-far-wider-than-any-terminal-" * 3
    (folder / "wide.tm").write_text(
        f"machine m\n  blank _\n  symbols x y\n\n  {long}: _ -> x R {long}\n{' ' * 8}x -> y L halt\n"
    )
    piped = call(*arguments, folder=folder).out
    assert "…" not in piped
    shown = in_terminal(arguments, columns, folder)
    assert "…" not in shown
    assert all(len(line) <= columns for line in shown.splitlines() if "\x1b" not in line)

    def letters(text: str) -> list[str]:
        return sorted(re.sub(r"\x1b\[[0-9;]*m|[\s─]", "", text))

    assert letters(shown) == letters(piped)


def in_terminal(arguments: tuple[str, ...], columns: int, folder: Path) -> str:
    """What a call writes to a terminal of so many columns."""
    ours, theirs = pty.openpty()
    ended = call(*arguments, folder=folder, stdout=theirs, columns=columns)
    os.close(theirs)
    chunks = []
    with contextlib.suppress(OSError):  # nobody writes any more
        while chunk := os.read(ours, 1 << 16):
            chunks.append(chunk)
    os.close(ours)
    assert ended.status == 0
    return b"".join(chunks).decode().replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["compile", BEAVER, "--out", "x", "--gain", "30", "--cells", "9"], "--cells"),
        (["compile", BEAVER, "--out", "x", "--gain", "30", "--tolerance", "0.01"], "--tolerance"),
        (["explain", "E014", "--pomdp"], "--pomdp"),
        (["explain", "E014", "--cells", "4"], "--cells"),
        (["explain", BEAVER, "--gain", "30", "--cells", "4"], "--cells"),
        (["explain", BEAVER, "--artifact", "saved", "--cells", "4"], "--cells"),
        (["check", "proof.json", BEAVER, "--json", "--details"], "--details"),
        (["cite", "--json", "--bibtex"], "--bibtex"),
        (["library", "--json", "--markdown"], "--markdown"),
        (["zoo", "--json", "--markdown"], "--markdown"),
        (["show", BEAVER, "--json", "--graph"], "--graph"),
        (["show", BEAVER, "--dot", "-", "--json"], "--dot -"),
        (["show", BEAVER, "--dot", "-", "--draw", "x.svg"], "--dot -"),
        (["show", BEAVER, "--dot", "-", "--graphml", "-"], "--dot -"),
        (["decompile", "saved", "--one-way"], "--one-way"),
        (["obligations", BEAVER, "--json"], "--json"),
        (["obligations", BEAVER, "--cells", "5"], "--cells"),
        (["record", BEAVER, "--out", "x.csv", "--cells", "5"], "--cells"),
        (["universal", BEAVER, "--json", "--trace"], "--trace"),
        (["survey", "2x2", "--out", "x.sqlite", "--count", "5"], "--count"),
        (["survey", "2x2", "--out", "x.sqlite", "--seed", "5"], "--seed"),
        (["survey", "2x2", "--out", "x.sqlite", "--scheduler", "tcp://x", "--workers", "2"], "--workers"),
        (["study", "universal", "--redraw", "--workers", "2"], "--redraw"),
        (["study", "universal", "--blocks", "2"], "blocks"),
        (["tag", "collatz.tag", "--json", "--trace"], "--trace"),
        *(
            (["tag", "collatz.tag", *option], option[0])
            for option in (
                ["--form", "all"], ["--tape", "synaptic"], ["--cells", "4"], ["--gain", "20"], ["--dense"],
                ["--max-steps", "5"],
            )
        ),
    ],
)  # fmt: skip
def test_an_option_without_effect_is_refused(arguments: list[str], said: str, folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    status, text = here(*arguments)
    assert (status, said in text) == (2, True), text
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("command", ["check", "check-halts"])
def test_swapped_arguments_are_one_sentence(command: str, folder: Path) -> None:
    certificate = {"check": "proof.json", "check-halts": "halts.json"}[command]
    for machine in (BEAVER, "@increment", "messy.tm", UNDEFINED_FIRST):
        status, said = here(command, machine, certificate)
        assert status == 2
        right = f"triquetra {command} {certificate} {machine}"
        assert said == f"error: the certificate goes first and the machine second: {right}\n"
    status, said = here(command, "@increment", "@increment")
    assert status == 2 and len(said.splitlines()) == 1 and "the certificate goes first" in said


def test_grammar_of_one() -> None:
    assert [count(n, "step") for n in (0, 1, 2, 1000)] == ["0 steps", "1 step", "2 steps", "1,000 steps"]
    sources = itertools.chain.from_iterable(
        (Path(__file__).parents[2] / part).rglob("*.py")
        for part in ("cli", "machines", "runtime", "studies", "verifier")
    )
    assert not [
        path for path in sources if re.search(r"""(step|cell|tape|machine|run|file|input)\(s\)""", path.read_text())
    ]


def test_a_saved_folder_or_a_missing_one_is_said(folder: Path) -> None:
    status, said = here("run", "saved")
    assert status == 2 and "name the machine, and the folder with --artifact" in said
    status, said = here("decompile", "nowhere")
    assert status == 2 and said == "error: there is no folder of a saved network and no recording nowhere\n"
    assert here("record", BEAVER, "--out", "run.out")[0] == 0  # a recording need not end in .csv
    status, said = here("decompile", "run.out")
    assert status == 0 and said.startswith("machine run")


def test_names_of_the_zoo_are_machines(folder: Path) -> None:
    status, said = here("run", "@antihydra", "--max-steps", "10")
    assert status == 3 and "still running" in said
    for wrong in ("antihydra", "@antihydro"):
        status, said = here("run", wrong)
        assert status == 2 and "`@antihydra`" in said


def test_fmt_of_what_comes_along(folder: Path) -> None:
    status, said = here("fmt", "@increment")
    assert status == 2 and "triquetra library increment > increment.tm" in said


def test_version_and_completion(folder: Path) -> None:
    ended = call("--version", folder=folder)
    assert re.fullmatch(r"triquetra \d+\.\d+\.\d+\n", ended.out)
    environment = {
        **os.environ,
        "_TRIQUETRA_COMPLETE": "complete_bash",
        "COMP_WORDS": "triquetra ver",
        "COMP_CWORD": "1",
    }
    command = [sys.executable, "-c", "import sys; sys.argv[0] = 'triquetra'; from triquetra.cli import main; main()"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["verify"]


def test_json_of_what_had_none(folder: Path) -> None:
    shown = {}
    for arguments in (
        ["fmt", "--check", "messy.tm"], ["fmt", "messy.tm"], ["explain", "E014"], ["explain", BEAVER, "halt"],
        ["convert", BEAVER, "-", "--to", "tm"], ["convert", BEAVER, "b.csv"],
        ["obligations", BEAVER, "--smt", "b.smt2", "--coq", "b.v"],
    ):  # fmt: skip
        status, said = here(*arguments, "--json")
        shown[" ".join(arguments)] = json.loads(said)
        assert status == ("--check" in arguments)
    assert shown["fmt --check messy.tm"]["would_change"] == shown["fmt messy.tm"]["formatted"] == ["messy.tm"]
    assert "E014" in shown["explain E014"]["text"] and shown[f"explain {BEAVER} halt"]["lines"]
    assert shown[f"convert {BEAVER} - --to tm"]["text"].startswith("machine ")
    assert shown[f"convert {BEAVER} b.csv"]["out"] == "b.csv"
    obligations = shown[f"obligations {BEAVER} --smt b.smt2 --coq b.v"]
    assert obligations["written"] == {"coq": "b.v", "smt": "b.smt2"}
    assert obligations["obligations"] == (folder / "b.smt2").read_text().count("(check-sat)")


def test_data_keep_their_letters_where_the_terminal_has_none(folder: Path) -> None:
    """A machine printed for a file is UTF-8 and can be read back; JSON is ASCII that means the same."""
    text = "machine m\n  blank    _\n  symbols  緑\n\n  a:  _  -> 緑 R halt\n"
    (folder / "m.tm").write_text(text)
    ended = call("convert", "m.tm", "-", "--to", "tm", folder=folder, encoding="ascii")
    assert "緑" in ended.out
    ended = call("run", "m.tm", "--json", folder=folder, encoding="ascii")
    assert ended.out.isascii() and json.loads(ended.out)["tape"] == "緑"
    ended = call("run", "m.tm", folder=folder, encoding="ascii")
    assert ended.status == 0 and "\\u7dd1" in ended.out


def test_a_reader_that_goes_away_is_no_error(folder: Path) -> None:
    for arguments, unbuffered in itertools.product((["library"], ["show", BEAVER], ["-h"]), (False, True)):
        read, write = os.pipe()
        os.close(read)
        ended = call(*arguments, folder=folder, stdout=write, unbuffered=unbuffered)
        os.close(write)
        assert (ended.status, ended.err) == (0, "")
