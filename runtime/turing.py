"""The Turing form: a machine's table run step by step.

`run` is fast; `run_reference` is plain, and is what `run` is tested against.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from triquetra.machines import Configuration, Input, InputError, Machine, Outcome, Verdict, start, step

from .kernels import DenseTable, Kernel, KernelStop, PackedMachine, Window, prepare
from .protocol import MemoryTooSmall
from .returns import look, next_look
from .world import memory_origin

CHUNK = 1 << 26  # steps between two calls of `progress`: about a fifth of a second
STEPS_TOGETHER = 1 << 16  # of the runs of a batch that one call of a kernel begins
MOST_TOGETHER = 1 << 10  # such runs: each has 4 KB of tape and more
Progress = Callable[[int], None]


def run(
    machine: Machine,
    *inputs: Input,
    max_steps: int | None = None,
    max_cells: int | None = None,
    watch: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Run a machine from its start configuration until it halts or a limit is reached.

    Args:
        inputs: what stands on the tapes, from cell 0 on.
        max_steps: most rules to apply; without it, a machine that never halts runs until Ctrl-C.
        max_cells: cells of each tape's memory, placed as the other forms place them. Without it tapes grow.
        watch: whether to notice that the run comes back to where it was (`returns`), and to end it there.
        progress: called with the number of steps now and then (every `CHUNK` steps).

    Returns:
        The outcome. `STEP_LIMIT` only where one more rule would apply; `LEFT_MEMORY` with the last configuration
        whose heads are all inside, as the other forms can show no other.

    Raises: InputError: an input that the machine does not read, or that `max_cells` cells do not hold.
    """
    at = start(machine, *inputs)
    return run_from(machine, at, max_steps=max_steps, max_cells=max_cells, watch=watch, progress=progress)


