"""The adder: number by number against the full arrays, its logic exhaustively, and exact sums from images."""

from __future__ import annotations

import gzip
import itertools
import math
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from triquetra.machines import InputError
from triquetra.studies.adder import agent as agent_
from triquetra.studies.adder import digits as digits_
from triquetra.studies.adder import likelihood as likelihood_
from triquetra.studies.adder import study, world
from triquetra.studies.adder.agent import FULL_ADDER, Agent
from triquetra.studies.common import Floats, stream


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """As in a study: threads of linear algebra that wait for each other make the reference many times slower."""
    with threadpool_limits(1, user_api="blas"):
        yield


@pytest.fixture(scope="module")
def digits() -> digits_.Digits:
    return digits_.substitute()


def vague_digits() -> digits_.Digits:
    """Images whose bits can hardly be told: every pixel a fair coin, a little likelier on in a one."""
    rng = stream(11)
    u = rng.random((300, 784))
    images = np.concatenate([u[:150] < 0.5, u[150:] < 0.53]).astype(np.uint8)
    return digits_.Digits(images, 150, "coins")


def pair_softmax(x: Floats) -> Floats:
    n = len(x) // 2
    e = np.exp(x - x.max())
    return np.array([e[i] / (e[i % n] + e[i % n + n]) for i in range(2 * n)])


def normalise(q: Floats) -> Floats:
    n = len(q) // 2
    total = q[:n] + q[n:]
    return np.clip(np.concatenate([q[:n] / total, q[n:] / total]), 1e-8, 1 - 1e-8)


