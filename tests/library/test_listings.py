"""`triquetra library` and `triquetra zoo`, and the pages that they print."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from triquetra.cli.library import library
from triquetra.cli.zoo import zoo
from triquetra.machines.catalogue import library as library_files
from triquetra.machines.catalogue import zoo as famous_machines

DOCS = Path(__file__).parents[2] / "docs"


def run(command, *arguments):
    app = typer.Typer()
    app.command()(command)
    return CliRunner().invoke(app, arguments)


def test_library_lists_every_file():
    result = run(library)
    assert result.exit_code == 0
    for file in library_files():
        assert f"\n{file.name} " in result.output


def test_library_as_json():
    listed = {entry["name"]: entry for entry in json.loads(run(library, "--json").output)["library"]}
    assert set(listed) == {file.name for file in library_files()}
    increment = listed["increment"]
    assert (increment["states"], increment["symbols"], increment["tapes"], len(increment["tests"])) == (3, 3, 1, 4)
    assert listed["macros"]["macros"][0]["call"] == "find(symbol goal, move way, state found)"


@pytest.mark.parametrize("name", ["increment", "@increment", "macros"])
def test_library_prints_a_file(name):
    result = run(library, name)
    text = next(file.text for file in library_files() if file.name == name.removeprefix("@"))
    assert result.exit_code == 0
    assert result.output == text
    assert json.loads(run(library, name, "--json").output)["text"] == text


def test_zoo_lists_every_machine():
    result = run(zoo)
    assert result.exit_code == 0
    for one in famous_machines():
        assert f"\n{one.name} " in result.output
        assert json.loads(run(zoo, one.name, "--json").output)["source"] == one.source
        story = run(zoo, one.name).output
        assert one.citation in story and one.source in story


@pytest.mark.parametrize(
    ("command", "wrong", "right"), [(library, "incremant", "increment"), (zoo, "antihydro", "antihydra")]
)
def test_a_name_that_is_not_there_is_refused_with_one_like_it(command, wrong, right):
    result = run(command, wrong)
    assert result.exit_code == 2
    assert right in result.stderr
    assert run(command, right, "--markdown").exit_code == 2


@pytest.mark.parametrize(("command", "page"), [(library, "library.md"), (zoo, "zoo.md")])
def test_the_page_is_what_the_command_prints(command, page, update_golden):
    printed = run(command, "--markdown").output
    if update_golden:
        (DOCS / page).write_text(printed, encoding="utf-8")
    assert (DOCS / page).read_text(encoding="utf-8") == printed
