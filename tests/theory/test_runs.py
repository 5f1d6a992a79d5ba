"""Runs of the theory's models: plain transcriptions of a whole run, recurrence, closed loops, and the compiled rule."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triquetra import theory
from triquetra.forms import FloatArray
from triquetra.machines import InputError
from triquetra.theory import runs
from triquetra.theory.models import CanonicalNetwork, Expectations, GenerativeModel, Sizes
from triquetra.theory.prepare import prepare
from triquetra.theory.recurrence import PastActivity
from triquetra.theory.settings import LearningSettings
from triquetra.theory.strategies import networks, random_network, random_signals, sizes

SEEDS = st.integers(0, 2**32 - 1)


def sig(d: float) -> float:
    return 1 / (1 + math.exp(-d))


def options(network: CanonicalNetwork, steps: int, seed: int) -> dict[str, object]:
    """Random signals as the verbs take them."""
    signals = random_signals(network.sizes, steps, seed)
    given: dict[str, object] = {
        "observations": list(signals.observations),
        "basis": list(signals.state_basis),
    }
    if network.sizes.actions:
        given |= {"action_basis": list(signals.action_basis), "risk": list(signals.risk)}
    return given


# --- a plain transcription --------------------------------------------------------------------------------------------


def plain_run(
    W1: FloatArray, W0: FloatArray, K: FloatArray, D: FloatArray, o: FloatArray, load: float
) -> tuple[list[list[float]], list[float], list[float], FloatArray]:
    """Online learning of one factor whose ψ is its own activity a step ago, as loops over single synapses.

    The network's activity and 𝒜 by (1), (4), (7); the agent's counts by (13) and its F by (2). Returns: activity,
    𝒜 and F of each step, and the counts behind W1.
    """
    S, O = W1.shape
    a = {(j, i, v): [load * sig(w), load * sig(-w)]
         for v, W in ((1, W1), (0, W0)) for j in range(S) for i in range(O) for w in [float(W[j, i])]}  # fmt: skip
    b = {(j, k): [load * sig(float(K[j, k])), load * sig(-float(K[j, k]))] for j in range(S) for k in range(S)}
    before = [0.0] * S
    activity, energies, free = [], [], []
    for seen in o.tolist():
        now, energy, f = [], 0.0, 0.0
        for j in range(S):
            w = {v: [math.log(a[j, i, v][0] / a[j, i, v][1]) for i in range(O)] for v in (1, 0)}
            k = [math.log(b[j, i][0] / b[j, i][1]) for i in range(S)]
            d = {}
            for v, prior in ((1, D[j]), (0, 1 - D[j])):
                h = math.log(prior) + sum(math.log(1 - sig(x)) for x in w[v])
                recurrent = sum(math.log(sig(x if v else -x)) * psi for x, psi in zip(k, before))
                d[v] = sum(x * s for x, s in zip(w[v], seen)) + recurrent + h
            x = sig(d[1] - d[0])
            energy += x * (math.log(x) - d[1]) + (1 - x) * (math.log(1 - x) - d[0])
            for v, q, prior in ((1, x, D[j]), (0, 1 - x, 1 - D[j])):
                f += q * (math.log(q) - math.log(prior))
                for i in range(O):
                    on, off = a[j, i, v]
                    f -= q * (seen[i] * math.log(on / (on + off)) + (1 - seen[i]) * math.log(off / (on + off)))
                for i in range(S):
                    total = sum(b[j, i])
                    f -= q * before[i] * math.log(b[j, i][0 if v else 1] / total)
            now.append(x)
        for j, x in enumerate(now):
            for v, q in ((1, x), (0, 1 - x)):
                for i in range(O):
                    a[j, i, v][0] += q * seen[i]
                    a[j, i, v][1] += q * (1 - seen[i])
            for i in range(S):
                b[j, i][0] += x * before[i]
                b[j, i][1] += (1 - x) * before[i]
        before = now
        activity.append(now)
        energies.append(energy)
        free.append(f)
    return activity, energies, free, np.array([[a[j, i, 1] for i in range(O)] for j in range(S)])


def test_an_online_run_is_that_of_plain_loops() -> None:
    rng = np.random.default_rng(1)
    W1, W0, K = rng.normal(size=(2, 5)), rng.normal(size=(2, 5)), rng.normal(size=(2, 2))
    D, o = np.array([0.3, 0.6]), rng.integers(0, 2, (40, 5))
    activity, energies, free, counts = plain_run(W1, W0, K, D, o.astype(float), load=3.0)
    network = theory.network(W1=W1, W0=W0, K=K, priors=D, basis=theory.past())
    sides = theory.both(network, o, learning=True, load=3.0)
    for run in (sides.network, sides.agent):
        np.testing.assert_allclose(run.activity.states[0][0], activity, rtol=1e-10)
    np.testing.assert_allclose(sides.network.energy, energies, rtol=1e-10)
    np.testing.assert_allclose(sides.agent.energy, free, rtol=1e-10)
    assert sides.largest_gap < 1e-11
    agent, plastic = sides.agent.end, sides.network.end
    assert isinstance(agent, theory.LearningAgent) and isinstance(plastic, theory.PlasticNetwork)
    np.testing.assert_allclose(agent.counts.a[0][0][:, 0].transpose(2, 1, 0), counts, rtol=1e-10)
    np.testing.assert_allclose(plastic.network.W1[0][0], np.log(counts[..., 0] / counts[..., 1]), rtol=1e-9, atol=1e-11)


def test_two_categorical_variables_that_follow_each_other_are_inferred_as_written_out() -> None:
    """A hidden Markov chain of 3 levels with 4 outcomes, filtered as q ∝ A(o|·) D exp(Σ q ln B)."""
    rng = np.random.default_rng(2)
    A, B, D = (rng.dirichlet(np.ones(n), size).T for n, size in ((4, 3), (3, 3), (3, None)))
    seen = rng.integers(0, 4, 12)
    model = theory.model(A=A, B=B, D=D, basis=theory.past())
    run = theory.perceive(model, seen)
    before = np.zeros(3)
    for t, o in enumerate(seen):
        q = A[o] * D * np.exp(np.log(B) @ before)
        q /= q.sum()
        np.testing.assert_allclose(run.activity.states[0][:, t], q, rtol=1e-12)
        f = float((q * (np.log(q) - np.log(A[o]) - np.log(D) - np.log(B) @ before)).sum())
        assert run.energy[t] == pytest.approx(f, rel=1e-12)
        before = q
    shares = theory.perceive(model, np.eye(4)[seen])
    np.testing.assert_array_equal(shares.energy, run.energy)
    network = theory.perceive(theory.to_network(model), seen)
    np.testing.assert_allclose(network.energy, run.energy, rtol=1e-11)


# --- 𝒜 = F + constant, whatever the model ----------------------------------------------------------------------------


@given(networks(sizes(max_length=3, max_levels=3), scale=1.0), SEEDS, st.booleans())
def test_both_energies_differ_by_the_stated_constant_in_every_step_and_population(
    network: CanonicalNetwork, seed: int, learning: bool
) -> None:
    rule = {"settings": LearningSettings(floor=0.01)} if learning else {}
    sides = theory.both(network, learning=learning, **rule, **options(network, 5, seed))  # type: ignore[arg-type]
    for constant, (name, energy) in zip(sides.constant, sides.network.energies.items(), strict=True):
        np.testing.assert_allclose(energy, sides.agent.energies[name] + constant, rtol=1e-10, atol=1e-9)
    bound = 1e-12 if not learning else 1e-9
    assert sides.largest_gap <= bound * (1 + np.abs(sides.network.energy).max())


@given(networks(sizes(max_length=3, max_levels=3)), SEEDS)
def test_terms_add_up_to_the_energy(network: CanonicalNetwork, seed: int) -> None:
    run = theory.perceive(network, **options(network, 4, seed))  # type: ignore[arg-type]
    total = theory.energy(network, run.activity, run.signals)
    assert run.energy.sum() == pytest.approx(total, rel=1e-11, abs=1e-9)
    model = theory.to_pomdp(network)
    run = theory.perceive(model, **options(network, 4, seed))  # type: ignore[arg-type]
    assert run.energy.sum() == pytest.approx(theory.free_energy(model, run.activity, run.signals), rel=1e-11, abs=1e-9)


def test_precision_repeats_an_observation() -> None:
    """Precision 3 is the same observation through three equal modalities."""
    rng = np.random.default_rng(3)
    W1, W0, o = rng.normal(size=(2, 4)), rng.normal(size=(2, 4)), rng.integers(0, 2, (6, 4))
    once = theory.network(W1=W1, W0=W0, priors=0.4)
    thrice = theory.network(W1=[[W1] * 3], W0=[[W0] * 3], priors=0.4)
    for learning in (False, True):
        sharp = theory.both(once, o, precision=3.0, learning=learning)
        same = theory.both(thrice, [o] * 3, learning=learning)
        if not learning:
            np.testing.assert_allclose(sharp.network.energy, same.network.energy, rtol=1e-12)
            np.testing.assert_allclose(sharp.agent.energy, same.agent.energy, rtol=1e-12)
        assert sharp.largest_gap < 1e-10


# --- recurrence -------------------------------------------------------------------------------------------------------


RECURRENT = Sizes(
    outcomes=((3,),),
    states=((2,), (4,)),
    state_basis=((2, 4), (4,)),
    actions=((3,),),
    action_basis=((2 + 3 + 3,),),
    state_recurrence=(theory.product(theory.past(), theory.past("states", 1)), theory.shift(theory.past("states", 1))),
    action_recurrence=(theory.join(theory.past(level=1), theory.past("observations", lag=2), theory.past("actions")),),
)


def by_hand(
    states: list[FloatArray], y: list[FloatArray], o: FloatArray, t: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The three bases of `RECURRENT` at step t, from activity of "on" (T, n)."""
    s0, s1, action = (x[t - 1] if t >= 1 else np.zeros(x.shape[1]) for x in (*states, *y))
    off = 1 - s0 if t >= 1 else np.zeros(2)
    seen = o[t - 2] if t >= 2 else np.zeros(3)
    return np.outer(s0, s1), s1[[3, 0, 1, 2]], np.concatenate([off, seen, action])


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("learning", [True, False])
def test_bases_are_built_from_past_activity(monkeypatch: pytest.MonkeyPatch, compiled: bool, learning: bool) -> None:
    network = random_network(RECURRENT, 5, scale=1.0)
    o = np.random.default_rng(6).integers(0, 2, (7, 3)).astype(float)
    if not compiled:
        monkeypatch.setattr(Sizes, "binary", property(lambda self: False))
    for value in (network, theory.to_pomdp(network)):
        run = (theory.learn if learning else theory.perceive)(value, o, risk=0.3)
        states, actions = ([pair[0] for pair in group] for group in (run.activity.states, run.activity.actions))
        for t in range(len(o)):
            wanted = by_hand(states, actions, o, t)
            for made, hand in zip((*run.signals.state_basis, *run.signals.action_basis), wanted, strict=True):
                np.testing.assert_allclose(made[t], hand, atol=1e-15)


