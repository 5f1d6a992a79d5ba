"""The checker: does this certificate prove that these weights do what this machine does? Small, exact and dull.

It trusts nothing in the certificate but what it recomputes in exact rationals, and imports neither the compiler nor a
runtime nor numpy. docs/claim.md derives why what is checked here proves `verifier.claim`. In short: ε bounds how far
each population's activity is from the one-hot code. Assume ε before a step; enclose what the step computes, rounding
included; if every unit ends on the side of zero that δ wants, and within ε again, agreement holds for ever.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from triquetra.machines import LEFT, RIGHT, STAY, Machine

from .certificate import Certificate, Proof
from .obligations import Obligation, Where, describe, obligations
from .rational import TOP, Enclosure, OutOfRange, belief_error, network_error, rounding
from .saved import QUANTUM, Bytes, Parameter, Refused, Saved, read_saved, require

ONE, TWO = Enclosure.exactly(1), Enclosure.exactly(2)
HALF = Fraction(1, 2)
GRID = 2**512  # activities are rounded outwards to multiples of 1 / GRID where many are added up


class Bound(NamedTuple):
    """What a population achieves: the least drive on the right side, in nats, and the greatest error of an activity.

    The error is None where the drive may be on the wrong side; `where` is a place of the least drive.
    """

    margin: Fraction
    error: Fraction | None
    where: Where | str


class Drive(NamedTuple):
    """A drive is at least `margin` nats on the right side, and is computed from doubles that sum to at most `size`."""

    margin: Fraction
    size: Fraction
    where: Where | str

    def worse(self, other: Drive) -> Drive:
        """What holds of both."""
        least = self if self.margin <= other.margin else other
        return Drive(least.margin, max(self.size, other.size), least.where)


class Failed(Exception):
    """The memory of a synaptic tape may not hold what it should; the message says why."""


def check(
    certificate: Certificate, machine: Machine, *, network: Bytes | None = None, pomdp: Bytes | None = None
) -> list[dict[str, Bound]]:
    """Accept a certificate, or refuse it; `network` and `pomdp` are the bytes of a header and of its tensors.

    Returns: for each proof of the certificate what each population achieves, recomputed.
    Raises: Refused: something in the certificate is not so, or a form is damaged; the message names it.
    """
    require(certificate.machine == machine.digest, "the certificate is for another machine")
    forms = {}
    for kind, files, digest in (("network", network, certificate.network), ("pomdp", pomdp, certificate.pomdp)):
        require((files is None) == (digest is None), f"the certificate and the {kind} given do not go together")
        if files is not None:
            forms[kind] = read_saved(kind, files, machine)
            require(forms[kind].digest == digest, f"the certificate is for another {kind}")
    require(bool(certificate.proofs), "the certificate proves nothing")
    required = {kind: obligations(machine, form) for kind, form in forms.items()}
    bounds = []
    for proof in certificate.proofs:
        require(proof.form in forms, f"the certificate has a proof for a {proof.form}, but no {proof.form}")
        bounds.append(_check_proof(proof, forms[proof.form], required[proof.form], machine))
    if certificate.correspondence is not None:
        require(len(forms) == 2, "correspondence is between a network and a POMDP")
        found = correspondence(forms["network"], forms["pomdp"])
        if found is None:
            raise Refused("the network and the POMDP do not correspond")
        require(found <= certificate.correspondence, f"the forms differ by {float(found):.3g} nats in a parameter")
    return bounds


def _check_proof(proof: Proof, form: Saved, required: Mapping[Obligation, Where], machine: Machine) -> dict[str, Bound]:
    where = f"{proof.form}, {proof.tape} tape"
    require(all(0 < e < HALF for e in proof.epsilon.values()), f"{where}: an ε is outside (0, 1/2)")
    try:
        bounds = step_bounds(form, required, proof.epsilon, proof.cells, proof.radius)
    except (Failed, OutOfRange) as error:
        raise Refused(f"{where}: {error}") from None
    require(bounds.keys() == proof.epsilon.keys(), f"{where}: ε is needed for {', '.join(bounds)}")
    require(bounds.keys() == proof.margin.keys(), f"{where}: a margin is needed for {', '.join(bounds)}")
    for name, bound in bounds.items():
        if bound.error is None:
            raise Refused(f"{where}: {name}: a drive may be on the wrong side: {describe(machine, bound.where)}")
        require(
            bound.error + proof.noise <= proof.epsilon[name],
            f"{where}: {name}: after a step the error may be {float(bound.error + proof.noise):.3g}, which is above ε",
        )
        require(proof.margin[name] <= bound.margin, f"{where}: {name}: the margin is only {float(bound.margin)} nats")
    return bounds


def step_bounds(
    form: Saved,
    required: Mapping[Obligation, Where],
    epsilon: Mapping[str, Fraction],
    cells: int | None,
    radius: Fraction = Fraction(0),
    scale: Fraction = Fraction(1),
) -> dict[str, Bound]:
    """What each population achieves after a step, if before it all activities are within `epsilon` of the one-hot code.

    Args:
        epsilon: for each population; `place` is needed with `cells` only.
        cells: N of the synaptic memory; None for an external tape.
        radius: every weight, bias and log-odds may be anywhere within so many nats of what was saved.
        scale: multiplies every drive; 1, but for the certifier's question what another gain would do.
    Raises: Failed: the memory may not hold; OutOfRange: numbers for which no bound is stated.
    """
    missing = {"state", "halt", "move", "risk", "read", *(["place"] if cells is not None else [])} - epsilon.keys()
    if missing:
        raise OutOfRange(f"no ε for {', '.join(sorted(missing))}")
    step = _Step(form, epsilon, radius, scale)
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


def _bound(form: Saved, drive: Drive) -> Bound:
    if drive.margin <= 0:
        return Bound(drive.margin, None, drive.where)
    network = form.kind == "network"
    error = network_error(drive.margin) if network else belief_error(drive.margin, drive.size)
    return Bound(drive.margin, error, drive.where)


class _Step:
    """Enclosures of one step, given ε."""

    def __init__(self, form: Saved, epsilon: Mapping[str, Fraction], radius: Fraction, scale: Fraction) -> None:
        self.form, self.radius, self.scale = form, radius, scale
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
        """Of a unit of K̂ (ψ; x) + ĥ in a cell; its terms are integers, in multiples of QUANTUM / GRID."""
        low = high = obligation.bias.value * GRID
        size, hears = obligation.bias.size * GRID, GRID
        for parameter, activity in ((obligation.cell, self.psi), (obligation.state, self.x)):
            if parameter is not None:
                ends = (parameter.value * activity.low, parameter.value * activity.high)
                low, high = low + min(ends), high + max(ends)
                size, hears = size + parameter.size * activity.high, hears + activity.high
        quiet = (
            (obligation.same, self.same), (obligation.match, self.match),
            (obligation.rest, self.rest), (obligation.others, self.others),
        )  # fmt: skip
        for sums, most in quiet:
            low, high = low - sums.negative * most, high + sums.positive * most
            size, hears = size + sums.size * most, hears + sums.number * most
        terms = obligation.rest.number + obligation.others.number + 2
        drive = -low if obligation.on else high
        return self._drive(-Fraction(drive, GRID), Fraction(size, GRID), Fraction(hears, GRID), terms, where)

    def _drive(self, margin: Fraction, size: Fraction, hears: Fraction, terms: int, where: Where | str) -> Drive:
        """A drive at least `margin` on the right side, in multiples of QUANTUM; less what radius and rounding may take.

        `size`: of the doubles that it is the sum of. `hears`: the sum of the activities, and 1 for the bias.
        """
        size = size * QUANTUM * self.scale + hears * self.radius
        slack = hears * self.radius + rounding(terms, size)
        return Drive(margin * QUANTUM * self.scale - slack, size + slack, where)

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
            yield self._drive(Fraction(margin), Fraction(size), Fraction(2), len(self.form.sensory[tape]), where)

    def recall(self, cells: int) -> Drive:
        """Of the read units when they hear N synapses of the memory, of which one is at the head's place."""
        synapse, size = self.synapse()
        others = (cells - 1) * self.off["place"].high
        total = size * (TOP + others)
        least = synapse.low * self.on["place"].low - synapse.high * others - rounding(cells, total)
        return Drive(least, total + rounding(cells, total), f"{cells} cells of memory")

    def synapse(self) -> tuple[Enclosure, Fraction]:
        """The memory's log-odds ±V̂ at rest, positive; and the size of the doubles that it is computed from."""
        if self.form.kind == "network":
            saturation = Enclosure.exactly(self.form.scalars["saturation"] * self.scale)
            return saturation, saturation.high
        floor = Enclosure.exactly(self.form.scalars["count_floor"])
        total = ONE + floor
        on, off = (ONE / total).log(), (floor / total).log()
        return Enclosure(on.low - off.high, on.high - off.low), on.size + off.size

    def memory_holds(self) -> None:
        """Every synapse is at exactly ±V̂ after the step: flipped at the head where Γ is on, else kept.

        Raises: Failed: it may not be.
        """
        write = self._potentiate if self.form.kind == "network" else self._count
        place, some_risk = self.on["place"], Enclosure(Fraction(0), TOP)
        for flip, risk in ((False, self.off["risk"]), (True, self.on["risk"])):
            if not write(risk, self.on["read"], self.off["read"], place, flip):
                raise Failed(f"memory: a synapse at the head may not be {'flipped' if flip else 'kept'}")
        if not write(some_risk, some_risk, some_risk, self.off["place"], False):
            raise Failed("memory: a synapse away from the head may not be kept")

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
        return self._drive(margin, size, 1 + moved.size, 1, where)


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


