"""README is true: its examples print what it shows, are those of examples/, and its links lead somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("example", ["three_forms.py", "theory.py"])
def test_examples_print_what_is_shown(example, capsys):
    blocks = re.findall(r"```python\n(.*?)```\n\n```\n(.*?)```", README, re.DOTALL)
    source = (ROOT / "examples" / example).read_text(encoding="utf-8")
    ((code, shown),) = [block for block in blocks if block[0] in source]
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out == shown


def test_every_example_is_held():
    assert README.count("```python") == 2


def test_links_lead_somewhere():
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
