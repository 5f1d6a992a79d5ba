"""Do compiling, saving, loading, certifying and checking take time in proportion to the machine?

Random machines of 20 symbols; the yardstick is the same with 500 states, scaled to as many states: a ratio near 1 is a
slope near 1. Last answer: certifying and checking near it (65 s for 5,000 states); compiling
and saving take about a second there, and vary more than that from run to run.
`python -m benchmarks compiler`
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

from triquetra.compiler import compile_machine
from triquetra.forms import load_network, load_pomdp, save
from triquetra.machines import Machine
from triquetra.verifier import verify

from .common import Row, Seconds, compare, timed
from .network import shuttle

SIZES = (500, 1500, 5000)


def rows() -> Iterator[Row]:
    """The answers."""
    machines = {size: shuttle(size) for size in SIZES}
    for name, stage in (("compile", _compile), ("save and load", _save_and_load), ("certify and check", _verify)):
        works = {size: stage(machine) for size, machine in machines.items()}
        for size in SIZES:
            base = scaled(works[SIZES[0]], size / SIZES[0])
            yield compare(
                f"{name}, {size} states × 20 symbols", works[size], f"{SIZES[0]} states, scaled", base, repeats=1
            )


def scaled(work: Seconds, factor: float) -> Seconds:
    """The time of `work`, times `factor`."""
    return lambda: work() * factor


def _compile(machine: Machine) -> Seconds:
    return timed(lambda: compile_machine(machine))


def _save_and_load(machine: Machine) -> Seconds:
    compiled = compile_machine(machine)

    def there_and_back() -> None:
        with tempfile.TemporaryDirectory() as folder:
            save(compiled.network, folder)
            save(compiled.pomdp, folder)
            load_network(folder), load_pomdp(folder)

    return timed(there_and_back)


def _verify(machine: Machine) -> Seconds:
    compiled = compile_machine(machine)
    return timed(lambda: verify(machine, compiled.network, compiled.pomdp, None, robustness=False))
