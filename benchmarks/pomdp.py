"""How far is event-driven inference from the event-driven network, and from pymdp (jitted) on the same model?

pymdp infers two categorical factors (6 control states, N places) from the exported model, its answer agreeing.
Last answer: 0.8 to 1.0 of the network's speed; at 64 places 348 times pymdp called step by step, 39 times its scan.
`python -m benchmarks pomdp`
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import jax
import numpy as np
from tests.oracles.pymdp_machine import make_run, make_step

from triquetra.compiler import compile_machine
from triquetra.compiler.export import to_categorical
from triquetra.machines import Tape, from_busy_beaver
from triquetra.runtime import event_network, event_pomdp
from triquetra.runtime.event_pomdp import EventPomdp

from .common import Row, Seconds, compare, timed
from .network import shuttle

STEPS = 2000

BB5 = from_busy_beaver("1RB1LC_1RC1RB_1RD0LE_1LA1LD_1RZ0LA")


def rows() -> Iterator[Row]:
    """The answers."""
    compiled = compile_machine(BB5, cells=10**8)
    network, pomdp = compiled.network, compiled.pomdp
    for cells, where in ((None, "external tape"), (10**5, "10^5 cells")):
        yield compare(
            f"10^7 steps of BB(5) as an agent, {where}",
            timed(lambda cells=cells: event_pomdp.run(pomdp, cells=cells, max_steps=10**7)),
            "event-driven network",
            timed(lambda cells=cells: event_network.run(network, cells=cells, max_steps=10**7)),
        )
    few = prepared(10**3)
    for exponent in (4, 6, 8):
        yield compare(f"10^6 steps of an agent with 10^{exponent} places", prepared(10**exponent), "10^3 places", few)
    pomdp = compile_machine(shuttle(6, 2)).pomdp
    for places in (64, 256, 1024):
        model = to_categorical(pomdp, Tape(), places, (places - 1) // 2)
        run = make_run(model, STEPS)
        control, place = (np.asarray(each) for each in run()[:2])
        ours = event_pomdp.run(pomdp, cells=places, max_steps=STEPS).configuration
        assert (ours.state, ours.heads[0]) == (control[-1], place[-1] - (places - 1) // 2)
        step, first = make_step(model)
        for how, theirs in (
            ("a jitted call a step", partial(_call_by_call, jax.jit(step), first)),
            ("all steps in one jitted scan", lambda run=run: jax.block_until_ready(run())),
        ):
            question = f"{STEPS} steps on {places} places, 6 control states"
            yield compare(question, per_call(prepared(places)), "pymdp on JAX", timed(theirs), how)


def _call_by_call(step: Callable[..., Any], carry: Any) -> None:
    """STEPS steps as an agent makes them, who acts before it observes again."""
    for _ in range(STEPS):
        carry, _seen = step(carry, None)
    jax.block_until_ready(carry)


def prepared(places: int, states: int = 6, symbols: int = 2) -> Seconds:
    """10^6 further steps of an agent that stands ready."""
    pomdp = compile_machine(shuttle(states, symbols), cells=places).pomdp
    engine = EventPomdp(pomdp, [()], cells=places)
    return timed(lambda: engine.advance(10**6))


def per_call(million: Seconds) -> Seconds:
    """The time of STEPS steps, from that of 10^6."""
    return lambda: million() * STEPS / 10**6