def test_a_shift_that_is_not_cyclic_moves_zero_in() -> None:
    sizes = Sizes(
        outcomes=(),
        states=((4,),),
        state_basis=((4,),),
        state_recurrence=(theory.shift(theory.past(), 2, cyclic=False),),
    )
    run = theory.act(random_network(sizes, 1), lambda step, decisions: None, 3)
    x = run.activity.states[0][0]
    np.testing.assert_allclose(run.signals.state_basis[0][2], [0, 0, *x[1][:2]])


def test_a_function_of_ones_own_sees_the_past_and_nothing_else() -> None:
    lengths = []

    def parity(past: PastActivity) -> list[float]:
        lengths.append(len(past.observations[0]))
        assert past.states[0].shape == (len(past.observations[0]), 2)
        return [float(past.observations[0][:, 0].sum() % 2), 1.0]

    rng = np.random.default_rng(7)
    network = theory.network(W=rng.normal(size=(2, 3)), K=rng.normal(size=(2, 2)), basis=theory.own(parity, 2))
    o = rng.integers(0, 2, (5, 3))
    run = theory.perceive(network, o)
    assert lengths == [0, 1, 2, 3, 4]
    np.testing.assert_array_equal(run.signals.state_basis[0][:, 0], [0, *(o[:-1, 0].cumsum() % 2)])
    wrong = theory.network(
        W=rng.normal(size=(2, 3)), K=rng.normal(size=(2, 2)), basis=theory.own(lambda past: [2, 0], 2)
    )
    with pytest.raises(InputError, match=r"outside \[0, 1\]"):
        theory.perceive(wrong, o)