def run_from(
    machine: Machine,
    at: Configuration,
    *,
    max_steps: int | None = None,
    max_cells: int | None = None,
    watch: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """As `run`, from any configuration; steps are counted from there."""
    return _run(prepare(machine), machine, at, max_steps, max_cells, progress, watch)


def run_batch(
    machine: Machine,
    batch: Sequence[Sequence[Input]],
    *,
    starts: Sequence[int] = (),
    max_steps: int | None = None,
    max_cells: int | None = None,
    threads: int | None = None,
) -> list[Outcome]:
    """Many runs of a machine, on all cores; one outcome for each input of the batch, in its order.

    Args:
        batch: for each run what stands on the tapes.
        starts: for each run its start state, if not the machine's. So many machines run at once as one
            (`machines.disjoint_union`).
        threads: how many run at a time; without it, one for each core.

    Raises: InputError: as `run`; or not as many starts as inputs.
    """
    if starts and len(starts) != len(batch):
        raise InputError(f"{len(starts)} start states for {len(batch)} runs; give one a run")
    at = [start(machine, *inputs) for inputs in batch]
    if starts:
        at = [replace(each, state=state) for each, state in zip(at, starts)]
    program = prepare(machine)
    threads = threads or os.cpu_count() or 1
    # few runs at a time, so that no thread is left with all the long ones
    share = (
        min(-(-len(at) // (4 * threads)), MOST_TOGETHER) or 1
    )  # few runs at a time, so that no thread is left with all the long ones

    def run_some(some: Sequence[Configuration]) -> list[Outcome]:
        if isinstance(program, DenseTable) and max_cells is None:
            return _run_together(program, machine, some, max_steps)
        return [_run(program, machine, each, max_steps, max_cells, None) for each in some]

    with ThreadPoolExecutor(threads) as pool:
        parts = pool.map(run_some, [at[i : i + share] for i in range(0, len(at), share)])
        return [outcome for part in parts for outcome in part]


def _run_together(
    table: DenseTable, machine: Machine, some: Sequence[Configuration], max_steps: int | None
) -> list[Outcome]:
    """Runs begun by one call of a kernel; those that are long, or need much tape, go on one by one."""
    limit = STEPS_TOGETHER if max_steps is None else min(STEPS_TOGETHER, max_steps)
    outcomes = []
    for steps, stop, at in table.run_all(some, limit):
        if stop is KernelStop.EDGE or (stop is KernelStop.LIMIT and steps != max_steps):
            rest = _run(table, machine, at, None if max_steps is None else max_steps - steps, None, None)
            outcomes.append(replace(rest, steps=steps + rest.steps))
        else:
            outcomes.append(_outcome(machine, at, stop, steps))
    return outcomes


def _run(
    program: PackedMachine,
    machine: Machine,
    at: Configuration,
    max_steps: int | None,
    max_cells: int | None,
    progress: Progress | None,
    watch: bool = False,
) -> Outcome:
    windows = None if max_cells is None else memory(machine, at, max_cells)
    engine = program.begin(at, windows)
    steps = 0
    while True:
        room = CHUNK if max_steps is None else min(CHUNK, max_steps - steps)
        if watch:
            if steps == next_look(steps):
                course = _Course(engine, machine, windows is None, room)
                steps, returned = look(course, steps)
                if returned is not None:
                    return Outcome(Verdict.ENDLESS, engine.configuration(), steps, returned)
                room -= course.made
            room = min(room, next_look(steps + 1) - steps)
        done, stop = engine.advance(room)
        steps += done
        if progress is not None:
            progress(steps)
        if stop is KernelStop.EDGE and windows is None:
            engine.grow()
        elif stop is not KernelStop.LIMIT or steps == max_steps:
            if windows is not None and _outside(engine.configuration(), windows):
                inside = _run(program, machine, at, steps - 1, max_cells, None)
                return Outcome(Verdict.LEFT_MEMORY, inside.configuration, inside.steps)
            return _outcome(machine, engine.configuration(), stop, steps)


def end_alike(
    machine: Machine, inputs: Sequence[Input], outcomes: Sequence[Outcome], max_cells: int | None = None
) -> bool:
    """Whether runs of a machine in several forms ended alike.

    They did if they are equal. Where a run was seen to have no end in one form sooner than in another, each must be
    where the machine is after so many steps.
    """
    if len(set(outcomes)) == 1:
        return True
    return all(outcome.verdict in (Verdict.ENDLESS, Verdict.STEP_LIMIT) for outcome in outcomes) and all(
        run(machine, *inputs, max_steps=outcome.steps, max_cells=max_cells).configuration == outcome.configuration
        for outcome in outcomes
    )


class _Course:
    """A kernel's run as a `Course`, for at most `room` steps."""

    def __init__(self, kernel: Kernel, machine: Machine, grows: bool, room: int) -> None:
        self.translatable = grows and machine.tapes == 1
        self.made = 0
        self._kernel, self._grows, self._room, self._one_way = kernel, grows, room, machine.one_way

    def step(self) -> bool:
        """As `Course.step`."""
        if self.made == self._room:
            return False
        done, stop = self._kernel.advance(1)
        if stop is KernelStop.EDGE and self._grows and not done:
            self._kernel.grow()
            done, _ = self._kernel.advance(1)
        self.made += done
        return bool(done)

    def here(self) -> tuple[int, tuple[int, ...]]:
        """As `Course.here`."""
        return self._kernel.here()

    def cell(self, tape: int, position: int) -> tuple[int, bool]:
        """As `Course.cell`; at the end of a one-way tape is a cell unlike any other."""
        return self._kernel.cell(tape, position), self._one_way[tape] and position == 0

    def extent(self) -> tuple[int, int]:
        """As `Course.extent`."""
        low, high = self._kernel.extent()
        return 0 if self._one_way[0] else low, high


def run_reference(
    machine: Machine, *inputs: Input, max_steps: int | None = None, max_cells: int | None = None
) -> Outcome:
    """As `run`, by `machines.step`."""
    configuration = start(machine, *inputs)
    windows = None if max_cells is None else memory(machine, configuration, max_cells)
    steps = 0
    while True:
        following = step(machine, configuration)
        if following is None:
            return Outcome(_halted(machine, configuration), configuration, steps)
        if steps == max_steps:
            return Outcome(Verdict.STEP_LIMIT, configuration, steps)
        if windows is not None and _outside(following, windows):
            return Outcome(Verdict.LEFT_MEMORY, configuration, steps)
        configuration, steps = following, steps + 1


def memory(machine: Machine, at: Configuration, cells: int) -> tuple[Window, ...]:
    """The cells that exist in a memory of `cells` cells: of each tape the first, and one past the last.

    Raises: MemoryTooSmall: what is written, or a head, would be outside.
    """
    windows = []
    for number, (tape, head, one_way) in enumerate(zip(at.tapes, at.heads, machine.one_way), 1):
        first = -memory_origin(tape, cells, one_way)
        if not first <= head < first + cells:
            raise MemoryTooSmall(f"head {number} is outside a memory of {cells} cells; ask for more cells")
        windows.append((first, first + cells))
    return tuple(windows)


def _outcome(machine: Machine, configuration: Configuration, stop: KernelStop, steps: int) -> Outcome:
    limited = stop is KernelStop.LIMIT and (configuration.state, configuration.read) in machine.delta
    verdict = Verdict.STEP_LIMIT if limited else _halted(machine, configuration)
    return Outcome(verdict, configuration, steps)


def _outside(configuration: Configuration, windows: Iterable[Window]) -> bool:
    return any(not first <= head < last for head, (first, last) in zip(configuration.heads, windows))


def _halted(machine: Machine, configuration: Configuration) -> Verdict:
    return Verdict.UNDEFINED if machine.verdicts[configuration.state] is None else Verdict.HALTED
