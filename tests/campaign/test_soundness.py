"""Tries to break the proof: random machines, weights near the edge, both forms, both tape modes.

No run may contradict `proved`, and every `refuted` must be what a run shows. The quick profile is part of every run of
the tests; `make campaign` goes on for CAMPAIGN_MINUTES (8) and prints how many cases it tried.
"""

import os
import time
from collections import Counter
from dataclasses import replace
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triquetra.compiler import compile_machine, to_pomdp
from triquetra.machines import Tape
from triquetra.machines.strategies import machines, tapes
from triquetra.runtime.lockstep import lockstep
from triquetra.runtime.network import NetworkForm
from triquetra.runtime.pomdp import PomdpForm
from triquetra.runtime.protocol import MemoryTooSmall
from triquetra.testing import nearby_weights
from triquetra.verifier import Proved, Refuted, verify
from triquetra.verifier.checker.claim import agrees, instants, leaves, windows
from triquetra.verifier.prover.refute import inputs_that_lead_to

STEPS = 120
LED = 12  # cells of a machine to which a run is led


@st.composite
def cases(draw):
    """A machine, weights somewhere around what it needs, a tape mode, and inputs."""
    machine = draw(machines(max_states=3, max_tapes=2))
    gain = draw(st.sampled_from([1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0, 12.0, 28.0]))
    share = draw(st.sampled_from([0.0, 0.1, 0.3, 0.6, 0.9, 1.1]))  # of the gain, as the radius of all changes
    near = draw(nearby_weights(compile_machine(machine, gain=gain).network, share * gain))
    network = near.network
    if draw(st.booleans()):  # the memory's own constants too
        network = replace(
            network,
            saturation=network.saturation * draw(st.sampled_from([0.25, 0.5, 1.0, 2.0])),
            rate=network.rate * draw(st.sampled_from([0.3, 0.5, 0.7, 1.0])),
            bistability=draw(st.sampled_from([1.0, 1.2, 1.5, 2.0, 3.0])),
        )
    cells = draw(st.none() | st.integers(1, 40))
    words = draw(st.lists(tapes(machine, max_left=3), min_size=1, max_size=3))
    return machine, near, network, cells, words


def hold(case, tried):
    """What is proved is true of every run tried, and what is refuted is false."""
    machine, _, network, cells, words = case
    led = [tuple(map(Tape.of, each)) for _, each in islice(inputs_that_lead_to(machine, set(machine.delta)), LED)]
    for form in (network, to_pomdp(network)):
        runnable = NetworkForm(form, cells) if form is network else PomdpForm(form, cells)
        given = {"network": form} if form is network else {"network": None, "pomdp": form}
        verdict = verify(machine, **given, cells=cells, robustness=False)
        tried[type(verdict).__name__.lower()] += 1
        if isinstance(verdict, Refuted):
            inputs = tuple(map(Tape.of, verdict.inputs))
            difference = lockstep(machine, [runnable], *inputs, max_steps=verdict.step, dense=True).difference
            assert difference is not None
            assert difference.step == verdict.step
            # Where a head has left, lockstep asks that the form says so; `agrees` only that it encodes nothing.
            there = next(islice(instants(machine, *inputs), verdict.step, None))
            if cells is None or not leaves(there, windows(machine, cells, *inputs)):
                assert not agrees(machine, runnable, verdict.step, *inputs, cells=cells)
        elif isinstance(verdict, Proved):
            for inputs in (*words, *led):
                try:
                    result = lockstep(machine, [runnable], *inputs, max_steps=STEPS, dense=True)
                except MemoryTooSmall:
                    continue
                tried["runs of what is proved"] += 1
                tried["their steps"] += result.outcome.steps
                assert result.difference is None, (inputs, result.difference)


def test_no_run_contradicts_a_proof():
    tried = Counter()

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(cases())
    def quick(case):
        hold(case, tried)

    quick()
    assert min(tried["proved"], tried["refuted"]) > 2, tried


@pytest.mark.campaign
def test_no_run_contradicts_a_proof_for_long(capsys):
    tried = Counter()

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(cases())
    def long(case):
        hold(case, tried)

    end = time.monotonic() + 60 * float(os.environ.get("CAMPAIGN_MINUTES", "8"))
    while time.monotonic() < end:
        long()
    with capsys.disabled():
        cases_tried = sum(tried[name] for name in ("proved", "refuted", "unknown"))
        print(f"\n{cases_tried:,} cases, none of which contradicts its verdict")
        for name, count in tried.most_common():
            print(f"{name:<24}{count:>12,}")
