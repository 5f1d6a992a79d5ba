"""What the checker accepts z3 accepts too, from obligations of its own; what is broken it refutes, with a model."""

import dataclasses
from fractions import Fraction

import numpy as np
import pytest
import typer
import z3
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from triquetra.cli.obligations import obligations
from triquetra.compiler import compile_machine, to_pomdp
from triquetra.machines import InputError, from_busy_beaver
from triquetra.machines.load import load
from triquetra.machines.strategies import machines
from triquetra.verifier import Proved, perturb, quantise, verify
from triquetra.verifier.second_opinion.smt import export

BEAVER = from_busy_beaver("1RB1LB_1LA1RZ")
CELLS = 40
COMPILED = compile_machine(BEAVER, gain=20)


def answers(script):
    """Each query's name with z3's answer."""
    context = z3.Context()
    lines = z3.Z3_eval_smtlib2_string(context.ref(), str(script)).splitlines()
    found = dict(zip(lines[::2], lines[1::2], strict=True))
    assert len(found) == len(script.queries)
    return found


def proofs(machine, form, cells):
    network, pomdp = (form, None) if hasattr(form, "saturation") else (None, form)
    verdict = verify(machine, network, pomdp, cells, robustness=False)
    assert isinstance(verdict, Proved)
    return verdict.certificate.proofs[0]


def violated(machine, form, proof):
    return [name for name, answer in answers(export(machine, form, proof)).items() if answer != "unsat"]


@pytest.mark.parametrize("cells", [None, CELLS])
@pytest.mark.parametrize("name", ["@busy-beaver-3", "@increment", "@one-way-shift"])
def test_what_is_proved_is_proved_by_z3(name, cells):
    machine = load(name).machine
    network = compile_machine(machine).network
    assert violated(machine, network, proofs(machine, network, cells)) == []


@pytest.mark.parametrize("cells", [None, CELLS])
def test_so_it_is_for_the_agent(cells):
    pomdp = COMPILED.pomdp
    assert violated(BEAVER, pomdp, proofs(BEAVER, pomdp, cells)) == []


@pytest.mark.parametrize("cells", [None, CELLS])
def test_radius_and_noise_are_part_of_it(cells):
    verdict = verify(BEAVER, COMPILED.network, cells=cells)
    for proof in verdict.certificate.proofs:
        assert violated(BEAVER, COMPILED.network, proof) == []
    wide = verdict.certificate.proofs[1]
    assert wide.radius > 1
    assert violated(BEAVER, COMPILED.network, dataclasses.replace(wide, radius=wide.radius * 2))
    noisy = verdict.certificate.proofs[2]
    assert noisy.noise > 0
    assert violated(BEAVER, COMPILED.network, dataclasses.replace(noisy, noise=noisy.noise * 2))


@settings(max_examples=12)
@given(machines(max_states=2, max_symbols=2), st.integers(0, 99), st.sampled_from([None, 12]))
def test_random_machines_with_random_weights(machine, seed, cells):
    network = perturb(compile_machine(machine, gain=12).network, 2.0, seed)
    verdict = verify(machine, network, cells=cells, robustness=False)
    if isinstance(verdict, Proved):
        assert violated(machine, network, verdict.certificate.proofs[0]) == []


def test_quantised_weights():
    network = quantise(COMPILED.network, "int8")
    assert violated(BEAVER, network, proofs(BEAVER, network, CELLS)) == []


def changed(**changes):
    return dataclasses.replace(COMPILED.network, **changes)


def scaled(entry, factor):
    weights = COMPILED.network.weights.copy()
    weights.data = weights.data.copy()
    weights.data[entry] *= factor
    return changed(weights=weights)


