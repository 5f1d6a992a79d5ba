"""What the three simulations share: softmaxes, counts as probabilities, random streams, parallel samples, result files.

Source of all equations: the conventions of the triple-equivalence simulations (T. Isomura, Communications
Physics 2025, and the scripts that accompany it). A *paired* array of 2n rows holds n probabilities followed by
their n complements. Everything is double precision.
"""

from __future__ import annotations

import io
import json
import os
import threading
import zipfile
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

from triquetra.machines import InputError, write_whole
from triquetra.machines.files import read_bytes

Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]
Arrays = dict[str, NDArray[Any]]
T = TypeVar("T")

LEAST = 1e-8  # no probability of a parameter is closer than this to 0 or 1


@njit(cache=True, nogil=True)
def pair_softmax(x: Floats) -> Floats:
    """n independent Bernoulli posteriors from the log weights of n states and of their n complements.

    Args: x: (2n,), nats. Returns: (2n,), where entries i and n + i add up to 1.
    The larger of each *pair* is subtracted before exponentiating. Subtracting the largest of the whole column,
    as the original does, gives the same but for pairs about 745 nats below it, where it gives 0/0.
    Source: conventions, `pair-softmax`.
    """
    n = x.size // 2
    p = np.empty(2 * n)
    for i in range(n):
        top = max(x[i], x[n + i])
        on, off = np.exp(x[i] - top), np.exp(x[n + i] - top)
        p[i] = on / (on + off)
        p[n + i] = off / (on + off)
    return p


@njit(cache=True, nogil=True)
def softmax(x: Floats) -> Floats:
    """Categorical posterior (n,) from log weights (n,) in nats. Source: conventions, `softmax`."""
    weights = np.exp(x - x.max())
    p: Floats = weights / weights.sum()
    return p


@njit(cache=True, nogil=True)
def normalise(counts: Floats) -> Floats:
    """Probabilities of paired counts, kept within [1e-8, 1 - 1e-8].

    Args: counts: (2n, m), positive. Returns: (2n, m).
    Its logarithm serves as the expected log parameter: plain log, no digamma. Source: conventions, `normalise`.
    """
    n = counts.shape[0] // 2
    p = np.empty_like(counts)
    for i in range(n):
        for j in range(counts.shape[1]):
            total = counts[i, j] + counts[n + i, j]
            p[i, j] = min(max(counts[i, j] / total, LEAST), 1 - LEAST)
            p[n + i, j] = min(max(counts[n + i, j] / total, LEAST), 1 - LEAST)
    return p


@njit(cache=True, nogil=True)
def ln8(x: Floats) -> Floats:
    """log(x + 1e-8), in nats, for any shape: a logarithm bounded below by -18.42. Source: conventions, `ln8`."""
    return np.log(x + LEAST)


def paired(x: NDArray[Any]) -> Floats:
    """x (n, ...) followed by its complements: (2n, ...)."""
    x = np.asarray(x, dtype=np.float64)
    return np.concatenate([x, 1 - x])


def stream(seed: int, *key: int) -> np.random.Generator:
    """The random stream of one part of a study: `key` names the part, so streams do not depend on who draws first."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))


class Stopped(Exception):
    """A job was asked to stop: another one failed, or the user interrupted."""


Progress = Callable[[int, int], None]  # (done, total), in the study's own unit of work


def silent(done: int, total: int) -> None:
    """No progress display."""


def part_of(progress: Progress, before: int, total: int) -> Progress:
    """The progress of a part of a longer run: `before` units lie before it, and the whole has `total`."""
    return lambda done, _: progress(before + done, total)


def usable_cores() -> int:
    """Number of processor cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def run_jobs(
    job: Callable[[int, Callable[[], None]], T],
    count: int,
    *,
    ticks: int = 1,
    workers: int | None = None,
    progress: Progress = silent,
) -> list[T]:
    """`[job(0, tick), ..., job(count - 1, tick)]`, computed by threads (the kernels release the interpreter lock).

    A job calls `tick()` after each of its `ticks` parts; that reports progress, and raises `Stopped` where the
    run was interrupted, so that Ctrl-C is answered after a part and not after a job. The result does not depend
    on the number of workers (default: all cores), since each job draws from a stream of its own; linear algebra keeps
    to one thread meanwhile, both for that and because threads of threads get in each other's way.
    """
    require_extras("threadpoolctl")
    from threadpoolctl import threadpool_limits

    stop = threading.Event()
    lock = threading.Lock()
    done = 0

    def tick() -> None:
        nonlocal done
        if stop.is_set():
            raise Stopped
        with lock:
            done += 1

    workers = min(workers or usable_cores(), count)
    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(workers) as pool:
        futures: list[Future[T]] = [pool.submit(job, index, tick) for index in range(count)]
        pending = set(futures)
        try:
            while pending:
                progress(done, count * ticks)
                finished, pending = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
                for future in finished:
                    future.result()
        except BaseException:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    progress(count * ticks, count * ticks)
    return [future.result() for future in futures]


def require(condition: bool, message: str) -> None:
    """Raise `InputError(message)` unless `condition` holds."""
    if not condition:
        raise InputError(message)


def require_least(settings: Any, **least: int) -> None:
    """Raise `InputError` where a number of `settings` is below the least value it may have."""
    for name, value in least.items():
        require(getattr(settings, name) >= value, f"{name} = {getattr(settings, name)}; at least {value} is needed")


def course(curves: Floats) -> dict[str, float]:
    """Where curves (samples, points) begin and end: means over samples, and the standard deviation at the end."""
    first, last = curves[:, 0], curves[:, -1]
    return {"first": float(first.mean()), "last": float(last.mean()), "last_spread": float(last.std())}


def require_extras(*modules: str) -> None:
    """Raise `InputError` with the cure where a module of the extra `studies` is not installed."""
    missing = [name for name in modules if find_spec(name) is None]
    require(not missing, f"this study needs {' and '.join(missing)}: pip install 'triquetra[studies]'")


@dataclass(frozen=True)
class Saved:
    """A study as read back from its file: the settings that made it, and the arrays."""

    settings: dict[str, Any]
    arrays: Arrays


def save(path: Path, settings: dict[str, Any], arrays: Arrays) -> None:
    """Write arrays and, as JSON inside the same `.npz` file, the settings that made them; whole or not at all.

    Equal content gives equal bytes. Raises: InputError: the file cannot be written.
    """
    made_by = {"triquetra": version("triquetra"), "numpy": np.__version__}
    buffer = io.BytesIO()
    text = json.dumps({**settings, "made_by": made_by})
    np.savez_compressed(buffer, allow_pickle=False, settings=np.array(text), **arrays)
    write_whole(path, buffer.getvalue())


def load(path: Path) -> Saved:
    """Read what `save` wrote. Raises: InputError: no such file, or not such a file."""
    try:
        with np.load(io.BytesIO(read_bytes(path)), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        settings = json.loads(str(arrays.pop("settings")))
        return Saved(settings, arrays)
    except InputError:
        raise
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise InputError(f"{path} is not a result file of `triquetra study`: {error}") from None
