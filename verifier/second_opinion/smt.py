"""A second opinion: what a proof needs locally, as SMT-LIB 2 text for any solver of real arithmetic.

It is written from the saved form and the claim, and shares no code with `verifier.checker`: sums over all of a unit's
synapses instead of four classes of them, exp and log bounded by `decimal` instead of series, every cell by itself.

Each query says that an obligation is *violated*; `unsat` everywhere means that the invariant reproduces itself, so that
with the base case (docs/claim.md) the claim holds. `sat` comes with activities that show where it fails.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
from numpy.typing import ArrayLike

from triquetra.forms import Axes, Network, Pomdp, kind_of
from triquetra.machines import LEFT, RIGHT, STAY, InputError, Machine

from ..checker.certificate import Proof

UNIT = Fraction(1, 2**53)  # relative error of + − × ÷ on doubles
LIBRARY = Fraction(1, 2**50)  # relative error of exp, log and log1p
TINY = Fraction(1, 2**1022)  # absolute error below the normal numbers
CANCELLED = Fraction(1, 2**40)  # more than 1 − x can be below zero for an activity x
DIGITS = 80  # of decimal's exp and ln, which are right to the last digit
SLACK = Fraction(1, 10 ** (DIGITS - 10))
LESS = 1 - Fraction(1, 2**32)  # of a stated margin: rounding is bounded otherwise here; ε must still follow from it


@dataclass(frozen=True, slots=True)
class Query:
    """The violation of one obligation: `name` says in words what would be violated, `assertions` are SMT-LIB terms."""

    name: str
    assertions: tuple[str, ...]
    constants: tuple[str, ...] = ()  # real numbers of its own


@dataclass(frozen=True, slots=True)
class Script:
    """Declarations that all queries share, and the queries."""

    title: str
    declarations: tuple[str, ...]
    queries: tuple[Query, ...]

    def __str__(self) -> str:
        """The SMT-LIB 2 file: after each query's name its answer, which should be `unsat`."""
        lines = [f"; {self.title}", "; Every answer must be unsat.", *self.declarations]
        for query in self.queries:
            lines += [f"(echo {_quoted(query.name)})", "(push 1)"]
            lines += [f"(declare-const {name} Real)" for name in query.constants]
            lines += [f"(assert {term})" for term in query.assertions]
            lines += ["(check-sat)", "(pop 1)"]
        return "\n".join(lines) + "\n"


Term = tuple[Fraction, Fraction]  # a log-odds, and the sum of the absolute values of the doubles that it comes from
Range = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Parameters:
    """A form's parameters in nats, exact: `units` has for each unit its bias and its (column, weight) pairs."""

    units: tuple[tuple[Term, tuple[tuple[int, Term], ...]], ...]
    sensory: dict[tuple[int, int, int], tuple[Term, Term]]  # (tape, unit, symbol shown): weight and bias
    place: tuple[Term, Term]  # weight and bias


def export(machine: Machine, form: Network | Pomdp, proof: Proof) -> Script:
    """All that has to hold locally for `proof` to be one of `form`, with its ε and margins, for every reachable state.

    Raises: InputError: the proof is for the other form, or lacks a population.
    """
    kind = kind_of(form)
    if proof.form != kind:
        raise InputError(f"this proof is for a {proof.form}, not for a {kind}")
    populations = {*form.axes.populations, "read", *(() if proof.cells is None else ("place",))}
    if not populations <= proof.epsilon.keys() & proof.margin.keys():
        raise InputError(f"a proof needs ε and a margin for {', '.join(sorted(populations))}")
    writer = _Writer(machine, form, proof)
    tape = "external tape" if proof.cells is None else f"{proof.cells} cells of memory"
    title = f"{kind} of {machine.name}, {tape}: violations of the step's obligations"
    return Script(title, tuple(writer.declarations()), tuple(writer.queries()))


