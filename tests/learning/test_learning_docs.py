"""docs/learning.md: what it shows of `triquetra learn` is what the command prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from triquetra.cli.learn import learn

PAGE = Path(__file__).parents[2] / "docs" / "learning.md"
EXAMPLES = re.findall(r"^    \$ triquetra learn (.*)\n((?:    .*\n)+)", PAGE.read_text("utf-8"), re.MULTILINE)

app = Typer()
app.command()(learn)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 3


@pytest.mark.parametrize("arguments, shown", EXAMPLES, ids=[arguments for arguments, _ in EXAMPLES])
def test_the_command_prints_what_the_page_shows(arguments: str, shown: str) -> None:
    output = CliRunner().invoke(app, arguments.split()).output
    assert [line.strip() for line in output.splitlines()] == [line.strip() for line in shown.splitlines()]