# --- learning ---------------------------------------------------------------------------------------------------------


SETTINGS = [LearningSettings(floor=0.01), LearningSettings(rate=0.5, forgetting=0.1, floor=0.02)]


@pytest.mark.parametrize("settings", SETTINGS)
@given(networks(sizes(max_length=3), scale=1.0), SEEDS, st.booleans())
def test_the_compiled_rule_is_the_plain_one(
    settings: LearningSettings, network: CanonicalNetwork, seed: int, bayes: bool
) -> None:
    value = theory.to_pomdp(network) if bayes else network
    given = options(network, 6, seed)
    draw = np.random.default_rng(seed).normal
    noise = Expectations(
        tuple(draw(size=(1, 6, *s)) for s in network.sizes.states),
        tuple(draw(size=(1, 6, *y)) for y in network.sizes.actions),
    )
    fast = theory.learn(value, load=2.0, settings=settings, noise=noise, **given)  # type: ignore[arg-type]
    state = runs.learner_of(value, 2.0)
    unroller = runs.Unroller(state, network.sizes, 6, settings, digamma=False)
    signals = prepare(value.sizes, precision=None, **{"risk": None, "action_basis": None, **given})  # type: ignore[arg-type]
    for step in range(6):
        unroller.advance(signals.at(step), noise.at(step))
    slow = unroller.finish()
    for mine, theirs in zip(
        fast.activity.states + fast.activity.actions, slow.activity.states + slow.activity.actions, strict=True
    ):
        np.testing.assert_allclose(mine, theirs, rtol=1e-8, atol=1e-13)
    for name, terms in slow.terms.items():
        for term, values in terms.items():
            np.testing.assert_allclose(fast.terms[name][term], values, rtol=1e-7, atol=1e-9)
    for mine, theirs in zip(parameters(fast.end), parameters(slow.end), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-8, atol=1e-9)


