"""The Bayesian form, event by event: message passing over the beliefs that change, in paired log-probabilities.

One step infers the symbol at the head's place, the candidates of one context, and the place moved to. A factor that
hears nothing keeps its prior, and is taken as certainly off; with beliefs of at most ε there, each log-odds changes
by at most `leak(ε)`, and each posterior by at most a quarter of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import njit, prange

from triquetra.forms import FloatArray, IntArray, Pomdp
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

ON, OFF = 0, 1


class PomdpSchedule(NamedTuple):
    """The constants of a step, as in `Pomdp`."""

    floor: float
    rate: float
    bistability: float
    place_transition: FloatArray
    place_prior: FloatArray


class EventPomdp(EventEngine):
    """Runs of an agent; see `EventEngine`. `x` and `place` are posteriors.

    Raises: InputError: an input does not fit, the model is too wide for a table of contexts, or an observation is
        ambiguous.
    """

    def __init__(
        self, pomdp: Pomdp, batch: Sequence[Sequence[Input]], *, cells: int | None = None, starts: Sequence[int] = ()
    ) -> None:
        self.pomdp = pomdp
        prior = pomdp.prior
        observed = _observed(pomdp) if cells is None else np.zeros((pomdp.axes.t, pomdp.axes.k))
        chosen = candidates(pomdp.axes, pomdp.transition, prior[ON] > prior[OFF])
        super().__init__(pomdp.axes, chosen, batch, cells, starts)
        self._circuit = self.circuit(chosen.from_cell, chosen.from_state, prior, observed)
        self._schedule = PomdpSchedule(
            pomdp.count_floor, pomdp.count_rate, pomdp.bistability, pomdp.place_transition, pomdp.place_prior
        )

    def blank_memory(self, shape: tuple[int, int, int]) -> FloatArray:
        """C (runs, t, N, k, 2): pairs of counts."""
        return np.empty((*shape, self.axes.k, 2))

    def write_memory(self, at: tuple[int, int, int], symbol: int) -> None:
        """A full count for the symbol, the floor for the others."""
        self.memory[at] = self.pomdp.count_floor, 1.0
        self.memory[(*at, symbol)] = 1.0, self.pomdp.count_floor

    def preference(self, run: int, i: int, first: int, last: int) -> FloatArray:
        """(cells, k): ln of the odds that counts are."""
        counts = self.memory[run, i, first:last]
        with np.errstate(all="ignore"):  # of cells that were not touched, there is no telling
            return np.asarray(np.log(counts[..., ON] / counts[..., OFF]))

    def leak(self, off: float) -> float:
        """See `EventEngine.leak`; here of log-odds."""
        on, without = self.pomdp.transition
        control = float((row_sums(on) + row_sums(without)).max()) * off
        if self.cells is None:
            return control
        place = float(np.abs(self.pomdp.place_transition).sum())
        return max(control, -float(np.log(self.pomdp.count_floor)) * self.cells * off, 2 * place * off)

    def drives(self) -> FloatArray:
        """See `EventEngine.drives`; here log-odds, those of counts that were written to among them."""
        pomdp, chosen = self.pomdp, self.candidates
        floor, prior = pomdp.count_floor, pomdp.prior[ON] - pomdp.prior[OFF]
        from_cell, from_state = (pair[ON] - pair[OFF] for pair in (chosen.from_cell, chosen.from_state))
        moved = pomdp.place_transition[ON] - pomdp.place_transition[OFF]
        rest = pomdp.place_prior[ON] - pomdp.place_prior[OFF]
        written = min(pomdp.bistability * (pomdp.count_rate - 1.0 + floor) + floor, 1.0)
        memory = [-np.log(floor), np.log(max(written, floor) / floor), moved + rest, rest]
        active = from_cell + from_state + prior[chosen.unit]
        return np.concatenate([active, prior[prior <= 0], [] if self.cells is None else memory])

    def hears(self) -> float:
        """See `EventEngine.hears`."""
        pomdp, chosen = self.pomdp, self.candidates
        active = np.abs(chosen.from_cell).sum(axis=0) + np.abs(chosen.from_state).sum(axis=0)
        place = float(np.abs(pomdp.place_transition).sum())
        return max(float(active.max(initial=0.0)), -float(np.log(pomdp.count_floor)), place)

    def keeps(self, off: float) -> bool:
        """See `EventEngine.keeps`."""
        floor, rate = self.pomdp.count_floor, self.pomdp.count_rate
        return rate >= 0 and self.pomdp.bistability * (1.0 - floor - rate * off) + floor >= 1.0

    def kernel(self, limits: IntArray) -> IntArray:
        """See `EventEngine.kernel`."""
        made = np.zeros_like(limits)
        infer = _infer_all if len(limits) > 1 else _infer_one
        infer(tuple(self._circuit), tuple(self._schedule), tuple(self.runs()), limits, made)
        return made


def run(
    pomdp: Pomdp,
    *inputs: Input,
    cells: int | None = None,
    max_steps: int | None = None,
    watch: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Run an agent event by event until it halts, leaves its memory or has made `max_steps` steps.

    `watch`: as `EventEngine.finish`.
    Raises: InputError: as `EventPomdp`; Undecodable: beliefs stopped encoding a configuration.
    """
    return only(EventPomdp(pomdp, [inputs], cells=cells).finish(max_steps, progress, watch=watch))


