"""What the studies share: softmaxes and counts, parallel jobs that stop, and files that hold their settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from triquetra.machines import InputError
from triquetra.studies import common

nats = st.floats(-300, 300)


@given(st.integers(1, 8).flatmap(lambda n: arrays(float, 2 * n, elements=nats)))
def test_pair_softmax_is_a_sigmoid_of_each_pair(x: np.ndarray) -> None:
    n = len(x) // 2
    p = common.pair_softmax(x)
    assert p[:n] == pytest.approx(np.exp(-np.logaddexp(0, x[n:] - x[:n])), rel=1e-12)
    assert p[:n] + p[n:] == pytest.approx(1)


def test_pair_softmax_survives_a_pair_far_below_the_others() -> None:
    assert common.pair_softmax(np.array([0.0, -5000.0, 0.0, -5001.0])) == pytest.approx(
        [0.5, 0.731059, 0.5, 0.268941], abs=1e-6
    )


@given(arrays(float, 7, elements=nats), nats)
def test_softmax_ignores_a_common_shift(x: np.ndarray, shift: float) -> None:
    assert common.softmax(x) == pytest.approx(common.softmax(x + shift), abs=1e-12)
    assert common.softmax(x).sum() == pytest.approx(1)


def test_normalise_pairs_and_clips() -> None:
    counts = np.array([[3.0, 0.0], [1.0, 5.0]])
    assert common.normalise(counts) == pytest.approx(np.array([[0.75, 1e-8], [0.25, 1 - 1e-8]]), abs=1e-16)


def test_ln8_is_bounded_below() -> None:
    assert common.ln8(np.zeros(1))[0] == pytest.approx(-18.42, abs=0.01)


def test_streams_are_apart_and_do_not_depend_on_order() -> None:
    first = common.stream(1, 5).random(4)
    assert np.array_equal(first, common.stream(1, 5).random(4))
    others = [common.stream(1, 6), common.stream(2, 5), common.stream(1, 5, 0), common.stream(1)]
    assert not any(np.array_equal(first, other.random(4)) for other in others)


def test_jobs_come_back_in_order_with_progress() -> None:
    seen: list[tuple[int, int]] = []

    def job(index: int, tick: Callable[[], None]) -> int:
        tick()
        tick()
        return index * index

    assert common.run_jobs(job, 9, ticks=2, workers=4, progress=lambda *at: seen.append(at)) == [
        k * k for k in range(9)
    ]
    assert all(total == 18 for _, total in seen)
    assert seen[-1] == (18, 18) and [done for done, _ in seen] == sorted(done for done, _ in seen)


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ValueError])
def test_an_interruption_stops_every_job_after_a_part(failure: type[BaseException]) -> None:
    stopped: list[int] = []

    def job(index: int, tick: Callable[[], None]) -> None:
        try:
            while True:
                tick()
        except common.Stopped:
            stopped.append(index)
            raise

    def interrupt(done: int, total: int) -> None:
        if done:
            raise failure

    with pytest.raises(failure):
        common.run_jobs(job, 50, workers=2, progress=interrupt)
    assert sorted(stopped) == [0, 1]  # those under way; the others never began


def test_a_failing_job_ends_the_run_with_its_error() -> None:
    def job(index: int, tick: Callable[[], None]) -> None:
        if index == 1:
            raise InputError("broken")
        while True:
            tick()

    with pytest.raises(InputError, match="broken"):
        common.run_jobs(job, 3, workers=2)


def test_files_hold_arrays_and_the_settings_that_made_them(tmp_path: Path) -> None:
    content = {"a": np.arange(6.0).reshape(2, 3), "b": np.array([True, False])}
    common.save(tmp_path / "x.npz", {"seed": 3, "images": "é"}, content)
    saved = common.load(tmp_path / "x.npz")
    assert saved.settings["seed"] == 3 and saved.settings["images"] == "é"
    assert set(saved.settings["made_by"]) == {"triquetra", "numpy"}
    assert all(np.array_equal(saved.arrays[name], content[name]) for name in content)
    common.save(tmp_path / "y.npz", {"seed": 3, "images": "é"}, content)
    assert (tmp_path / "x.npz").read_bytes() == (tmp_path / "y.npz").read_bytes()


def test_what_is_not_a_result_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.npz"
    path.write_bytes(b"nothing")
    with pytest.raises(InputError, match="not a result file"):
        common.load(path)
    with pytest.raises(InputError, match="there is no file"):
        common.load(tmp_path / "y.npz")
    np.savez(path, a=np.arange(3))
    with pytest.raises(InputError, match="not a result file"):
        common.load(path)
    np.savez(path, settings=np.array([{"a": 1}], dtype=object))  # a pickle inside
    with pytest.raises(InputError, match="not a result file"):
        common.load(path)
    common.save(path, {}, {"a": np.arange(100)})
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(InputError, match="not a result file"):
        common.load(path)
