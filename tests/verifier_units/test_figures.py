"""Every figure that the checker computes, pinned: a change of any of them is seen, however small.

That they are right is shown elsewhere: by the runtimes' own steps (tests/verifier), by z3 and by Coq
(tests/second_opinion). `pytest --update-golden` writes figures.json again; the difference is for review.
"""

import base64
import dataclasses
import hashlib
import json
from fractions import Fraction
from pathlib import Path

import pytest
from tests.verifier_units.refusals import refused
from tests.verifier_units.two_machines import BEAVER, TWO_TAPES

from triquetra.verifier.checker.certificate import POPULATIONS
from triquetra.verifier.checker.check import FINE, GRID, HALF, _Step, correspondence, step_bounds, synapse_at_rest
from triquetra.verifier.checker.intervals import (
    TOP,
    Enclosure,
    _short_above,
    belief_error,
    exp_lower,
    exp_upper,
    log_bounds,
    network_error,
    rounding,
)
from triquetra.verifier.checker.obligations import describe, obligations, reachable, units_on
from triquetra.verifier.checker.reading import read_saved
from triquetra.verifier.checker.refusal import Refused

HERE = Path(__file__).parent
FORMS = json.loads((HERE / "forms.json").read_text())
EPSILON = {name: Fraction(1, 2**power) for name, power in zip(POPULATIONS, (9, 8, 6, 7, 10, 11))}
QUARTER, THREE_HALVES = Fraction(1, 4), Fraction(3, 2)


def bytes_of(name):
    form = FORMS[name]
    return json.dumps(form["header"]).encode(), base64.b64decode(form["tensors"])


def machine_of(name):
    return BEAVER if name.endswith("beaver") else TWO_TAPES


def saved(name):
    return read_saved(name.split()[0], bytes_of(name), machine_of(name))


def shown(x):
    """A number for people, and a digest of all its digits."""
    if not isinstance(x, Fraction | int):
        return str(x)
    try:
        return f"{float(x)!r} {digest(Fraction(x))}"
    except OverflowError:
        return digest(Fraction(x))


def digest(*values):
    return hashlib.sha256(" ".join(map(str, values)).encode()).hexdigest()[:12]


def tried(function, *arguments):
    try:
        value = function(*arguments)
    except Refused as refusal:
        return f"{refusal.fault}: {refusal.place}"
    if isinstance(value, Enclosure):
        value = (value.low, value.high)
    return [shown(x) for x in value] if isinstance(value, tuple) else shown(value)


def bounds(name):
    machine, form = machine_of(name), saved(name)
    required = obligations(machine, form)
    figures = {}
    for cells in (None, 1, 3, 24):
        for radius in (Fraction(0), QUARTER):
            found = step_bounds(form, required, EPSILON, cells, radius)
            figures[f"cells {cells}, radius {radius}"] = {
                population: [shown(b.margin), shown(b.error), describe(machine, b.where)]
                for population, b in found.items()
            }
    return figures


def drives(name):
    step = _Step(saved(name), EPSILON, QUARTER)
    required = obligations(machine_of(name), saved(name))
    listed = [
        *(step.unit(obligation, where) for obligation, where in required.items()), *step.observe(), *step.places(),
        *(step.recall(cells) for cells in (1, 2, 3, 24)),
    ]  # fmt: skip
    return [[shown(d.margin * FINE), shown(d.size * FINE), describe(machine_of(name), d.where)] for d in listed]


def stated(name):
    machine, form = machine_of(name), saved(name)
    return {
        "obligations": [
            [describe(machine, where), one.population, one.on, digest(one, one.ideal_margin)]
            for one, where in obligations(machine, form).items()
        ],
        "reachable": reachable(machine),
        "units on": [
            sorted(units_on(machine, state, read)) for state in range(len(machine.states)) for read in machine.delta
            if (state, read) in machine.delta
        ],
        "form": [digest(getattr(form, field.name)) for field in dataclasses.fields(form)],
    }  # fmt: skip


NUMBERS = [Fraction(x) for x in (0, 1, 2, 3, 40, 700, 800, 801, 10**6)] + [
    Fraction(1, 3),
    Fraction(7, 2),
    Fraction(1, 2**70),
]
ENCLOSURES = [
    Enclosure(Fraction(a), Fraction(b))
    for a, b in ((0, 1), (1, 2), (-1, 2), (-3, -1), (Fraction(1, 3), Fraction(2, 3)), (0, Fraction(1, 2**1030)))
]
LARGE = Enclosure(Fraction(2**900), Fraction(2**901))


