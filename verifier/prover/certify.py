"""Finds the ε of a certificate. It may be clever and need not be right: the checker decides.

The error of a step grows with ε; iterating it from zero upwards meets the least fixed point, if there is one below ½.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from ..checker.certificate import POPULATIONS, Proof
from ..checker.check import HALF, Bound, step_bounds
from ..checker.obligations import Obligation, Sums, Where
from ..checker.reading import LogOdds, SavedForm
from ..checker.refusal import Refused

ROUNDS = 40  # close to the edge the iteration is slow; past this it counts as failed
TIGHT = 1 + Fraction(1, 2**20)  # by this factor ε is above the error that was found
LOOSE = 1 + Fraction(1, 2**5)  # the same while searching: any ε that reproduces itself will do
HALVINGS = 6  # of a bracket whose ends are a factor of two apart: two decimal digits
LEAST = 2.0**-40  # nats of radius, noise or inverse scale: less counts as none
KEPT = 64  # obligations of each population that are looked at while searching

ZERO = Fraction(0)
BELOW_HALF = HALF - Fraction(1, 2**20)
Required = Mapping[Obligation, Where]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why no ε was found: the population, place and least drive (nats) that stand in the way, or words."""

    population: str
    where: Where | str
    margin: float | None

    @property
    def wrong_side(self) -> bool:
        """Whether a drive is on the wrong side even if all activities are ideal: no gain would help."""
        return self.margin is not None and self.margin <= 0


def certify(
    form: SavedForm,
    required: Required,
    cells: int | None,
    *,
    radius: Fraction = ZERO,
    noise: Fraction = ZERO,
    room: Fraction = TIGHT,
) -> Proof | Failure:
    """A proof that the checker will accept, or what stands in the way.

    `radius`, `noise`: as in `Proof`.
    `room`: how much larger the next ε to try is than the error that the last one led to.
    """
    epsilon = dict.fromkeys(POPULATIONS if cells is not None else POPULATIONS[:-1], ZERO)
    first: dict[str, Bound] | None = None
    for _ in range(ROUNDS):
        try:
            bounds = step_bounds(form, required, epsilon, cells, radius)
        except Refused as refusal:
            return Failure("memory", str(refusal), None)
        first = first or bounds
        wrong = min(bounds, key=lambda name: bounds[name].margin)
        if bounds[wrong].margin <= 0:
            return Failure(wrong, bounds[wrong].where, float(first[wrong].margin))
        errors = {name: noise + (bound.error or ZERO) for name, bound in bounds.items()}
        if max(errors.values()) >= HALF:
            break
        if all(errors[name] <= epsilon[name] for name in errors):
            return Proof(
                form=form.kind,
                cells=cells,
                epsilon={name: epsilon[name] for name in bounds},
                margin={name: _double_below(bound.margin) for name, bound in bounds.items()},
                radius=radius,
                noise=noise,
            )
        epsilon = {name: min(_double_above(error * room), BELOW_HALF) for name, error in errors.items()}
    assert first is not None
    return Failure(wrong, bounds[wrong].where, float(first[wrong].margin))


def largest_radius(form: SavedForm, required: Required, cells: int | None) -> Proof | None:
    """The proof for the largest uniform change of all weights, biases and log-odds, in nats, to two digits."""
    found = _largest(lambda some, x: certify(form, some, cells, radius=x, room=LOOSE), required, 2.0**9)
    return None if found is None else found[1]


def largest_noise(form: SavedForm, required: Required, cells: int | None) -> Proof | None:
    """The proof for the largest noise on every activity in every step, to two digits."""
    found = _largest(lambda some, x: certify(form, some, cells, noise=x, room=LOOSE), required, 0.5)
    return None if found is None else found[1]