def reference(
    session: world.Session, digits: digits_.Digits, p1: Floats, p0: Floats, gamma: Floats
) -> dict[str, Floats]:
    """The simulation on its full likelihood array (25602 x 64), one element after the other as written down."""
    no, ns = 12801, 32
    r = p1.mean() / p0.mean()
    qa = np.full((2 * no, 2 * ns), 501000.0)
    for bit in range(16):
        for pixel in range(784):
            i = 784 * bit + pixel
            qa[i, bit], qa[i, ns + bit] = 500000 * 2 * p1[pixel] + 1000, 500000 * 2 * r * p0[pixel] + 1000
            qa[no + i, bit] = 500000 * 2 * (1 - p1[pixel]) + 1000
            qa[no + i, ns + bit] = 500000 * 2 * (1 - r * p0[pixel]) + 1000
        for copy in range(16):
            i = 784 * 16 + 16 * bit + copy
            qa[i, 16 + bit] = qa[no + i, ns + 16 + bit] = 500000 * 2 + 1000
            qa[no + i, 16 + bit] = qa[i, ns + 16 + bit] = 1000
    qb = np.array(
        [
            [session.confidence * ((100 if i == j else -100 if abs(i - j) == 32 else 0) + 101) for j in range(64)]
            for i in range(64)
        ]
    )
    start = np.array([[1e-8] * 16, [1 + 1e-8] * 16])
    qc = start.copy()
    steps = 16 * session.blocks
    xs, memory, bs, echoes = [], [], [], []
    qs = qd = psid = np.zeros(0)
    qg = np.zeros(4)
    bit_before = 0.0
    for t in range(1, steps + 1):
        m, k = divmod(t - 1, 16)
        if k == 0:
            la, qb_now = np.log(normalise(qa)), normalise(qb)
            lb = np.log(qb_now)
            bs.append(qb_now)
            shown = []
        bits = [session.numbers[m] >> b & 1 for b in range(16)]
        o = [int(v) for b in range(16) for v in digits.images[session.images[t - 1, b]]]
        assert all((session.images[t - 1, b] >= digits.zeros) == bits[b] for b in range(16))
        o += [int(position == k) for position in range(16) for _ in range(16)]
        a = 1 if t == 1 else int(session.echo[t - 1] < qd[0])
        seen = np.array([*o, a], float)
        ev = la[: no - 1].T @ seen[:-1] + la[no : 2 * no - 1].T @ (1 - seen[:-1])
        memory.append(normalise(qc)[0])
        if t % (steps // 4) == 0:
            qc = start.copy()
        place = psid
        if t == 1:
            qs, qd = pair_softmax(ev), normalise(qc)[:, 0]
        else:
            ev = ev + la[no - 1] * a + la[2 * no - 1] * (1 - a)
            before = qs
            qs = pair_softmax(ev + lb @ np.concatenate([qs[:32], 1 - qs[:32]]))
            qd_before, qd = qd, pair_softmax(np.log(normalise(qc)) @ place)
        bit = sum(qs[i] * qs[16 + i] for i in range(16))
        if t > 1:
            psig = np.array([bit, bit_before, qd_before[0], qg[1]]) - 0.5
            qg = pair_softmax(50 * np.concatenate([gamma, -gamma]) @ psig)
            if k > 0 or t > 16:
                qb = qb + np.outer(qs, before)
            for i in range(16):
                for row in range(2):
                    qc[row, i] += 2 * (1 - 2 * qg[1]) * (1 - 2 * qg[0]) * qd[row] * place[i]
                least = min(qc[0, i], qc[1, i])
                for row in range(2):
                    qc[row, i] = min(qc[row, i] - least + 1e-8, 1)
        psid = np.array([qs[16 + (i - 1) % 16] for i in range(16)])
        bit_before = bit
        shown.append((seen, qs))
        xs.append(qs[:32])
        echoes.append(a)
        if k == 15:
            qa += np.array([np.concatenate([s, 1 - s]) for s, _ in shown]).T @ np.array([q for _, q in shown])
    return {"memory": np.array(memory), "x": np.array(xs), "b": np.array(bs), "echoes": np.array(echoes), "qa": qa}


@pytest.mark.parametrize("soft", [False, True])
def test_a_session_equals_the_full_arrays(soft: bool, digits: digits_.Digits) -> None:
    shown = vague_digits() if soft else digits
    p1, p0 = digits_.on_frequencies(shown, stream(12, 0))
    session = world.draw(8, shown, stream(12, 1))
    gamma = FULL_ADDER + stream(12, 2).uniform(-0.2, 0.2, (2, 4)) if soft else FULL_ADDER
    expected = reference(session, shown, p1, p0, gamma)
    played = study.play(session, shown, likelihood_.start(p1, p0), gamma)
    assert (expected["memory"] > 0.5).mean() > 0.05
    if soft:  # else this would test bits only
        assert ((expected["x"] > 0.05) & (expected["x"] < 0.95)).mean() > 0.01
    for name in ("echoes", "b", "x", "memory"):
        np.testing.assert_allclose(played[name], expected[name], atol=1e-8, err_msg=name)


def test_the_compact_counts_are_the_full_array(digits: digits_.Digits) -> None:
    shown = vague_digits()
    p1, p0 = digits_.on_frequencies(shown, stream(13, 0))
    session = world.draw(4, shown, stream(13, 1))
    expected = reference(session, shown, p1, p0, FULL_ADDER)
    likelihood = likelihood_.start(p1, p0)
    for m in range(4):
        part = slice(16 * m, 16 * m + 16)
        echoes = expected["echoes"][part].astype(np.uint8)
        likelihood_.learn(likelihood, world.observations(session, shown, m), echoes, expected["x"][part])
    np.testing.assert_allclose(likelihood_.full_counts(likelihood), expected["qa"], rtol=1e-12)


def test_the_series_is_the_logarithm() -> None:
    for n, m in itertools.product((0.0, 0.3, 17.0, 5000.0, 10000.0), repeat=2):
        a, b = 501000 + n, 501000 + m
        assert likelihood_.log_ratio_near_one(a, b) == pytest.approx(math.log(a) - math.log(b), abs=5e-15)


def test_the_two_risks_are_the_input_and_the_carry() -> None:
    blank = np.zeros(32)
    for bit, bit_before, memory_before, carry_before in itertools.product((0, 1), repeat=4):
        before = Agent(
            blank, np.eye(16)[0], np.array([float(bit_before)]), np.array([memory_before, 1.0 - memory_before]),
            np.array([0.0, carry_before, 0, 0]), agent_.empty_memory(),
        )  # fmt: skip
        qg = agent_.infer_risk(FULL_ADDER, agent_.risk_basis(np.array([float(bit)]), before))
        assert qg[0].round(9) == bit
        assert qg[1].round(9) == (bit_before + memory_before + carry_before >= 2)
        assert qg[2:] == pytest.approx(1 - qg[:2])


def test_a_write_keeps_or_flips_the_addressed_bit_alone() -> None:
    for stored, input_bit, carry in itertools.product((0, 1), repeat=3):
        qc = agent_.empty_memory()
        qc[:, 5] = [stored or 1e-8, (1 - stored) or 1e-8]
        place = np.eye(16)[5]
        qd = agent_.read_memory(qc, place)
        assert qd[0].round() == stored
        written = agent_.write_memory(qc, np.array([input_bit, carry, 0, 0.0]), qd, place)
        assert written[0].round().tolist() == (place * (stored ^ input_bit ^ carry)).tolist()
        assert written.min() > 0 and written.max() <= 1


def test_any_numbers_are_added_to_the_bit() -> None:
    rng = stream(14)
    for _ in range(5):
        session = world.draw(128, None, rng)
        errors = study.memory_errors(session, study.play_given(session, FULL_ADDER)["memory"])
        assert np.rint(errors["estimate"]).astype(int).tolist() == errors["target"].tolist()
        assert errors["target"].max() < 32768
        quarter = session.numbers.reshape(4, 32)
        assert not quarter[:, 0].any() and errors["target"][63] == quarter[1].sum()


def test_sums_from_images_are_exact_from_the_first_block(digits: digits_.Digits) -> None:
    settings = study.AdderSettings(samples=3, seed=1, blocks=16)
    arrays = study.run(settings, digits)
    assert study.summary(settings, arrays)["exact_sums"] == 48
    assert not arrays["misread"].any()
    assert (np.diff(arrays["err_B"]) < 0).all()
    assert arrays["err_B"][:, 0] == pytest.approx(0.37, abs=0.02)


def test_told_states_give_what_recognised_digits_give(digits: digits_.Digits) -> None:
    session = world.draw(8, digits, stream(15, 0))
    seen = study.play(session, digits, likelihood_.start(*digits_.on_frequencies(digits, stream(15, 1))), FULL_ADDER)
    told = study.play_given(session, FULL_ADDER)
    for name in ("memory", "x", "b"):
        np.testing.assert_allclose(seen[name], told[name], atol=1e-7)


def test_true_transitions_count_pairs() -> None:
    session = world.draw(4, None, stream(16))
    s = world.states(session).astype(int)
    full = np.hstack([s, 1 - s])
    counts = np.full((64, 64), 1e-8)
    for t in range(len(s)):
        counts += np.outer(full[t], full[max(t - 1, 0)])
    np.testing.assert_allclose(study.true_transitions(session), normalise(counts), atol=1e-12)


def test_the_substitute_is_labelled_upright_and_told_apart(digits: digits_.Digits) -> None:
    assert "substitute" in digits.source
    assert digits.images.shape == (360, 784) and digits.zeros == 178
    ones = digits.images[digits.zeros :].reshape(-1, 28, 28).transpose(0, 2, 1)
    on = np.argwhere(ones)
    assert np.ptp(on[:, 1]) >= 23 and ones.any(1).sum(1).mean() < ones.any(2).sum(1).mean()  # taller than wide
    likelihood = likelihood_.start(*digits_.on_frequencies(digits, stream(17)))
    for first in range(0, 360, 16):
        shown = np.minimum(np.arange(first, first + 16), 359)
        o = np.zeros((16, world.ELEMENTS), np.uint8)
        o[:, : 784 * 16] = np.tile(digits.images[shown], (1, 16))
        evidence, _ = likelihood_.block_evidence(likelihood, o)
        assert ((evidence[:, 0] > 0) == (shown >= digits.zeros)).all()
        assert abs(evidence[:, 0]).min() > 11  # more than the transition prior says


def write_idx(path: Path, array: np.ndarray, *, packed: bool = False) -> None:
    raw = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.astype(np.uint8).tobytes()
    path.write_bytes(gzip.compress(raw) if packed else raw)


@pytest.mark.parametrize("packed", [False, True])
def test_mnist_files_are_read(tmp_path: Path, packed: bool) -> None:
    images = stream(18).integers(0, 256, (12, 28, 28))
    labels = np.arange(12) % 3
    end = ".gz" if packed else ""
    write_idx(tmp_path / f"train-images-idx3-ubyte{end}", images, packed=packed)
    write_idx(tmp_path / f"train-labels.idx1-ubyte{end}", labels, packed=packed)
    read = digits_.mnist(tmp_path)
    assert read.zeros == 4 and len(read.images) == 8 and read.source == "MNIST training images"
    for row, column in ((0, 5), (27, 3)):  # pixel order: row + 28 * column
        assert read.images[4:, row + 28 * column].tolist() == (images[labels == 1, row, column] / 255 > 0.5).tolist()


@pytest.mark.parametrize(
    ("damage", "message"),
    [("missing", "holds no file train-images"), ("short", "header says"), ("magic", "not an idx file"),
     ("gzip", "gzip"), ("labels", "labels"), ("alone", "both digits")],
)  # fmt: skip
def test_damaged_mnist_files_are_refused(tmp_path: Path, damage: str, message: str) -> None:
    images, labels = tmp_path / "train-images-idx3-ubyte", tmp_path / "train-labels-idx1-ubyte"
    write_idx(images, np.zeros((4, 28, 28)))
    write_idx(labels, np.array([0, 1, 0, 1]))
    match damage:
        case "missing":
            images.unlink()
        case "short":
            images.write_bytes(images.read_bytes()[:-1])
        case "magic":
            images.write_bytes(b"\x00" * 4000)
        case "gzip":
            images.rename(images.with_suffix(".gz"))
        case "labels":
            write_idx(labels, np.array([0, 1, 0]))
        case "alone":
            write_idx(labels, np.array([0, 0, 0, 0]))
    with pytest.raises(InputError, match=message):
        digits_.mnist(tmp_path)


@pytest.mark.parametrize("blocks", [0, 4, 9, 100_000])
def test_impossible_sessions_are_refused(blocks: int) -> None:
    with pytest.raises(InputError, match="a multiple of 4"):
        study.AdderSettings(blocks=blocks)
