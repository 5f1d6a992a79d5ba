"""The learning study in small: its table, its comparison, its page."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from triquetra.machines.load import load
from triquetra.studies.learning import figure, study
from triquetra.studies.learning.baselines import TrainingSettings
from triquetra.studies.report import write


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> study.LearningStudySettings:
    machines = [load(f"@{name}").machine for name in ("increment", "multiply")]
    monkeypatch.setattr(study, "subjects", lambda: machines)
    monkeypatch.setattr(study, "COMPARED", ("increment",))
    monkeypatch.setattr(study, "COMPARED_STEPS", 200)
    monkeypatch.setattr(study, "TAPES", 2)
    monkeypatch.setattr(study, "LENGTHS", (3, 20))
    monkeypatch.setattr(study, "OPTIMISERS", (("sgd", 60.0), ("adam", 0.01)))
    monkeypatch.setattr(
        study, "TRAINING", {name: (kind, TrainingSettings(passes=2)) for name, (kind, _) in study.TRAINING.items()}
    )
    return study.LearningStudySettings(samples=2, steps=300)


def test_the_study_makes_a_table_and_a_page(small: study.LearningStudySettings, tmp_path: Path) -> None:
    arrays = study.run(small)
    assert arrays["names"].tolist() == ["increment", "multiply"]
    assert arrays["shown"].shape == arrays["hidden"].shape == (2, 2)
    assert np.isfinite(arrays["shown"][0]).all() and np.isnan(arrays["shown"][1]).all()
    assert arrays["shown_verdict"].tolist() == ["proved", "partly"]
    results = study.summary(small, arrays)
    assert results["states shown"] == "1 proved, 1 partly after 300 steps"
    assert "25 states, 7 symbols, 102 rules: shown not enough (partly)" in results["multiply"]
    if "compared" in arrays:
        assert arrays["right"].shape == (1, 3, 2)
        assert (arrays["right"][0, 0] == 1).all()  # the local rule, on both lengths
        assert np.isfinite(arrays["gradient"][0, 0]) and np.isnan(arrays["gradient"][0, 1])
    pytest.importorskip("matplotlib")
    pytest.importorskip("jinja2")
    pytest.importorskip("threadpoolctl")
    files = write(tmp_path, figure.page(asdict(small), arrays, results))
    assert {path.suffix for path in files} == {".png", ".svg", ".html"}
    assert "Learning a machine from experience" in (tmp_path / "learning.html").read_text("utf-8")


def test_every_library_machine_of_moderate_size_is_a_subject() -> None:
    machines = study.subjects()
    assert len(machines) > 40
    assert all(len(machine.states) <= study.MOST_STATES for machine in machines)


def test_without_pytorch_there_is_a_table_and_no_comparison(
    small: study.LearningStudySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study, "find_spec", lambda name: None)
    arrays = study.run(small)
    assert "compared" not in arrays and "right" not in arrays
    assert "PyTorch is not installed" in figure.page(asdict(small), arrays, {}).lead