def _observed(pomdp: Pomdp) -> FloatArray:
    """Q (t, k) that a symbol is read when it is the one observed: likelihood A and prior E."""
    axes = pomdp.axes
    joint = pomdp.likelihood + pomdp.read_prior[:, :, None, :]  # [pair, tape, observed, read]
    odds = joint[ON] - joint[OFF]
    wrong = np.argwhere((odds > 0) != np.eye(axes.k, dtype=bool))
    if wrong.size:
        tape, observed, read = wrong[0].tolist()
        raise NoEngine(
            f"likelihood[:, {tape}, {observed}, {read}]: observing {axes.symbols[observed]} does not make exactly "
            "that symbol the likely one; run the dense form"
        )
    return np.ascontiguousarray(1.0 / (1.0 + np.exp(-np.diagonal(odds, axis1=1, axis2=2))))


@njit()
def _held(counts):  # type: ignore[no-untyped-def]
    """The symbol that a place's counts (k, 2) hold, or `NONE` or `SEVERAL`."""
    symbol = NONE
    for a in range(len(counts)):
        if counts[a, 0] > counts[a, 1]:
            symbol = a if symbol == NONE else SEVERAL
    return symbol


@njit(error_model="numpy")
def _infer(circuit, schedule, one, state, x, limit):  # type: ignore[no-untyped-def]
    """Posteriors of what can be on. Returns steps made, why it stopped, control state and its posterior."""
    n, k, one_way, remembers, pointer, unit, from_cell, from_state, context_of, prior, observed = circuit
    floor, rate, bistability, place_transition, place_prior = schedule
    zero, tape, counts, touched, head, first, last, place, left_tape, log = one
    t, width, cells, kept = head.shape[0], tape.shape[1], counts.shape[1], log.shape[0]
    read = np.zeros(t, np.int64)
    target = np.zeros(t, np.int64)
    q_read = np.zeros((t, 2))
    moved = np.zeros(t)
    move = np.zeros((2 * t, 2))
    move[:, 1] = 1.0
    risk = np.zeros(t * k)
    risky = np.zeros(t * k, np.int64)
    first_move, first_risk = n + 1, n + 1 + 2 * t
    settled_on, settled_off = np.log(1.0 / (1.0 + floor)), np.log(floor / (1.0 + floor))
    for made in range(limit + 1):
        if made < kept:
            note(log[made], state, head)
        # what is read: counts at the place, or the observation
        code = 0
        joint = x
        for i in range(t):
            j = head[i]
            if remembers:
                if not touched[i, j]:
                    touched[i, j] = True
                    for a in range(k):
                        counts[i, j, a, 0] = 1.0 if a == BLANK else floor
                        counts[i, j, a, 1] = floor if a == BLANK else 1.0
                symbol = -1
                for a in range(k):
                    if counts[i, j, a, 0] > counts[i, j, a, 1]:
                        if symbol >= 0:
                            return made, SYMBOLS, state, x
                        symbol = a
                if symbol < 0:
                    return made, SYMBOLS, state, x
                read[i] = symbol
                on, off = counts[i, j, symbol, 0], counts[i, j, symbol, 1]
                if on == 1.0 and off == floor:
                    log_on, log_off = settled_on * place[i], settled_off * place[i]
                else:
                    log_on, log_off = np.log(on / (on + off)) * place[i], np.log(off / (on + off)) * place[i]
                odds = np.exp(log_off - log_on)  # against
                q_read[i, 0] = 1.0 / (1.0 + odds)
                q_read[i, 1] = odds * q_read[i, 0]
            else:
                read[i] = tape[i, j]
                q_read[i, 0] = observed[i, read[i]]
            code = code * k + read[i]
            joint *= q_read[i, 0]
        # control state, halt, movement, risk: messages from the cell and from the state
        context = context_of[state, code]
        after, after_x, halt, risks = -1, 0.0, False, 0
        for e in range(pointer[context], pointer[context + 1]):
            u = unit[e]
            on = from_cell[0, e] * joint + from_state[0, e] * x + prior[0, u]
            off = from_cell[1, e] * joint + from_state[1, e] * x + prior[1, u]
            if on > off:
                odds = np.exp(off - on)  # against
                q = 1.0 / (1.0 + odds)
                if u < n:
                    if after >= 0:
                        return made, STATES, state, x
                    after, after_x = u, q
                elif u == n:
                    halt = True
                elif u < first_risk:
                    move[u - first_move, 0] = q
                    move[u - first_move, 1] = odds * q
                else:
                    risk[u - first_risk] = q
                    risky[risks] = u - first_risk
                    risks += 1
        if halt:
            still = risks == 0
            for i in range(t):
                left, right = (move[2 * i, 0], move[2 * i, 1]), (move[2 * i + 1, 0], move[2 * i + 1, 1])
                still &= turned(head[i], one_way[i] and head[i] == zero[i], left, right)[0] == head[i]
            return made, STATES if after < 0 else HALTED if still and after == state else RESTLESS, state, x
        if made == limit:
            break
        if after < 0:
            return made, STATES, state, x
        # where the head goes
        for i in range(t):
            left, right = (move[2 * i, 0], move[2 * i, 1]), (move[2 * i + 1, 0], move[2 * i + 1, 1])
            target[i], moved[i] = turned(head[i], one_way[i] and head[i] == zero[i], left, right)
            move[2 * i : 2 * i + 2, 0] = 0.0
            move[2 * i : 2 * i + 2, 1] = 1.0
            if remembers and (target[i] < 0 or target[i] >= cells):
                left_tape[0] = i
                return made, LEFT_MEMORY, state, x
        # the memory's counts, and the place; or the world's tape
        edge = False
        for i in range(t):
            j = head[i]
            if remembers:
                for a in range(k):
                    hit = 0 if a == read[i] else 1
                    if risk[i * k + a] == 0.0 and counts[i, j, a, hit] == 1.0 and counts[i, j, a, 1 - hit] == floor:
                        continue  # it would only grow further into its bound
                    signed = rate * (1.0 - 2.0 * risk[i * k + a]) * place[i]
                    on = counts[i, j, a, 0] + signed * (q_read[i, 0] if a == read[i] else 0.0)
                    off = counts[i, j, a, 1] + signed * (q_read[i, 1] if a == read[i] else 1.0)
                    least = min(on, off)
                    counts[i, j, a, 0] = min(bistability * (on - least) + floor, 1.0)
                    counts[i, j, a, 1] = min(bistability * (off - least) + floor, 1.0)
                on = place_transition[0] * (moved[i] * place[i]) + place_prior[0]
                off = place_transition[1] * (moved[i] * place[i]) + place_prior[1]
                if on <= off:
                    return made, PLACES, state, x
                place[i] = 1.0 / (1.0 + np.exp(off - on))
            elif risks > 0:
                tape[i, j] = written(read[i], risk[i * k : i * k + k])
                if tape[i, j] < 0:
                    tape[i, j] = read[i]
                    return made, SYMBOLS, state, x
            if made + 1 < kept:
                log[made + 1, 1 + t + i] = _held(counts[i, j]) if remembers else tape[i, j]
            edge |= arrive(head, first, last, i, target[i], width)
        for r in range(risks):
            risk[risky[r]] = 0.0
        state, x = after, after_x
        if edge and not remembers:
            return made + 1, EDGE, state, x
    return limit, LIMIT, state, x


@njit(error_model="numpy")
def _infer_run(circuit, schedule, runs, limits, made, run):  # type: ignore[no-untyped-def]
    """`_infer` of one run, in place. The tuples come without their names: see `Circuit`."""
    circuit, schedule, runs = Circuit(*circuit), PomdpSchedule(*schedule), Runs(*runs)
    if limits[run] >= 0:
        made[run], runs.stop[run], runs.state[run], runs.x[run] = _infer(
            circuit, schedule, one_of(runs, run), runs.state[run], runs.x[run], limits[run]
        )


# Two functions, not one that is compiled twice: numba's cache on disk would take one for the other.
@njit(cache=True, error_model="numpy")
def _infer_one(circuit, schedule, runs, limits, made):  # type: ignore[no-untyped-def]
    """`_infer_run` of a batch of one."""
    _infer_run(circuit, schedule, runs, limits, made, 0)


@njit(cache=True, error_model="numpy", parallel=True)
def _infer_all(circuit, schedule, runs, limits, made):  # type: ignore[no-untyped-def]
    """`_infer_run` of every run, on all cores."""
    for run in prange(len(limits)):
        _infer_run(circuit, schedule, runs, limits, made, run)