def parameters(value: object) -> list[FloatArray]:
    if isinstance(value, theory.PlasticNetwork):
        network = value.network
        return [*(b for row in network.W for b in row), *network.K, *network.V, *value.load]
    assert isinstance(value, theory.LearningAgent)
    return list(value.counts.blocks)


@pytest.mark.parametrize("bayes", [False, True])
def test_a_run_goes_on_where_another_ended(bayes: bool) -> None:
    rng = np.random.default_rng(8)
    network = theory.network(W1=rng.normal(size=(2, 3)), W0=rng.normal(size=(2, 3)))
    o = rng.integers(0, 2, (10, 3))
    value = theory.to_pomdp(network) if bayes else network
    settings = LearningSettings(forgetting=0.1)
    whole = theory.learn(value, o, load=2.0, settings=settings)
    half = theory.learn(theory.learn(value, o[:4], load=2.0, settings=settings).end, o[4:], settings=settings)
    for mine, theirs in zip(parameters(half.end), parameters(whole.end), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-12)
    np.testing.assert_allclose(half.energy, whole.energy[4:], rtol=1e-12)


def test_a_batch_learns_once_from_all_steps() -> None:
    rng = np.random.default_rng(9)
    network = theory.network(W1=rng.normal(size=(2, 3)), W0=rng.normal(size=(2, 3)))
    o = rng.integers(0, 2, (10, 3))
    x = theory.perceive(network, o).activity.states[0]
    done = theory.learn(network, o, load=4.0, batch=True).model
    assert isinstance(done, CanonicalNetwork)
    first = 1 / (1 + np.exp(-network.W1[0][0]))
    on = 4 * first + x[0].T @ o
    np.testing.assert_allclose(1 / (1 + np.exp(-done.W1[0][0])), on / (4 + x[0].sum(0)[:, None]), rtol=1e-12)


def test_learning_separates_two_sources() -> None:
    """The two-source task: own electrodes copy a source in 3 of 4 trials; a slight bias decides who takes which."""
    rng = np.random.default_rng(10)
    s = rng.integers(0, 2, (25600, 2))
    copies_own = rng.random((25600, 32)) < 0.75
    own, other = np.repeat(s, 16, axis=1), np.repeat(s[:, ::-1], 16, axis=1)
    o = np.where(copies_own, own, other)
    bias = np.where(np.kron(np.eye(2), np.ones(16)) > 0, 0.02, 0.01)
    tilt = np.log((0.5 + bias) / (0.5 - bias))
    run = theory.learn(theory.network(W1=tilt, W0=-tilt), o, load=300.0)
    assert run.energy[-2000:].mean() < run.energy[:2000].mean() - 2
    x = run.activity.states[0][0][-12800:]
    matrix = np.corrcoef(x.T, s[-12800:].T)[:2, 2:]
    assert (np.diag(matrix) > 0.8).all() and (np.abs(matrix - np.diag(np.diag(matrix))) < 0.3).all()