def arithmetic(_):
    pairs = [(a, b) for a in [*ENCLOSURES, LARGE] for b in [*ENCLOSURES, LARGE]]
    ends = [Fraction(2) ** n for n in (-1001, -1000, 1000, 1001)]
    return {
        "exp_lower": [tried(exp_lower, x) for x in NUMBERS],
        "exp_upper": [tried(exp_upper, x) for x in NUMBERS],
        "log_bounds": [
            tried(log_bounds, x)
            for x in [*NUMBERS, *ends, Fraction(1, 2), THREE_HALVES, Fraction(5, 2), 1 + Fraction(1, 10**9)]
        ],
        "rounding": [
            tried(rounding, terms, size) for terms in (0, 1, 2, 50, 2**51 - 2, 2**51 - 1, 2**60)
            for size in (Fraction(0), QUARTER, Fraction(2**1000), Fraction(2**1000) + 1)
        ],
        "sum": [tried(Enclosure.__add__, a, b) for a, b in pairs],
        "difference": [tried(Enclosure.__sub__, a, b) for a, b in pairs],
        "product": [tried(Enclosure.__mul__, a, b) for a, b in pairs],
        "quotient": [tried(Enclosure.__truediv__, a, b) for a, b in pairs],
        "negative": [tried(Enclosure.__neg__, a) for a in ENCLOSURES],
        "log": [tried(Enclosure.log, a) for a in ENCLOSURES],
        "size": [shown(a.size) for a in ENCLOSURES],
        "network_error": [tried(network_error, x) for x in NUMBERS[1:]],
        "short_above": [
            tried(_short_above, Fraction(x))
            for x in (2**1000, 2**1001, 2**200 + 1, 2**127 + 1, 3**90, Fraction(1, 3), 5)
        ],
        "belief_error": [tried(belief_error, x, y) for x in NUMBERS[1:] for y in NUMBERS[:5]],
    }  # fmt: skip


def with_scalar(form, name, value):
    return dataclasses.replace(form, scalars={**form.scalars, name: Fraction(value)})


def others(_):
    network, pomdp = saved("network of two tapes"), saved("pomdp of two tapes")
    return {
        "correspondence": [
            shown(correspondence(network, pomdp)),
            *(shown(correspondence(with_scalar(network, "saturation", m), pomdp)) for m in (5, 50)),
            shown(correspondence(dataclasses.replace(network, bias=pomdp.bias[::-1]), pomdp)),
        ],
        "constants": [shown(x) for x in (HALF, GRID, TOP)],
        "synapses": [tried(lambda each=each: synapse_at_rest(each)[0]) for each in (network, pomdp)],
        "sizes": [shown(synapse_at_rest(each)[1]) for each in (network, pomdp)],
    }


CASES = {
    "arithmetic": (arithmetic, [""]),
    "others": (others, [""]),
    "bounds": (bounds, FORMS),
    "drives": (drives, FORMS),
    "stated": (stated, FORMS),
}


@pytest.mark.parametrize(("what", "name"), [(what, name) for what, (_, names) in CASES.items() for name in names])
def test_figures(what, name, update_golden):
    path = HERE / "figures" / f"{' '.join((what, name)).strip().replace(' ', '_')}.json"
    found = json.dumps(CASES[what][0](name), ensure_ascii=False, indent=1) + "\n"
    if update_golden:
        path.parent.mkdir(exist_ok=True)
        path.write_text(found)
    assert found == path.read_text()


def flipped_or_kept(form, flip):
    step = _Step(form, EPSILON, Fraction(0))
    write = step._potentiate if form.kind == "network" else step._count
    return write(
        step.on["risk"] if flip else step.off["risk"], step.on["read"], step.off["read"], step.on["place"], flip
    )


def threshold(form, name, low, high, holds):
    """Where `holds` changes as a constant of the memory grows from `low` to `high`, to 1 part in 2^40."""
    low, high = Fraction(low), Fraction(high)

    def at(value):
        return holds(dataclasses.replace(form, scalars={**form.scalars, name: value}))

    assert at(low) != at(high)
    right = at(high)
    while high - low > Fraction(1, 2**40):
        middle = (low + high) / 2
        low, high = (low, middle) if at(middle) == right else (middle, high)
    return float(low)


