"""`python -m tests.mutants [MODULE ...]`: every mutant of what the trusted checkers consist of must be noticed.

mutmut makes the mutants. It runs in a copy that holds nothing but one checker, `machines`, and the tests that need no
compiler, so that a mutant takes a fraction of a second and the checkout stays as it is. A mutant that survives is an
error, unless tests/mutants/equivalent.toml says why nobody could notice it.
"""

from __future__ import annotations

import ast
import difflib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
# The modules of each checker, by their names here, and the tests that they are held against.
TRUSTED = ("certificate", "check", "claim", "intervals", "obligations", "reading", "refusal")
HALTING = tuple(
    f"halting_checker.{name}"
    for name in ("algebra", "blocks", "check", "closed", "limits", "plain", "reading", "rules")
)
TESTS = {
    "checker": ("refused", "verifier_units", "verifier/test_refused.py"),
    "halting_checker": tuple(
        f"verifier_halting/{name}"
        for name in (
            "genuine.json", "hostile.py", "truth.py", "test_bounds.py", "test_closed_sets.py", "test_conditions.py",
            "test_forged_halting.py", "test_nothing_false.py", "test_parts.py", "test_rules.py",
        )
    ),
}  # fmt: skip
KILLED = {1, 3, 24, 36, -24, -9, 152}  # exit statuses of a run that failed, or of one that took too long
# Which arguments only say what is refused, where, or what was found; the type of `cast` is for mypy.
WORDS = {
    "require": (1, 2, 3, 4),
    "_expect": (1, 2, 3),
    **dict.fromkeys(("read_json", "_keys", "_digest", "_number", "_numbers", "_proof", "read_tensors"), (1,)),
    "_offsets": (0, 2),
    "at_most": (2, 3),
    "Refused": (0, 1, 2, 3),
    "RefusedHalting": (0,),
    **dict.fromkeys(("ValueError", "cast", "_Taker", "within"), (0,)),
    # the checker of halting; its charges for work are held against the clock in tests/verifier_halting/test_hostile.py
    **dict.fromkeys(
        ("read_object", "read_list", "read_integer", "_patterns", "_enters_rightward", "_cell", "_word", "_middle"),
        (1,),
    ),
    "read_word": (2,),
    **dict.fromkeys(("spend", "keep", "pay", "_pay"), (0, 1, 2)),
}
SETTINGS = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = [{files}]
also_copy = ["tests"]
pytest_add_cli_args_test_selection = ["tests"]
[tool.pytest.ini_options]
addopts = ["--import-mode=importlib", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
pythonpath = ["."]
"""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change that no test noticed: lines taken away and put in."""

    name: str
    module: str
    was: str
    becomes: str

    @property
    def only_words(self) -> bool:
        """Whether it is only the message of a refusal, a charge for work, or a type for mypy that is changed."""
        before, after = _without_messages(self.was), _without_messages(self.becomes)
        return before is not None and before == after


def main(modules: tuple[str, ...]) -> int:
    """Run all mutants; the number of those that survive without a reason."""
    survivors = 0
    for checker in TESTS:
        chosen = tuple(module for module in modules if located(module).startswith(f"verifier/{checker}/"))
        if chosen:
            with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
                stage(Path(folder), checker, chosen)
                survivors += report(Path(folder), chosen)
    return survivors


def located(module: str) -> str:
    """A module's file."""
    return f"verifier/{module.replace('.', '/') if '.' in module else f'checker/{module}'}.py"


def stage(folder: Path, checker: str, modules: tuple[str, ...]) -> None:
    """Copy what is needed into `folder`, and let mutmut run there."""
    home = f"verifier/{checker}"
    package = folder / "src" / "triquetra"
    shutil.copytree(ROOT / "machines", package / "machines", ignore=shutil.ignore_patterns("__pycache__", "library"))
    shutil.copytree(ROOT / home, package / home, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "verifier" / "__init__.py", package / "verifier")
    (package / "__init__.py").write_text("")
    for name in TESTS[checker]:
        source, target = ROOT / "tests" / name, folder / "tests" / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "make*.py"))
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    shutil.copy(ROOT / "tests" / "conftest.py", folder / "tests")
    files = ", ".join(f'"src/triquetra/{located(module)}"' for module in modules)
    (folder / "pyproject.toml").write_text(SETTINGS.format(files=files))
    with (folder / "log").open("w") as log:
        command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(len(os.sched_getaffinity(0)))]
        status = subprocess.run(command, cwd=folder, stdout=log, stderr=log, check=False).returncode
    if not list(folder.glob(f"mutants/src/triquetra/{home}/*.meta")):
        sys.exit(f"mutmut ended with {status}:\n{(folder / 'log').read_text()[-3000:]}")


