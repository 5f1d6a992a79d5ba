"""What local learning is compared with: gradient training of the same network, and a recurrent network (PyTorch).

All see the same experience of one machine with one tape. `GradientNetwork` has the parametrisation of `Learner`, its
states shown; `Recurrent` is a GRU that sees symbols read and predicts what is done, its states hidden. Both are then
tested by running them: what they predict is done, on tapes and for lengths that training did not have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from triquetra.forms import Axes, Network
from triquetra.machines import BLANK, InputError, Machine, Tape, start, step

from .experience import Action, Event, runs
from .learner import Learner, happening

Policy = Callable[[int], Action | None]  # what is done on the symbol read now; keeps its state inside


def require_torch() -> None:
    """Raise `InputError` with the cure where PyTorch is not installed."""
    if find_spec("torch") is None:
        raise InputError("gradient training needs PyTorch: pip install 'triquetra[torch]'")


def gradient_network(axes: Axes, events: Sequence[Event], *, optimiser: str, rate: float) -> Iterator[Network]:
    """The network of `Learner` with its synapses trained online by gradient descent; the network after each event.

    The loss of a step is 𝒜 at clamped activity, which for one-hot coincidences is the cross-entropy of all units with
    what happened; innate synapses are fixed. `optimiser`: sgd or adam, with learning rate `rate`.
    """
    require_torch()
    import torch

    blank = Learner(axes)
    innate = torch.full((axes.n, axes.units), -blank.gain)
    innate[:, axes.n] = blank.gain
    innate[range(axes.n), range(axes.n)] = blank.gain
    strength = torch.zeros((axes.cells, axes.units), dtype=torch.float64, requires_grad=True)
    choose = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[optimiser]
    trainer = choose([strength], lr=rate)
    for event in events:
        cell = axes.cell_index[event.state, event.read]
        drive = strength[cell] + innate[event.state]
        wanted = torch.from_numpy(happening(axes, event.state, event.rule))
        loss = torch.nn.functional.binary_cross_entropy_with_logits(drive, wanted, reduction="sum")
        trainer.zero_grad()
        loss.backward()
        trainer.step()
        blank.strength = strength.detach().numpy().copy()
        yield blank.network()


@dataclass(frozen=True, kw_only=True)
class RecurrentSettings:
    """A GRU and its training: hidden units, passes over the experience, learning rate of Adam, steps of a sequence."""

    hidden: int = 64
    passes: int = 150
    rate: float = 5e-3
    longest: int = 64


class Recurrent:
    """A GRU whose outputs are what may be done: each (write, movement), and halting."""

    def __init__(self, machine: Machine, settings: RecurrentSettings, seed: int) -> None:
        require_torch()
        import torch

        self.k = len(machine.symbols)
        self.actions: list[Action | None] = [None, *(((a,), (m,)) for a in range(self.k) for m in (-1, 0, 1))]
        self.settings = settings
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            self.cell = torch.nn.GRU(self.k, settings.hidden, batch_first=True)
            self.out = torch.nn.Linear(settings.hidden, len(self.actions))

    def train(self, events: Sequence[Event]) -> None:
        """Fit to the runs of the experience, cut to at most `longest` steps each, by Adam on the cross-entropy."""
        import torch

        number = {action: i for i, action in enumerate(self.actions)}
        sequences = [run[: self.settings.longest] for run in runs(events)]
        length = max(map(len, sequences))
        reads = torch.zeros((len(sequences), length, self.k))
        wanted = torch.full((len(sequences), length), -100)
        for i, run in enumerate(sequences):
            for j, event in enumerate(run):
                reads[i, j, event.read[0]] = 1.0
                wanted[i, j] = number[event.action]
        parameters = [*self.cell.parameters(), *self.out.parameters()]
        trainer = torch.optim.Adam(parameters, lr=self.settings.rate)
        for _ in range(self.settings.passes):
            predicted = self.out(self.cell(reads)[0])
            loss = torch.nn.functional.cross_entropy(predicted.flatten(0, 1), wanted.flatten())
            trainer.zero_grad()
            loss.backward()
            trainer.step()

    def policy(self) -> Policy:
        """The network at the start of a run, as something that acts."""
        import torch

        memory: Any = None

        def act(read: int) -> Action | None:
            nonlocal memory
            with torch.no_grad():
                shown = torch.nn.functional.one_hot(torch.tensor([[read]]), self.k).float()
                hidden, memory = self.cell(shown, memory)
                return self.actions[int(self.out(hidden)[0, 0].argmax())]

        return act


def machine_policy(machine: Machine) -> Policy:
    """A machine as something that acts: what a learned network does, which is proved to be this machine."""
    state: int | None = machine.start

    def act(read: int) -> Action | None:
        nonlocal state
        rule = None if state is None else machine.delta.get((state, (read,)))
        state = None if rule is None else rule.goto
        return None if rule is None else (rule.write, rule.move)

    return act


def steps_right(machine: Machine, policy: Policy, tape: Tape, limit: int) -> tuple[int, int]:
    """How many steps a policy does what the machine does, running on its own tape, and how many the machine makes.

    The halt counts as a step. A policy that errs once has left the machine's run for good.
    """
    configuration = start(machine, tape)
    own, head = tape, configuration.heads[0]
    right = 0
    same = True
    for total in range(limit):
        following = step(machine, configuration)
        action = policy(own[head]) if same else None
        wanted = machine.delta.get((configuration.state, configuration.read))
        same = same and (action is None) == (wanted is None)
        if same and action is not None and wanted is not None:
            same = action == (wanted.write, wanted.move)
        right += same
        if following is None:
            return right, total + 1
        if same and action is not None:
            own = own.write(head, action[0][0])
            head = max(head + action[1][0], 0) if machine.one_way[0] else head + action[1][0]
        configuration = following
    return right, limit


def long_tapes(machine: Machine, count: int, cells: int, seed: int) -> list[Tape]:
    """Random input words of `cells` cells each."""
    rng = np.random.default_rng(seed)
    symbols = [a for a in machine.input_symbols if a != BLANK] or [BLANK]
    return [Tape.of([symbols[i] for i in rng.integers(0, len(symbols), cells)]) for _ in range(count)]
