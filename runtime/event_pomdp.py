"""The Bayesian form, event by event: message passing over the beliefs that change, in paired log-probabilities.

One step infers the symbol at the head's place, the candidates of one context, and the place moved to. A factor that
hears nothing keeps its prior, and is taken as certainly off; with beliefs of at most ε there, each log-odds changes
by at most `leak(ε)`, and each posterior by at most a quarter of that.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from triquetra.forms import FloatArray, Pomdp
from triquetra.machines import BLANK, Configuration, Input, InputError, Outcome, Tape, inputs_to_tapes

from .events import (
    Progress,
    Stop,
    candidates,
    drive,
    lay_out,
    row_sums,
    undecodable,
    widen,
    written,
    written_span,
)  # fmt: skip
from .world import memory_origin

ON, OFF = 0, 1
LIMIT, HALTED, EDGE, LEFT_MEMORY = map(int, (Stop.LIMIT, Stop.HALTED, Stop.EDGE, Stop.LEFT_MEMORY))
STATES, SYMBOLS, PLACES = map(int, (Stop.STATES, Stop.SYMBOLS, Stop.PLACES))


class EventPomdp:
    """An agent in the middle of a run; with `cells` memory is counts over N places, without it tapes are external.

    `x` is the posterior of the control state that is on, `place` (t,) of the places that are on.
    Raises: InputError: the model is too wide for a table of contexts, or an observation is ambiguous.
    """

    def __init__(self, pomdp: Pomdp, *inputs: Input, cells: int | None = None) -> None:
        axes = pomdp.axes
        self.pomdp, self.axes, self.cells = pomdp, axes, cells
        self._prior = pomdp.prior
        self._candidates = candidates(axes, pomdp.transition, self._prior[ON] > self._prior[OFF])
        tapes = inputs_to_tapes(axes, inputs)
        self.state, self.x, self.steps, self.stop = axes.start, 1.0, 0, Stop.LIMIT
        self.place = np.ones(axes.t)
        if cells is None:
            memory = 1
            self._observed = _observed(pomdp)
            self._tape, self._zero = lay_out(tapes)
        else:
            memory = cells
            self._observed = np.zeros((axes.t, axes.k))
            self._tape = np.zeros((axes.t, 1), dtype=np.int32)
            self._zero = np.array([memory_origin(each, cells, one) for each, one in zip(tapes, axes.one_way)])
        self._counts = np.empty((axes.t, memory, axes.k, 2))  # of a place that was touched; the others are blank
        self._touched = np.zeros((axes.t, memory), dtype=np.bool_)
        if cells is not None:
            for i, tape in enumerate(tapes):
                for position, symbol in enumerate(tape.cells, self._zero[i] + tape.origin):
                    self._touched[i, position] = True
                    self._counts[i, position] = pomdp.count_floor, 1.0
                    self._counts[i, position, symbol] = 1.0, pomdp.count_floor
        self._head = self._zero.copy()
        self._visited = self._zero + written_span(tapes)

    def leak(self, off: float) -> float:
        """What log-odds change by, at most, in nats, when beliefs of up to `off` in a cause are taken as none."""
        on, without = self.pomdp.transition
        control = float((row_sums(on) + row_sums(without)).max()) * off
        if self.cells is None:
            return control
        place = float(np.abs(self.pomdp.place_transition).sum())
        return max(control, -float(np.log(self.pomdp.count_floor)) * self.cells * off, 2 * place * off)

    def advance(self, limit: int) -> int:
        """Make at most `limit` steps; the number made. `stop` says why it came back.

        Raises: Undecodable: beliefs encode no configuration; `LeftMemory` where the head left it.
        """
        made = 0
        while True:
            steps, self.stop = self._kernel(limit - made)
            made += steps
            self.steps += steps
            if self.stop is not Stop.EDGE:
                break
            by = self._tape.shape[1]
            self._tape = widen(self._tape, by)
            for columns in (self._head, self._zero, self._visited):
                columns += by
        if self.stop > Stop.EDGE:
            unit = self.axes.unit_names[self.state]
            raise undecodable(self.stop, unit, self.x, self._head, self._zero, self.cells)
        return made

    def _kernel(self, limit: int) -> tuple[int, Stop]:
        pomdp, axes, chosen = self.pomdp, self.axes, self._candidates
        steps, stop, self.state, self.x = _infer(
            chosen.pointer, chosen.unit, chosen.from_cell, chosen.from_state, chosen.context, self._prior,
            axes.n, axes.k, np.array(axes.one_way), self._zero, self.cells is not None,
            self._observed, self._tape, self._counts, self._touched,
            self._head, self._visited[0], self._visited[1], self.place,
            pomdp.count_floor, pomdp.count_rate, pomdp.bistability, pomdp.place_transition, pomdp.place_prior,
            self.state, self.x, limit,
        )  # fmt: skip
        return int(steps), Stop(stop)

    def configuration(self) -> Configuration:
        """What the agent believes now."""
        tapes = []
        for i, (first, last) in enumerate(self._visited.T.tolist()):
            if self.cells is None:
                symbols = self._tape[i, first : last + 1]
            else:
                blank = ~self._touched[i, first : last + 1]
                symbols = np.where(blank, BLANK, self._counts[i, first : last + 1, :, ON].argmax(axis=1))
            tapes.append(Tape.of(symbols.tolist(), first - int(self._zero[i])))
        return Configuration(self.state, tuple((self._head - self._zero).tolist()), tuple(tapes))


def run(
    pomdp: Pomdp,
    *inputs: Input,
    cells: int | None = None,
    max_steps: int | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Run an agent event by event until it halts, leaves its memory or has made `max_steps` steps.

    Raises: InputError: as `EventPomdp`; Undecodable: beliefs stopped encoding a configuration.
    """
    return drive(EventPomdp(pomdp, *inputs, cells=cells), max_steps, progress)


