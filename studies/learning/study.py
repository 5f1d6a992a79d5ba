"""The learning study: how much experience each library machine needs, and what gradient training makes of the same."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from typing import Any

import numpy as np

from triquetra.compiler.decompile import NoMachine, decompile
from triquetra.machines import InputError, Machine
from triquetra.machines.equivalence import first_difference
from triquetra.machines.language import library_names
from triquetra.machines.load import load

from ..common import Arrays, Progress, require, run_jobs, silent
from .baselines import (
    Policy,
    Recurrent,
    TrainingSettings,
    gradient_network,
    long_tapes,
    machine_policy,
    one_thread,
    steps_right,
)
from .experience import Event, experience
from .lesson import learn, steps_needed, taught

MOST_STATES = 40
COMPARED = ("increment", "parity", "binary-counter", "unary-subtract", "palindrome")
COMPARED_STEPS = 2000  # of experience
LENGTHS = (6, 12, 48, 200)  # cells of the tapes that models are tested on; experience has 6 on average
TAPES = 10  # for each length
LONGEST = 2000  # steps of a test run
MODELS = ("local rule", "our units, backpropagation", "GRU")
TRAINING = {
    "our units, backpropagation": ("network", TrainingSettings(passes=600, rate=2e-2)),
    "GRU": ("gru", TrainingSettings()),
}
OPTIMISERS = (("sgd", 1.0), ("sgd", 10.0), ("sgd", 60.0), ("adam", 0.01), ("adam", 0.1), ("adam", 1.0))
EVERY = 5  # steps of experience between two looks at a network in gradient training


@dataclass(frozen=True, kw_only=True)
class LearningStudySettings:
    """`samples`: streams of experience for each machine. `steps`: of experience, at most."""

    samples: int = 3
    steps: int = 8000
    seed: int = 0

    def __post_init__(self) -> None:
        require(self.samples >= 1, f"samples = {self.samples}: at least one stream is needed")
        require(self.steps >= 1, f"steps = {self.steps}: at least one step is needed")


def subjects() -> list[Machine]:
    """The library's machines with at most `MOST_STATES` states, by name."""
    machines = []
    for name in sorted(library_names()):
        try:
            machine = load(f"@{name}").machine
        except InputError:  # a file of pieces has no machine
            continue
        if len(machine.states) <= MOST_STATES:
            machines.append(machine)
    return machines


def run(settings: LearningStudySettings, *, workers: int | None = None, progress: Progress = silent) -> Arrays:
    """The table (one row a machine) and, where PyTorch is installed, the comparison.

    `shown`, `hidden`: (machine, sample) steps needed, NaN where `steps` are not enough. `shown_verdict`,
    `hidden_verdict`: of the network that the first sample's experience made. `right`: (machine, model, length) share
    of test runs without an error. `gradient`: (machine, optimiser) steps until the network is the machine, or NaN;
    `local`: the same for the local rule.
    """
    machines = subjects()
    compared = COMPARED if find_spec("torch") is not None else ()

    def row(index: int, tick: Callable[[], None]) -> dict[str, Any]:
        if index < len(machines):
            return _row(machines[index], settings, tick)
        tick()
        return _compare(load(f"@{compared[index - len(machines)]}").machine, settings.seed)

    with one_thread() if compared else nullcontext():
        rows = run_jobs(row, len(machines) + len(compared), workers=workers, progress=progress)
    arrays: Arrays = {
        "names": np.array([machine.name for machine in machines]),
        "sizes": np.array([[len(m.states), len(m.symbols), len(m.rules)] for m in machines]),
    }
    for name in rows[0]:
        arrays[name] = np.array([row[name] for row in rows[: len(machines)]])
    if compared:
        arrays["compared"], arrays["models"], arrays["lengths"] = (
            np.array(compared),
            np.array(MODELS),
            np.array(LENGTHS),
        )
        arrays["optimisers"] = np.array([f"{name} {rate:g}" for name, rate in OPTIMISERS])
        for name in rows[-1]:
            arrays[name] = np.array([row[name] for row in rows[len(machines) :]])
    return arrays


