"""Running a survey on Dask: a local cluster, or any scheduler."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import resource_tracker
from typing import Any

from triquetra.machines import InputError

from .results import Results
from .space import LISTED, Space, tasks_without_tree
from .task import SurveySettings, perform, seeds

RETRIES = 5  # of a task whose worker died
AHEAD = 4  # tasks under way for each worker thread, so that none waits

Progress = Callable[[int, int], None]


def tasks_of(space: Space, settings: SurveySettings) -> list[str]:
    """The tasks of a space, in a fixed order."""
    if space.kind == "list":
        chunks = (space.machines[first : first + LISTED] for first in range(0, space.count, LISTED))
        return [" ".join(chunk) for chunk in chunks]
    if space.kind != "tnf":
        return [str(number) for number in range(tasks_without_tree(space))]
    return [f"{text}*" if subtree else text for text, subtree in seeds(space, settings)]


def run(
    space: Space,
    settings: SurveySettings,
    results: Results,
    *,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> None:
    """Do the tasks that `results` lacks. A worker that dies costs time only: its tasks are done again by others.

    Args:
        scheduler: address of a Dask scheduler whose workers have triquetra; a local cluster without it.
        workers: processes of the local cluster; one for each core without it.
    Raises: InputError: Dask is not installed, the scheduler cannot be reached, a task kills every worker that tries it,
        or the results file cannot be written. What is done by then is stored.
    """
    every = tasks_of(space, settings)
    done = results.done()
    todo = [task for task in every if task not in done]
    if not todo:
        return
    with _client(scheduler, workers) as client:
        from distributed import KilledWorker, as_completed

        bare, name = replace(space, machines=()), str(space)  # the tasks of a list hold its machines

        def submit(task: str) -> Any:
            return client.submit(perform, bare, task, settings, key=f"{name}/{task}", retries=RETRIES, pure=True)

        waiting = iter(todo)
        threads = max(sum(client.nthreads().values()), 1)
        first = {submit(task): task for _, task in zip(range(AHEAD * threads), waiting)}
        under_way = dict(first)
        completed = as_completed(list(first))
        finished = len(every) - len(todo)
        for future in completed:
            try:
                rows, seconds = future.result()
            except KilledWorker:
                task = under_way[future]
                raise InputError(f"task {task[:80]} ended {RETRIES} workers; there may be too little memory") from None
            results.add(under_way.pop(future), rows, seconds)
            future.release()
            finished += 1
            if progress is not None:
                progress(finished, len(every))
            task = next(waiting, None)
            if task is not None:
                further = submit(task)
                under_way[further] = task
                completed.add(further)


@contextmanager
def _client(scheduler: str | None, workers: int | None) -> Iterator[Any]:
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError:
        raise InputError("surveys need Dask: pip install 'triquetra[survey]'") from None
    if scheduler is not None:
        try:
            client = Client(scheduler, timeout="10s")
        except (OSError, ValueError, TimeoutError) as error:
            raise InputError(f"no Dask scheduler answers at {scheduler}: {error}") from None
        with client:
            yield client
        return
    quiet = {"distributed.nanny.pre-spawn-environ.DASK_LOGGING__DISTRIBUTED": "critical"}  # what fails comes back to us
    with _interrupts_held_back(), dask.config.set(quiet):
        cluster = LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0")
    with cluster, Client(cluster) as client:
        try:
            yield client
        except BaseException:
            for logger in ("distributed", "distributed.client"):  # workers that are closed at work complain
                logging.getLogger(logger).setLevel(logging.CRITICAL)
            raise


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Threads and processes that start inside never see Ctrl-C, which is for us; one that comes inside comes after."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # starting it later would let interrupts through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
