"""Activity on its way to rest: where it ends, what it descends, and its law under noise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from triquetra import theory
from triquetra.machines import InputError
from triquetra.theory.models import CanonicalNetwork
from triquetra.theory.neurons import activity, drives
from triquetra.theory.strategies import networks, random_expectations, random_signals, sizes

SEEDS = st.integers(0, 2**32 - 1)
ANY = networks(sizes(max_length=2, max_levels=3), scale=1.0)


@given(ANY, SEEDS)
def test_activity_descends_both_energies_and_ends_at_rest(network: CanonicalNetwork, seed: int) -> None:
    signals, start = random_signals(network.sizes, 2, seed), random_expectations(network.sizes, 2, seed)
    path = theory.descend(network, signals, start=start, times=np.linspace(0, 40, 60))
    assert (np.diff(path.network_energy, axis=0) <= 1e-9).all()
    np.testing.assert_allclose(path.network_energy, path.agent_energy + path.constant[:, None], rtol=1e-10, atol=1e-9)
    rest, end = activity(network, signals), path.end
    for mine, theirs in zip(end.states + end.actions, rest.states + rest.actions, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-9)
    for mine, theirs in zip(path.activity, start.states + start.actions, strict=True):
        np.testing.assert_allclose(mine[0], theirs, rtol=1e-12)


@given(ANY, SEEDS)
def test_the_closed_form_solves_the_equation_of_motion(network: CanonicalNetwork, seed: int) -> None:
    """ẋ = x ⊙ (m − <m>) with m = d − ln x: the replicator form of −∂𝒜/∂x in the natural metric, integrated as such."""
    signals, start = random_signals(network.sizes, 1, seed), random_expectations(network.sizes, 1, seed)
    path = theory.descend(network, signals, start=start, times=[0, 0.3, 1.1])
    for drive, first, made in zip(drives(network, signals), start.states + start.actions, path.activity, strict=True):

        def motion(_: float, flat: np.ndarray, drive: np.ndarray = drive) -> np.ndarray:
            x = flat.reshape(drive.shape)
            m = drive - np.log(x)
            return (x * (m - (x * m).sum(axis=0))).ravel()

        end = solve_ivp(motion, (0, 1.1), first.ravel(), rtol=1e-10, atol=1e-12).y[:, -1]
        np.testing.assert_allclose(made[-1].ravel(), end, rtol=1e-5, atol=1e-8)


@given(networks(sizes(max_length=2), scale=1.0), SEEDS)
def test_the_flat_metric_descends_to_the_same_rest(network: CanonicalNetwork, seed: int) -> None:
    signals = random_signals(network.sizes, 1, seed)
    path = theory.descend(network, signals, times=[0, 0.01, 0.1, 60], metric="flat")
    assert (np.diff(path.energy) <= 1e-8).all()
    rest, end = activity(network, signals), path.end
    for mine, theirs in zip(end.states + end.actions, rest.states + rest.actions, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-6)
    h = 1e-4
    first = theory.descend(network, signals, start=0.3, times=[0, h], metric="flat")
    for drive, x in zip(drives(network, signals), first.activity, strict=True):
        speed = -np.log(0.3 / 0.7) + drive[0] - drive[1]
        np.testing.assert_allclose((x[1, 0] - x[0, 0]) / h, speed, rtol=1e-2, atol=1e-2)


def test_noise_has_the_law_of_an_ornstein_uhlenbeck_process() -> None:
    network = theory.network(W1=np.ones((4000, 1)), W0=np.zeros((4000, 1)), priors=0.3)
    signals = theory.perceive(network, [[1]]).signals
    drive = drives(network, signals)[0]
    path = theory.descend(network, signals, times=[0, 0.5, 8], noise=0.4, rng=np.random.default_rng(1))
    x = path.activity[0][:, 0, 0]
    u, wanted = np.log(x / (1 - x)), float((drive[0] - drive[1])[0, 0])
    for at, time in ((1, 0.5), (2, 8.0)):
        mean, variance = wanted * (1 - np.exp(-time)), 2 * 0.4**2 * (1 - np.exp(-2 * time)) / 2  # of two levels
        assert u[at].mean() == pytest.approx(mean, abs=5 * np.sqrt(variance / 4000))
        assert u[at].var() == pytest.approx(variance, rel=0.12)


def test_what_makes_no_trajectory_is_refused() -> None:
    network = theory.network(W=np.zeros((1, 1)))
    signals = theory.perceive(network, [[1]]).signals
    for wrong, message in (
        ({"times": [1, 0.5]}, "grows"), ({"start": 1.0}, "between 0 and 1"), ({"noise": 0.1}, "give rng"),
        ({"metric": "round"}, "neither"), ({"start": [0.2, 0.3]}, "one number"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=message):
            theory.descend(network, signals, **wrong)  # type: ignore[arg-type]


def test_figures_are_drawn_or_the_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib")
    network = theory.network(W=np.ones((2, 3)), V=np.ones((1, 2)), action_basis=theory.past())
    o = np.eye(3)
    shown = (
        theory.descend(network, theory.perceive(network, o, risk=0).signals),
        theory.both(network, o, risk=0),
        theory.learn(theory.to_pomdp(network), o, risk=0),
    )
    for i, one in enumerate(shown):
        figure = theory.plot(one)
        figure.savefig(tmp_path / f"{i}.svg")
        assert (tmp_path / f"{i}.svg").stat().st_size > 1000
        lines = [line.get_ydata() for axes in figure.axes for line in axes.get_lines()]
        assert len(lines) == (2, 4, 2)[i]
        if i < 2:
            for a, f in zip(lines[::2], lines[1::2], strict=True):
                np.testing.assert_allclose(np.asarray(a)[: len(f)], f, rtol=1e-10) if len(a) == len(f) else None
    monkeypatch.setattr("triquetra.theory.picture.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"matplotlib: pip install 'triquetra\[studies\]'"):
        theory.plot(shown[0])