class _Writer:
    """Terms for one form and one proof."""

    def __init__(self, machine: Machine, form: Network | Pomdp, proof: Proof) -> None:
        self.machine, self.form, self.proof = machine, form, proof
        self.margin = {name: margin * LESS for name, margin in proof.margin.items()}
        self.axes: Axes = form.axes
        self.parameters = parameters(form)
        self.inputs = [_symbol(f"on {name}", i, "on") for i, name in enumerate(self.axes.basis_names)]

    def declarations(self) -> Iterator[str]:
        """Activities as reals, and each unit's drive and size as functions of them."""
        yield f"(set-logic {'QF_LRA' if self.proof.cells is None else 'QF_NRA'})"
        for name in self.inputs:
            yield f"(declare-const {name} Real)"
        for unit, (name, ((bias, bias_size), synapses)) in enumerate(zip(self.axes.unit_names, self.parameters.units)):
            sums = {
                "drive": [_real(bias), *(f"(* {_real(w)} {self.inputs[j]})" for j, (w, _) in synapses)],
                "size": [_real(bias_size), *(f"(* {_real(size)} {self.inputs[j]})" for j, (_, size) in synapses)],
                "heard": ["1.0", *(self.inputs[j] for j, _ in synapses)],
            }
            for what, terms in sums.items():
                yield f"(define-fun {_symbol(f'{what} {name}', unit, what)} () Real {_sum(terms)})"

    def queries(self) -> Iterator[Query]:
        yield from self._activity()
        for state in _reachable(self.machine):
            for read in product(range(self.axes.k), repeat=self.axes.t):
                yield self._cell(state, read)
        if self.proof.cells is None:
            yield from self._observation()
        else:
            yield self._recall(self.proof.cells)
            yield from self._memory()
            yield from self._places()

    # --- units

    def _activity(self) -> Iterator[Query]:
        """A drive at the margin gives an activity within ε; for beliefs, without what their size adds."""
        for population, margin in sorted(self.margin.items()):
            error = self._error(population, Fraction(0))
            yield Query(f"activity of {population} at its margin", (f"(> {_real(error)} {self._room(population)})",))
            yield Query(
                f"margin and ε of {population}", (f"(or (<= {_real(margin)} 0.0) (>= {self._eps(population)} 0.5))",)
            )

    def _error(self, population: str, size: Fraction) -> Fraction:
        """How far an activity may be from its ideal, with a drive at the margin; `size` of a belief's log joint."""
        off = _exp_upper(-self.margin[population] * (1 - UNIT)) * (1 + 2 * LIBRARY) + TINY
        if isinstance(self.form, Network):  # 1 − 1 / (1 + e), rounded twice; an activity that is off is nearer
            return 1 - (1 - UNIT) / ((1 + off) * (1 + UNIT))
        log1p = off * (1 + LIBRARY) + TINY
        return max(off, (log1p + UNIT * (size + log1p)) * (1 + UNIT) + LIBRARY)

    def _too_far(self, population: str, size: str) -> str:
        """A belief's error with a log joint of this size is above ε; linear in the size."""
        base, each = self._error(population, Fraction(0)), UNIT * (1 + UNIT)
        return f"(> (+ {_real(base)} (* {_real(each)} {size})) {self._room(population)})"

    def _eps(self, population: str) -> str:
        return _real(self.proof.epsilon[population])

    def _room(self, population: str) -> str:
        return _real(self.proof.epsilon[population] - self.proof.noise)

    def _wrong(self, population: str, on: bool, drive: str, size: str, heard: str, terms: int) -> str:
        """The drive, as computed, is not at its margin on the side where it should be, or a belief is too far off."""
        gamma = _gamma(terms)
        slack = (
            f"(+ (* {_real(gamma)} {size}) (* {_real(self.proof.radius * (1 + gamma))} {heard}) {_real(terms * TINY)})"
        )
        margin = _real(self.margin[population])
        wrong = f"(< (- {drive} {slack}) {margin})" if on else f"(< (- (- {drive}) {slack}) {margin})"
        if isinstance(self.form, Network):
            return wrong
        return f"(or {wrong} {self._too_far(population, f'(+ {size} {slack})')})"

    def _cell(self, state: int, read: tuple[int, ...]) -> Query:
        """Some unit is wrong after the step from `state` reading `read`."""
        wanted = _wanted(self.machine, self.axes, state, read)
        populations = self.axes.populations.items()
        population = [name for name, at in populations for _ in range(at.start, at.stop)]
        wrong = []
        for unit, name in enumerate(self.axes.unit_names):
            terms = len(self.parameters.units[unit][1])
            drive, size, heard = (_symbol(f"{what} {name}", unit, what) for what in ("drive", "size", "heard"))
            wrong.append(self._wrong(population[unit], name in wanted, drive, size, heard, terms))
        symbols = " ".join(self.axes.symbols[a] for a in read)
        return Query(
            f"state {self.axes.states[state]} reading {symbols}", (*self._code(state, read), f"(or {' '.join(wrong)})")
        )

    def _code(self, state: int, read: tuple[int, ...]) -> Iterator[str]:
        """What the presynaptic activities are in a cell: x and y within ε of one-hot, ψ their computed products."""
        axes, rounds = self.axes, (1 + UNIT) ** self.axes.t
        x, y = self._range("state"), self._range("read")
        cells = zip(axes.cell_state.tolist(), axes.cell_read.tolist())
        for column, (s, symbols) in enumerate(cells):
            factors = [x[s == state], *(y[a == b] for a, b in zip(symbols, read))]
            low, high = math.prod(f[0] for f in factors) / rounds, math.prod(f[1] for f in factors) * rounds
            yield _between(self.inputs[column], max(low - TINY, Fraction(0)), high + axes.t * TINY)
        for s in range(axes.n):
            yield _between(self.inputs[axes.cells + s], *x[s == state])

    def _range(self, population: str) -> tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]:
        """Of an activity that is off, and of one that is on."""
        epsilon = self.proof.epsilon[population]
        return (Fraction(0), epsilon), (1 - epsilon, 1 + LIBRARY)

    # --- external tape

    def _observation(self) -> Iterator[Query]:
        axes = self.axes
        for (tape, unit, symbol), (weight, bias) in self.parameters.sensory.items():
            drive, size = weight[0] + bias[0], weight[1] + bias[1]
            name = f"tape {tape + 1}: unit {axes.symbols[unit]} when {axes.symbols[symbol]} is shown"
            yield Query(name, (self._wrong("read", unit == symbol, _real(drive), _real(size), "2.0", axes.k),))

    # --- synaptic tape

    def _recall(self, cells: int) -> Query:
        """The read unit of the symbol at the head; of others by symmetry. `rest`: the activity of all other places."""
        (_, off), (low, high) = self._range("place")
        (weak, strong), size = self._synapse()
        most = (cells - 1) * off
        drive = f"(- (* {_real(weak)} here) (* {_real(strong)} rest))"
        wrong = self._wrong("read", True, drive, _real((high + most) * size), "0.0", cells)
        bounds = (_between("here", low, high), _between("rest", Fraction(0), most))
        return Query(f"recall from {cells} cells", (*bounds, wrong), ("here", "rest"))

    def _synapse(self) -> tuple[tuple[Fraction, Fraction], Fraction]:
        """Bounds of a memory's log-odds, and the size of the doubles that they come from."""
        if isinstance(self.form, Network):
            return (Fraction(self.form.saturation),) * 2, Fraction(self.form.saturation)
        floor = Fraction(self.form.count_floor)
        on = _ln_bounds(1 / (1 + floor), 3 * UNIT)
        off = _ln_bounds(floor / (1 + floor), 3 * UNIT)
        return (on[0] - off[1], on[1] - off[0]), -on[0] - off[0]

    def _memory(self) -> Iterator[Query]:
        """A synapse that may end otherwise than δ says; for risk, reading and place anywhere within ε."""
        risk, y, place = (self._range(name) for name in ("risk", "read", "place"))
        anything = (Fraction(0), 1 + LIBRARY)
        for on in (True, False):
            symbol = "the symbol read" if on else "another symbol"
            yield self._synapse_after(f"{symbol} at the head is kept", on, risk[0], y[on], y[not on], place[1], False)
            yield self._synapse_after(f"{symbol} at the head is flipped", on, risk[1], y[on], y[not on], place[1], True)
            yield self._synapse_after(f"{symbol} elsewhere is kept", on, anything, anything, anything, place[0], False)

    def _synapse_after(
        self, name: str, on: bool, risk: Range, y: Range, other: Range, place: Range, flip: bool
    ) -> Query:
        bounds = (_between("risk", *risk), _between("y", *y), _between("not_y", *other), _between("p", *place))
        constants = ("risk", "y", "not_y", "p")
        few = _real(16 * UNIT)  # more than the operations on any way
        if isinstance(self.form, Network):
            m, rate, beta = (_real(Fraction(v)) for v in (self.form.saturation, self.form.rate, self.form.bistability))
            change = f"(* {rate} (- 1.0 (* 2.0 risk)) (- (* 2.0 y) 1.0) p)"
            grown = f"(* {beta} (+ {m if on else f'(- {m})'} {change}))"
            error = f"(* {few} {beta} (+ {m} (* 2.0 {rate})))"
            wanted = on != flip
            wrong = f"(< (- {grown} {error}) {m})" if wanted else f"(> (+ {grown} {error}) (- {m}))"
            return Query(f"memory: {name}", (*bounds, wrong), constants)
        floor, rate, beta = (
            _real(Fraction(v)) for v in (self.form.count_floor, self.form.count_rate, self.form.bistability)
        )
        gain = f"(* {rate} (- 1.0 (* 2.0 risk)))"
        mine, others = ("1.0", floor) if on else (floor, "1.0")
        grown_on, grown_off = f"(+ {mine} (* {gain} y p))", f"(+ {others} (* {gain} not_y p))"
        more, less = (grown_on, grown_off) if on != flip else (grown_off, grown_on)
        error = f"(* {few} (+ 2.0 (* 2.0 {rate})))"
        wrong = f"(< (* {beta} (- {more} {less} {error})) (+ 1.0 {few}))"
        return Query(f"memory: {name}", (*bounds, wrong), constants)

    def _places(self) -> Iterator[Query]:
        """A place unit that may be wrong after a movement: where the head arrives, beside it, or anywhere else."""
        (off, on), one_way = self._range("place"), any(self.axes.one_way)
        for move in (LEFT, STAY, RIGHT):
            for first in (False, True) if one_way else (False,):
                for distance in (-2, -1, 0, 1, 2):
                    arrives = distance == move or (first and distance == 0 and move == LEFT)
                    around = [on if distance + step == 0 else off for step in (0, -1, 1)]
                    yield self._place(move, distance, first, arrives, around)

    def _place(self, move: int, distance: int, first: bool, arrives: bool, around: list[Range]) -> Query:
        """`around`: activities here, left of here, and right of here, before the step."""
        moves = self._range("move")
        names = ("left", "not_left", "right", "not_right", "here", "before", "after")
        bounds = [_between(name, *moves[wanted]) for name, wanted in zip(
            names, (move == LEFT, move != LEFT, move == RIGHT, move != RIGHT)
        )]  # fmt: skip
        bounds += [_between(name, *at) for name, at in zip(names[4:], around)]
        if isinstance(self.form, Network):
            bounds += ["(= not_left (- 1.0 left))", "(= not_right (- 1.0 right))"]
        parts = [
            "(* here (+ (* not_left not_right) (* left right)))",
            "(* right not_left before)",
            "(* left not_right after)",
            *(["(* left not_right here)"] if first else []),
        ]
        (weight, weight_size), (bias, bias_size) = self.parameters.place
        moved = f"(+ {_real(CANCELLED)} {' '.join(parts)})"
        drive = f"(+ {_real(bias)} (* {_real(weight)} {moved}))"
        size = f"(+ {_real(bias_size)} (* {_real(weight_size)} {moved}))"
        where = f"{'cell 0, ' if first else ''}{distance:+d} from the head, moving {'LSR'[move + 1]}"
        return Query(
            f"place {where}", (*bounds, self._wrong("place", arrives, drive, size, f"(+ 1.0 {moved})", 16)), names
        )


