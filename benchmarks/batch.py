"""Does running many machines or inputs at once beat a loop?

1,000 random machines of 5 states and 2 symbols, 1,000 steps each at most; in the network's and the agent's engines they
are one union whose start state differs.
Last answer: about 5 times as fast as a loop, network and agent alike.
`python -m benchmarks batch`
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from triquetra.compiler import compile_machine
from triquetra.machines import disjoint_union, from_busy_beaver
from triquetra.runtime import event_network, event_pomdp
from triquetra.runtime.event_network import EventNetwork
from triquetra.runtime.event_pomdp import EventPomdp

from .common import Row, compare, timed

COUNT, STEPS = 1000, 1000


def rows() -> Iterator[Row]:
    """The answers."""
    rng = random.Random(5)
    cells = [f"{w}{m}{s}" for w in "01" for m in "LR" for s in "ABCDE"] + ["1RZ"]
    texts = ["_".join(rng.choice(cells) + rng.choice(cells) for _ in range(5)) for _ in range(COUNT)]
    machines = [from_busy_beaver(text) for text in texts]
    union, starts = disjoint_union(machines)
    whole = compile_machine(union)
    alone = [compile_machine(machine) for machine in machines]
    blank = [()] * COUNT
    for form, engine, single in (
        ("network", EventNetwork, event_network.run),
        ("pomdp", EventPomdp, event_pomdp.run),
    ):
        parameters, loop = getattr(whole, form), [getattr(each, form) for each in alone]
        yield compare(
            f"{COUNT} machines, {STEPS} steps each, as one batch: {form}",
            timed(lambda engine=engine, parameters=parameters: engine(parameters, blank, starts=starts).finish(STEPS)),
            "a loop over them",
            timed(lambda single=single, loop=loop: [single(each, max_steps=STEPS) for each in loop]),
        )
