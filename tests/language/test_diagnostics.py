"""Every diagnostic has a file that provokes it and a golden output; the codes' own examples hold too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from triquetra.machines import LanguageError, parse
from triquetra.machines.language import Diagnostic, codes, explain, render, render_all
from triquetra.machines.language.diagnostics import in_order
from triquetra.machines.load import load

FOLDER = Path(__file__).parent / "diagnostics"
FILES = sorted(path.name for path in FOLDER.glob("[EW]*.tm") if not path.name.endswith("_back.tm"))


def diagnose(name: str) -> tuple[Diagnostic, ...]:
    try:
        program = load(name)
        return in_order((*program.warnings, *program.test_errors))
    except LanguageError as error:
        return error.diagnostics


def found_in(text: str, path: str = "<text>") -> tuple[Diagnostic, ...]:
    try:
        program = parse(text, path)
        return in_order((*program.warnings, *program.test_errors))
    except LanguageError as error:
        return error.diagnostics


@pytest.mark.parametrize("name", FILES)
def test_golden(name: str, monkeypatch: pytest.MonkeyPatch, update_golden: bool) -> None:
    monkeypatch.chdir(FOLDER)
    found = diagnose(name)
    assert name[:4] in {each.code for each in found}
    golden = FOLDER / name.replace(".tm", ".txt")
    text = render_all(found) + "\n"
    if update_golden:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_every_code_has_a_file() -> None:
    assert {name[:4] for name in FILES} == set(codes())


def test_every_code_in_the_source_is_explained() -> None:
    folder = Path(load.__globals__["__file__"]).parent / "language"
    used = {code for path in folder.glob("*.py") for code in re.findall(r'"([EW]\d{3})"', path.read_text("utf-8"))}
    assert used == set(codes())


@pytest.mark.parametrize("code", [each for each in codes().values() if each.wrong], ids=lambda each: each.code)
def test_examples_of_codes(code: object) -> None:
    assert {each.code for each in found_in(code.wrong)} == {code.code}
    assert found_in(code.right) == ()


CURE = re.compile(r"write `([^`]+)`(?:[;,].*)?")


def test_a_cure_that_says_what_to_write_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a help says what to write, and that is written in the place of the carets, the error is gone."""
    monkeypatch.chdir(FOLDER)
    done = set()
    for name in FILES:
        for error in diagnose(name):
            cure, span = CURE.fullmatch(error.help), error.span
            if cure and span.source.name == name:
                text = span.source.text[: span.start] + cure[1] + span.source.text[span.end :]
                left = {(each.code, each.span.start) for each in found_in(text, name)}
                assert (error.code, span.start) not in left, (name, error)
                done.add(error.code)
    assert {"E007", "E008", "E012", "E043", "E044", "E045"} <= done


@pytest.mark.parametrize("name", FILES)
def test_each_diagnostic_has_one_place_and_a_cure(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    for each in diagnose(name):
        assert each.help, each
        before_notes = render(each).split("\nnote: ")[0].split("\n")
        marks = [row.lstrip().lstrip("| ") for row in before_notes[1:5] if re.match(r" *\| +\^", row)]
        assert len(marks) == 1, each
        assert len(re.findall(r"\^+", marks[0].split(" ")[0])) == 1


def test_explain_shows_both_examples() -> None:
    text = explain("e014")
    assert text.startswith("E014: a state has no rules")
    assert "Wrong:" in text and "Right:" in text
