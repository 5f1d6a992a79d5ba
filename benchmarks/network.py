"""Does a step of the event-driven network cost the same for any number of cells and states, and how much?

One step is memory read, coincidence, control, plasticity and place, with real sigmoids for all units that are on.
Last answer: yes to 10^8 cells; 1.2 times as much with 5,000 states as with 10; BB(5) to its end in 1.6 s with an
external tape, 3.0 s with a synaptic one (one core).
`python -m benchmarks network`
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from triquetra.compiler import compile_machine
from triquetra.machines import Machine, Rule, from_busy_beaver
from triquetra.runtime import event_network, lockstep, turing
from triquetra.runtime.event_network import EventNetwork
from triquetra.runtime.network import NetworkForm

from .common import Row, Seconds, compare, timed

BB5 = from_busy_beaver("1RB1LC_1RC1RB_1RD0LE_1LA1LD_1RZ0LA")


def rows() -> Iterator[Row]:
    """The answers."""
    network = compile_machine(BB5, cells=10**8).network
    run = event_network.run
    turing_whole = timed(lambda: turing.run(BB5))
    for cells, where in ((None, "external tape"), (10**5, "10^5 cells")):
        yield compare(
            f"BB(5) to its end as a network, {where}",
            timed(lambda cells=cells: run(network, cells=cells)),
            "our Turing kernel",
            turing_whole,
            "47,176,870 steps",
            repeats=3,
        )
    small = prepared(10, 2, cells=10**3)
    for exponent in (4, 6, 8):
        large = prepared(10, 2, cells=10**exponent)
        yield compare(f"10^6 steps with 10^{exponent} cells", large, "with 10^3 cells", small)
    few = prepared(10, 20, cells=10**3)
    for states in (100, 1000, 5000):
        yield compare(
            f"10^6 steps of {states} states, 20 symbols", prepared(states, 20, cells=10**3), "of 10 states", few
        )
    dense = NetworkForm(network, 10**3)
    yield compare(
        "1,000 steps with 10^3 cells",
        timed(lambda: run(network, cells=10**3, max_steps=1000)),
        "dense reference",
        timed(lambda: lockstep.run(dense, max_steps=1000)),
    )


def prepared(states: int, symbols: int, cells: int) -> Seconds:
    """10^6 further steps of a network that stands ready."""
    engine = EventNetwork(compile_machine(shuttle(states, symbols), cells=cells).network, [()], cells=cells)
    return timed(lambda: engine.advance(10**6))


def shuttle(states: int, symbols: int = 20) -> Machine:
    """A random machine that runs for ever to and fro: left and right in turn, states and symbols at random."""
    rng = random.Random(states)
    rules = tuple(
        Rule(s, (a,), (rng.randrange(symbols),), (1 if s % 2 else -1,), rng.randrange(1 - s % 2, states, 2))
        for s in range(states)
        for a in range(symbols)
    )
    return Machine(
        name=f"shuttle {states}",
        states=tuple(f"q{s}" for s in range(states)),
        symbols=tuple(f"s{a}" for a in range(symbols)),
        rules=rules,
        verdicts=(None,) * states,
    )