def parameters(form: Network | Pomdp) -> Parameters:
    """A form's parameters, exactly."""
    axes = form.axes
    shown = list(product(range(axes.t), range(axes.k), range(axes.k)))
    if isinstance(form, Network):
        matrix, weights, bias = form.weights, _single(form.weights.data), _single(form.bias)
        sensory = dict(zip(shown, _single(form.sensory_weights)))
        sensory_bias, place = _single(form.sensory_bias), _single([form.place_weight, form.place_bias])
    else:
        matrix = form.transition[0]
        weights, bias = _pairs(matrix.data, form.transition[1].data), _pairs(*form.prior)
        sensory = dict(zip(shown, _pairs(*form.likelihood.swapaxes(2, 3))))
        sensory_bias, place = _pairs(*form.read_prior), _pairs(*zip(form.place_transition, form.place_prior))
    ends = matrix.indptr.tolist()
    synapses = list(zip(matrix.indices.tolist(), weights))
    return Parameters(
        tuple((bias[unit], tuple(synapses[first:last])) for unit, (first, last) in enumerate(pairwise(ends))),
        {key: (weight, sensory_bias[key[0] * axes.k + key[1]]) for key, weight in sensory.items()},
        (place[0], place[1]),
    )


def _single(values: ArrayLike) -> list[Term]:
    exact = map(Fraction, np.ravel(values).tolist())
    return [(value, abs(value)) for value in exact]


