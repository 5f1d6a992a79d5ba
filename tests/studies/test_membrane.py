"""From the membrane to the canonical neuron: published facts, scipy's integrator, and one response for five neurons."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.special import expit

from triquetra.studies.common import stream
from triquetra.studies.membrane import analysis, study
from triquetra.studies.membrane.neurons import (
    NEURONS,
    Neuron,
    NeuronKind,
    activation_slope,
    inactivation_slope,
    spike_times,
)

# The equations again, written from Hodgkin & Huxley's table and not from the code: v, m, h, n.
GATES = {
    "m": (lambda v: 0.1 * (v + 40) / (1 - np.exp(-(v + 40) / 10)), lambda v: 4 * np.exp(-(v + 65) / 18)),
    "h": (lambda v: 0.07 * np.exp(-(v + 65) / 20), lambda v: 1 / (1 + np.exp(-(v + 35) / 10))),
    "n": (lambda v: 0.01 * (v + 55) / (1 - np.exp(-(v + 55) / 10)), lambda v: 0.125 * np.exp(-(v + 65) / 80)),
}


def steady(gate: str, v: float) -> float:
    alpha, beta = (each(v) for each in GATES[gate])
    return alpha / (alpha + beta)


def ionic(v: float, m: float, h: float, n: float) -> float:
    return 120 * m**3 * h * (v - 50) + 36 * n**4 * (v + 77) + 0.3 * (v + 54.387)


def hodgkin_huxley(_: float, y: np.ndarray, current: float) -> list[float]:
    v = y[0]
    gates = [GATES[g][0](v) * (1 - x) - GATES[g][1](v) * x for g, x in zip("mhn", y[1:])]
    return [current - ionic(v, *y[1:]), *gates]


def line(_: float, y: np.ndarray, current: float) -> list[float]:
    v, n = y
    h = max(0.8711 - 1.0749 * n, 0)
    return [current - ionic(v, steady("m", v), h, n), GATES["n"][0](v) * (1 - n) - GATES["n"][1](v) * n]


def equivalent(_: float, y: np.ndarray, current: float) -> list[float]:
    """du/dt from the total derivative of the ionic current, by finite differences of the current itself."""
    v, u = y
    m, h, n, d = steady("m", v), steady("h", u), steady("n", u), 1e-5
    rate_h = GATES["h"][0](v) * (1 - h) - GATES["h"][1](v) * h
    rate_n = GATES["n"][0](v) * (1 - n) - GATES["n"][1](v) * n
    by_h = (ionic(v, m, h + d, n) - ionic(v, m, h - d, n)) / (2 * d)
    by_n = (ionic(v, m, h, n + d) - ionic(v, m, h, n - d)) / (2 * d)
    by_u = (
        ionic(v, m, steady("h", u + d), steady("n", u + d)) - ionic(v, m, steady("h", u - d), steady("n", u - d))
    ) / (2 * d)
    return [current - ionic(v, m, h, n), (by_h * rate_h + by_n * rate_n) / by_u]


def fitzhugh_nagumo(_: float, y: np.ndarray, current: float) -> list[float]:
    return [y[0] - y[0] ** 3 / 3 - y[1] + current, 0.08 * (y[0] + 0.7 - 0.8 * y[1])]


V0 = -64.996
STARTS = {
    NeuronKind.HODGKIN_HUXLEY: (hodgkin_huxley, [V0, steady("m", V0), steady("h", V0), steady("n", V0)], 10.0, 100.0),
    NeuronKind.LINE: (line, [V0, steady("n", V0)], 10.0, 100.0),
    NeuronKind.EQUIVALENT: (equivalent, [V0, V0], 10.0, 100.0),
    NeuronKind.FITZHUGH_NAGUMO: (fitzhugh_nagumo, [-1.19941, -0.62426], 0.6, 150.0),
}


@pytest.mark.parametrize("kind", STARTS)
def test_spike_times_tend_to_those_of_a_tight_integrator(kind):
    equations, start, current, duration = STARTS[kind]
    neuron = NEURONS[kind]

    def crossing(t, y, current):
        return y[0] - neuron.threshold

    crossing.direction = 1
    exact = solve_ivp(
        equations, (0, duration), start, "LSODA", events=crossing, args=(current,), rtol=1e-9, atol=1e-10, max_step=0.5
    ).t_events[0]
    assert len(exact) >= 3
    error = []
    for part in (1, 20):
        dt = neuron.step / part
        ours = spike_times(kind, current, dt, round(duration / dt), neuron.threshold, neuron.rearm)
        assert len(ours) == len(exact)
        error.append(np.abs(ours - exact).max())
    assert error[0] < 0.01 * duration  # at the step of the study
    assert error[1] < 0.12 * error[0]  # first order: 1/20 of the step, about 1/20 of the error


def test_rest_and_its_stability():
    """Textbook values of the squid axon: rest near -65 mV, stable below 9.775 and above 154.52 µA/cm²."""
    assert analysis.rest() == pytest.approx([-64.996, 0.05296, 0.59599, 0.31773], abs=1e-3)
    assert hodgkin_huxley(0, analysis.rest(), 0) == pytest.approx([0, 0, 0, 0], abs=1e-9)
    low, high = analysis.hopf_points()
    assert (low.current, low.potential) == pytest.approx((9.77544, -59.654), abs=1e-3)
    assert high.current == pytest.approx(154.52243, abs=1e-3)


def test_firing_from_rest_begins_below_the_loss_of_stability():
    assert analysis.onset(NEURONS[0], 5, 8) == pytest.approx(6.26, abs=0.02)
    assert analysis.onset(NEURONS[1], 3, 6) == pytest.approx(4.97, abs=0.02)
    assert analysis.onset(NEURONS[2], 3, 6) == pytest.approx(4.57, abs=0.1)
    assert analysis.rate(NEURONS[0], 10.0) == pytest.approx(68, abs=1)


def test_sodium_inactivation_and_potassium_activation_move_on_a_line():
    line = analysis.recovery_line()
    assert (line.intercept, line.slope) == pytest.approx((0.8711, 1.0749), abs=1e-3)
    assert line.explained > 0.99


@pytest.mark.parametrize("v", [-90.0, -65.0, -55.0, -54.99999, -30.0, 20.0])
def test_slopes_of_the_gates(v):
    d = 1e-4
    v_h = (steady("h", v + d) - steady("h", v - d)) / (2 * d)
    v_n = (steady("n", v + d) - steady("n", v - d)) / (2 * d)
    assert (inactivation_slope(v), activation_slope(v)) == pytest.approx((v_h, v_n), rel=1e-6)


def test_the_fit_finds_the_curve_that_it_is_given():
    current = np.linspace(-20, 10, 40)
    fit = analysis.fit_logistic(current, expit((current + 6.5) / 3.25))
    assert (fit.centre, fit.scale) == pytest.approx((-6.5, 3.25), rel=1e-6)
    assert fit.largest < 1e-9
    assert fit.nats(fit.current(np.array([2.5]))) == pytest.approx([2.5])


@pytest.mark.parametrize(
    ("neuron", "centre", "scale"),
    list(zip(NEURONS, (-6.69, -7.17, -7.59, -0.375, 0.850), (3.22, 2.91, 2.79, 0.196, 0.282))),
    ids=lambda value: value.name if isinstance(value, Neuron) else "",
)
def test_every_neuron_answers_as_the_canonical_one(neuron, centre, scale):
    """Within 0.05 in probability (and three standard errors of so few windows) of sig((I - c)/k), c and k a trial's."""
    windows = 400
    for number, nats in enumerate((-5, -3, -1.5, 0, 1.5, 3, 6)):
        share, _ = study.response(neuron, centre + scale * nats, windows, stream(0, number))
        expected = expit(nats)
        assert abs(share - expected) < 0.05 + 3 * np.sqrt(expected * (1 - expected) / windows)