# --- acting -----------------------------------------------------------------------------------------------------------


def test_an_agent_acts_on_what_it_saw_and_the_world_answers() -> None:
    """One state copies a light, one action repeats the state a step later; risk 1 turns the act into its opposite."""
    network = theory.network(W1=[[8.0]], W0=[[-8.0]], V=[[16.0]], action_priors=0.01, action_basis=theory.past())
    told: list[int] = []

    def world(risk: float) -> runs.Environment:
        def answer(step: int, decisions: tuple[np.ndarray, ...]) -> tuple[list[int], float]:
            told.append(int(decisions[0][0]))
            return [1 if step in (2, 3) else 0], risk

        return answer

    run = theory.act(network, world(0.0), 6)
    levels = run.decisions[0][:, 0].tolist()  # level 0 is "on"
    assert levels == [1, 1, 0, 0, 1, 1]
    assert told == [1, *levels[:-1]]
    averse = theory.act(network, world(1.0), 6)
    assert averse.decisions[0][2, 0] == 1 and averse.activity.actions[0][0, 2, 0] < 1e-8


def test_decisions_are_drawn_in_proportion() -> None:
    model = theory.model(D=theory.pair([0.5]), C=np.empty((3, 0)), E=np.array([0.2, 0.3, 0.5]))
    run = theory.act(model, lambda step, decisions: None, 6000, rng=np.random.default_rng(11))
    np.testing.assert_allclose(np.bincount(run.decisions[0]) / 6000, [0.2, 0.3, 0.5], atol=0.02)


# --- what is refused --------------------------------------------------------------------------------------------------


NETWORK = theory.network(W1=np.zeros((2, 32)), W0=np.zeros((2, 32)), V=np.zeros((3, 2)), action_basis=theory.past())


@pytest.mark.parametrize(
    "given, message",
    [
        ({"observations": np.zeros((5, 31)), "risk": 0}, r"has shape \(5, 31\); this model needs \(steps, 32\)"),
        ({"observations": np.zeros((5, 32))}, "risk is missing: this model acts; give risk=0"),
        ({"observations": np.full((5, 32), 2), "risk": 0}, r"outside \[0, 1\]"),
        ({"observations": np.zeros((5, 32)), "risk": np.zeros((4, 3))}, r"arrays of \[4, 5\] steps"),
        ({"observations": [np.zeros((5, 32))] * 2, "risk": 0}, "2 arrays for 1 modalities"),
        ({"observations": [["a"] * 32], "risk": 0}, "numbers are needed"),
        ({"observations": np.full((1, 32), np.nan), "risk": 0}, r"observations\[0, 0\] = nan is not finite"),
        ({"observations": np.zeros((5, 32)), "risk": 0, "action_basis": np.zeros((5, 2))}, "built from past activity"),
    ],
)  # fmt: skip
def test_signals_that_do_not_fit_are_refused(given: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        theory.perceive(NETWORK, **given)  # type: ignore[arg-type]


def test_a_basis_that_is_neither_given_nor_built_is_missed() -> None:
    network = theory.network(W=np.zeros((2, 3)), K=np.zeros((2, 4)))
    with pytest.raises(InputError, match=r"basis is missing: give ψ, \(steps, 4\)"):
        theory.perceive(network, np.zeros((5, 3)))
    with pytest.raises(InputError, match="must be built from past activity"):
        theory.act(network, lambda step, decisions: np.zeros(3), 2)


def test_a_level_that_is_not_there_is_refused() -> None:
    model = theory.model(A=np.full((3, 2), 1 / 3), D=[0.5, 0.5])
    with pytest.raises(InputError, match="outside 0 … 2"):
        theory.perceive(model, np.array([0, 3]))
    assert isinstance(model, GenerativeModel)
    with pytest.raises(InputError, match="a network has no counts"):
        theory.learn(NETWORK, np.zeros((1, 32)), risk=0, digamma=True)
    with pytest.raises(InputError, match=r"risk above ½ takes counts away.*floor=0.01"):
        theory.learn(NETWORK, np.zeros((1, 32)), risk=1)
