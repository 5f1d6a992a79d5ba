"""`triquetra fmt`, `lint` and `explain` as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from triquetra.cli.explain import explain
from triquetra.cli.fmt import fmt
from triquetra.cli.lint import lint
from triquetra.cli.show import show

NEAT = "machine m\n  blank  _\n\n  a:  _  -> R halt\n"
MESSY = "machine m\nblank _\na: _->R halt"
BROKEN = "machine m\n  blank _\n  a: _ -> R hatl\n  oops\n"

app = typer.Typer()
app.command()(fmt)
app.command()(lint)
app.command()(explain)
app.command()(show)


def triquetra(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(app, arguments, input=stdin)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {"neat": NEAT, "messy": MESSY, "broken": BROKEN}.items():
        (tmp_path / f"{name}.tm").write_text(text)
    return tmp_path


def test_fmt_writes_in_place_and_says_so(folder: Path) -> None:
    result = triquetra("fmt", "neat.tm", "messy.tm")
    assert (result.exit_code, result.stdout) == (0, "formatted messy.tm\n")
    assert (folder / "messy.tm").read_text() == NEAT
    assert triquetra("fmt", "neat.tm", "messy.tm").stdout == ""


def test_fmt_check_changes_nothing(folder: Path) -> None:
    assert triquetra("fmt", "--check", "neat.tm").exit_code == 0
    result = triquetra("fmt", "--check", "neat.tm", "messy.tm")
    assert (result.exit_code, result.stdout) == (1, "would change messy.tm\n")
    assert (folder / "messy.tm").read_text() == MESSY


def test_fmt_of_standard_input(folder: Path) -> None:
    assert triquetra("fmt", "-", stdin=MESSY).stdout == NEAT
    assert triquetra("fmt", "--check", "-", stdin=MESSY).exit_code == 1


def test_fmt_leaves_a_broken_file_alone_and_formats_the_others(folder: Path) -> None:
    result = triquetra("fmt", "broken.tm", "messy.tm")
    assert result.exit_code == 2
    assert result.stderr.startswith("error[E008]")
    assert (folder / "broken.tm").read_text() == BROKEN
    assert (folder / "messy.tm").read_text() == NEAT


def test_lint_reports_mistakes_warnings_and_unreadable_files(folder: Path) -> None:
    (folder / "warning.tm").write_text(NEAT + "      1  -> R\n  b:  _  -> L a\n")
    (folder / "macros.tm").write_text("macro p()\n  a: * -> R halt\n")
    assert (triquetra("lint", "neat.tm", "macros.tm").exit_code, triquetra("lint", "warning.tm").exit_code) == (0, 1)
    result = triquetra("lint", "broken.tm", "warning.tm", "gone.tm")
    assert result.exit_code == 2
    assert [code for code in ("E014", "E008", "W001") if f"[{code}]" in result.stdout] == ["E014", "E008", "W001"]
    assert "`gone.tm` is neither a file" in result.stdout
    assert result.stdout.endswith("3 mistakes, 1 warning in 3 files\n")


def test_lint_as_json(folder: Path) -> None:
    found = json.loads(triquetra("lint", "--json", "broken.tm").stdout)
    assert (found["mistakes"], found["warnings"], found["unreadable"]) == (2, 0, [])
    assert found["diagnostics"][0] == {
        "code": "E014", "message": "state `hatl` has no rules", "label": "goes to a state nobody defines",
        "help": "`halt` is known here", "file": "broken.tm", "line": 3, "column": 13,
    }  # fmt: skip


def test_mistakes_in_tests_are_errors_of_lint_and_a_note_elsewhere(folder: Path) -> None:
    (folder / "tests.tm").write_text(NEAT + '\ntest "0"  halts\ntest ""   halts in 1 step\ntest ""   accepts\n')
    result = triquetra("lint", "tests.tm")
    assert result.exit_code == 2
    assert [line for line in result.stdout.split("\n") if line.startswith("error")] == [
        "error[E035]: `0` is not an input symbol of the machine", "error[E037]: this test can never pass",
    ]  # fmt: skip
    result = triquetra("show", "tests.tm")
    assert result.exit_code == 0
    assert len(result.stderr.splitlines()) == 1 and "tests.tm" in result.stderr and "2" in result.stderr


def test_show_puts_cells_together(folder: Path) -> None:
    (folder / "two.tm").write_text(
        'machine m\nblank _\ntapes 2\nsymbols 0 1 "\\n"\na: *,* -> R,R\n (0 1),* -> *,"\\n" R,S\n 0,0 -> L,L\n'
    )
    lines = [line.split() for line in triquetra("show", "two.tm").stdout.split("\n")]
    assert [line for line in lines if line and line[-1] == "a"] == [
        ["→", "a", "(0", "1),(_", "1)", "1,0", '*,"\\n"', "R,S", "a"],
        ["0,0", "L,L", "a"],
        ["(0", '1),"\\n"', "R,S", "a"],
        ["*,*", "R,R", "a"],
    ]


def test_explain() -> None:
    assert triquetra("explain", "E014").stdout.startswith("E014: a state has no rules\n")
    result = triquetra("explain", "E999")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: there is no code E999")
