"""`triquetra study`: files, JSON, repetition, and what it says when something is wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from triquetra.cli.study import study
from triquetra.studies import common, conduct

QUICK = {
    "universal": ["--samples", "2", "--steps", "400"],
    "adder": ["--samples", "2", "--blocks", "8"],
    "evolution": ["--blocks", "8", "--individuals", "5", "--generations", "2", "--landscape", "1", "--given"],
}


def call(*arguments: str | Path) -> Result:
    app = typer.Typer()
    app.command()(study)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.mark.parametrize("name", QUICK)
def test_a_study_leaves_arrays_figure_and_page_the_same_whatever_the_workers(name: str, tmp_path: Path) -> None:
    result = call(name, *QUICK[name], "--seed", "5", "--workers", "3", "--out", tmp_path / "new" / "folder", "--json")
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert said["study"] == name and said["results"]
    files = [Path(path) for path in said["files"]]
    assert sorted(path.name for path in files) == sorted(f"{name}.{kind}" for kind in ("npz", "png", "svg", "html"))
    png, svg, html = (files[0].with_suffix(f".{kind}").read_bytes() for kind in ("png", "svg", "html"))
    assert png.startswith(b"\x89PNG") and b"<svg" in svg
    page = html.decode()
    assert "<title>" in page and "data:image/png;base64," in page
    assert not re.search(r"(src|href)=\"(?!data:)", page)  # self-contained
    saved = common.load(files[0])
    assert saved.settings["study"] == name and saved.settings["seed"] == 5
    again = call(name, *QUICK[name], "--seed", "5", "--workers", "1", "--out", tmp_path / "again")
    assert again.exit_code == 0
    assert all((tmp_path / "again" / path.name).read_bytes() == path.read_bytes() for path in files)


def test_a_report_is_drawn_again_from_its_arrays(tmp_path: Path) -> None:
    assert call("universal", *QUICK["universal"], "--out", tmp_path).exit_code == 0
    page = (tmp_path / "universal.html").read_bytes()
    (tmp_path / "universal.html").unlink()
    assert call("universal", "--redraw", "--out", tmp_path).exit_code == 0
    assert (tmp_path / "universal.html").read_bytes() == page
    (tmp_path / "adder.npz").write_bytes((tmp_path / "universal.npz").read_bytes())
    wrong = call("adder", "--redraw", "--out", tmp_path)
    assert wrong.exit_code == 2 and "holds no study `adder`" in wrong.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["universe"], "there is no study `universe`"),
        (["universal", "--steps", "150"], "a multiple of 100"),
        (["universal", "--blocks", "8"], "`universal` has no blocks"),
        (["universal", "--samples", "0"], "--samples"),
        (["universal", "--seed", "-1"], "--seed"),
        (["universal", "--mnist", "here"], "no use for MNIST"),
        (["adder", "--generations", "4"], "`adder` has no generations"),
        (["adder", "--mnist", "nowhere"], "nowhere holds no file train-images-idx3-ubyte"),
        (["adder", "--redraw", "--seed", "3"], "leave the others out"),
        (["evolution", "--given", "--mnist", "here"], "no use for MNIST"),
    ],
)
def test_bad_input_is_named_with_its_cure(arguments: list[str], message: str, tmp_path: Path) -> None:
    result = call(*arguments, "--out", tmp_path)
    assert result.exit_code == 2 and message in result.stderr, result.output
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = call("universal", *QUICK["universal"], "--out", tmp_path / "file" / "folder")
    assert result.exit_code == 2 and "cannot be made" in result.stderr and "--out" in result.stderr


@pytest.mark.parametrize("missing", ["matplotlib", "jinja2", "sklearn", "threadpoolctl"])
def test_a_missing_extra_is_a_clear_message(missing: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    find = common.find_spec
    monkeypatch.setattr(common, "find_spec", lambda name: None if name == missing else find(name))
    result = call("adder", *QUICK["adder"], "--out", tmp_path)
    assert result.exit_code == 2
    assert missing in result.stderr and "pip install 'triquetra[studies]'" in result.stderr


def test_an_interrupted_study_leaves_no_file(tmp_path: Path) -> None:
    def interrupt(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        conduct.conduct("universal", {"samples": 3, "steps": 4000}, tmp_path, progress=interrupt)
    assert not list(tmp_path.iterdir())


def test_the_text_names_every_result(tmp_path: Path) -> None:
    result = call("adder", *QUICK["adder"], "--out", tmp_path)
    assert result.exit_code == 0
    for name in ("sums", "exact_sums", "misread_bits", "err_B"):
        assert re.search(rf"^{name} +\S", result.stdout, re.MULTILINE)
    assert common.load(tmp_path / "adder.npz").arrays["err_B"].shape == (2, 8)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages of quick runs, of the published simulations and of one of ours, and the evolution's figure."""
    folder = tmp_path_factory.mktemp("pages")
    for name, options in {**QUICK, "noise": ["--samples", "2", "--steps", "3"]}.items():
        assert call(name, *options, "--out", folder).exit_code == 0
    made = {name: (folder / f"{name}.html").read_text("utf-8") for name in (*QUICK, "noise")}
    return made | {"figure": (folder / "evolution.svg").read_text("utf-8")}


def test_a_page_says_whose_simulation_it_is(pages: dict[str, str]) -> None:
    for name in QUICK:
        assert "The simulation is that of T. Isomura" in pages[name]
    assert "Isomura" not in pages["noise"]


def test_a_page_names_the_command_that_made_it(pages: dict[str, str], tmp_path: Path) -> None:
    made = {name: re.findall(r"Made by <code>triquetra study (.*?)</code>", pages[name]) for name in (*QUICK, "noise")}
    assert made["noise"] == ["noise --samples 2 --steps 3"]
    assert made["adder"] == ["adder --samples 2 --blocks 8"]
    ((evolution, universal),) = zip(made["evolution"], made["universal"])
    for name, command in (("evolution", evolution), ("universal", universal)):
        assert call(*command.split(), "--out", tmp_path).exit_code == 0
        assert (tmp_path / f"{name}.html").read_text("utf-8") == pages[name]


def test_pages_speak_in_words(pages: dict[str, str]) -> None:
    """No raw key but as the symbol behind its words, no literal backtick."""
    for name in (*QUICK, "noise"):
        text = re.sub(r"<style>.*?</style>|<img [^>]*>|<code>.*?</code>", "", pages[name], flags=re.DOTALL)
        assert "`" not in text
        tables = re.sub(r", err_\w+", "", text.partition("<table>")[2])
        assert re.findall(r"\b[A-Za-z]+_[A-Za-z]+\b", tables) == []


def test_what_stands_between_backticks_is_code_and_the_rest_is_escaped() -> None:
    from triquetra.studies.report import with_code

    assert str(with_code("a < b `x & y` c")) == "a &lt; b <code>x &amp; y</code> c"


def test_a_run_too_small_says_so(pages: dict[str, str]) -> None:
    assert "too small to find it" in pages["evolution"]
    assert "no genotype held more than 5 %" in pages["figure"]