def _pairs(on: ArrayLike, off: ArrayLike) -> list[Term]:
    return [(a - b, size + other) for (a, size), (b, other) in zip(_single(on), _single(off), strict=True)]


def _reachable(machine: Machine) -> list[int]:
    """States that rules lead to from the start, whatever is on the tape."""
    # On purpose not the checker's: a second opinion shares no code with it.
    states = {machine.start}
    while more := {rule.goto for rule in machine.rules if rule.state in states} - states:
        states |= more
    return sorted(states)


def _wanted(machine: Machine, axes: Axes, state: int, read: tuple[int, ...]) -> set[str]:
    """Names of the units that have to be on after δ's step."""
    rule = machine.delta.get((state, read))
    if rule is None:
        return {f"state:{machine.states[state]}", "halt"}
    names = {f"state:{machine.states[rule.goto]}"}
    for tape, (old, new, move) in enumerate(zip(rule.read, rule.write, rule.move)):
        suffix = "" if axes.t == 1 else f"[{tape + 1}]"
        if move != STAY:
            names.add(f"move{suffix}:{'L' if move == LEFT else 'R'}")
        if old != new:
            names |= {f"risk{suffix}:{machine.symbols[a]}" for a in (old, new)}
    return names


# --- numbers


def _gamma(terms: int) -> Fraction:
    """Relative error of one or two sums of `terms` products and a bias, and of the operations that follow."""
    operations = (terms + 4) * UNIT
    return operations / (1 - operations)


