"""The neural form, event by event: only units that can be on are computed, by the same sigmoids.

One step touches the head's column of memory and the candidates of one context, so that it costs the same for any
number of cells and of states. Off units are taken as silent; with off activities of at most ε that changes each
drive by at most `leak(ε)`, and each activity by at most a quarter of that (sig has slope ≤ ¼).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import njit, prange

from triquetra.forms import FloatArray, IntArray, Network
from triquetra.machines import BLANK, Input, Outcome

from .events import (
    EDGE,
    HALTED,
    LEFT_MEMORY,
    LIMIT,
    NONE,
    PLACES,
    RESTLESS,
    SEVERAL,
    STATES,
    SYMBOLS,
    Circuit,
    EventEngine,
    NoEngine,
    Runs,
    arrive,
    candidates,
    note,
    one_of,
    only,
    row_sums,
    turned,
    written,
)
from .protocol import Progress


class NetworkSchedule(NamedTuple):
    """The constants of a step, as in `Network`."""

    saturation: float
    rate: float
    bistability: float
    place_weight: float
    place_bias: float


class EventNetwork(EventEngine):
    """Runs of a network; see `EventEngine`.

    Raises: InputError: an input does not fit, the network is too wide for a table of contexts, or a sensory unit is
        ambiguous.
    """

    def __init__(
        self,
        network: Network,
        batch: Sequence[Sequence[Input]],
        *,
        cells: int | None = None,
        starts: Sequence[int] = (),
    ) -> None:
        self.network = network
        sensory = _sensory(network) if cells is None else np.zeros((network.axes.t, network.axes.k))
        super().__init__(
            network.axes, candidates(network.axes, [network.weights], network.bias > 0), batch, cells, starts
        )
        chosen = self.candidates
        self._circuit = self.circuit(chosen.from_cell[0], chosen.from_state[0], network.bias, sensory)
        self._schedule = NetworkSchedule(
            network.saturation, network.rate, network.bistability, network.place_weight, network.place_bias
        )

    def blank_memory(self, shape: tuple[int, int, int]) -> FloatArray:
        """V̂ (runs, t, N, k) in nats."""
        return np.empty((*shape, self.axes.k))

    def write_memory(self, at: tuple[int, int, int], symbol: int) -> None:
        """±M in the synapses of a place."""
        self.memory[at] = -self.network.saturation
        self.memory[(*at, symbol)] = self.network.saturation

    def preference(self, run: int, i: int, first: int, last: int) -> FloatArray:
        """(cells, k): V̂."""
        return np.asarray(self.memory[run, i, first:last])

    def leak(self, off: float) -> float:
        """See `EventEngine.leak`."""
        control = float(row_sums(self.network.weights).max()) * off
        if self.cells is None:
            return control
        return max(control, self.network.saturation * self.cells * off, 2 * abs(self.network.place_weight) * off)

    def drives(self) -> FloatArray:
        """See `EventEngine.drives`; those of a memory that was written to are among them."""
        network, chosen = self.network, self.candidates
        active = chosen.from_cell[0] + chosen.from_state[0] + network.bias[chosen.unit]
        written = network.bistability * (network.rate - network.saturation)
        memory = [network.saturation, written, network.place_weight + network.place_bias, network.place_bias]
        return np.concatenate([active, network.bias[network.bias <= 0], [] if self.cells is None else memory])

    def hears(self) -> float:
        """See `EventEngine.hears`."""
        network, chosen = self.network, self.candidates
        active = np.abs(chosen.from_cell[0]) + np.abs(chosen.from_state[0])
        return max(float(active.max(initial=0.0)), network.saturation, abs(network.place_weight))

    def keeps(self, off: float) -> bool:
        """See `EventEngine.keeps`."""
        network = self.network
        return (
            network.rate >= 0 and network.bistability * (network.saturation - network.rate * off) >= network.saturation
        )

    def kernel(self, limits: IntArray) -> IntArray:
        """See `EventEngine.kernel`."""
        made = np.zeros_like(limits)
        walk = _walk_all if len(limits) > 1 else _walk_one
        walk(tuple(self._circuit), tuple(self._schedule), tuple(self.runs()), limits, made)
        return made


def run(
    network: Network,
    *inputs: Input,
    cells: int | None = None,
    max_steps: int | None = None,
    watch: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Run a network event by event until it halts, leaves its memory or has made `max_steps` steps.

    `watch`: as `EventEngine.finish`.
    Raises: InputError: as `EventNetwork`; Undecodable: activities stopped encoding a configuration.
    """
    return only(EventNetwork(network, [inputs], cells=cells).finish(max_steps, progress, watch=watch))


