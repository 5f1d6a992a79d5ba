"""docs/formats.md says what is so."""

import re
import sys
from pathlib import Path

import pytest

from triquetra.cli import main
from triquetra.machines.formats import FORMATS

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")


def test_the_table_lists_every_format() -> None:
    rows = re.findall(r"^\| (.+?) \| `(.+?)` \| (.+?) \|", PAGE, re.MULTILINE)
    assert sorted((name, title, tuple(re.findall(r"`(.+?)`", suffixes))) for title, name, suffixes in rows) == sorted(
        (format.name, format.title, format.suffixes) for format in FORMATS
    )


def test_the_python_example_runs() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(code, "docs/formats.md", "exec"), {})


def test_commands_print_what_the_page_shows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = re.findall(r"^    \$ (triquetra .*)\n((?:    .*\n|\n)*)", PAGE, re.MULTILINE)
    assert shown
    for command, output in shown:
        monkeypatch.setattr(sys, "argv", command.split())
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code
        assert capsys.readouterr().out.strip() == re.sub(r"^    ", "", output, flags=re.MULTILINE).strip()
