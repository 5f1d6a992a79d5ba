"""Noisy runs: without noise they are the network's own, inside the certificate none errs, outside some do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from triquetra.compiler.gain import choose_gain
from triquetra.compiler.to_network import to_network
from triquetra.machines import InputError, Machine, Tape, from_busy_beaver
from triquetra.machines.load import load
from triquetra.machines.strategies import machines_with_input
from triquetra.runtime.network import Memory, NetworkForm
from triquetra.studies.noise import study
from triquetra.studies.noise.simulate import Noise, NoisyNetwork, first_errors
from triquetra.verifier import Proved, verify

BUSY_BEAVER = from_busy_beaver("1RB1LB_1LA0LC_1RZ1LD_1RD0RA")
CELLS = 24


@given(machines_with_input(max_cells=4))
@settings(max_examples=30)
def test_without_noise_every_trial_is_the_network(drawn: tuple[Machine, tuple[Tape, ...]]) -> None:
    machine, (tape,) = drawn
    network = to_network(machine, choose_gain(machine, cells=CELLS))
    form = NetworkForm(network, CELLS)
    state = form.init(tape)
    memory = state.tapes[0]
    assert isinstance(memory, Memory)
    noisy = NoisyNetwork(network, CELLS, Noise(), 2, 0)
    now = noisy.init(tape, memory.origin)
    for _ in range(8):
        state, now = form.step(state), noisy.step(now)
        memory = state.tapes[0]
        assert isinstance(memory, Memory)
        for trial in range(2):
            np.testing.assert_allclose(now.x[trial], state.x, rtol=1e-9, atol=1e-15)
            np.testing.assert_allclose(now.halt[trial], state.halt, rtol=1e-9, atol=1e-15)
            np.testing.assert_allclose(now.synapses[trial], memory.synapses, rtol=1e-9)
            np.testing.assert_allclose(now.place[trial], memory.place, rtol=1e-9, atol=1e-15)


def errors(gain: float, noise: Noise) -> int:
    network = to_network(BUSY_BEAVER, choose_gain(BUSY_BEAVER, cells=CELLS, gain=gain))
    first = first_errors(BUSY_BEAVER, network, CELLS, noise, trials=60, steps=120, seed=1, tape=Tape())
    return int((first <= 120).sum())


@pytest.mark.parametrize("gain", [8.0, 30.0])
def test_inside_the_certificate_no_run_errs(gain: float) -> None:
    network = to_network(BUSY_BEAVER, choose_gain(BUSY_BEAVER, cells=CELLS, gain=gain))
    verdict = verify(BUSY_BEAVER, network, None, CELLS)
    assert isinstance(verdict, Proved)
    radius = max(float(proof.radius) for proof in verdict.certificate.proofs)
    noise = max(float(proof.noise) for proof in verdict.certificate.proofs)
    assert radius > 0 and noise > 0
    assert errors(gain, Noise(synapses=radius)) == 0
    assert errors(gain, Noise(activity=noise)) == 0


@pytest.mark.parametrize(
    "noise",
    [
        Noise(activity=0.4),
        Noise(synapses=30.0),
        Noise(memory=40.0),
        Noise(activity=0.3, distribution="normal"),
    ],
)
def test_strong_noise_breaks_every_run(noise: Noise) -> None:
    assert errors(12.0, noise) == 60


def test_memory_repairs_itself_from_noise_that_is_not_too_strong() -> None:
    assert errors(12.0, Noise(memory=3.0)) == 0


def test_the_study_holds_what_its_page_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study, "GAINS", (8.0, 20.0))
    monkeypatch.setattr(study, "ACTIVITY", (0.0, 0.05, 0.3))
    monkeypatch.setattr(study, "SYNAPSES", (0.0, 0.9))
    monkeypatch.setattr(study, "NORMAL", (0.0, 0.2))
    small = study.NoiseSettings(samples=10, steps=20)
    arrays = study.run(small)
    assert arrays["error_activity"].shape == (len(study.GAINS), len(study.ACTIVITY))
    assert (arrays["error_activity"][:, 0] == 0).all() and (arrays["error_activity"][:, -1] == 1).all()
    assert (np.diff(arrays["certified_synapses"]) > 0).all()
    results = study.summary(small, arrays)
    assert results["error rate inside the certificates"] == 0
    assert len(results) == len(study.GAINS) + 2


def test_two_tapes_are_refused() -> None:
    machine = load("@two-tape-add").machine
    with pytest.raises(InputError, match="one tape"):
        NoisyNetwork(to_network(machine, choose_gain(machine)), CELLS, Noise(), 1, 0)