def correspondence(network: Saved, pomdp: Saved) -> Fraction | None:
    """The largest difference, in nats, between a weight and the log-odds that it should be; None if not comparable.

    With it, the drive d of any unit in the network and the log-odds of its belief differ by at most this times
    (1 + Σ what it hears); and 𝒜 and F, as functions of the activity or belief, by as much and a constant.
    """
    if network.cells != pomdp.cells or any(
        [column for column, _ in a] != [column for column, _ in b] for a, b in zip(network.rows, pomdp.rows)
    ):
        return None
    ours, theirs = _parameters(network), _parameters(pomdp)
    step = _Step(pomdp, dict.fromkeys(("state", "read"), Fraction(0)), Fraction(0), Fraction(1))
    try:
        synapse = step.synapse()[0]
    except OutOfRange:
        return None
    saturation = network.scalars["saturation"]
    return max(
        abs(synapse.low - saturation),
        abs(synapse.high - saturation),
        *(abs(a.value - b.value) * QUANTUM for a, b in zip(ours, theirs, strict=True)),
    )


def _parameters(form: Saved) -> list[Parameter]:
    return [
        *(parameter for row in form.rows for _, parameter in row),
        *form.bias,
        *(parameter for tape in form.sensory for row in tape for parameter in row),
        *(parameter for tape in form.sensory_bias for parameter in tape),
        form.place_weight,
        form.place_bias,
    ]
