"""What local learning is compared with: gradient training of the same network, and a recurrent network (PyTorch).

All see the same experience of one machine with one tape. `gradient_network` has the parametrisation of
`HebbianLearner`, states shown; a `Recurrent` model sees symbols read and predicts what is done, states hidden. Models
are tested by letting them act: what they predict is done to the tape, for lengths that training did not have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from threading import Lock
from typing import Any

import numpy as np

from triquetra.forms import Network, axes_of
from triquetra.machines import BLANK, InputError, Machine, Tape, start, step

from .experience import Action, Event, runs
from .learner import HebbianLearner, happening, innate_network

_SEEDING = Lock()
Policy = Callable[[int], Action | None]  # what is done on the symbol read now; keeps its state inside


def require_torch() -> None:
    """Raise `InputError` with the cure where PyTorch is not installed."""
    if find_spec("torch") is None:
        raise InputError("gradient training needs PyTorch: pip install 'triquetra[torch]'")


def gradient_network(machine: Machine, events: Sequence[Event], *, optimiser: str, rate: float) -> Iterator[Network]:
    """The network of `HebbianLearner`, its synapses trained online by gradient descent; the network after each event.

    The loss of a step is 𝒜 at clamped activity, which for one-hot coincidences is the cross-entropy of all units with
    what happened; innate synapses are fixed. `optimiser`: sgd or adam, with learning rate `rate`.
    """
    require_torch()
    import torch

    cells = sorted({(event.state, event.read) for event in events})
    axes, gain = axes_of(machine, cells), HebbianLearner(machine).gain
    innate = torch.full((axes.n, axes.units), -gain, dtype=torch.float64)
    innate[:, axes.n] = gain
    innate[range(axes.n), range(axes.n)] = gain
    strength = torch.zeros((axes.cells, axes.units), dtype=torch.float64, requires_grad=True)
    trainer = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[optimiser]([strength], lr=rate)
    for event in events:
        drive = strength[axes.cell_index[event.state, event.read]] + innate[event.state]
        wanted = torch.from_numpy(happening(axes, event.state, event.rule))
        loss = torch.nn.functional.binary_cross_entropy_with_logits(drive, wanted, reduction="sum")
        trainer.zero_grad()
        loss.backward()
        trainer.step()
        yield innate_network(axes, gain, strength.detach().numpy().copy())


@dataclass(frozen=True, kw_only=True)
class TrainingSettings:
    """How a recurrent model is trained: hidden units, passes over the experience, rate of Adam, steps of a sequence."""

    hidden: int = 64
    passes: int = 150
    rate: float = 5e-3
    longest: int = 64


class Recurrent:
    """A recurrent model of symbols read → what is done, states hidden, trained by backpropagation through time.

    `kind`: `gru`, a gated recurrent network; or `network`, the units of our own architecture, x′ = sig(K̂ (x ⊗ y) + ĥ)
    with as many state units as the machine has states and random synapses K̂ at first.
    """

    def __init__(self, machine: Machine, kind: str, settings: TrainingSettings, seed: int) -> None:
        require_torch()
        import torch

        self.k = len(machine.symbols)
        self.n = len(machine.states)
        self.actions: list[Action | None] = [None, *(((a,), (m,)) for a in range(self.k) for m in (-1, 0, 1))]
        self.settings = settings
        generator = torch.Generator().manual_seed(seed)
        with _SEEDING, torch.random.fork_rng():  # the random state is the process's, not a thread's
            torch.manual_seed(seed)
            if kind == "gru":
                self.gru: Any = torch.nn.GRU(self.k, settings.hidden, batch_first=True)
                self.out: Any = torch.nn.Linear(settings.hidden, len(self.actions))
                self.parameters = [*self.gru.parameters(), *self.out.parameters()]
            else:
                self.gru = None
                self.start = torch.zeros(self.n)
                self.start[machine.start] = 1.0
                self.weights = torch.randn((self.n * self.k, self.n), generator=generator).requires_grad_()
                self.bias = torch.zeros(self.n, requires_grad=True)
                self.out = torch.nn.Linear(self.n * self.k, len(self.actions))
                self.parameters = [self.weights, self.bias, *self.out.parameters()]

    def forward(self, reads: Any, memory: Any = None) -> tuple[Any, Any]:
        """Scores of actions (runs, steps, actions) for one-hot reads (runs, steps, k), and the memory afterwards."""
        import torch

        if self.gru is not None:
            hidden, memory = self.gru(reads, memory)
            return self.out(hidden), memory
        x = self.start.expand(len(reads), -1) if memory is None else memory
        scores = []
        for at in range(reads.shape[1]):
            psi = (x[:, :, None] * reads[:, at, None, :]).flatten(1)
            scores.append(self.out(psi))
            x = torch.sigmoid(psi @ self.weights + self.bias)
        return torch.stack(scores, 1), x

    def train(self, events: Sequence[Event]) -> None:
        """Fit to the runs of the experience, cut to at most `longest` steps each, by Adam on the cross-entropy."""
        import torch

        number = {action: i for i, action in enumerate(self.actions)}
        sequences = [run[: self.settings.longest] for run in runs(events)]
        length = max(map(len, sequences))
        reads = torch.zeros((len(sequences), length, self.k))
        wanted = torch.full((len(sequences), length), -100)  # what cross_entropy leaves out
        for i, run in enumerate(sequences):
            for j, event in enumerate(run):
                reads[i, j, event.read[0]] = 1.0
                wanted[i, j] = number[event.action]
        trainer = torch.optim.Adam(self.parameters, lr=self.settings.rate)
        for _ in range(self.settings.passes):
            scores, _ = self.forward(reads)
            loss = torch.nn.functional.cross_entropy(scores.flatten(0, 1), wanted.flatten())
            trainer.zero_grad()
            loss.backward()
            trainer.step()

    def policy(self) -> Policy:
        """The model at the start of a run, as something that acts."""
        import torch

        memory: Any = None

        def act(read: int) -> Action | None:
            nonlocal memory
            with torch.no_grad():
                shown = torch.nn.functional.one_hot(torch.tensor([[read]]), self.k).float()
                scores, memory = self.forward(shown, memory)
                return self.actions[int(scores[0, 0].argmax())]

        return act


@contextmanager
def one_thread() -> Iterator[None]:
    """PyTorch on one thread: for models this small, more of them only wait for each other."""
    require_torch()
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


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
