"""Evolution: selection and mutation against plain loops, the landscape, and the full adder's victory."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from triquetra.machines import InputError
from triquetra.studies.adder import agent as agent_
from triquetra.studies.adder import study as adder
from triquetra.studies.adder import world
from triquetra.studies.adder.digits import substitute
from triquetra.studies.common import stream
from triquetra.studies.evolution import selection, study

MUTATION_ALONE = 0.92  # the most that mutation leaves of a genotype in one generation


def test_number_170_is_the_full_adder() -> None:
    assert "".join(map(str, selection.genes(170))) == "10010101"
    assert np.array_equal(selection.risk_matrix(170), agent_.FULL_ADDER)
    numbers = [1 + sum(int(bit) << k for k, bit in enumerate(selection.genes(n))) for n in range(1, 257)]
    assert numbers == list(range(1, 257))


def test_the_matrix_is_filled_column_by_column() -> None:
    for gene, (column, row) in enumerate(itertools.product(range(4), range(2))):
        expected = np.zeros((2, 4))
        expected[row, column] = 1
        assert np.array_equal(selection.risk_matrix(1 + 2**gene), expected)


def test_mutation_reaches_the_one_bit_neighbours() -> None:
    m = selection.mutation()
    for a, b in itertools.product(range(0, 256, 7), range(256)):
        differ = bin(a ^ b).count("1")
        assert m[b, a] == (0.92 if differ == 0 else 0.01 if differ == 1 else 0)
    assert m.sum(0) == pytest.approx(1)


def test_a_generation_equals_the_plain_loops() -> None:
    rng = stream(1)
    p = rng.dirichlet(np.ones(256))
    numbers = rng.integers(1, 40, 100)
    costs = rng.uniform(100, 600, 100)
    expected = list(p)
    occurred = sorted(set(numbers.tolist()))
    for n in occurred:
        own = [c for c, carrier in zip(costs.tolist(), numbers.tolist(), strict=True) if carrier == n]
        expected[n - 1] *= math.exp(-sum(own) / len(own) / 50)
    before, after = sum(p[n - 1] for n in occurred), sum(expected[n - 1] for n in occurred)
    for n in occurred:
        expected[n - 1] *= before / after
    np.testing.assert_allclose(selection.select(p, numbers, costs), expected, rtol=1e-12)
    mutated = [0.92 * expected[i] + 0.01 * sum(expected[i ^ (1 << gene)] for gene in range(8)) for i in range(256)]
    mutated = [v / sum(mutated) for v in mutated]
    np.testing.assert_allclose(selection.next_generation(p, numbers, costs), mutated, rtol=1e-12)


def test_costs_however_large_leave_a_distribution() -> None:
    p = selection.next_generation(np.full(256, 1 / 256), np.array([3, 170]), np.array([1e6, 9e5]))
    assert p.sum() == pytest.approx(1) and (p > 0).all()


def test_cost_squares_the_mean_and_not_its_parts() -> None:
    """Errors of +1/2 and −1/2 cancel in the mean over all entries; equal ones do not."""
    target = np.zeros((4, 16), np.uint8)
    target[:2] = 1
    half = np.full((4, 16), 0.5)
    assert selection.cost(np.array([3.0, 4.0]), half, target) == 7
    assert selection.cost(np.array([3.0, 4.0]), half, np.ones_like(target)) == 7 + 1000 * 0.5**2


@pytest.mark.parametrize("number", [170, 1, 97, 256])
def test_cost_adds_the_blocks_errors_and_a_thousand_squares_of_the_mean(number: int) -> None:
    """err_xi = Σ over blocks of err_C + 1000 (mean over all 16 × T entries of (C − qC))², written as plain loops."""
    session = world.draw(8, None, stream(2))
    memory = adder.play_given(session, selection.risk_matrix(number))["memory"]
    blocks = differences = 0.0
    running = 0
    for m in range(8):
        running = int(session.numbers[m]) + (0 if m % 2 == 0 else running)  # a quarter of 8 blocks has 2
        bits = [running >> k & 1 for k in range(16)]
        for k in range(16):
            for i in range(16):
                difference = bits[i] - memory[16 * m + k, i]
                differences += difference
                if k == 15:
                    blocks += difference**2 / 16
    expected = blocks + 1000 * (differences / (16 * 128)) ** 2
    lived = study.live(number, session, study.environment(study.EvolutionSettings(given=True, blocks=8), None))
    assert float(lived["err_xi"]) == pytest.approx(expected, rel=1e-12)


def test_the_full_adder_is_the_best_of_all() -> None:
    settings = study.EvolutionSettings(given=True, landscape=1)
    arrays = study.landscape(settings, study.environment(settings, None), None, lambda done, total: None)
    assert arrays.argmin() == 169
    assert np.sort(arrays)[1] > 2 * arrays[169]


def test_told_states_cost_what_recognised_digits_cost() -> None:
    digits = substitute()
    seeing = study.environment(study.EvolutionSettings(blocks=8), digits)
    told = study.environment(study.EvolutionSettings(blocks=8, given=True), None)
    for number in (170, 1, 97, 256):
        session = world.draw(8, digits, stream(3, number))
        a, b = study.live(number, session, seeing), study.live(number, session, told)
        assert {name: float(a[name]) for name in a} == pytest.approx({name: float(b[name]) for name in b}, rel=1e-6)


def test_runs_repeat_bit_by_bit_whatever_the_workers() -> None:
    settings = study.EvolutionSettings(
        blocks=8, individuals=6, generations=3, landscape=1, samples=2, seed=9, given=True
    )
    one, three = study.run(settings, workers=1), study.run(settings, workers=3)
    assert one.keys() == three.keys()
    assert all(np.array_equal(one[name], three[name]) for name in one)
    other = study.run(study.EvolutionSettings(blocks=8, individuals=6, generations=3, landscape=1, seed=10, given=True))
    assert not np.array_equal(one["genotypes"][0], other["genotypes"][0])


def test_the_early_best_are_replayed() -> None:
    settings = study.EvolutionSettings(blocks=16, individuals=20, generations=7, landscape=1, given=True)
    arrays = study.run(settings)
    assert arrays["shown_genotypes"].shape == (1, 6)
    for g in range(6):
        best = arrays["err_xi2"][0, g].argmin()
        assert arrays["shown_genotypes"][0, g] == arrays["genotypes"][0, g, best]
    session = world.draw(128, None, stream(4))
    adds = study.replay(settings, 0, {"err_xi2": np.zeros((6, 1)), "genotypes": np.full((6, 1), 170)})
    assert np.array_equal(adds["shown_memory"][0].round(), adds["shown_target"])
    assert adds["shown_target"][1] @ 2 ** np.arange(16) > 0 and session.numbers[0] == 0


def test_without_digits_nothing_is_seen() -> None:
    with pytest.raises(InputError, match="given the states"):
        study.run(study.EvolutionSettings(blocks=8))
    with pytest.raises(InputError, match="generations = 0"):
        study.EvolutionSettings(generations=0)


@pytest.mark.campaign
def test_at_full_size_the_full_adder_takes_over() -> None:
    arrays = study.run(study.EvolutionSettings(samples=3, seed=1, given=True, landscape=1))
    assert (arrays["p"][:, -1].argmax(1) == 169).all()
    share = arrays["p"][:, -10:, 169]
    assert (share > 0.75).all() and (share < MUTATION_ALONE).all()
