"""The checker: does this certificate prove that these weights do what this machine does? Small, exact and dull.

It accepts a certificate only if an induction on steps holds whose every figure it has recomputed in exact rationals.
It settles what a certificate claims, not whether a better one exists. docs/claim.md has each lemma with its
derivation.

Lattice. What is known of a form at one moment is, for each population P of {state, halt, move, risk, read, place}, a
number ε_P: every activity of P is in [0, ε_P] where δ's configuration has a 0, and in [1 − ε_P, 1 + 2^-50] where it
has a 1. Of the memory it is known that each synapse is exactly ±M (each pair of counts exactly (1, floor) or (floor,
1)), on for the symbol in its cell. Smaller ε know more; the order is that of each ε; below are the ideal activities,
ε = 0, with which every run starts. Nothing at all is known from ε = 1/2 on, for then 0 and 1 cannot be told apart.

Transfer (`step_bounds`). One step takes ε to ε′. Each drive is enclosed as the double that is computed: the weight
from the one coincidence and the one state that are on; all others of the unit at most times what an activity that is
off can be, summed in four classes (`obligations`); rounding in any order; radius. The least drive on δ's side is the
margin, and ε′ = e^-margin but for the error of exp, and rounding. A synapse must come out of the clip at exactly ±M
again. The transfer is monotone: who knows less before the step knows no more after it.

Acceptance. For each proof: every ε is in (0, 1/2); every margin is positive, and not below the one stated; and ε′ +
noise ≤ ε for every population, so that ε is inductive: it holds at the start, and after each step from a state in
which it holds. Then by induction every step of every run is decided as δ wants, for ever. What is not reached from
the start by any rule is left out: no run is there. For `correspondence`: no two parameters differ by more than is
stated.

Anything else is refused, with the reason as a value (`refusal`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from triquetra.machines.core import LEFT, RIGHT, STAY, Machine

from .certificate import POPULATIONS, Certificate, Proof
from .intervals import LARGEST, TOP, Enclosure, belief_error, network_error, rounding, rounding_of
from .obligations import Obligation, Where, describe, obligations
from .reading import QUANTUM, FormBytes, LogOdds, SavedForm, read_saved
from .refusal import Fault, Refused, at_most, require

ONE, TWO = Enclosure.exactly(1), Enclosure.exactly(2)
HALF = Fraction(1, 2)
GRID = 2**512  # activities are rounded outwards to multiples of 1 / GRID where many are added up
FINE = QUANTUM / GRID  # so that drives are whole multiples of it, in nats
LARGEST_DRIVE = int(LARGEST / FINE)
MAX_DRIVES = 250_000  # that a certificate may ask for: each takes some 20 µs


class Bound(NamedTuple):
    """What a population achieves: the least drive on the right side, in nats, and the greatest error of an activity.

    The error is None where the drive may be on the wrong side; `where` is a place of the least drive.
    """

    margin: Fraction
    error: Fraction | None
    where: Where | str


class Drive(NamedTuple):
    """A drive is at least `margin` on the right side, and is computed from doubles that sum to at most `size`.

    Both in multiples of FINE: there are as many drives as obligations, and whole numbers are ten times as fast.
    """

    margin: int
    size: int
    where: Where | str

    def worse(self, other: Drive) -> Drive:
        """What holds of both."""
        least = self if self.margin <= other.margin else other
        return Drive(least.margin, max(self.size, other.size), least.where)


def check(
    certificate: Certificate, machine: Machine, *, network: FormBytes | None = None, pomdp: FormBytes | None = None
) -> list[dict[str, Bound]]:
    """Accept a certificate, or refuse it; `network` and `pomdp` are the bytes of a header and of its tensors.

    Returns: for each proof of the certificate what each population achieves, recomputed.
    Raises: Refused: something in the certificate is not so, or a form is damaged.
    """
    require(certificate.machine == machine.digest, Fault.OTHER, "machine", certificate.machine, machine.digest)
    forms = {}
    for kind, files, digest in (("network", network, certificate.network), ("pomdp", pomdp, certificate.pomdp)):
        require((files is None) == (digest is None), Fault.UNPAIRED, kind)
        if files is not None:
            forms[kind] = read_saved(kind, files, machine)
            require(forms[kind].digest == digest, Fault.OTHER, kind, digest, forms[kind].digest)
    require(bool(certificate.proofs), Fault.EMPTY)
    required = {kind: obligations(machine, form) for kind, form in forms.items()}
    for proof in certificate.proofs:
        require(proof.form in forms, Fault.MISSING, f"the {proof.form} of a proof")
    drives = sum(len(required[proof.form]) for proof in certificate.proofs)
    at_most(MAX_DRIVES, drives, "the proofs", "drives to enclose")
    bounds = []
    for proof in certificate.proofs:
        try:
            bounds.append(_check_proof(proof, forms[proof.form], required[proof.form], machine))
        except Refused as refusal:
            raise refusal.within(f"{proof.form}, {proof.tape} tape") from None
    if certificate.correspondence is not None:
        require(len(forms) == 2, Fault.MISSING, "correspondence: one of the two forms")
        found = correspondence(forms["network"], forms["pomdp"])
        if found is None:
            raise Refused(Fault.STRUCTURE, "correspondence")
        wanted = certificate.correspondence
        require(found <= wanted, Fault.DIFFERENCE, "correspondence", found, wanted)
    return bounds


def _check_proof(
    proof: Proof, form: SavedForm, required: Mapping[Obligation, Where], machine: Machine
) -> dict[str, Bound]:
    for name, epsilon in proof.epsilon.items():
        require(0 < epsilon < HALF, Fault.EPSILON, name, epsilon)
    bounds = step_bounds(form, required, proof.epsilon, proof.cells, proof.radius)
    for what, stated in (("epsilon", proof.epsilon), ("margin", proof.margin)):
        require(bounds.keys() == stated.keys(), Fault.KEYS, f"`{what}`", list(stated), " ".join(bounds))
    for name, bound in bounds.items():
        if bound.error is None:
            raise Refused(Fault.SIDE, f"{name}: {describe(machine, bound.where)}", bound.margin)
        error = bound.error + proof.noise
        require(error <= proof.epsilon[name], Fault.ERROR, name, error, proof.epsilon[name])
        require(proof.margin[name] <= bound.margin, Fault.MARGIN, name, bound.margin, proof.margin[name])
    return bounds


def step_bounds(
    form: SavedForm,
    required: Mapping[Obligation, Where],
    epsilon: Mapping[str, Fraction],
    cells: int | None,
    radius: Fraction = Fraction(0),
) -> dict[str, Bound]:
    """What each population achieves after a step, if before it all activities are within `epsilon` of the one-hot code.

    Args:
        epsilon: for each population; `place` is needed with `cells` only.
        cells: N of the synaptic memory; None for an external tape.
        radius: every weight, bias and log-odds may be anywhere within so many nats of what was saved.
    Raises: Refused: an ε is missing, the memory may not hold, or there are numbers for which no bound is stated.
    """
    for name in POPULATIONS if cells is not None else POPULATIONS[:-1]:
        require(name in epsilon, Fault.MISSING, f"ε of {name}")
    step = _Step(form, epsilon, radius)
    worst: dict[str, Drive] = {}

    def add(population: str, drive: Drive) -> None:
        worst[population] = worst[population].worse(drive) if population in worst else drive

    for obligation, where in required.items():
        add(obligation.population, step.unit(obligation, where))
    if cells is None:
        for drive in step.observe():
            add("read", drive)
    else:
        step.memory_holds()
        add("read", step.recall(cells))
        for drive in step.places():
            add("place", drive)
    return {name: _bound(form, drive) for name, drive in worst.items()}


def _bound(form: SavedForm, drive: Drive) -> Bound:
    margin = drive.margin * FINE
    if margin <= 0:
        return Bound(margin, None, drive.where)
    error = network_error(margin) if form.kind == "network" else belief_error(margin, drive.size * FINE)
    return Bound(margin, error, drive.where)


def synapse_at_rest(form: SavedForm) -> tuple[Enclosure, Fraction]:
    """The memory's log-odds ±V̂ at rest, positive; and the size of the doubles that it is computed from.

    Raises: Refused: there is no logarithm of what a count can be.
    """
    if form.kind == "network":
        saturation = Enclosure.exactly(form.scalars["saturation"])
        return saturation, saturation.high
    floor = Enclosure.exactly(form.scalars["count_floor"])
    total = ONE + floor
    on, off = (ONE / total).log(), (floor / total).log()
    return Enclosure(on.low - off.high, on.high - off.low), on.size + off.size


class _Step:
    """Enclosures of one step, given ε."""

    def __init__(self, form: SavedForm, epsilon: Mapping[str, Fraction], radius: Fraction) -> None:
        self.form, self.radius = form, math.ceil(radius / QUANTUM)
        self.rounding: dict[int, tuple[Fraction, int]] = {}  # relative, and absolute in multiples of FINE
        self.on = {name: Enclosure(1 - e, TOP) for name, e in epsilon.items()}
        self.off = {name: Enclosure(Fraction(0), e) for name, e in epsilon.items()}
        tapes = len(form.sensory)
        x_on, x_off, y_on, y_off = self.on["state"], self.off["state"], self.on["read"], self.off["read"]
        self.psi = _on_grid(_product(x_on, [y_on] * tapes))
        self.x = _on_grid(x_on)
        self.same = _on_grid(_product(x_on, [y_off] + [y_on] * (tapes - 1))).high
        self.match = _on_grid(_product(x_off, [y_on] * tapes)).high
        self.rest = _on_grid(_product(x_off, [y_off] + [y_on] * (tapes - 1))).high
        self.others = _on_grid(x_off).high

    def unit(self, obligation: Obligation, where: Where) -> Drive:
        """Of a unit of K̂ (ψ; x) + ĥ in a cell; its terms are multiples of FINE, what it hears of 1 / GRID."""
        sign = 1 if obligation.on else -1
        margin = sign * obligation.bias.value * GRID
        size, hears = obligation.bias.size * GRID, GRID
        for parameter, activity in ((obligation.cell, self.psi), (obligation.state, self.x)):
            if parameter is not None:
                margin += min(sign * parameter.value * activity.low, sign * parameter.value * activity.high)
                size, hears = size + parameter.size * activity.high, hears + activity.high
        quiet = (
            (obligation.same, self.same), (obligation.match, self.match),
            (obligation.rest, self.rest), (obligation.others, self.others),
        )  # fmt: skip
        for sums, most in quiet:
            if sums.number:
                margin -= (sums.negative if obligation.on else sums.positive) * most
                size, hears = size + sums.size * most, hears + sums.number * most
        terms = obligation.rest.number + obligation.others.number + 2
        return self._drive(margin, size, hears, terms, where)

    def _drive(self, margin: int, size: int, hears: int, terms: int, where: Where | str) -> Drive:
        """A drive at least `margin` on the right side, in multiples of FINE; less what radius and rounding may take.

        `size`: of the doubles that it is the sum of, in multiples of FINE. `hears`: the sum of the activities, and 1
        for the bias, in multiples of 1 / GRID.
        """
        moved = hears * self.radius
        size += moved
        require(size <= LARGEST_DRIVE, Fault.RANGE, "a sum that could overflow")
        if terms not in self.rounding:
            relative, absolute = rounding_of(terms)
            self.rounding[terms] = relative, math.ceil(absolute / FINE)
        relative, least = self.rounding[terms]
        slack = moved + least - (-relative.numerator * size // relative.denominator)
        return Drive(margin - slack, size + slack, where)

    def observe(self) -> Iterator[Drive]:
        """Of the read units when the environment shows a symbol: all other products are exactly zero."""
        places: dict[tuple[int, int], tuple[int, int, int]] = {}  # of a drive and its size
        for tape, (rows, biases) in enumerate(zip(self.form.sensory, self.form.sensory_bias)):
            for unit, (row, bias) in enumerate(zip(rows, biases)):
                for symbol, weight in enumerate(row):
                    drive = weight.value + bias.value
                    places[drive if unit == symbol else -drive, weight.size + bias.size] = tape, unit, symbol
        for (margin, size), (tape, unit, symbol) in places.items():
            where = f"tape {tape + 1}: symbol {unit} when symbol {symbol} is shown"
            yield self._drive(margin * GRID, size * GRID, 2 * GRID, len(self.form.sensory[tape]), where)

    def recall(self, cells: int) -> Drive:
        """Of the read units when they hear N synapses of the memory, of which one is at the head's place."""
        synapse, size = synapse_at_rest(self.form)
        others = (cells - 1) * self.off["place"].high
        total = size * (TOP + others)
        least = synapse.low * self.on["place"].low - synapse.high * others - rounding(cells, total)
        size = total + rounding(cells, total)
        return Drive(math.floor(least / FINE), math.ceil(size / FINE), f"{cells} cells of memory")

    def memory_holds(self) -> None:
        """Every synapse is at exactly ±V̂ after the step: flipped at the head where Γ is on, else kept.

        Raises: Refused: it may not be.
        """
        write = self._potentiate if self.form.kind == "network" else self._count
        place, some_risk = self.on["place"], Enclosure(Fraction(0), TOP)
        for flip, risk in ((False, self.off["risk"]), (True, self.on["risk"])):
            if not write(risk, self.on["read"], self.off["read"], place, flip):
                raise Refused(Fault.MEMORY, "memory: a synapse at the head", wanted="flipped" if flip else "kept")
        if not write(some_risk, some_risk, some_risk, self.off["place"], False):
            raise Refused(Fault.MEMORY, "memory: a synapse away from the head", wanted="kept")

    def _potentiate(self, risk: Enclosure, y_on: Enclosure, y_off: Enclosure, place: Enclosure, flip: bool) -> bool:
        """V̂′ = clip(β (V̂ + η (1 − 2Γ) (2y − 1) p), −M, M) for V̂ = M and y on, and for V̂ = −M and y off."""
        m, rate, beta = (Enclosure.exactly(self.form.scalars[name]) for name in ("saturation", "rate", "bistability"))
        holds = m.low > 0
        for synapse, y, sign in ((m, y_on, 1), (-m, y_off, -1)):
            change = rate * (ONE - TWO * risk) * (TWO * y - ONE)
            grown = beta * (synapse + change * place)
            holds &= grown.low >= m.high if sign == (-1 if flip else 1) else grown.high <= -m.high
        return holds

    def _count(self, risk: Enclosure, y_on: Enclosure, y_off: Enclosure, place: Enclosure, flip: bool) -> bool:
        """Counts (1, floor), of which the first is y's: grown, least subtracted, stretched by β, kept in [floor, 1]."""
        floor, rate, beta = (
            Enclosure.exactly(self.form.scalars[name]) for name in ("count_floor", "count_rate", "bistability")
        )
        gain = rate * (ONE - TWO * risk)
        first, second = ONE + gain * y_on * place, floor + gain * y_off * place
        greater, lesser = (second, first) if flip else (first, second)
        grown = beta * (greater - lesser) + floor
        return 0 < floor.low < 1 and greater.low > lesser.high and grown.low >= 1

    def places(self) -> Iterator[Drive]:
        """Of the place units: where the head arrives, beside it, elsewhere, and on the first cell of a one-way tape."""
        for move in (LEFT, STAY, RIGHT):
            for from_head in (-1, 0, 1, 2):  # 2: any farther away
                yield self._place(move, from_head, first=False)
            for from_head in (-1, 0, 2):
                yield self._place(move, from_head, first=True)

    def _place(self, move: int, from_head: int, *, first: bool) -> Drive:
        """Of the place unit `from_head` cells right of the head; `first`: cell 0, which keeps a left move.

        A neighbour that does not exist adds nothing, which is within an off unit's enclosure.
        """
        on, off = self.on["move"], self.off["move"]
        left, right = (on if move == LEFT else off), (on if move == RIGHT else off)
        if self.form.kind == "network":
            no_left, no_right = ONE - left, ONE - right
        else:
            no_left, no_right = (off if move == LEFT else on), (off if move == RIGHT else on)
        go_left, go_right = left * no_right, right * no_left
        here, before, after = (self.on["place"] if from_head == d else self.off["place"] for d in (0, 1, -1))
        if self.form.kind == "network":
            moved = here * no_left * no_right + here * left * right
        else:
            moved = (no_left * no_right + left * right) * here
        moved = moved + go_right * before + go_left * after
        arrives = from_head == move
        if first:
            moved = moved + go_left * here
            arrives |= from_head == 0 and move == LEFT
        weight, bias = self.form.place_weight, self.form.place_bias
        ends = (weight.value * moved.low, weight.value * moved.high)
        size = weight.size * moved.size + bias.size
        where = f"{'cell 0' if first else 'a place'}, {from_head:+d} from the head, moving {'LSR'[move + 1]}"
        margin = bias.value + min(ends) if arrives else -(bias.value + max(ends))
        hears = math.ceil((1 + moved.size) * GRID)
        return self._drive(math.floor(margin * GRID), math.ceil(size * GRID), hears, 1, where)


