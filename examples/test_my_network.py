"""A test suite of your own for a network of your own: `pytest examples/test_my_network.py`.

The machine is the library's; the network is compiled here, and stands for one that was trained, quantised or read
from a file with `triquetra.load_network`.
"""

from hypothesis import given

import triquetra
from triquetra.testing import assert_agrees, inputs, nearby_weights

machine = triquetra.load("@increment")
network, _ = triquetra.compile(machine)


@given(inputs(machine))
def test_my_network(words):
    assert_agrees(machine, network, *words)


@given(inputs(machine), nearby_weights(network, radius=4))
def test_any_network_within_four_nats_of_it(words, near):
    assert_agrees(machine, near, *words, cells=64)
