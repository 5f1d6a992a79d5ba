"""docs/theory.md names functions and tests that are there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "theory.md"
FOLDERS = ("forms", "theory", "compiler", "runtime", "studies")
CODE = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
TESTS = list((ROOT / "tests").rglob("test_*.py"))


def defined(paths: list[Path]) -> set[str]:
    names: set[str] = set()
    for path in paths:
        names |= set(re.findall(r"^ *(?:def|class) (\w+)", path.read_text("utf-8"), re.MULTILINE))
    return names


@pytest.mark.skipif(not PAGE.exists(), reason="an installed copy has no docs")
def test_every_function_and_test_that_the_page_names_exists() -> None:
    text = PAGE.read_text("utf-8")
    quoted = set(re.findall(r"`([\w.]+)`", text))
    tests = {name for name in quoted if name.startswith("test_")}
    functions = {name.rpartition(".")[2] for name in quoted - tests if not name.endswith((".py", ".md"))}
    assert len(tests) > 15 and len(functions) > 20
    assert not tests - defined(TESTS)
    assert not functions - defined(CODE)


@pytest.mark.skipif(not PAGE.exists(), reason="an installed copy has no docs")
def test_equations_are_numbered_in_order() -> None:
    numbers = [int(n) for n in re.findall(r"^\| \((\d+)\)", PAGE.read_text("utf-8"), re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib")
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(compile(code, "theory.md", "exec"), names)
    assert names["sides"].largest_gap < 1e-9 and names["run"].energy.shape == (1000,)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["descent.svg", "learned.safetensors"]
