"""Many noisy runs of one network at once: the schedule of docs/forms.md with a leading axis of trials.

One tape in synapses. Without noise a trial is what `runtime.network.NetworkForm` does, which is tested.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import expit

from triquetra.forms import FloatArray, IntArray, Network
from triquetra.machines import Configuration, InputError, Machine, Tape, start, step

Distribution = Literal["uniform", "normal"]


@dataclass(frozen=True, kw_only=True)
class Noise:
    """What is added in every step, anew for every unit, synapse and trial.

    Args:
        activity: to the activity of every unit (read, units, place), which then is cut to [0, 1].
        synapses: to every weight and bias, memory's apart, in nats: the amplitude that a certificate's radius bounds.
        memory: to every memory synapse after its plasticity, in nats.
        distribution: `uniform` in ± the amplitude, or `normal` with it as standard deviation.
    """

    activity: float = 0.0
    synapses: float = 0.0
    memory: float = 0.0
    distribution: Distribution = "uniform"

    def draw(self, rng: np.random.Generator, amplitude: float, shape: Sequence[int]) -> FloatArray:
        """Noise of an amplitude."""
        if self.distribution == "uniform":
            return rng.uniform(-amplitude, amplitude, tuple(shape))
        return rng.normal(0.0, amplitude, tuple(shape))


@dataclass(frozen=True, eq=False)
class Trials:
    """Activity of B trials: control states x (B, n), halt (B,), memory V̂ (B, k, N), place p (B, N)."""

    x: FloatArray
    halt: FloatArray
    synapses: FloatArray
    place: FloatArray


class NoisyNetwork:
    """B trials of a network with a synaptic tape of N cells.

    Raises: InputError: several tapes, or an input that does not fit.
    """

    def __init__(self, network: Network, cells: int, noise: Noise, trials: int, seed: int) -> None:
        if network.axes.t != 1:
            raise InputError("noise is studied on machines with one tape")
        self.network, self.cells, self.noise, self.trials = network, cells, noise, trials
        self.rng = np.random.default_rng(seed)
        self.weights = network.weights.toarray()
        self.present = self.weights != 0

    def init(self, tape: Tape, origin: int) -> Trials:
        """All trials at the start: the tape written in memory as ±M, its cell 0 in column `origin`, the head there."""
        axes, m = self.network.axes, self.network.saturation
        symbols = np.array([tape[column - origin] for column in range(self.cells)])
        synapses = np.where(np.arange(axes.k)[:, None] == symbols, m, -m)
        x, place = np.eye(axes.n)[axes.start], np.eye(self.cells)[origin]
        copies = (np.repeat(each[None], self.trials, axis=0) for each in (x, np.zeros(()), synapses, place))
        return Trials(*copies)

    def step(self, now: Trials) -> Trials:
        """One pass through the schedule in every trial."""
        network, axes = self.network, self.network.axes
        y = self._active(np.einsum("bkn,bn->bk", now.synapses, now.place))
        psi = now.x[:, axes.cell_state] * y[:, axes.cell_read[:, 0]]
        basis = np.concatenate([psi, now.x], axis=1)
        units = self._active(self._drive(basis))
        left, right = units[:, axes.left(0), None], units[:, axes.left(0) + 1, None]
        risk = units[:, axes.risk(0, 0) : axes.risk(0, 0) + axes.k]
        change = network.rate * (1.0 - 2.0 * risk) * (2.0 * y - 1.0)
        grown = network.bistability * (now.synapses + change[:, :, None] * now.place[:, None, :])
        synapses = np.clip(grown, -network.saturation, network.saturation)
        if self.noise.memory:
            synapses = synapses + self.noise.draw(self.rng, self.noise.memory, synapses.shape)
        return Trials(units[:, : axes.n], units[:, axes.n], synapses, self._move(now.place, left, right))

    def _move(self, place: FloatArray, left: FloatArray, right: FloatArray) -> FloatArray:
        go_left, go_right = left * (1.0 - right), right * (1.0 - left)
        shifted = place * (1.0 - go_left - go_right)
        shifted[:, 1:] += go_right * place[:, :-1]
        shifted[:, :-1] += go_left * place[:, 1:]
        if self.network.axes.one_way[0]:
            shifted[:, :1] += go_left * place[:, :1]
        weight, bias = self.network.place_weight, self.network.place_bias
        if self.noise.synapses:
            wobble = self.noise.draw(self.rng, self.noise.synapses, (2, self.trials, 1))
            return self._active((weight + wobble[0]) * shifted + bias + wobble[1])
        return self._active(weight * shifted + bias)

    def _drive(self, basis: FloatArray) -> FloatArray:
        if not self.noise.synapses:
            return np.asarray(basis @ self.weights.T + self.network.bias)
        wobble = self.noise.draw(self.rng, self.noise.synapses, (self.trials, *self.weights.shape)) * self.present
        bias = self.network.bias + self.noise.draw(self.rng, self.noise.synapses, (self.trials, self.weights.shape[0]))
        return np.asarray(np.einsum("bj,bij->bi", basis, self.weights + wobble) + bias)

    def _active(self, drive: FloatArray) -> FloatArray:
        on = np.asarray(expit(drive))
        if self.noise.activity:
            on = np.clip(on + self.noise.draw(self.rng, self.noise.activity, on.shape), 0.0, 1.0)
        return on


def first_errors(
    machine: Machine, network: Network, cells: int, noise: Noise, *, trials: int, steps: int, seed: int, tape: Tape
) -> IntArray:
    """(B,): the step at which each trial first is not decoded as the machine's configuration, or steps + 1 if never.

    A halted machine is to stay where it is, with the halt unit on.
    """
    origin = cells // 2 if not machine.one_way[0] else 0
    noisy = NoisyNetwork(network, cells, noise, trials, seed)
    now = noisy.init(tape, origin)
    configuration = start(machine, tape)
    errors = np.full(trials, steps + 1)
    halted = False
    for number in range(1, steps + 1):
        now = noisy.step(now)
        following = step(machine, configuration)
        halted = following is None
        configuration = following or configuration
        wrong = ~agrees(now, configuration, halted, origin)
        errors[wrong & (errors > steps)] = number
        if (errors <= steps).all():
            break
    return errors


def agrees(
    now: Trials, configuration: Configuration, halted: bool, origin: int
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """(B,): whether each trial is decoded as the configuration, and its halt unit says so. Threshold ½; sign of V̂."""
    tape, cells = configuration.tapes[0], now.place.shape[1]
    symbols = np.array([tape[column - origin] for column in range(cells)])
    memory = np.arange(now.synapses.shape[1])[:, None] == symbols
    right = ((now.x > 0.5) == (np.arange(now.x.shape[1]) == configuration.state)).all(axis=1)
    right &= ((now.place > 0.5) == (np.arange(cells) == configuration.heads[0] + origin)).all(axis=1)
    right &= ((now.synapses > 0) == memory).all(axis=(1, 2))
    right &= (now.halt > 0.5) == halted
    return np.asarray(right)
