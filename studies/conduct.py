"""Conduct a study from settings to files: run it, save its arrays, write its report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from triquetra.machines import InputError

from . import report
from .adder import figure as adder_figure
from .adder import study as adder
from .adder.digits import mnist, substitute
from .common import Arrays, Progress, load, require, require_extras, save, silent
from .evolution import figure as evolution_figure
from .evolution import study as evolution
from .learning import figure as learning_figure
from .learning import study as learning
from .membrane import figure as membrane_figure
from .membrane import study as membrane
from .noise import figure as noise_figure
from .noise import study as noise
from .universal import figure as universal_figure
from .universal import study as universal


@dataclass(frozen=True)
class Study:
    """Its settings, `run(settings, digits, workers=, progress=)`, its summary and its page.

    `published`: it is one of the theory's three simulations; the others are ours.
    """

    settings: type[Any]
    run: Callable[..., Arrays]
    summary: Callable[[Any, Arrays], dict[str, Any]]
    page: Callable[[dict[str, Any], Arrays, dict[str, Any]], report.Page]
    sees_digits: bool
    published: bool


STUDIES: Mapping[str, Study] = {
    "universal": Study(
        universal.UniversalSettings, universal.run, universal.summary, universal_figure.page, False, True
    ),
    "adder": Study(adder.AdderSettings, adder.run, adder.summary, adder_figure.page, True, True),
    "evolution": Study(
        evolution.EvolutionSettings, evolution.run, evolution.summary, evolution_figure.page, True, True
    ),
    "learning": Study(
        learning.LearningStudySettings, learning.run, learning.summary, learning_figure.page, False, False
    ),
    "membrane": Study(membrane.MembraneSettings, membrane.run, membrane.summary, membrane_figure.page, False, False),
    "noise": Study(noise.NoiseSettings, noise.run, noise.summary, noise_figure.page, False, False),
}


@dataclass(frozen=True)
class Conducted:
    """What a study found, and the files that hold it."""

    results: dict[str, Any]
    files: tuple[Path, ...]


def find(name: str) -> Study:
    """The study of that name. Raises: InputError: there is none."""
    if name not in STUDIES:
        raise InputError(f"there is no study `{name}`; the studies are {', '.join(STUDIES)}")
    return STUDIES[name]


def settings_of(name: str, options: Mapping[str, Any]) -> Any:
    """The settings of a study where `options` are not their defaults. Raises: InputError: an option it has not."""
    settings = find(name).settings
    known = [field.name for field in fields(settings)]
    for option in options:
        require(option in known, f"`{name}` has no {option}; it has {', '.join(known)}")
    return settings(**options)


def conduct(
    name: str,
    options: Mapping[str, Any],
    folder: Path,
    *,
    mnist_folder: Path | None = None,
    workers: int | None = None,
    progress: Progress = silent,
) -> Conducted:
    """Run study `name` and write NAME.npz, NAME.png, NAME.svg and NAME.html into `folder`, which is made if need be.

    Raises: InputError: settings out of range, an extra that is not installed, MNIST files that are not, or a
    folder that cannot be written; all but a full disk before the run begins.
    """
    study = find(name)
    settings = settings_of(name, options)
    require_extras(*report.EXTRAS)
    seeing = study.sees_digits and not getattr(settings, "given", False)
    require(mnist_folder is None or seeing, "no digits are shown in this study, so it has no use for MNIST files")
    digits = None
    if seeing:
        digits = substitute() if mnist_folder is None else mnist(mnist_folder)
    make_folder(folder)
    arrays = study.run(settings, *((digits,) if study.sees_digits else ()), workers=workers, progress=progress)
    described = {"study": name, **asdict(settings), **({"images": digits.source} if digits is not None else {})}
    path = folder / f"{name}.npz"
    save(path, described, arrays)
    results, files = _report(study, settings, described, arrays, folder)
    return Conducted(results, (path, *files))


def redraw(name: str, folder: Path) -> Conducted:
    """Write the report again from NAME.npz in `folder`. Raises: InputError: it is not there, or not of that study."""
    study = find(name)
    path = folder / f"{name}.npz"
    saved = load(path)
    require(saved.settings.get("study") == name, f"{path} holds no study `{name}`")
    own = {field.name: saved.settings[field.name] for field in fields(study.settings) if field.name in saved.settings}
    described = {key: value for key, value in saved.settings.items() if key != "made_by"}
    results, files = _report(study, settings_of(name, own), described, saved.arrays, folder)
    return Conducted(results, (path, *files))


def _report(
    study: Study, settings: Any, described: dict[str, Any], arrays: Arrays, folder: Path
) -> tuple[dict[str, Any], list[Path]]:
    """Summary and report files of a study."""
    results = study.summary(settings, arrays)
    page = study.page(described, arrays, results)
    page = replace(page, command=_command(page.name, settings, described), published=study.published)
    return results, report.write(folder, page)


def _command(name: str, settings: Any, described: Mapping[str, Any]) -> str:
    """The command that makes a study with these settings; what is as published is left out."""
    words = ["triquetra", "study", name]
    for field in fields(settings):
        value = getattr(settings, field.name)
        if value != field.default:
            words += [f"--{field.name}"] if value is True else [f"--{field.name}", str(value)]
    if str(described.get("images", "")).startswith("MNIST"):
        words += ["--mnist", "DIR"]
    return " ".join(words)


def make_folder(folder: Path) -> None:
    """Make `folder` and those above it. Raises: InputError: it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder} cannot be made: {error.strerror}; name another folder with --out") from None