def _observed(pomdp: Pomdp) -> FloatArray:
    """Q (t, k) that a symbol is read when it is the one observed: likelihood A and prior E."""
    axes = pomdp.axes
    joint = pomdp.likelihood + pomdp.read_prior[:, :, None, :]  # [pair, tape, observed, read]
    odds = joint[ON] - joint[OFF]
    wrong = np.argwhere((odds > 0) != np.eye(axes.k, dtype=bool))
    if wrong.size:
        tape, observed, read = wrong[0].tolist()
        raise InputError(
            f"likelihood[:, {tape}, {observed}, {read}]: observing {axes.symbols[observed]} does not make exactly "
            "that symbol the likely one; run the dense form"
        )
    return np.ascontiguousarray(1.0 / (1.0 + np.exp(-np.diagonal(odds, axis1=1, axis2=2))))


@njit(cache=True, error_model="numpy")
def _infer(  # type: ignore[no-untyped-def]
    pointer, unit, from_cell, from_state, context_of, prior,
    n, k, one_way, zero, remembers,
    observed, tape, counts, touched, head, first, last, place,
    floor, rate, bistability, place_transition, place_prior,
    state, x, limit,
):  # fmt: skip
    """Posteriors of what can be on. Returns steps made, why it stopped, control state and its posterior."""
    t = head.shape[0]
    width = tape.shape[1]
    cells = counts.shape[1]
    read = np.zeros(t, np.int64)
    target = np.zeros(t, np.int64)
    q_read = np.zeros((t, 2))
    moved = np.zeros(t)
    move = np.zeros((2 * t, 2))
    move[:, 1] = 1.0
    risk = np.zeros(t * k)
    risky = np.zeros(t * k, np.int64)
    first_move, first_risk = n + 1, n + 1 + 2 * t
    for made in range(limit + 1):
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
                log_on, log_off = np.log(on / (on + off)) * place[i], np.log(off / (on + off)) * place[i]
                q_read[i, 0] = 1.0 / (1.0 + np.exp(log_off - log_on))
                q_read[i, 1] = 1.0 / (1.0 + np.exp(log_on - log_off))
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
                q = 1.0 / (1.0 + np.exp(off - on))
                if u < n:
                    if after >= 0:
                        return made, STATES, state, x
                    after, after_x = u, q
                elif u == n:
                    halt = True
                elif u < first_risk:
                    move[u - first_move, 0] = q
                    move[u - first_move, 1] = 1.0 / (1.0 + np.exp(on - off))
                else:
                    risk[u - first_risk] = q
                    risky[risks] = u - first_risk
                    risks += 1
        if halt:
            return made, HALTED, state, x
        if made == limit:
            break
        if after < 0:
            return made, STATES, state, x
        # where the head goes
        for i in range(t):
            go_left, go_right = move[2 * i, 0] * move[2 * i + 1, 1], move[2 * i + 1, 0] * move[2 * i, 1]
            target[i], moved[i] = head[i], move[2 * i, 1] * move[2 * i + 1, 1] + move[2 * i, 0] * move[2 * i + 1, 0]
            move[2 * i : 2 * i + 2, 0] = 0.0
            move[2 * i : 2 * i + 2, 1] = 1.0
            if go_right > 0.5:
                target[i], moved[i] = head[i] + 1, go_right
            elif go_left > 0.5:
                target[i], moved[i] = head[i] - 1, go_left
                if one_way[i] and head[i] == zero[i]:
                    target[i] = head[i]
            if remembers and (target[i] < 0 or target[i] >= cells):
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
            else:
                if risks > 0:
                    tape[i, j] = written(read[i], risk[i * k : i * k + k])
                    if tape[i, j] < 0:
                        tape[i, j] = read[i]
                        return made, SYMBOLS, state, x
                edge |= target[i] <= 0 or target[i] >= width - 1
            head[i] = target[i]
            first[i], last[i] = min(first[i], head[i]), max(last[i], head[i])
        for r in range(risks):
            risk[risky[r]] = 0.0
        state, x = after, after_x
        if edge:
            return made + 1, EDGE, state, x
    return limit, LIMIT, state, x
