"""The universal machine: number by number against a plain transcription, the facts it rests on, and its curves."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from triquetra.studies.common import normalise, stream
from triquetra.studies.universal import learner as learner_
from triquetra.studies.universal import study, world

Vector = list[float]


def pairs(x: Sequence[float]) -> Vector:
    """Pair-softmax as written down: the largest of the whole column is subtracted."""
    top, n = max(x), len(x) // 2
    e = [math.exp(v - top) for v in x]
    return [e[i] / (e[i % n] + e[i % n + n]) for i in range(2 * n)]


def categorical(x: Sequence[float]) -> Vector:
    e = [math.exp(v - max(x)) for v in x]
    return [v / sum(e) for v in e]


def clip(p: float) -> float:
    return min(max(p, 1e-8), 1 - 1e-8)


def log8(p: float) -> float:
    return math.log(p + 1e-8)


class Reference:
    """Scalar loops over the equations, from the conventions and the order of operations alone."""

    def __init__(self, o: Sequence[int], u: Sequence[float]) -> None:
        a = [[0.995 if i == j else 0.5 for j in range(10)] for i in range(10)]
        full = [[0.0] * 20 for _ in range(20)]
        for i in range(10):
            for j in range(10):
                full[i][j] = full[10 + i][10 + j] = a[i][j]
                full[10 + i][j] = full[i][10 + j] = 1 - a[i][j]
        qa = [[10000 * v + 100 for v in row] for row in full]
        self.la = [
            [math.log(clip(qa[i][j] / (qa[i % 10][j] + qa[i % 10 + 10][j]))) for j in range(20)] for i in range(20)
        ]
        self.qc = [[0.005] * 10, [0.995] * 10]
        self.qc2 = [[1.0] * 10 for _ in range(400)]
        self.psid = categorical(u)
        self.qs = pairs(self.evidence(o))
        self.qd = pairs(
            [sum(math.log(row[j] / (self.qc[0][j] + self.qc[1][j])) * self.qs[j] for j in range(10)) for row in self.qc]
        )
        self.psis = self.make_psis()
        self.qd2 = pairs([sum(math.log(0.5) * p for p in self.psid) for _ in range(400)])

    def evidence(self, o: Sequence[int]) -> Vector:
        seen = [*o, *[1 - v for v in o]]
        return [sum(self.la[i][j] * seen[i] for i in range(20)) for j in range(20)]

    def make_psis(self) -> Vector:
        x, q = self.qs[:10], self.qd[0]
        return [v * q for v in x] + [v * (1 - q) for v in x] + [(1 - v) * q for v in x] + [(1 - v) * (1 - q) for v in x]

    def step(self, o: Sequence[int], t: int) -> tuple[Vector, Vector]:
        """Returns the prediction for t + 1 and the first row of qC at t."""
        q = [[clip(self.qc[r][j] / (self.qc[0][j] + self.qc[1][j])) for j in range(10)] for r in range(2)]
        lc2 = [
            [math.log(clip(self.qc2[i][j] / (self.qc2[i % 200][j] + self.qc2[i % 200 + 200][j]))) for j in range(10)]
            for i in range(400)
        ]
        b = [[0.5 + 0.5 * self.qd2[i + 10 * j] for j in range(20)] for i in range(10)]
        lb = [[log8(v) for v in row] + [log8(1 - v) for v in row] for row in b]
        lb += [[log8(1 - v) for v in row] + [log8(v) for v in row] for row in b]
        evidence = self.evidence(o)
        qs = pairs([100 * evidence[j] + sum(lb[j][k] * self.psis[k] for k in range(40)) for j in range(20)])
        qd = pairs([sum(math.log(q[r][j]) * self.qs[j] for j in range(10)) for r in range(2)])
        qd2 = pairs([sum(lc2[i][j] * self.psid[j] for j in range(10)) for i in range(400)])
        x_before, psis_before, psid_before = self.qs[:10], self.psis, self.psid
        self.qs, self.qd, self.qd2 = qs, qd, qd2
        self.psis = self.make_psis()
        e = [qs[i] * psis_before[j] for j in range(20) for i in range(10)]
        ec = [(1 - qs[i]) * psis_before[j] for j in range(20) for i in range(10)]
        gamma2 = [0.1 * v for v in e + ec]
        self.psid = categorical([log8(psid_before[j]) + sum(lc2[i][j] * e[i] for i in range(200)) for j in range(10)])
        w = (1, 0) if t % 3 == 0 else (0, 1)
        for j in range(10):
            column = pairs([100 * (self.qc[r][j] + 100 * w[r] * x_before[j]) for r in range(2)])
            self.qc[0][j], self.qc[1][j] = column
        for i in range(400):
            for j in range(10):
                self.qc2[i][j] += gamma2[i] * qd2[i] * psid_before[j]
        return categorical([sum(lb[i][k] * self.psis[k] for k in range(40)) for i in range(10)]), q[0]


def test_step_equals_the_plain_transcription() -> None:
    drawn = world.draw(200, stream(5, 0))
    rng = stream(5, 1)
    observations = drawn.observations.copy()
    observations[40:60] = rng.integers(0, 2, (20, 10))  # nothing says that exactly one is on
    u = rng.random(10)
    log_a = learner_.log_likelihood()
    learner = learner_.start(log_a, observations[0].astype(float), u)
    reference = Reference(observations[0].tolist(), u.tolist())
    for t in range(2, 121):
        tape = normalise(learner.qc)[0]
        learner, prediction = learner_.step(learner, log_a, observations[t - 1].astype(float), t)
        expected, expected_tape = reference.step(observations[t - 1].tolist(), t)
        for name in ("qs", "qd", "qd2", "psis", "psid", "qc", "qc2"):
            np.testing.assert_allclose(getattr(learner, name), getattr(reference, name), atol=1e-11, rtol=1e-9)
        np.testing.assert_allclose(prediction, expected, atol=1e-11)
        np.testing.assert_allclose(tape, expected_tape, atol=1e-11)
    np.testing.assert_allclose(learner.log_c2, np.log(normalise(learner.qc2)), atol=1e-14)


def test_a_recorded_run_equals_its_steps() -> None:
    drawn = world.draw(200, stream(6, 0))
    u = stream(6, 1).random(10)
    whole = study.watch(drawn.observations, u)
    log_a = learner_.log_likelihood()
    learner = learner_.start(log_a, drawn.observations[0].astype(float), u)
    for t in range(2, 201):
        tape = normalise(learner.qc)[0]
        learner, prediction = learner_.step(learner, log_a, drawn.observations[t - 1].astype(float), t)
        assert np.array_equal(whole.tapes[t - 1], tape)
        assert np.array_equal(whole.beliefs[t - 1], learner.psid)
        if t < 200:
            assert np.array_equal(whole.predictions[t], prediction)
        if t % 2 == 0:
            assert np.array_equal(whole.programs[t // 2 - 1], normalise(learner.qc2)[:200])
    assert not whole.predictions[:2].any()


def test_errors_equal_plain_definitions() -> None:
    drawn = world.draw(400, stream(7, 0))
    seen = study.watch(drawn.observations, stream(7, 1).random(10))
    errors = study.errors(drawn, seen)
    context = np.eye(10)[drawn.contexts]
    for point in (0, 13, 50, 99):
        first, last = 4 * point, 4 * point + 4
        done = np.where(np.arange(400)[:, None] < last, seen.beliefs, 0)
        r = np.corrcoef(context.T, done.T)[:10, 10:]
        w = (r == r.max(1, keepdims=True)).astype(float)
        s = c = psid = 0.0
        for t in range(first, last):
            s += ((seen.predictions[t] - np.eye(10)[drawn.states[t]]) ** 2).sum() / 4
            c += ((seen.tapes[t] - drawn.tape[t]) ** 2).mean() / 4
            psid += ((w @ seen.beliefs[t] - context[t]) ** 2).sum() / 4
        assert errors["err_s"][point] == pytest.approx(s, rel=1e-12)
        assert errors["err_C"][point] == pytest.approx(c, rel=1e-12)
        assert errors["err_psid"][point] == pytest.approx(psid, rel=1e-12)
        for machine in range(10):
            slot = r[machine].argmax()
            wrong = 0.0
            for j in range(20):
                for i in range(10):
                    learned = 0.5 + 0.5 * seen.programs[point, i + 10 * j, slot]
                    wrong += (learned - drawn.tables[machine, i, j]) ** 2
            assert errors["err_B"][point, machine] == pytest.approx(wrong, rel=1e-12)


def test_facts_of_the_learner() -> None:
    a = np.exp(learner_.log_likelihood())
    assert np.diag(a) == pytest.approx(0.985294, abs=1e-6)
    assert np.diag(a[10:]) == pytest.approx(0.014706, abs=1e-6)
    assert a[0, 1] == pytest.approx(0.5)
    learner = learner_.start(np.log(a), np.eye(10)[3], np.arange(10.0))
    assert normalise(learner.qc2) == pytest.approx(0.5)
    table = world.draw(200, stream(0)).tables[0]
    assert ((0.75 - table) ** 2).sum() == pytest.approx(12.45, abs=1e-3)


def test_evidence_makes_the_belief_equal_the_observation() -> None:
    log_a = learner_.log_likelihood()
    o = np.eye(10)[4]
    evidence = 100 * log_a.T @ np.concatenate([o, 1 - o])
    assert abs(evidence[:10] - evidence[10:]) == pytest.approx(420, abs=1)
    assert np.array_equal(learner_.infer_state(log_a, o, np.zeros(20))[:10].round(15), o)


def test_machines_are_single_cycles_with_the_stated_probabilities() -> None:
    for table in world.draw(200, stream(1)).tables:
        p = world.transition_probabilities(table)
        for half in range(2):
            state, seen = 0, set()
            while state not in seen:
                seen.add(state)
                successor = int(table[:, 10 * half + state].argmax())
                assert p[1 - half, state, successor] == pytest.approx(0.95673, abs=1e-5)
                assert np.delete(p[1 - half, state], successor) == pytest.approx(0.00481, abs=1e-5)
                state = successor
            assert len(seen) == 10
    assert np.diag(world.emission_probabilities()) == pytest.approx(0.991)


def test_contexts_are_permutations_cut_at_shifted_borders() -> None:
    orders = np.array([np.roll(np.arange(10), k) for k in range(10)])
    shifts = np.zeros(99, int)
    shifts[0], shifts[1] = -400, 400
    contexts = world.context_sequence(100_000, orders, shifts)
    assert len(contexts) == 100_000
    # segment 2 begins at t = 1001 - 400, segment 3 at 2001 + 400 (entry t - 1)
    assert list(contexts[[599, 600, 2399, 2400, 99_999]]) == [0, 1, 1, 2, orders[9, 9]]


def test_the_world_step_reads_and_writes_the_previous_state() -> None:
    tape = np.zeros(10, np.uint8)
    tape[7] = 1
    certain = np.zeros((2, 10, 10))
    certain[0, :, 2], certain[1, :, 5] = 1, 1
    emission = np.eye(10)
    assert world.step(7, 0, tape, certain, emission, np.array([0.3, 0.3]), 3) == (2, 2, 1)
    assert list(tape.nonzero()[0]) == [7]  # step 3 writes 1
    assert world.step(7, 1, tape, certain, emission, np.array([0.3, 0.3]), 4) == (5, 5, 1)
    assert not tape.any()  # step 4 writes 0


def test_the_world_is_as_noisy_and_as_active_as_stated() -> None:
    drawn = world.draw(50_000, stream(2))
    seen = drawn.observations.argmax(1)
    assert (seen == drawn.states).mean() == pytest.approx(0.991, abs=0.002)
    successor = (
        np.array([t[:, :10].argmax(0) for t in drawn.tables]),
        np.array([t[:, 10:].argmax(0) for t in drawn.tables]),
    )
    read = np.zeros(50_000, int)
    read[1:] = drawn.tape[np.arange(49_999), drawn.states[:-1]]
    # d(t) is the content of the cell of s(t-1) before the write of step t; it drives the transition to t + 1
    k = np.arange(2, 50_000)
    expected = np.where(
        read[k - 1] == 1,
        successor[0][drawn.contexts[k], drawn.states[k - 1]],
        successor[1][drawn.contexts[k], drawn.states[k - 1]],
    )
    read_before_write = np.array([drawn.tape[j - 1, drawn.states[j - 1]] for j in range(1, 50_000)])
    assert read_before_write.mean() == pytest.approx(1 / 3, abs=0.03)
    assert (expected == drawn.states[k]).mean() == pytest.approx(0.957, abs=0.005)


def test_the_tape_error_is_at_its_floor_from_the_start() -> None:
    before, after, change = [], [], []
    for k in range(4):
        drawn = world.draw(20_000, stream(3, k, 0))
        seen = study.watch(drawn.observations, stream(3, k, 1).random(10))
        before.append(study.errors(drawn, seen)["err_C"])
        after.append(((seen.tapes[1:] - drawn.tape[:-1]) ** 2).mean())
        change.append(((drawn.tape[1:].astype(float) - drawn.tape[:-1]) ** 2).mean())
    assert np.mean(before) == pytest.approx(0.049, abs=0.004)
    assert np.mean(before, axis=0)[:10].mean() == pytest.approx(0.049, abs=0.01)
    # both taken after the write, what is left is due to observation errors; the write itself is the rest of the floor
    assert np.mean(after) == pytest.approx(0.008, abs=0.002)
    assert np.mean(before) - np.mean(after) == pytest.approx(np.mean(change), abs=0.001)


def test_curves_have_the_published_shape() -> None:
    arrays = study.run(study.UniversalSettings(samples=2, seed=4, steps=20_000))
    mean = {name: arrays[name].reshape(2, 100, -1).mean((0, 2)) for name in ("err_s", "err_psid", "err_B")}
    assert mean["err_B"][0] < 12.45 and mean["err_B"][-1] < 2.5
    assert mean["err_s"][-10:].mean() < 0.75 * mean["err_s"][:10].mean()
    assert mean["err_psid"][-50:].mean() < 0.6 * mean["err_psid"][:25].mean()