class Ends(NamedTuple):
    """An enclosure made wider to whole numbers, in multiples of 1 / GRID."""

    low: int
    high: int


def _on_grid(activity: Enclosure) -> Ends:
    return Ends(math.floor(activity.low * GRID), math.ceil(activity.high * GRID))


def _product(first: Enclosure, others: list[Enclosure]) -> Enclosure:
    for other in others:
        first = first * other
    return first


def correspondence(network: SavedForm, pomdp: SavedForm) -> Fraction | None:
    """The largest difference, in nats, between a weight and the log-odds that it should be; None if not comparable.

    With it, the drive d of any unit in the network and the log-odds of its belief differ by at most this times
    (1 + Σ what it hears); and 𝒜 and F, as functions of the activity or belief, by as much and a constant.
    """
    if network.cells != pomdp.cells or any(
        [column for column, _ in a] != [column for column, _ in b] for a, b in zip(network.rows, pomdp.rows)
    ):
        return None
    ours, theirs = _parameters(network), _parameters(pomdp)
    try:
        synapse = synapse_at_rest(pomdp)[0]
    except Refused:
        return None
    saturation = network.scalars["saturation"]
    return max(
        abs(synapse.low - saturation),
        abs(synapse.high - saturation),
        *(abs(a.value - b.value) * QUANTUM for a, b in zip(ours, theirs, strict=True)),
    )


def _parameters(form: SavedForm) -> list[LogOdds]:
    return [
        *(parameter for row in form.rows for _, parameter in row),
        *form.bias,
        *(parameter for tape in form.sensory for row in tape for parameter in row),
        *(parameter for tape in form.sensory_bias for parameter in tape),
        form.place_weight,
        form.place_bias,
    ]
