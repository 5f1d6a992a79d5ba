"""The dense neural form on JAX, for accelerators: the schedule of `network.py`, many inputs at once.

Needs the extra `jax`. Tapes are synaptic memories; arithmetic is double precision, so that traces are the reference's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from triquetra.forms import Network
from triquetra.machines import Configuration, Input, InputError, Outcome, Verdict

from .network import Memory, NetworkForm
from .world import THRESHOLD, decode_memory, decode_one_hot, decode_place

LARGEST_DENSE = 1 << 27  # entries of the dense weights


@dataclass(frozen=True, eq=False, slots=True)
class JaxState:
    """x (runs, n), halt (runs,), V̂ (runs, t, k, N), p (runs, t, N), on the device; columns of tape cell 0 (runs, t)."""

    x: Any
    halt: Any
    synapses: Any
    place: Any
    origins: tuple[tuple[int, ...], ...]


class JaxNetwork:
    """A dense network with memories of `cells` cells, for batches of inputs.

    Raises: InputError: JAX is not installed, or the weights are too many to be dense.
    """

    def __init__(self, network: Network, cells: int) -> None:
        axes = network.axes
        if axes.units * axes.basis > LARGEST_DENSE:
            raise InputError(f"{axes.units} × {axes.basis} dense weights are too many; use runtime.event_network")
        self.network, self.cells = network, cells
        self._jax = _import_jax()
        with self._jax.enable_x64(True):
            self._step = self._jax.jit(self._jax.vmap(self._make_step()))

    def init(self, batch: Sequence[Sequence[Input]]) -> JaxState:
        """The start of every run of a batch."""
        reference = NetworkForm(self.network, self.cells)
        starts = [reference.init(*inputs) for inputs in batch]
        memories = [[tape for tape in start.tapes if isinstance(tape, Memory)] for start in starts]
        with self._jax.enable_x64(True):
            put = self._jax.numpy.asarray
            return JaxState(
                put(np.stack([start.x for start in starts])),
                put(np.zeros(len(starts))),
                put(np.stack([[memory.synapses for memory in each] for each in memories])),
                put(np.stack([[memory.place for memory in each] for each in memories])),
                tuple(tuple(memory.origin for memory in each) for each in memories),
            )

    def step(self, state: JaxState) -> JaxState:
        """One pass through the schedule, in every run."""
        with self._jax.enable_x64(True):
            x, halt, synapses, place = self._step(state.x, state.synapses, state.place)
            return JaxState(x, halt, synapses, place, state.origins)

    def _make_step(self) -> Callable[..., Any]:
        """The schedule of one run as a function of (x, V̂, p)."""
        jnp, network, axes = self._jax.numpy, self.network, self.network.axes
        weights, bias = jnp.asarray(network.weights.toarray()), jnp.asarray(network.bias)
        cell_state, cell_read = jnp.asarray(axes.cell_state), jnp.asarray(axes.cell_read)
        one_way = jnp.asarray(axes.one_way)
        move, risk = axes.populations["move"], axes.populations["risk"]

        def sigmoid(drive: Any) -> Any:
            return 1.0 / (1.0 + jnp.exp(-drive))

        def step(x: Any, synapses: Any, place: Any) -> Any:
            y = sigmoid(jnp.einsum("tkn,tn->tk", synapses, place))
            psi = x[cell_state]
            for i in range(axes.t):
                psi = psi * y[i, cell_read[:, i]]
            units = sigmoid(weights @ jnp.concatenate([psi, x]) + bias)
            left, right = units[move].reshape(axes.t, 2).T
            gamma = units[risk].reshape(axes.t, axes.k)
            change = network.rate * (1.0 - 2.0 * gamma) * (2.0 * y - 1.0)
            grown = network.bistability * (synapses + change[:, :, None] * place[:, None, :])
            kept = jnp.clip(grown, -network.saturation, network.saturation)
            go_left, go_right = (left * (1.0 - right))[:, None], (right * (1.0 - left))[:, None]
            shifted = ((1.0 - left) * (1.0 - right) + left * right)[:, None] * place
            shifted = shifted.at[:, 1:].add(go_right * place[:, :-1]).at[:, :-1].add(go_left * place[:, 1:])
            shifted = shifted.at[:, 0].add(jnp.where(one_way, go_left[:, 0] * place[:, 0], 0.0))
            after = sigmoid(network.place_weight * shifted + network.place_bias)
            return units[: axes.n], units[axes.n], kept, after

        return step

    def decode(self, state: JaxState, run: int) -> Configuration:
        """What one run encodes.

        Raises: Undecodable: nothing; `LeftMemory` where the head left it.
        """
        axes = self.network.axes
        control = decode_one_hot(np.asarray(state.x[run]), axes.unit_names[: axes.n], "state")
        origins = state.origins[run]
        heads = tuple(decode_place(np.asarray(state.place[run, i]), origin, i) for i, origin in enumerate(origins))
        tapes = tuple(
            decode_memory(np.asarray(state.synapses[run, i]), origin, i, axes.symbols)
            for i, origin in enumerate(origins)
        )
        return Configuration(control, heads, tapes)

    def run(self, batch: Sequence[Sequence[Input]], max_steps: int) -> list[Outcome]:
        """Run a batch until all have ended, or for `max_steps` steps; one outcome for each input.

        Raises: Undecodable: the activities of a run stopped encoding a configuration.
        """
        with self._jax.enable_x64(True):
            jnp = self._jax.numpy
            state = self.init(batch)
            going = jnp.ones(len(batch), dtype=bool)
            halted = jnp.zeros(len(batch), dtype=bool)
            steps = jnp.zeros(len(batch), dtype=int)
            for made in range(max_steps + 1):
                after = self.step(state)
                halted = halted | (going & (after.halt > THRESHOLD))
                inside = (after.place > THRESHOLD).any(axis=2).all(axis=1)
                going = going & ~halted & inside
                if made == max_steps or not bool(going.any()):
                    break
                state = self._where(going, after, state)
                steps = steps + going
        return [self._outcome(state, run, int(steps[run]), max_steps, bool(halted[run])) for run in range(len(batch))]

    def _where(self, going: Any, after: JaxState, before: JaxState) -> JaxState:
        jnp = self._jax.numpy

        def choose(new: Any, old: Any) -> Any:
            return jnp.where(going.reshape(-1, *[1] * (new.ndim - 1)), new, old)

        x, halt = choose(after.x, before.x), choose(after.halt, before.halt)
        synapses, place = choose(after.synapses, before.synapses), choose(after.place, before.place)
        return JaxState(x, halt, synapses, place, before.origins)

    def _outcome(self, state: JaxState, run: int, steps: int, max_steps: int, halted: bool) -> Outcome:
        configuration = self.decode(state, run)
        if halted:
            running = self.network.axes.verdicts[configuration.state] is None
            return Outcome(Verdict.UNDEFINED if running else Verdict.HALTED, configuration, steps)
        verdict = Verdict.STEP_LIMIT if steps == max_steps else Verdict.LEFT_MEMORY
        return Outcome(verdict, configuration, steps)


def _import_jax() -> Any:
    try:
        import jax
    except ImportError:
        raise InputError("this needs JAX: pip install 'triquetra[jax]'") from None
    return jax
