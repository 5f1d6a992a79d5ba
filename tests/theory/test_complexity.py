"""F with the cost of parameters: against integrals, against another transcription, and as what the update minimises."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import betaln, digamma
from scipy.stats import beta, dirichlet

from triquetra import theory
from triquetra.theory.beliefs import LearningAgent, ParameterCounts, log_expectation, total_free_energy, update
from triquetra.theory.correspondence import to_pomdp
from triquetra.theory.settings import LearningSettings
from triquetra.theory.strategies import networks, random_expectations, random_signals, sizes

SEEDS = st.integers(0, 2**32 - 1)


def test_digamma_is_the_expected_logarithm() -> None:
    for a, b in ((0.4, 2.5), (3.0, 1.2), (40.0, 60.0)):
        wanted = quad(lambda p, a=a, b=b: np.log(p) * beta.pdf(p, a, b), 0, 1)[0]
        assert log_expectation(np.array([a, b]), digamma=True)[0] == pytest.approx(wanted, rel=1e-6)
        assert log_expectation(np.array([a, b]))[0] == pytest.approx(np.log(a / (a + b)), rel=1e-12)


def agent_of(counts: list[float], first: list[float]) -> LearningAgent:
    model = theory.model(D=np.full(len(counts), 1 / len(counts)), B=np.full((len(counts), 1), 1 / len(counts)))

    def held(numbers: list[float]) -> ParameterCounts:
        return ParameterCounts(((),), (np.array(numbers)[:, None],), ())

    return replace(LearningAgent.of(model, 1.0), counts=held(counts), first=held(first))


def test_complexity_is_the_divergence_of_the_two_distributions() -> None:
    a, a0 = [5.0, 2.5], [1.5, 0.7]
    divergence = quad(lambda p: beta.pdf(p, *a) * (beta.logpdf(p, *a) - beta.logpdf(p, *a0)), 0, 1)[0]
    assert theory.complexity(agent_of(a, a0))["B"] == pytest.approx(divergence, rel=1e-6)
    a, a0 = [5.0, 2.5, 1.25], [1.5, 0.7, 2.0]
    samples = dirichlet.rvs(a, 200_000, random_state=1)
    ratio = dirichlet.logpdf(samples.T, a) - dirichlet.logpdf(samples.T, a0)
    error = 5 * ratio.std() / np.sqrt(len(ratio))
    assert theory.complexity(agent_of(a, a0))["B"] == pytest.approx(ratio.mean(), abs=error)
    assert theory.complexity(agent_of(a, a))["B"] == 0


@pytest.mark.parametrize("exact", [True, False])
def test_free_energy_of_a_whole_run_is_that_of_plain_loops(exact: bool) -> None:
    """One state, three electrodes, ten trials: E_Q[ln Q(s)Q(θ) − ln P(o, s, θ)] written out, either way."""
    rng = np.random.default_rng(3)
    o = rng.integers(0, 2, (10, 3)).astype(float)
    model = theory.model(A=theory.likelihood(np.full((3, 1), 0.7), np.full((3, 1), 0.4)), D=theory.pair([0.3]))
    run = theory.learn(model, o, load=4.0, digamma=exact)
    agent = run.end
    assert isinstance(agent, LearningAgent)
    first = {1: (4 * 0.7, 4 * 0.3), 0: (4 * 0.4, 4 * 0.6)}
    counts = {(i, s): list(first[s]) for i in range(3) for s in (1, 0)}

    def ln(pair: list[float], which: int) -> float:
        return float(digamma(pair[which]) - digamma(sum(pair))) if exact else float(np.log(pair[which] / sum(pair)))

    qs, predicted = [], []
    for seen in o:
        v = {
            s: np.log(0.3 if s else 0.7) + sum(ln(counts[i, s], 0 if seen[i] else 1) for i in range(3)) for s in (1, 0)
        }
        q = 1 / (1 + np.exp(v[0] - v[1]))
        qs.append(q)
        predicted.append(q * (np.log(q) - v[1]) + (1 - q) * (np.log(1 - q) - v[0]))
        for i in range(3):
            counts[i, 1][0 if seen[i] else 1] += q
            counts[i, 0][0 if seen[i] else 1] += 1 - q
    np.testing.assert_allclose(run.energy, predicted, rtol=1e-10)
    total = 0.0
    for seen, q in zip(o, qs):
        for s, p in ((1, q), (0, 1 - q)):
            likelihood = sum(ln(counts[i, s], 0 if seen[i] else 1) for i in range(3))
            total += p * (np.log(p) - np.log(0.3 if s else 0.7) - likelihood)
    for (_, s), (on, off) in counts.items():
        on0, off0 = first[s]
        total += betaln(on0, off0) - betaln(on, off)
        total += (on - on0) * ln([on, off], 0) + (off - off0) * ln([on, off], 1)
    found = theory.total_free_energy(agent, run.activity, run.signals, digamma=exact)
    assert found == pytest.approx(total, rel=1e-10)


@given(networks(sizes(max_length=2, max_levels=3), scale=1.0), SEEDS, st.floats(1, 20))
def test_the_conjugate_update_minimises_free_energy_over_parameters(network, seed: int, load: float) -> None:
    """With digamma functions (13) is exact: counts moved away from it in any direction cost free energy."""
    signals, x = random_signals(network.sizes, 4, seed), random_expectations(network.sizes, 4, seed + 1)
    signals = replace(signals, risk=tuple(risk / 2 for risk in signals.risk))
    agent = update(LearningAgent.of(to_pomdp(network), load), x, signals, LearningSettings())
    least = total_free_energy(agent, x, signals)
    rng = np.random.default_rng(seed)

    def moved(block: np.ndarray) -> np.ndarray:
        return block * np.exp(rng.normal(0, 0.2, block.shape))

    for _ in range(3):
        other = ParameterCounts(
            tuple(tuple(map(moved, row)) for row in agent.counts.a),
            tuple(map(moved, agent.counts.b)), tuple(map(moved, agent.counts.c)),
        )  # fmt: skip
        assert total_free_energy(replace(agent, counts=other), x, signals) >= least - 1e-9


def test_free_energy_of_a_run_bounds_the_surprise_of_what_was_seen() -> None:
    """One electrode and no hidden choice: −ln p(o) is a ratio of Beta functions, and F with digamma equals it."""
    o = np.array([1, 1, 0, 1, 0, 1, 1], float)[:, None]
    model = theory.model(A=theory.likelihood([[0.5]], [[0.5]]), D=theory.pair([1 - 1e-12]))
    run = theory.learn(model, o, load=2.0, batch=True)
    agent = run.end
    assert isinstance(agent, LearningAgent)
    surprise = betaln(1, 1) - betaln(1 + o.sum(), 1 + (1 - o).sum())
    assert theory.total_free_energy(agent, run.activity, run.signals) == pytest.approx(surprise, abs=1e-8)