def _exp_upper(x: Fraction) -> Fraction:
    return Fraction(_decimal(x, up=True).exp(_CONTEXT)) * (1 + SLACK)


def _ln_bounds(x: Fraction, error: Fraction) -> Range:
    """Of the library's logarithm of a number that is known up to a relative error; x is below 1."""
    value = Fraction(_decimal(x, up=True).ln(_CONTEXT))
    width = error * (1 + error) + abs(value) * (LIBRARY + SLACK) + SLACK + TINY
    return value - width, value + width


_CONTEXT = Context(prec=DIGITS)


def _decimal(x: Fraction, *, up: bool) -> Decimal:
    """Within one unit of the last digit, above x if `up`."""
    context = Context(prec=DIGITS, rounding=ROUND_CEILING if up else ROUND_FLOOR)
    return context.divide(Decimal(x.numerator), Decimal(x.denominator))


# --- SMT-LIB


def _real(x: Fraction) -> str:
    """An exact rational."""
    size = f"{abs(x.numerator)}.0" if x.denominator == 1 else f"(/ {abs(x.numerator)}.0 {x.denominator}.0)"
    return f"(- {size})" if x < 0 else size


def _sum(terms: Sequence[str]) -> str:
    return terms[0] if len(terms) == 1 else f"(+ {' '.join(terms)})"


def _between(name: str, low: Fraction, high: Fraction) -> str:
    return f"(<= {_real(low)} {name} {_real(high)})"


def _symbol(name: str, index: int, what: str) -> str:
    """A quoted symbol; by number where the name has what cannot be quoted."""
    plain = name.isprintable() and name.isascii() and not set(name) & set("|\\")
    return f"|{name}|" if plain else f"|{what} {index}|"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
