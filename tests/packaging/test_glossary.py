"""One word, one meaning: public classes have names of their own, and the glossary names what is there."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest
from tests.packaging.test_layout import MODULES, ROOT

ENTRIES = [
    (path, tuple(re.findall(r"`(\w+)`", names or "")))
    for row in (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    if row.startswith("|")
    for path, names in re.findall(r"`([\w/]+\.py)`(?:: ((?:`\w+`(?:, )?)+))?", row.split("|")[3])
]


def classes(path: Path) -> list[str]:
    return [node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ClassDef)]


def test_no_public_class_has_the_name_of_another():
    homes = defaultdict(list)
    for path in (*MODULES, *(ROOT / "src/triquetra").glob("*.py")):
        for name in classes(path):
            if not name.startswith("_"):
                homes[name].append(str(path.relative_to(ROOT)))
    assert len(homes) > 200
    assert {name: paths for name, paths in homes.items() if len(paths) > 1} == {}


def test_the_glossary_has_entries():
    assert len(ENTRIES) > 30


@pytest.mark.parametrize(("path", "names"), ENTRIES)
def test_what_the_glossary_names_is_there(path, names):
    assert set(names) <= set(classes(ROOT / path))
