"""`triquetra.testing`: a user's suite passes for what is right, and what is wrong becomes small and readable."""

import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings

from triquetra.compiler import compile_machine
from triquetra.machines import InputError
from triquetra.machines.load import load
from triquetra.runtime.reference import TuringForm
from triquetra.testing import Perturbation, assert_agrees, inputs, machines, nearby_weights
from triquetra.verifier import perturb

ROOT = Path(__file__).parent.parent.parent
INCREMENT = load("@increment").machine
COMPILED = compile_machine(INCREMENT)
GAIN = COMPILED.gain.nats
SETTINGS = settings(
    max_examples=3000, deadline=None, database=None, suppress_health_check=list(HealthCheck),
    phases=(Phase.generate, Phase.shrink),
)  # fmt: skip
SUITE = """
import triquetra
from hypothesis import given, settings
from triquetra.testing import assert_agrees, inputs, nearby_weights

machine = triquetra.load("@increment")
network, _ = triquetra.compile(machine)

@settings(max_examples=100, deadline=None, derandomize=True)
@given(inputs(machine), nearby_weights(network, radius=40))
def test_my_network(words, near):
    assert_agrees(machine, near, *words)
"""


def test_what_is_right_passes_in_every_form():
    for form in (COMPILED.network, COMPILED.pomdp, TuringForm(INCREMENT)):
        assert_agrees(INCREMENT, form, "1011")
    assert_agrees(INCREMENT, COMPILED.network, "1011", cells=9)
    assert_agrees(INCREMENT, COMPILED.pomdp, "1011", cells=9)


@given(nearby_weights(COMPILED.network, 3.0), inputs(INCREMENT))
def test_weights_within_the_radius_are_within_it_and_agree(near, words):
    for name in ("bias", "sensory_weights", "sensory_bias"):
        assert abs(getattr(near.network, name) - getattr(COMPILED.network, name)).max() <= 3.0 + 1e-9
    assert abs(near.network.weights.data - COMPILED.network.weights.data).max() <= 3.0 + 1e-9
    assert_agrees(INCREMENT, near, *words)


def test_a_difference_is_said_with_input_step_and_both_sides():
    broken = perturb(COMPILED.network, 3 * GAIN, seed=3)
    with pytest.raises(AssertionError, match=r"on '1011' the forms part at step \d+: (.|\n)*turing: runs in state"):
        assert_agrees(INCREMENT, broken, "1011")


def test_bad_input():
    other = load("@busy-beaver-3").machine
    with pytest.raises(InputError, match="other states"):
        assert_agrees(other, COMPILED.network)
    with pytest.raises(InputError, match="cells"):
        assert_agrees(INCREMENT, TuringForm(INCREMENT), "1", cells=4)
    for radius in (-1.0, float("inf"), float("nan")):
        with pytest.raises(InputError, match="radius"):
            nearby_weights(COMPILED.network, radius)


def parts(near):
    """Whether weights do otherwise than the machine on a short input."""
    try:
        for word in ("", "1", "01"):
            assert_agrees(INCREMENT, near, word)
    except AssertionError:
        return True
    return False


def test_a_wrong_network_shrinks_to_one_named_weight():
    found = [
        find(nearby_weights(COMPILED.network, 3 * GAIN), parts, settings=SETTINGS, random=random.Random(seed))
        for seed in range(4)
    ]
    for near in found:
        assert len(near.perturbations) == 1
        assert len(repr(near)) < 110
    (change,) = found[0].perturbations
    assert isinstance(change, Perturbation)
    assert GAIN <= abs(change.nats) <= 3 * GAIN


def test_what_hypothesis_prints_in_a_users_suite_is_short(tmp_path):
    suite = tmp_path / "test_mine.py"
    suite.write_text(SUITE)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", tmp_path, suite],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 1, run.stdout + run.stderr
    (example,) = re.findall(
        r"(?:Falsifying example|Failing test case): test_my_network\((.*?)\n\S* +\)", run.stdout, re.S
    )
    lines = [re.sub(r"^E? *(E *)?", "", line) for line in example.strip().splitlines()]
    assert len([line for line in lines if not line.startswith("#")]) <= 3, example
    assert re.search(r"words=\('[01]{0,2}',\)", example), example
    assert len(re.findall(r"Perturbation\(unit='[^']+', source='[^']+', nats=-?[\d.]+\)", example)) == 1, example


def test_the_example_and_the_one_in_the_documentation_pass():
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs/testing.md").read_text(), re.S)
    for text, tests in (((ROOT / "examples/test_my_network.py").read_text(), 2), (code, 3)):
        namespace = {}
        exec(text, namespace)
        found = [value for name, value in namespace.items() if name.startswith("test_")]
        assert len(found) == tests
        for test in found:
            test()


@given(machines(max_states=2))
def test_machines_are_there_too(machine):
    assert machine.states
