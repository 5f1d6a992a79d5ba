"""`triquetra energy`: text, JSON and figure of 𝒜 and F along a machine's run."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from typer import Typer
from typer.testing import CliRunner

import triquetra
from triquetra.cli.energy import energy
from triquetra.machines import InputError
from triquetra.runtime.energy import trace_energies

app = Typer()
app.command()(energy)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


def test_the_json_holds_both_energies_by_step_and_population() -> None:
    code, output = run("@increment", "--input", "1011", "--json")
    report = json.loads(output)
    assert code == 0 and report["ended"] == "halted" and report["steps"] == 9  # 8 steps, and the one that finds no rule
    assert report["populations"] == ["read", "state", "halt", "move", "risk"]
    a, f, c = (np.array(report[name]) for name in ("network_energy", "agent_free_energy", "constant"))
    assert a.shape == f.shape == c.shape == (9, 5)
    np.testing.assert_allclose(a, f + c, atol=1e-9)
    assert report["largest_gap"] < 1e-9


def test_at_a_saturated_unit_the_energy_is_minus_half_its_drive() -> None:
    """L = 28 nats: each unit's drive is ±L, so its 𝒜 is −L/2, times 3 read, 3 state, 1 halt, 2 move, 3 risk units."""
    network, pomdp = triquetra.compile(triquetra.load("@increment"), gain=28.0)
    trace = trace_energies(network, pomdp, "1011")
    np.testing.assert_allclose(trace.network, np.tile([-42, -42, -14, -28, -42], (9, 1)), atol=1e-6)
    # F of the first step, by hand. A unit that must come on against its prior costs L; of the symbols read, the two
    # that are not there cost ln 2 each, since the likelihood says nothing of them; no risk, no cost.
    np.testing.assert_allclose(trace.agent[0], [28 + 2 * math.log(2), 28, 28, 28, 0], atol=1e-6)


def test_text_shows_every_population_and_shortens_long_runs() -> None:
    code, output = run("@busy-beaver-4", "--max-steps", "200")
    assert code == 0
    lines = output.splitlines()
    assert lines[0] == "busy-beaver-4: halted after 108 updates"
    assert [line.split()[0] for line in lines if line.strip() == "…"] == ["…", "…"]
    assert sum(line.split()[:1] == ["108"] for line in lines) == 2
    for title in ("𝒜 of the network, nats", "F of the agent, nats"):
        head = lines[lines.index(title) + 1].split()
        assert head == ["step", "read", "state", "halt", "move", "risk", "total"]
    rows = [[float(cell) for cell in line.split()] for line in lines if re.match(r" *\d+ ", line)]
    for row in rows:
        assert sum(row[1:-1]) == pytest.approx(row[-1], abs=0.01)


def test_a_synaptic_tape_has_place_neurons_and_every_tape_its_own() -> None:
    code, output = run("@two-tape-add", "-i", "101", "-i", "11", "--tape", "synaptic", "--cells", "16", "--json")
    report = json.loads(output)
    assert code == 0
    assert report["populations"] == ["read[1]", "read[2]", "state", "halt", "move", "risk", "place[1]", "place[2]"]
    assert report["largest_gap"] < 1e-8


def test_the_statuses_are_those_of_a_run() -> None:
    assert run("@never-halts", "--max-steps", "5")[0] == 3
    code, output = run("@increment", "-i", "1011", "--gain", "1")
    assert code == 1 and "no single symbol" in output.splitlines()[0]
    assert run("@increment", "-i", "1011", "--max-steps", "8")[0] == 0
    code, output = run("@increment", "-i", "1011", "--max-steps", "7", "--json")
    assert code == 3 and json.loads(output)["steps"] == 7


def test_figures_are_drawn_whole_or_refused(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    for kind in ("png", "svg", "pdf"):
        path = tmp_path / f"energy.{kind}"
        assert run("@increment", "-i", "11", "--out", str(path))[0] == 0
        assert path.stat().st_size > 2000
    refused, _ = run("@increment", "-i", "11", "--out", str(tmp_path / "energy.txt"))
    assert refused == 2 and not (tmp_path / "energy.txt").exists()


def test_forms_of_two_machines_are_refused() -> None:
    network, _ = triquetra.compile(triquetra.load("@increment"))
    _, pomdp = triquetra.compile(triquetra.load("@parity"))
    with pytest.raises(InputError, match="not forms of one machine"):
        trace_energies(network, pomdp, "11")
