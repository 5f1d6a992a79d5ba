"""Where does a step's time go, and how far is each engine from what its arithmetic alone would take?

For each engine: nanoseconds a step on the 5-state busy beaver, the sigmoids (and logarithms) that a step cannot do
without, and how long those alone take on this machine, one after the other as each needs the one before.
`python -m benchmarks.profile` prints the table of docs/speed.md.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

import numpy as np
from numba import njit

from triquetra.compiler import compile_machine
from triquetra.machines import from_busy_beaver
from triquetra.runtime import turing
from triquetra.runtime.event_network import EventNetwork
from triquetra.runtime.event_pomdp import EventPomdp

from .common import timed

BB5 = from_busy_beaver("1RB1LC_1RC1RB_1RD0LE_1LA1LD_1RZ0LA")
STEPS = 10_000_000
SAMPLE = 1_000_000


@njit
def _sigmoids(count: int, x: float) -> float:
    for _ in range(count):
        x = 1.0 / (1.0 + np.exp(-28.0 * x))
    return x


@njit
def _walk(chain: np.ndarray, count: int) -> int:
    place = 0
    for _ in range(count):
        place = chain[place]
    return place


def main() -> None:
    """Measure, and print one table."""
    _sigmoids(1, 0.5)
    chain = np.roll(np.arange(64), -1)
    _walk(chain, 1)
    sigmoid = _nanoseconds(lambda: _sigmoids(SAMPLE, 0.5), SAMPLE)
    load = _nanoseconds(lambda: _walk(chain, SAMPLE), SAMPLE)
    print(f"one sigmoid after the other: {sigmoid:.2f} ns; one load after the other: {load:.2f} ns\n")
    writes = _share_of_writes()
    compiled = compile_machine(BB5, cells=100_000)
    engines: list[tuple[str, Callable[[], object], float, str]] = [
        ("table kernel", lambda: turing.run(BB5, max_steps=STEPS), 2 * load, "a load of the tape, a load of the table"),
    ]
    for cells, extra in ((None, 0.0), (100_000, 2.0)):
        count = 2 + 2 * writes + extra  # state, movement, the risks of a write; memory read and place
        where = "external" if cells is None else "synaptic"
        engines.append((f"network, {where}", _engine(EventNetwork, compiled.network, cells), count * sigmoid,
                        f"{count:.1f} sigmoids"))  # fmt: skip
        pairs = count + 1 + (2.0 if cells else 0.0)  # and the complements of movement, of what is read
        engines.append((f"agent, {where}", _engine(EventPomdp, compiled.pomdp, cells), pairs * sigmoid,
                        f"{pairs:.1f} posteriors"))  # fmt: skip
    print("| engine | ns a step | what it cannot do without | takes, ns | ratio |\n|---|---:|---|---:|---:|")
    for name, work, floor, what in engines:
        spent = _nanoseconds(work, STEPS)
        print(f"| {name} | {spent:.1f} | {what} | {floor:.1f} | {spent / floor:.1f} |")


def _engine(engine: type, form: object, cells: int | None) -> Callable[[], object]:
    return lambda: engine(form, [()], cells=cells).advance(STEPS)


def _nanoseconds(work: Callable[[], object], count: int) -> float:
    work()
    seconds = timed(work)
    return median(seconds() for _ in range(5)) / count * 1e9


def _share_of_writes() -> float:
    """The share of steps that change a symbol, over the first steps of the busy beaver."""
    table = {(rule.state, rule.read[0]): rule for rule in BB5.rules}
    tape: dict[int, int] = {}
    state, head, changed, steps = 0, 0, 0, 200_000
    for _ in range(steps):
        rule = table[state, tape.get(head, 0)]
        changed += rule.write != rule.read
        tape[head], state, head = rule.write[0], rule.goto, head + rule.move[0]
    return changed / steps


if __name__ == "__main__":
    main()