def test_the_response_saturates_and_the_rate_does_not():
    shares, rates = zip(*(study.response(NEURONS[0], i, 200, stream(1)) for i in (10.0, 30.0)))
    assert shares == (1.0, 1.0) or min(shares) > 0.97
    assert rates[1] > 1.2 * rates[0]


def test_nullclines_are_where_the_equations_stand_still():
    potential = np.array([-70.0, -60.0, -41.0, 0.0])
    n = analysis.fast_nullcline(NeuronKind.LINE, potential, 10.0)
    assert [line(0, np.array(pair), 10.0)[0] for pair in zip(potential, n)] == pytest.approx([0] * 4, abs=1e-8)
    n = analysis.slow_nullcline(NeuronKind.LINE, potential)
    assert [line(0, np.array(pair), 10.0)[1] for pair in zip(potential, n)] == pytest.approx([0] * 4, abs=1e-12)
    u = analysis.fast_nullcline(NeuronKind.EQUIVALENT, potential, 10.0)
    assert [equivalent(0, np.array(pair), 10.0)[0] for pair in zip(potential, u)] == pytest.approx([0] * 4, abs=1e-8)


@pytest.mark.parametrize(("self_excitation", "turns"), [(3.9, 0), (4.1, 2), (7.0, 2)])
def test_a_canonical_neuron_has_an_n_shaped_nullcline_above_four_nats(self_excitation, turns):
    x = np.linspace(0.001, 0.999, 9999)
    slope = np.diff(analysis.canonical_nullcline(x, self_excitation, 0.0))
    assert np.count_nonzero(np.diff(np.sign(slope))) == turns


def test_the_study_at_a_small_size_says_what_matches_and_what_does_not():
    settings = study.MembraneSettings(samples=30)
    arrays = study.run(settings)
    again = study.run(settings, workers=1)
    assert all(np.array_equal(arrays[name], again[name], equal_nan=True) for name in arrays)
    results = study.summary(settings, arrays)
    assert results["rest"].startswith("-64.996 mV")
    assert "34 Hz too fast" in results["does not match: rate, two dimensions, equivalent potential"]
