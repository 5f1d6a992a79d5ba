"""What local learning is compared with: the measure of a policy, and gradient training (with PyTorch)."""

from __future__ import annotations

from itertools import islice

import pytest

from triquetra.compiler.decompile import NoMachine, decompile
from triquetra.machines import Tape, from_busy_beaver
from triquetra.machines.equivalence import first_difference
from triquetra.machines.load import load
from triquetra.studies.learning.baselines import (
    Recurrent,
    TrainingSettings,
    gradient_network,
    long_tapes,
    machine_policy,
    one_thread,
    steps_right,
)
from triquetra.studies.learning.experience import experience

INCREMENT = load("@increment").machine


def test_the_machine_itself_is_right_all_the_way() -> None:
    for tape in long_tapes(INCREMENT, 5, 30, 0):
        right, total = steps_right(INCREMENT, machine_policy(INCREMENT), tape, 1000)
        assert right == total > 30


def test_another_machine_is_right_until_it_errs() -> None:
    machine, other = from_busy_beaver("1RB---_1RC---_1RZ---"), from_busy_beaver("1RB---_1RC---_1LZ---")
    assert steps_right(machine, machine_policy(other), Tape(), 50) == (2, 4)


def test_halting_too_early_or_too_late_is_an_error() -> None:
    long, short = from_busy_beaver("1RB---_1RZ---"), from_busy_beaver("1RZ---")
    assert steps_right(long, machine_policy(short), Tape(), 50) == (1, 3)
    assert steps_right(short, machine_policy(long), Tape(), 50) == (1, 2)


def test_gradient_training_of_the_same_synapses_learns_the_machine() -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed")
    events = list(islice(experience(INCREMENT, 0), 120))
    with one_thread():
        *_, last = gradient_network(INCREMENT, events, optimiser="sgd", rate=60.0)
        assert first_difference(INCREMENT, decompile(last)) is None
        *_, slow = gradient_network(INCREMENT, events, optimiser="adam", rate=0.01)
        try:
            known = first_difference(INCREMENT, decompile(slow)) is None
        except NoMachine:
            known = False
        assert not known


@pytest.mark.parametrize("kind", ["gru", "network"])
def test_recurrent_models_fit_what_they_saw_and_are_repeatable(kind: str) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    events = list(islice(experience(INCREMENT, 0), 200))
    tapes = long_tapes(INCREMENT, 5, 4, 1)
    with one_thread():
        results = []
        for _ in range(2):
            model = Recurrent(INCREMENT, kind, TrainingSettings(passes=120, rate=2e-2), seed=1)
            before = [steps_right(INCREMENT, model.policy(), tape, 50) for tape in tapes]
            model.train(events)
            results.append([steps_right(INCREMENT, model.policy(), tape, 50) for tape in tapes])
    assert results[0] == results[1]
    assert sum(right for right, _ in results[0]) > sum(right for right, _ in before)
    assert torch.get_num_threads() >= 1