def report(folder: Path, modules: tuple[str, ...]) -> int:
    """Print the count for each module, and every mutant that survives without a reason."""
    listed = tomllib.loads((ROOT / "tests/mutants/equivalent.toml").read_text())
    listed |= {f"halting_checker.{module}": entries for module, entries in listed.pop("halting_checker", {}).items()}
    reasons = {
        (module, entry["was"].strip(), entry["becomes"].strip()): entry["reason"]
        for module, entries in listed.items()
        for entry in entries
    }
    used, unexplained, total = set(), [], [0] * 5
    print(f"{'module':<24}{'mutants':>9}{'killed':>9}{'only words':>12}{'equivalent':>12}{'survive':>9}")
    for module in modules:
        path = folder / "mutants/src/triquetra" / located(module)
        statuses: dict[str, int | None] = json.loads(Path(f"{path}.meta").read_text())["exit_code_by_key"]
        lines = functions(path)
        alive = [shown(lines, name, module) for name, status in statuses.items() if status not in KILLED]
        words = [mutant for mutant in alive if mutant.only_words]
        rest = [mutant for mutant in alive if not mutant.only_words]
        known = [mutant for mutant in rest if (module, mutant.was, mutant.becomes) in reasons]
        used |= {(module, mutant.was, mutant.becomes) for mutant in known}
        unexplained += [mutant for mutant in rest if mutant not in known]
        row = [len(statuses), len(statuses) - len(alive), len(words), len(known), len(rest) - len(known)]
        total = [a + b for a, b in zip(total, row)]
        print("{:<24}{:>9}{:>9}{:>12}{:>12}{:>9}".format(module, *row), flush=True)
    print("{:<24}{:>9}{:>9}{:>12}{:>12}{:>9}".format("all", *total))
    for mutant in unexplained:
        print(f"\n# {mutant.name}\n[[{mutant.module}]]\nwas = {_toml(mutant.was)}\nbecomes = {_toml(mutant.becomes)}")
    for module, was, _ in sorted(reasons.keys() - used):
        if module in modules:
            print(f"\nequivalent.toml explains a mutant of {module} that there is not, or that is killed: {was}")
    return len(unexplained)


def functions(path: Path) -> dict[str, list[str]]:
    """The lines of every function in a file that mutmut has written: all mutants stand beside their original."""
    tree = ast.parse(path.read_text())
    found = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return {node.name: [line.strip() for line in _plain(node).splitlines()] for node in found}


def shown(lines: dict[str, list[str]], name: str, module: str) -> Mutant:
    """A mutant's change."""
    mutant = name.rpartition(".")[2]
    before, after = lines[re.sub(r"\d+$", "orig", mutant)], lines[mutant]
    changed = list(difflib.ndiff(before, after))
    was, becomes = ("\n".join(line[2:] for line in changed if line[0] == sign) for sign in "-+")
    return Mutant(mutant, module, was, becomes)


def _plain(function: ast.FunctionDef) -> str:
    """A function's text, without its name."""
    return ast.unparse(function).replace(function.name, "_", 1)


def _without_messages(line: str) -> str | None:
    """A statement with its messages blanked; None if there are none."""
    try:
        tree = ast.parse(f"{line}\n pass" if line.endswith(":") else line)
    except SyntaxError:
        return None
    blanked = 0
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, (ast.Name, ast.Attribute)):
            continue
        words = WORDS.get(node.func.id if isinstance(node.func, ast.Name) else node.func.attr)
        if words is not None:
            kept = [each for place, each in enumerate(node.args) if place not in words]
            blanked += len(node.args) - len(kept) + len(node.keywords)
            node.args, node.keywords = kept, []
    return ast.unparse(tree) if blanked else None


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(min(main(tuple(sys.argv[1:]) or (*TRUSTED, *HALTING)), 1))