BROKEN = {
    **{f"synapse {i}": (None, scaled(i, -1.0), "state ") for i in range(0, COMPILED.network.weights.nnz, 3)},
    "half a synapse": (None, scaled(1, 0.4), "state "),
    "half the gain": (None, changed(bias=COMPILED.network.bias / 2), "state "),
    "sees double": (None, changed(sensory_weights=COMPILED.network.sensory_weights[:, ::-1].copy()), "tape 1"),
    "plasticity too weak": (CELLS, changed(rate=5.0), "memory: "),
    "plasticity reversed": (CELLS, changed(rate=-80.0), "memory: "),
    "memory that leaks": (CELLS, changed(bistability=0.9), "memory: "),
    "memory too faint": (CELLS, changed(saturation=1.0), "recall"),
    "place reversed": (CELLS, changed(place_weight=-40.0), "place "),
    "place too weak": (CELLS, changed(place_weight=25.0), "place "),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_refuted_where_it_is_broken(name):
    cells, network, where = BROKEN[name]
    found = violated(BEAVER, network, proofs(BEAVER, COMPILED.network, cells))
    assert found
    assert all(each.startswith(where) for each in found)


@pytest.mark.parametrize(
    "changes", [{"count_floor": 0.4}, {"count_rate": 0.2}, {"bistability": 0.9}], ids=["floor", "rate", "bistability"]
)
def test_an_agents_broken_memory_is_refuted(changes):
    broken = dataclasses.replace(COMPILED.pomdp, **changes)
    assert violated(BEAVER, broken, proofs(BEAVER, COMPILED.pomdp, CELLS))


def test_a_smaller_epsilon_does_not_follow_from_its_margin():
    proof = proofs(BEAVER, COMPILED.network, None)
    epsilon = {name: e * Fraction(999, 1000) for name, e in proof.epsilon.items()}
    found = violated(BEAVER, COMPILED.network, dataclasses.replace(proof, epsilon=epsilon))
    assert "activity of state at its margin" in found


def test_more_cells_than_the_gain_is_good_for():
    proof = proofs(BEAVER, COMPILED.network, CELLS)
    found = violated(BEAVER, COMPILED.network, dataclasses.replace(proof, cells=10**9))
    assert found == [f"recall from {10**9} cells"]


def test_the_model_is_an_activity_at_which_the_drive_is_wrong():
    broken = scaled(0, -1.0)
    script = export(BEAVER, broken, proofs(BEAVER, COMPILED.network, None))
    query = next(
        q for q in script.queries if q.name in violated(BEAVER, broken, proofs(BEAVER, COMPILED.network, None))
    )
    solver = z3.Solver()
    solver.from_string("\n".join([*script.declarations, *(f"(assert {term})" for term in query.assertions)]))
    assert solver.check() == z3.sat
    names = [z3.Real(f"on {name}") for name in broken.axes.basis_names]
    activity = np.array([float(solver.model().eval(name, model_completion=True).as_fraction()) for name in names])
    right, wrong = (network.weights @ activity + network.bias for network in (COMPILED.network, broken))
    unit = int(broken.weights.tocoo().row[0])
    assert right[unit] * wrong[unit] < 0


def test_names_that_smt_lib_cannot_quote():
    machine = dataclasses.replace(BEAVER, states=("a|b", 'q"', "→"))
    network = compile_machine(machine, gain=20).network
    assert violated(machine, network, proofs(machine, network, None)) == []
    assert violated(machine, to_pomdp(network), proofs(machine, to_pomdp(network), None)) == []


def test_a_proof_of_the_other_form_is_bad_input():
    with pytest.raises(InputError, match="network"):
        export(BEAVER, COMPILED.pomdp, proofs(BEAVER, COMPILED.network, None))


def test_the_command_writes_what_z3_reads(tmp_path):
    app = typer.Typer()
    app.command()(obligations)
    out = tmp_path / "increment.smt2"
    result = CliRunner().invoke(app, ["@increment", "--tape", "synaptic", "--cells", "8", "--smt", str(out)])
    assert result.exit_code == 0, result.output
    context = z3.Context()
    lines = z3.Z3_eval_smtlib2_string(context.ref(), out.read_text()).splitlines()
    assert set(lines[1::2]) == {"unsat"}
    result = CliRunner().invoke(app, ["@increment", "--gain", "1"])
    assert result.exit_code == 3
