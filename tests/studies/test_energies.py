"""The three simulations in the theory's terms: its posterior is theirs, and 𝒜 = F along the run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from triquetra.studies import energies
from triquetra.studies.adder import agent as agent_
from triquetra.studies.adder import likelihood as likelihood_
from triquetra.studies.adder import study as adder
from triquetra.studies.adder import world as adder_world
from triquetra.studies.adder.digits import on_frequencies, substitute
from triquetra.studies.adder.energies import memory_and_risk
from triquetra.studies.common import normalise, stream
from triquetra.studies.evolution import selection
from triquetra.studies.evolution import study as evolution
from triquetra.studies.universal import energies as universal_energies
from triquetra.studies.universal import learner as learner_
from triquetra.studies.universal import study as universal
from triquetra.studies.universal import world as universal_world

Arrays = dict[str, Any]


def assert_one_energy(arrays: Arrays, populations: int) -> None:
    assert arrays["energy"].shape == arrays["free_energy"].shape and arrays["energy"].shape[-1] == populations
    np.testing.assert_allclose(arrays["energy"], arrays["free_energy"], rtol=1e-11, atol=1e-9)
    assert arrays["posterior_gap"].max() < 1e-8
    assert np.ptp(arrays["energy"].sum(-1)) > 0.01  # something happens along the run


def test_the_universal_machine_has_one_energy() -> None:
    drawn = universal_world.draw(4000, stream(1))
    seen = universal.watch(drawn.observations, stream(2).random(10))
    assert_one_energy(seen.energies, 4)
    assert seen.energies["energy"].shape == (100, 4)


def test_the_energies_of_the_universal_machine_are_those_written_out() -> None:
    """F of a step from the equations of the order of operations: −ln of what each normaliser is, with even priors."""
    rng = stream(3)
    log_a = learner_.log_likelihood()
    observations = np.eye(10)[rng.integers(0, 10, 30)]
    learner = learner_.start(log_a, observations[0], rng.random(10))
    for t in range(2, 31):
        before = learner
        learner, _ = learner_.step(learner, log_a, observations[t - 1], t)
    moment = universal_energies.moment(before, learner, log_a, observations[-1])
    log_c = np.log(normalise(before.qc)) @ before.qs[:10]
    tape = -np.log(0.5 * np.exp(log_c).sum())  # F at its minimum is −ln Σ exp of the log joint
    log_c2 = (before.log_c2 @ before.psid).reshape(2, 200)
    program = -np.log(0.5 * np.exp(log_c2).sum(0)).sum()
    np.testing.assert_allclose(moment["free_energy"][1:3], [tape, program], rtol=1e-9)
    np.testing.assert_allclose(moment["energy"][1:3], [tape, program], rtol=1e-9)


def test_a_wrong_belief_shows_in_posterior_and_energy() -> None:
    drawn = universal_world.draw(300, stream(4))
    log_a = learner_.log_likelihood()
    observations = drawn.observations.astype(float)
    before = learner_.start(log_a, observations[0], stream(5).random(10))
    after, _ = learner_.step(before, log_a, observations[1], 2)
    right = universal_energies.moment(before, after, log_a, observations[1])
    wrong = universal_energies.moment(
        before, after._replace(qd2=np.roll(after.qd2, 200) * 0.5 + 0.25), log_a, observations[1]
    )
    assert right["posterior_gap"] < 1e-12
    other = universal_energies.moment(before, after, log_a, np.roll(observations[1], 1))
    assert other["posterior_gap"] > 0.5
    moved = universal_energies.moment(before, after._replace(psid=np.roll(after.psid, 1)), log_a, observations[1])
    assert moved["free_energy"][3] > right["free_energy"][3]
    assert (wrong["energy"] >= right["energy"] - 1e-9).all()


def test_the_adder_has_one_energy() -> None:
    digits = substitute()
    likelihood = likelihood_.start(*on_frequencies(digits, stream(6)))
    session = adder_world.draw(8, digits, stream(7))
    plain = adder.play(session, digits, likelihood, agent_.FULL_ADDER)
    played = adder.play(session, digits, likelihood, agent_.FULL_ADDER, watched=3)
    assert played["watched_blocks"].tolist() == [1, 4, 8]
    assert_one_energy(played, 3)
    for name, array in plain.items():  # looking changes nothing
        np.testing.assert_array_equal(array, played[name])


def test_individuals_of_evolution_have_one_energy() -> None:
    session = adder_world.draw(128, None, stream(8))
    x = adder_world.states(session)[:49].astype(float)
    for number in (170, 1, 97, 256):
        arrays = evolution.energies_of(x, selection.risk_matrix(number))
        assert arrays["energy"].shape == (48, 2)
        np.testing.assert_allclose(arrays["energy"], arrays["free_energy"], rtol=1e-11, atol=1e-9)
        assert arrays["posterior_gap"].max() < 1e-12


@pytest.mark.parametrize("reset", [False, True])
def test_a_reset_empties_the_memory_before_it_is_read(reset: bool) -> None:
    x = adder_world.states(adder_world.draw(128, None, stream(9)))[:32].astype(float)
    agent = agent_.start(x[0])
    for told in x[1:]:
        before, agent = agent, agent_.act(agent, told, agent_.FULL_ADDER, False)
    after = agent_.act(before, x[-1], agent_.FULL_ADDER, reset)
    assert energies.moment(memory_and_risk(before, after, agent_.FULL_ADDER, reset))["posterior_gap"] < 1e-12