def _row(machine: Machine, settings: LearningStudySettings, tick: Callable[[], None]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, hidden in (("shown", False), ("hidden", True)):
        needed = [
            steps_needed(machine, 1000 * settings.seed + sample, hidden=hidden, limit=settings.steps)
            for sample in range(settings.samples)
        ]
        found[name] = [np.nan if each is None else float(each) for each in needed]
        found[f"{name}_verdict"] = learn(machine, settings.steps, 1000 * settings.seed, hidden=hidden).verdict
    tick()
    return found


def _compare(machine: Machine, seed: int) -> dict[str, Any]:
    events = list(islice(experience(machine, 1000 * seed), COMPARED_STEPS))
    learned = decompile(taught(machine, events, hidden=True))
    policies: dict[str, Callable[[], Policy]] = {"local rule": lambda: machine_policy(learned)}
    for name, (kind, training) in TRAINING.items():
        model = Recurrent(machine, kind, training, seed)
        model.train(events)
        policies[name] = model.policy
    right = [[_right(machine, policies[name], cells) for cells in LENGTHS] for name in MODELS]
    return {
        "right": right,
        "gradient": [_gradient_steps(machine, events, *each) for each in OPTIMISERS],
        "local": float(steps_needed(machine, 1000 * seed, hidden=False, limit=COMPARED_STEPS) or np.nan),
    }


def _right(machine: Machine, policy: Callable[[], Policy], cells: int) -> float:
    """Share of test runs on tapes of so many cells that a policy makes without an error."""
    results = [steps_right(machine, policy(), tape, LONGEST) for tape in long_tapes(machine, TAPES, cells, seed=cells)]
    return sum(right == total for right, total in results) / TAPES


def _gradient_steps(machine: Machine, events: list[Event], optimiser: str, rate: float) -> float:
    """Steps after which a network in gradient training decompiles to the machine; looked at every `EVERY` steps."""
    networks = gradient_network(machine, events, optimiser=optimiser, rate=rate)
    for number, network in enumerate(networks, 1):
        if number % EVERY == 0 and _is(machine, network):
            return float(number)
    return np.nan


def _is(machine: Machine, network: Any) -> bool:
    try:
        return first_difference(machine, decompile(network)) is None
    except NoMachine:
        return False


def summary(settings: LearningStudySettings, arrays: Arrays) -> dict[str, Any]:
    """How many machines are learned and proved, and the table in words."""
    results: dict[str, Any] = {"machines": len(arrays["names"])}
    for name in ("shown", "hidden"):
        verdicts = arrays[f"{name}_verdict"].tolist()
        counts = ", ".join(
            f"{verdicts.count(v)} {v}" for v in ("proved", "partly", "wrong", "unproved") if v in verdicts
        )
        results[f"states {name}"] = f"{counts} after {settings.steps} steps"
    for i, machine in enumerate(arrays["names"].tolist()):
        n, k, rules = arrays["sizes"][i].tolist()
        shown, hidden = (
            f"{name} {_steps(arrays[name][i])} ({arrays[f'{name}_verdict'][i]})" for name in ("shown", "hidden")
        )
        results[machine] = f"{n} states, {k} symbols, {rules} rules: {shown}; {hidden}"
    for i, machine in enumerate(arrays.get("compared", np.array([])).tolist()):
        gradient = zip(arrays["optimisers"].tolist(), arrays["gradient"][i, :, None])
        results[f"{machine}: steps until the network is the machine, states shown"] = ", ".join(
            [
                f"local rule {_steps(arrays['local'][i : i + 1])}",
                *(f"{name}: {_steps(needed)}" for name, needed in gradient),
            ]
        )
        lengths = ", ".join(map(str, arrays["lengths"].tolist()))
        results[f"{machine}: runs without an error on {lengths} cells, states hidden"] = "; ".join(
            f"{model} {', '.join(f'{share:.0%}' for share in shares)}"
            for model, shares in zip(arrays["models"].tolist(), arrays["right"][i])
        )
    return results


def _steps(needed: np.ndarray[Any, Any]) -> str:
    """The median of steps needed, and how many samples were not enough."""
    enough = needed[~np.isnan(needed)]
    if not enough.size:
        return "not enough"
    short = needed.size - enough.size
    return f"{np.median(enough):.0f} steps" + (f", {short} of {needed.size} not enough" if short else "")
