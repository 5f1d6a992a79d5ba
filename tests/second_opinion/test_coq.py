"""Coq accepts the induction that is written for a machine and its network, and refuses it for a broken one."""

import dataclasses
import shutil
import subprocess
from fractions import Fraction

import pytest
import typer
from typer.testing import CliRunner

from triquetra.cli.obligations import obligations
from triquetra.compiler import compile_machine
from triquetra.machines import InputError, from_busy_beaver
from triquetra.machines.load import load
from triquetra.verifier import perturb, quantise
from triquetra.verifier.second_opinion.coq import to_coq

needs_coq = pytest.mark.skipif(shutil.which("coqc") is None, reason="coqc is not installed (Debian: coq)")
MARGIN = Fraction(18)


def compiled(machine):
    return compile_machine(machine, gain=20).network


def coqc(folder, text):
    path = folder / "agreement.v"
    path.write_text(text, encoding="utf-8")
    return subprocess.run(["coqc", "-q", path.name], cwd=folder, capture_output=True, text=True, timeout=300)


@needs_coq
def test_a_one_way_machine_with_moved_weights_is_accepted_without_any_axiom(tmp_path):
    machine = load("@one-way-shift").machine
    network = quantise(perturb(compiled(machine), 1.0), "bfloat16")  # with 53 bits each, Coq needs a minute
    result = coqc(tmp_path, to_coq(machine, network, Fraction(15)))
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "Closed under the global context"


@needs_coq
def test_the_command_writes_what_coq_accepts(tmp_path):
    app = typer.Typer()
    app.command()(obligations)
    result = CliRunner().invoke(app, ["@increment", "--coq", str(tmp_path / "increment.v")])
    assert result.exit_code == 0, result.output
    accepted = coqc(tmp_path, (tmp_path / "increment.v").read_text())
    assert accepted.returncode == 0, accepted.stderr


@needs_coq
@pytest.mark.parametrize("entry", [0, 5])
def test_a_reversed_synapse_is_refused(tmp_path, entry):
    machine = from_busy_beaver("1RB1LB_1LA1RZ")
    network = compiled(machine)
    weights = network.weights.copy()
    weights.data[entry] *= -1
    result = coqc(tmp_path, to_coq(machine, dataclasses.replace(network, weights=weights), MARGIN))
    assert result.returncode != 0
    assert "Unable to unify" in result.stderr


@needs_coq
def test_the_network_of_another_machine_is_refused(tmp_path):
    machine, other = from_busy_beaver("1RB1LB_1LA1RZ"), from_busy_beaver("1RB1LB_1LA0RZ")
    assert coqc(tmp_path, to_coq(machine, compiled(other), MARGIN)).returncode != 0


def test_several_tapes_and_margins_without_room_are_bad_input():
    machine = load("@two-tape-add").machine
    with pytest.raises(InputError, match="2 tapes"):
        to_coq(machine, compiled(machine), MARGIN)
    beaver = from_busy_beaver("1RB1LB_1LA1RZ")
    with pytest.raises(InputError, match="margin"):
        to_coq(beaver, compiled(beaver), Fraction(1))


def test_names_cannot_end_a_comment():
    machine = dataclasses.replace(from_busy_beaver("1RB1LB_1LA1RZ"), states=("*)", '"', "(*"))
    text = to_coq(machine, compiled(machine), MARGIN)
    data = text.partition("Definition rules")[0]
    assert data.count("(*") == data.count("*)")
    assert '"' not in data
