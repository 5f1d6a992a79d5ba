"""Weights in words: the rule is named, and names that are not there bring the nearest ones."""

import pytest

from triquetra.compiler import compile_machine
from triquetra.compiler.explain import explain_network, explain_pomdp
from triquetra.machines import InputError
from triquetra.machines.load import load

MACHINE = load("@increment").machine
COMPILED = compile_machine(MACHINE, gain=15)


def test_a_weight_names_its_rule():
    (line,) = explain_network(COMPILED.network, MACHINE, "state:carry", "cell:right,_")
    assert line.startswith("state right reading _ excites state carry with +30 nats because of rule increment.tm:")
    assert "(right _ -> _ L carry)" in line


def test_absent_weights_are_said_to_be_absent():
    (line,) = explain_network(COMPILED.network, MACHINE, "move:L", "state:done")
    assert line == "state done by itself does not act on the movement left"


def test_every_synapse_has_its_sentence():
    lines = explain_network(COMPILED.network, MACHINE)
    assert len(lines) == COMPILED.network.weights.nnz + COMPILED.network.axes.units
    assert all("because" in line for line in lines)


def test_parameters_are_probabilities():
    (line,) = explain_pomdp(COMPILED.pomdp, MACHINE, "halt", "cell:right,_")
    assert "makes the halt unit nearly impossible: odds of e^-30" in line


@pytest.mark.parametrize(("unit", "source"), [("state:cary", None), ("state:carry", "cell:carry,7")])
def test_unknown_names_bring_the_nearest(unit, source):
    with pytest.raises(InputError, match=r"carry"):
        explain_network(COMPILED.network, MACHINE, unit, source)
