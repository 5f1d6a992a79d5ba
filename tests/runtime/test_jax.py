"""The dense network on JAX has the reference's trace (JAX comes with the test group's inference library)."""

import numpy as np
import pytest
from hypothesis import given, settings

from triquetra.compiler import compile_machine
from triquetra.machines import from_busy_beaver
from triquetra.machines.strategies import machines, machines_with_input
from triquetra.runtime import turing
from triquetra.runtime.jax_network import JaxNetwork
from triquetra.runtime.network import NetworkForm


@pytest.mark.parametrize("text", ["1RB1LB_1LA0LC_1RZ1LD_1RD0RA", "1RB2LA1RA1RA_1LB1LA3RB1RZ"])
def test_activities_step_by_step(text):
    machine = from_busy_beaver(text)
    network = compile_machine(machine, cells=64).network
    reference, device = NetworkForm(network, 64), JaxNetwork(network, 64)
    there, here = reference.init(), device.init([()])
    for _ in range(100):
        there, here = reference.step(there), device.step(here)
        assert device.decode(here, 0) == reference.decode(there)
        np.testing.assert_allclose(np.asarray(here.x[0]), there.x, rtol=0, atol=1e-14)
        np.testing.assert_array_equal(np.asarray(here.synapses[0, 0]), there.tapes[0].synapses)
        np.testing.assert_allclose(np.asarray(here.place[0, 0]), there.tapes[0].place, rtol=0, atol=1e-14)


@given(machines_with_input(machines(max_tapes=2)))
@settings(max_examples=5)
def test_outcomes_of_random_machines(drawn):
    machine, tapes = drawn
    network = compile_machine(machine, cells=14).network
    (outcome,) = JaxNetwork(network, 14).run([tapes], max_steps=30)
    assert outcome == turing.run(machine, *tapes, max_steps=30, max_cells=14)


def test_a_batch_of_inputs():
    machine = from_busy_beaver("0RB1RA_1LC---_1LC0RZ")
    batch = [("1" * length,) for length in range(1, 20)]
    outcomes = JaxNetwork(compile_machine(machine).network, 40).run(batch, max_steps=60)
    assert outcomes == [turing.run(machine, *inputs, max_steps=60, max_cells=40) for inputs in batch]
