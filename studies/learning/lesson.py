"""One lesson: experience, learning, decompiling, proof; and how much experience a machine needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from triquetra.compiler.decompile import decompile
from triquetra.forms import FloatArray, Network
from triquetra.machines import InputError, Machine
from triquetra.machines.equivalence import Distinction, differences, first_difference
from triquetra.verifier import Proved, Refuted, Unknown, verify

from .experience import Event, experience
from .hidden import infer
from .learner import HebbianLearner


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What came of a lesson.

    `learned` is the machine read off the network's weights, and `proof` says whether the network does what `learned`
    does (None where that is wrong already). `missing`: cells where `learned` does nothing yet and the machine acts;
    `wrong`: cells where it does something else. With hidden states `learned` has states of its own; cells are
    compared by bisimulation. `energy` and `free_energy` (steps,): 𝒜 and F of each step, in nats; see `HebbianLearner`.
    """

    machine: Machine
    hidden: bool
    steps: int
    runs: int
    network: Network
    learned: Machine
    proof: Proved | Refuted | Unknown | None
    energy: FloatArray
    free_energy: FloatArray
    missing: tuple[Distinction, ...]
    wrong: tuple[Distinction, ...]

    def course(self) -> dict[str, float]:
        """Mean 𝒜 of a step over the first and the last tenth of the lesson, and the largest |𝒜 − F|, in nats."""
        tenth = max(1, len(self.energy) // 10)
        return {
            "first_tenth": float(self.energy[:tenth].mean()),
            "last_tenth": float(self.energy[-tenth:].mean()),
            "largest_gap": float(np.abs(self.energy - self.free_energy).max()),
        }

    @property
    def shows_verdicts(self) -> bool:
        """Whether what halting states mean (accept, reject, ...) was shown, so that it is learned and proved too.

        With hidden states it is not: what is proved are symbols, moves and whether the machine halts.
        """
        return not self.hidden

    @property
    def verdict(self) -> str:
        """`proved`: on every input the network does what the machine does. `partly`: so far as it has learned, and it
        halts where it has not. `wrong`: somewhere it does something else. `unproved`: there is no proof."""
        if self.wrong:
            return "wrong"
        if not isinstance(self.proof, Proved):
            return "unproved"
        return "partly" if self.missing else "proved"


def learn(machine: Machine, steps: int, seed: int, *, hidden: bool) -> Lesson:
    """Learn a machine from so many steps of experience.

    Raises: InputError: no steps.
    """
    if steps < 1:
        raise InputError(f"steps = {steps}: there is nothing to learn from")
    events = list(islice(experience(machine, seed), steps))
    learner = teach(machine, events, hidden=hidden)
    network = learner.network()
    learned = decompile(network)
    parted = tuple(differences(machine, learned))
    missing = tuple(d for d in parted if (d.second, d.read) not in learned.delta)
    wrong = tuple(d for d in parted if (d.second, d.read) in learned.delta)
    return Lesson(
        machine=machine,
        hidden=hidden,
        steps=steps,
        runs=sum(event.first for event in events),
        network=network,
        learned=learned,
        proof=None if wrong else verify(learned, network, robustness=False),
        missing=missing,
        wrong=wrong,
        energy=np.array(learner.energy),
        free_energy=np.array(learner.free_energy),
    )


def taught(machine: Machine, events: Sequence[Event], *, hidden: bool) -> Network:
    """The network after these events; see `teach`."""
    return teach(machine, events, hidden=hidden).network()


def teach(machine: Machine, events: Sequence[Event], *, hidden: bool) -> HebbianLearner:
    """A learner after these events, learned one at a time; of `machine` only names and sizes are used.

    With hidden states, the states that the events are labelled with are inferred first.
    """
    if hidden:
        hypothesis = infer(events)
        machine = hypothesis.machine(machine)
        labelled = hypothesis.label(events)
    else:
        labelled = [(event.state, event.read, event.rule) for event in events]
    learner = HebbianLearner(machine)
    for state, read, rule in labelled:
        learner.observe(state, read, rule)
    return learner


def steps_needed(machine: Machine, seed: int, *, hidden: bool, limit: int) -> int | None:
    """The least experience, in steps, from which on the machine is known; None if `limit` steps are not enough.

    States shown: the step that brings the last rule. Hidden: the first of 8, 11, 16, 23, 32, … steps (each √2 times
    the one before) from which on all that are tried up to `limit` are enough.
    """
    events = list(islice(experience(machine, seed), limit))
    if not hidden:
        return _last_rule(machine, events)
    needed: int | None = None
    for steps in budgets(limit):
        known = infer(events[:steps]).machine(machine)
        if first_difference(machine, known) is not None:
            needed = None
        elif needed is None:
            needed = steps
    return needed


def budgets(limit: int) -> Iterator[int]:
    """8, 11, 16, 23, … up to `limit`, which is the last."""
    number = 6
    while (steps := round(2 ** (number / 2))) < limit:
        yield steps
        number += 1
    yield limit


def _last_rule(machine: Machine, events: Sequence[Event]) -> int | None:
    met: set[tuple[int, tuple[int, ...]]] = set()
    last = 0
    for number, event in enumerate(events, 1):
        if event.rule is not None and (event.state, event.read) not in met:
            met.add((event.state, event.read))
            last = number
    visited = replace(machine, rules=tuple(rule for rule in machine.rules if (rule.state, rule.read) in met))
    return last if first_difference(machine, visited) is None else None
