"""The layout holds: symlinks are there, nothing is imported bare, and dependencies point one way."""

import ast
import importlib
import subprocess
import sys
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
# What must be trusted, and what it may import beside the standard library and itself.
WALLS = {
    "machines/core": (),
    "verifier/checker": ("triquetra.machines.core",),
    "verifier/halting_checker": ("triquetra.machines.core",),
}
HEAVY = {"lark", "numpy", "scipy", "yaml", "safetensors", "numba", "networkx", "hypothesis", "typer"}


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


@pytest.mark.parametrize("folder", WALLS)
def test_what_is_trusted_imports_nothing_else(folder):
    own = "triquetra." + folder.replace("/", ".")
    for path in (ROOT / folder).rglob("*.py"):
        for name in imported(path):
            inside = any(name == each or name.startswith(f"{each}.") for each in (own, *WALLS[folder]))
            assert inside or name.split(".")[0] in sys.stdlib_module_names - {"importlib"}, (path, name)


@pytest.mark.parametrize("folder", WALLS)
def test_what_is_trusted_loads_nothing_else(folder):
    """In a process of its own, as a user would import it: no parser, no arrays, no other folder's code."""
    own = "triquetra." + folder.replace("/", ".")
    code = f"import sys, {own}; print('\\n'.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert own in loaded
    assert not {name.split(".")[0] for name in loaded} & HEAVY
    around = {".".join(own.split(".")[:i]) for i in range(1, own.count(".") + 1)} | {"triquetra.machines"}
    for name in (name for name in loaded if name.split(".")[0] == "triquetra"):
        assert name in around or name.startswith((own, *WALLS[folder])), name


def test_what_a_folder_names_it_has():
    """`machines` and `verifier` load most of what they name on first use."""
    for package in ("triquetra.machines", "triquetra.verifier"):
        module = importlib.import_module(package)
        assert all(getattr(module, name) is not None for name in module._HOME)
        names = ast.parse(Path(module.__file__).read_text())
        (typed,) = (node for node in names.body if isinstance(node, ast.If))
        assert {alias.name for node in typed.body for alias in node.names} == set(module._HOME)


def test_the_untrusted_half_does_not_lean_on_its_front():
    """No cycle in the verifier: what is found is told by `result`, whose words are made below it."""
    order = ("words", "result", "certify", "refute", "verify", "verification")
    for at, module in enumerate(order):
        later = {f"triquetra.verifier.prover.{name}" for name in order[at:]}
        assert not imported(ROOT / "verifier" / "prover" / f"{module}.py") & later