def least_scale(form: SavedForm, required: Required, cells: int | None) -> float | None:
    """The least factor, to two digits, on all drives with which they are provable; None if 64 is not enough."""

    def attempt(some: Required, x: Fraction) -> Proof | Failure:
        stronger = {_scaled_obligation(obligation, 1 / x): where for obligation, where in some.items()}
        return certify(scaled(form, 1 / x), stronger, cells, room=LOOSE)

    found = _largest(attempt, required, 64.0)
    return None if found is None or 64.0 * found[0] < 1 else 1 / found[0]


def scaled(form: SavedForm, factor: Fraction) -> SavedForm:
    """The form with every log-odds `factor` times as strong, in the memory too; a POMDP's memory stays as it is."""
    scalars = form.scalars
    if form.kind == "network":
        scalars = scalars | {name: scalars[name] * factor for name in ("saturation", "rate")}
    return replace(
        form,
        rows=tuple(tuple((column, _scaled(weight, factor)) for column, weight in row) for row in form.rows),
        bias=tuple(_scaled(each, factor) for each in form.bias),
        sensory=tuple(tuple(tuple(_scaled(w, factor) for w in row) for row in tape) for tape in form.sensory),
        sensory_bias=tuple(tuple(_scaled(each, factor) for each in tape) for tape in form.sensory_bias),
        place_weight=_scaled(form.place_weight, factor),
        place_bias=_scaled(form.place_bias, factor),
        scalars=scalars,
    )


def _scaled(parameter: LogOdds, factor: Fraction) -> LogOdds:
    """In multiples of the checker's quantum, which is far smaller than what is asked for."""
    return LogOdds(math.floor(parameter.value * factor), math.ceil(parameter.size * factor))


def _scaled_obligation(obligation: Obligation, factor: Fraction) -> Obligation:
    def one(parameter: LogOdds | None) -> LogOdds | None:
        return None if parameter is None else _scaled(parameter, factor)

    def sums(of: Sums) -> Sums:
        positive, negative, size = (math.ceil(each * factor) for each in of[:3])
        return Sums(positive, negative, size, of.number)

    return obligation._replace(
        bias=_scaled(obligation.bias, factor), cell=one(obligation.cell), state=one(obligation.state),
        same=sums(obligation.same), match=sums(obligation.match), rest=sums(obligation.rest),
        others=sums(obligation.others),
    )  # fmt: skip


def _largest(
    attempt: Callable[[Required, Fraction], Proof | Failure], required: Required, most: float
) -> tuple[float, Proof] | None:
    """The largest number up to `most` that can be proved, if all smaller ones can, with its proof.

    It is searched for with the hardest obligations, and made smaller if it cannot be proved with all of them.
    """
    some = hardest(required)
    low, high = most, most
    while not isinstance(attempt(some, Fraction(low)), Proof):
        low, high = low / 2, low
        if low < LEAST:
            return None
    for _ in range(HALVINGS if low < high else 0):
        middle = (low + high) / 2
        if isinstance(attempt(some, Fraction(middle)), Proof):
            low = middle
        else:
            high = middle
    while low >= LEAST:
        proof = attempt(required, Fraction(low))
        if isinstance(proof, Proof):
            return low, proof
        low *= 0.9
    return None


def hardest(required: Required) -> Required:
    """The obligations of least margin, and of those that hear most, some of each population."""

    def rank(obligation: Obligation) -> tuple[int, int]:
        quiet = (obligation.same, obligation.match, obligation.rest, obligation.others)
        return obligation.ideal_margin, -sum(sums.size for sums in quiet)

    by_population: dict[str, list[Obligation]] = {}
    for obligation in sorted(required, key=rank):
        by_population.setdefault(obligation.population, []).append(obligation)
    return {obligation: required[obligation] for each in by_population.values() for obligation in each[:KEPT]}


def _double_above(x: Fraction) -> Fraction:
    value = float(x)
    return Fraction(value if Fraction(value) >= x else math.nextafter(value, math.inf))


def _double_below(x: Fraction) -> Fraction:
    value = float(x)
    return Fraction(value if Fraction(value) <= x else math.nextafter(value, -math.inf))