def test_where_the_memory_begins_and_ends_to_hold():
    """From the rule itself: at the head a synapse is flipped if β (η (1 − 2ε) … − M) ≥ M, and kept if β … ≥ M."""
    network, pomdp = saved("network of beaver"), saved("pomdp of beaver")
    e = {name: float(x) for name, x in EPSILON.items()}
    m, beta = 11.5, 2.25
    change = (1 - 2 * e["risk"]) * (1 - 2 * e["read"]) * (1 - e["place"])
    flips = threshold(network, "rate", 0, 90, lambda form: flipped_or_kept(form, True))
    assert flips == pytest.approx((m + m / beta) / change, rel=1e-6)
    assert flipped_or_kept(network, False)
    floor = float(pomdp.scalars["count_floor"])
    gain = (1 - 2 * e["risk"]) * (1 - e["read"]) * (1 - e["place"])
    least = threshold(pomdp, "count_rate", 0, 9, lambda form: flipped_or_kept(form, True))
    # 1 - rate (…) against floor - rate (what y's complement adds): stretched by β it must reach 1 - floor
    assert least == pytest.approx(((1 - floor) / beta + 1 - floor) / (gain - e["read"]), rel=1e-6)


@pytest.mark.parametrize("name", FORMS)
def test_memories_that_hold_and_that_do_not(name):
    """Each constant of the memory, far too small, right, and negative; with ε that is too large too."""
    form = saved(name)
    _Step(form, EPSILON, Fraction(0)).memory_holds()
    names = (
        ("saturation", "rate", "bistability")
        if form.kind == "network"
        else ("count_floor", "count_rate", "bistability")
    )
    for constant in names:
        for value in (
            Fraction(0),
            Fraction(-1),
            form.scalars[constant] / 8 if constant != "count_floor" else Fraction(1),
        ):
            if constant == "saturation" and value > 0:
                continue
            broken = dataclasses.replace(form, scalars={**form.scalars, constant: value})
            with pytest.raises(Refused):
                _Step(broken, EPSILON, Fraction(0)).memory_holds()
    for population in ("place", "risk", "read"):
        wide = {**EPSILON, population: Fraction(49, 100)}
        with refused("memory"):
            _Step(form, wide, Fraction(0)).memory_holds()


@pytest.mark.parametrize("name", FORMS)
def test_how_far_off_a_place_may_be_before_memory_elsewhere_is_lost(name):
    """Worst are Γ and y such that a synapse M - η ε, or a pair (1 - η ε, floor + η ε), is stretched back only just."""
    form = saved(name)
    keep = float(1 - 1 / form.scalars["bistability"])
    if form.kind == "network":
        most = float(form.scalars["saturation"]) * keep / float(form.scalars["rate"])
    else:
        most = (1 - float(form.scalars["count_floor"])) * keep / (2 * float(form.scalars["count_rate"]))
    _Step(form, {**EPSILON, "place": Fraction(most * (1 - 1e-9))}, Fraction(0)).memory_holds()
    with refused("memory", "away from the head"):
        _Step(form, {**EPSILON, "place": Fraction(most * (1 + 1e-9))}, Fraction(0)).memory_holds()


SURE, UNSURE = Enclosure(Fraction(1), Fraction(1)), Enclosure(Fraction(0), Fraction(1))
NONE = Enclosure(Fraction(0), Fraction(0))


def test_both_synapses_of_a_pair_must_hold():
    form = saved("network of beaver")
    step = _Step(form, EPSILON, Fraction(0))
    assert step._potentiate(SURE, SURE, NONE, SURE, True)
    assert not step._potentiate(SURE, UNSURE, NONE, SURE, True)
    assert not step._potentiate(SURE, SURE, UNSURE, SURE, True)
    slow = _Step(with_scalar(with_scalar(form, "rate", 5), "bistability", Fraction(3, 2)), EPSILON, NONE.low)
    assert slow._potentiate(NONE, SURE, NONE, SURE, False)
    assert not slow._potentiate(NONE, SURE, UNSURE, SURE, False)
    still = with_scalar(with_scalar(form, "rate", 0), "saturation", 0)
    assert not _Step(still, EPSILON, NONE.low)._potentiate(NONE, SURE, NONE, SURE, False)


@pytest.mark.parametrize("floor", [0, 1, Fraction(3, 2)])
def test_a_count_that_is_no_floor(floor):
    form = saved("pomdp of beaver")
    assert _Step(form, EPSILON, NONE.low)._count(NONE, SURE, NONE, SURE, False)
    assert not _Step(with_scalar(form, "count_floor", floor), EPSILON, NONE.low)._count(NONE, SURE, NONE, SURE, False)