def _sensory(network: Network) -> FloatArray:
    """y (t, k) of the unit of each symbol when it is the one observed."""
    axes = network.axes
    drive = network.sensory_weights + network.sensory_bias[:, :, None]  # [tape, unit, observed]
    wrong = np.argwhere((drive > 0) != np.eye(axes.k, dtype=bool))
    if wrong.size:
        tape, unit, observed = wrong[0].tolist()
        raise NoEngine(
            f"sensory_weights[{tape}, {unit}, {observed}]: observing {axes.symbols[observed]} does not turn on exactly "
            "its own unit; run the dense form"
        )
    on = np.diagonal(drive, axis1=1, axis2=2)
    return np.ascontiguousarray(1.0 / (1.0 + np.exp(-on)))


@njit()
def _held(synapses):  # type: ignore[no-untyped-def]
    """The symbol that a column of V̂ (k,) holds, or `NONE` or `SEVERAL`."""
    symbol = NONE
    for a in range(len(synapses)):
        if synapses[a] > 0.0:
            symbol = a if symbol == NONE else SEVERAL
    return symbol


@njit(error_model="numpy")
def _walk(circuit, schedule, one, state, x, limit):  # type: ignore[no-untyped-def]
    """The schedule, for the units that can be on. Returns steps made, why it stopped, control state and its x."""
    n, k, one_way, synaptic, pointer, unit, from_cell, from_state, context_of, bias, observed = circuit
    saturation, rate, bistability, place_weight, place_bias = schedule
    zero, tape, synapses, touched, head, first, last, place, left_tape, log = one
    t, width, cells, kept = head.shape[0], tape.shape[1], synapses.shape[1], log.shape[0]
    read = np.zeros(t, np.int64)
    target = np.zeros(t, np.int64)
    y = np.zeros(t)
    moved = np.zeros(t)
    move = np.zeros(2 * t)
    risk = np.zeros(t * k)
    risky = np.zeros(t * k, np.int64)
    first_move, first_risk = n + 1, n + 1 + 2 * t
    for made in range(limit + 1):
        if made < kept:
            note(log[made], state, head)
        # 1 memory read, 2 coincidence
        code = 0
        psi = x
        for i in range(t):
            j = head[i]
            if synaptic:
                if not touched[i, j]:
                    touched[i, j] = True
                    for a in range(k):
                        synapses[i, j, a] = saturation if a == BLANK else -saturation
                symbol, drive = -1, 0.0
                for a in range(k):
                    v = synapses[i, j, a] * place[i]
                    if v > 0.0:
                        if symbol >= 0:
                            return made, SYMBOLS, state, x
                        symbol, drive = a, v
                if symbol < 0:
                    return made, SYMBOLS, state, x
                read[i] = symbol
                y[i] = 1.0 / (1.0 + np.exp(-drive))
            else:
                read[i] = tape[i, j]
                y[i] = observed[i, read[i]]
            code = code * k + read[i]
            psi *= y[i]
        # 3 to 5: control state, halt, movement, risk
        context = context_of[state, code]
        after, after_x, halt, risks = -1, 0.0, False, 0
        for e in range(pointer[context], pointer[context + 1]):
            u = unit[e]
            d = from_cell[e] * psi + from_state[e] * x + bias[u]
            if d > 0.0:
                activity = 1.0 / (1.0 + np.exp(-d))
                if u < n:
                    if after >= 0:
                        return made, STATES, state, x
                    after, after_x = u, activity
                elif u == n:
                    halt = True
                elif u < first_risk:
                    move[u - first_move] = activity
                else:
                    risk[u - first_risk] = activity
                    risky[risks] = u - first_risk
                    risks += 1
        if halt:
            still = risks == 0
            for i in range(t):
                left, right = move[2 * i], move[2 * i + 1]
                at_end = one_way[i] and head[i] == zero[i]
                still &= turned(head[i], at_end, (left, 1.0 - left), (right, 1.0 - right))[0] == head[i]
            return made, STATES if after < 0 else HALTED if still and after == state else RESTLESS, state, x
        if made == limit:
            break
        if after < 0:
            return made, STATES, state, x
        # 7 place, or the world's head: where it goes
        for i in range(t):
            left, right = move[2 * i], move[2 * i + 1]
            move[2 * i] = move[2 * i + 1] = 0.0
            target[i], moved[i] = turned(
                head[i], one_way[i] and head[i] == zero[i], (left, 1.0 - left), (right, 1.0 - right)
            )
            if synaptic and (target[i] < 0 or target[i] >= cells):
                left_tape[0] = i
                return made, LEFT_MEMORY, state, x
        # 6 memory, or the world's tape
        edge = False
        for i in range(t):
            j = head[i]
            if synaptic:
                for a in range(k):
                    settled = saturation if a == read[i] else -saturation
                    if synapses[i, j, a] == settled and risk[i * k + a] == 0.0:
                        continue  # it would only grow further into its bound
                    post = 2.0 * y[i] - 1.0 if a == read[i] else -1.0
                    grown = synapses[i, j, a] + rate * (1.0 - 2.0 * risk[i * k + a]) * post * place[i]
                    synapses[i, j, a] = min(max(bistability * grown, -saturation), saturation)
                d = place_weight * (moved[i] * place[i]) + place_bias
                if d <= 0.0:
                    return made, PLACES, state, x
                place[i] = 1.0 / (1.0 + np.exp(-d))
            elif risks > 0:
                tape[i, j] = written(read[i], risk[i * k : i * k + k])
                if tape[i, j] < 0:
                    tape[i, j] = read[i]
                    return made, SYMBOLS, state, x
            if made + 1 < kept:
                log[made + 1, 1 + t + i] = _held(synapses[i, j]) if synaptic else tape[i, j]
            edge |= arrive(head, first, last, i, target[i], width)
        for r in range(risks):
            risk[risky[r]] = 0.0
        state, x = after, after_x
        if edge and not synaptic:
            return made + 1, EDGE, state, x
    return limit, LIMIT, state, x


@njit(error_model="numpy")
def _walk_run(circuit, schedule, runs, limits, made, run):  # type: ignore[no-untyped-def]
    """`_walk` of one run, in place. The tuples come without their names: see `Circuit`."""
    circuit, schedule, runs = Circuit(*circuit), NetworkSchedule(*schedule), Runs(*runs)
    if limits[run] >= 0:
        made[run], runs.stop[run], runs.state[run], runs.x[run] = _walk(
            circuit, schedule, one_of(runs, run), runs.state[run], runs.x[run], limits[run]
        )


# Two functions, not one that is compiled twice: numba's cache on disk would take one for the other.
@njit(cache=True, error_model="numpy")
def _walk_one(circuit, schedule, runs, limits, made):  # type: ignore[no-untyped-def]
    """`_walk_run` of a batch of one."""
    _walk_run(circuit, schedule, runs, limits, made, 0)


@njit(cache=True, error_model="numpy", parallel=True)
def _walk_all(circuit, schedule, runs, limits, made):  # type: ignore[no-untyped-def]
    """`_walk_run` of every run, on all cores."""
    for run in prange(len(limits)):
        _walk_run(circuit, schedule, runs, limits, made, run)
