"""The layout holds: symlinks are there, nothing is imported bare, and dependencies point one way."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("cli", "compiler", "forms", "machines", "runtime", "studies", "theory", "verifier")
MODULES = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]

# Who may import whom, beside itself.
ALLOWED = {
    "machines": set(),
    "forms": {"machines"},
    "theory": {"machines", "forms"},
    "compiler": {"machines", "forms", "theory"},
    "runtime": {"machines", "forms", "theory"},
}
CHECKERS = {"verifier/claim.py": {"machines"}, "verifier/check.py": {"machines", "verifier"}}


def imported(path: Path) -> set[str]:
    """Absolute names of the modules that a file imports; relative ones resolved to triquetra.…"""
    package = ["triquetra", *path.relative_to(ROOT).parent.parts]
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            names.add(module)
            names |= {f"{module}.{alias.name}" for alias in node.names}
    return names


def packages(path: Path) -> set[str]:
    parts = (name.split(".") for name in imported(path))
    return {part[1] for part in parts if part[0] == "triquetra" and len(part) > 1 and part[1] in PACKAGES}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_has_its_symlink(package):
    link = ROOT / "src" / "triquetra" / package
    assert link.is_symlink()
    assert link.resolve() == ROOT / package


def test_no_module_is_imported_bare():
    """A bare `import compiler` makes a second copy of every class."""
    bare = {(str(path.relative_to(ROOT)), name) for path in MODULES for name in imported(path) & set(PACKAGES)}
    assert not bare


@pytest.mark.parametrize("package", ALLOWED)
def test_dependencies_point_one_way(package):
    for path in (ROOT / package).rglob("*.py"):
        assert packages(path) <= ALLOWED[package] | {package}, path


def test_the_two_sides_of_the_theory_do_not_know_each_other():
    """That 𝒜 and F agree is evidence only if each side has its own equations."""
    sides = {"neurons.py": "beliefs", "beliefs.py": "neurons"}
    for name, other in sides.items():
        assert not any(other in part or "correspondence" in part for part in imported(ROOT / "theory" / name)), name


def test_the_two_forms_do_not_know_each_other():
    for path in (ROOT / "runtime").glob("*network*.py"):
        assert not any("pomdp" in name or "theory" in name for name in imported(path)), path
    for path in (ROOT / "runtime").glob("*pomdp*.py"):
        assert not any("network" in name or "theory" in name for name in imported(path)), path


@pytest.mark.parametrize("checker", CHECKERS)
def test_the_claim_and_the_checker_trust_nobody(checker):
    path = ROOT / checker
    assert packages(path) <= CHECKERS[checker]
    assert not any(name.split(".")[0] in {"numpy", "scipy", "numba"} for name in imported(path))
