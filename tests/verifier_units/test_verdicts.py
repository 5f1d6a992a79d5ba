"""Where the checker accepts and where it refuses, to the last digit; and the claim, tried on forms made for it."""

import base64
import dataclasses
import json
import math
from fractions import Fraction
from itertools import islice, product
from pathlib import Path

import pytest
from tests.verifier_units.refusals import refused
from tests.verifier_units.two_machines import BEAVER, TWO_TAPES

from triquetra.machines import Machine, NoConfiguration, Rule, Tape
from triquetra.verifier import check, read_certificate, write_certificate
from triquetra.verifier.checker.check import (
    FINE,
    LARGEST_DRIVE,
    Bound,
    Drive,
    _bound,
    _Step,
    correspondence,
    step_bounds,
)
from triquetra.verifier.checker.claim import Instant, agrees, instants, leaves, next_instant, window, windows
from triquetra.verifier.checker.intervals import log_bounds
from triquetra.verifier.checker.obligations import Where, obligations, reachable
from triquetra.verifier.checker.reading import LogOdds, read_saved

HERE = Path(__file__).parent
GENUINE = json.loads((HERE.parent / "refused" / "genuine.json").read_text())
FILES = {
    kind: (json.dumps(GENUINE[kind]["header"]).encode(), base64.b64decode(GENUINE[kind]["tensors"]))
    for kind in ("network", "pomdp")
}
CERTIFICATE = read_certificate(json.dumps(GENUINE["certificate"]))
SAVED = {kind: read_saved(kind, files, BEAVER) for kind, files in FILES.items()}
TINY = Fraction(1, 2**300)
NAT = int(1 / FINE)


def one_proof(index, **changes):
    return dataclasses.replace(CERTIFICATE, proofs=(dataclasses.replace(CERTIFICATE.proofs[index], **changes),))


@pytest.mark.parametrize("index", range(4))
def test_the_last_noise_and_the_last_margin_that_are_accepted(index):
    proof = CERTIFICATE.proofs[index]
    (bounds,) = check(one_proof(index), BEAVER, **FILES)
    noise = min(proof.epsilon[name] - bound.error for name, bound in bounds.items())
    check(one_proof(index, noise=noise), BEAVER, **FILES)
    with refused("error"):
        check(one_proof(index, noise=noise + TINY), BEAVER, **FILES)
    exact = {name: bound.margin for name, bound in bounds.items()}
    check(one_proof(index, margin=exact), BEAVER, **FILES)
    for name in exact:
        with refused("margin", f"{name}$"):
            check(one_proof(index, margin={**exact, name: exact[name] + TINY}), BEAVER, **FILES)


def test_the_last_correspondence_that_is_accepted():
    found = correspondence(SAVED["network"], SAVED["pomdp"])
    check(dataclasses.replace(CERTIFICATE, correspondence=found), BEAVER, **FILES)
    with refused("difference"):
        check(dataclasses.replace(CERTIFICATE, correspondence=found - TINY), BEAVER, **FILES)


def test_correspondence_needs_two_forms_of_one_structure():
    alone = dataclasses.replace(CERTIFICATE, pomdp=None, proofs=CERTIFICATE.proofs[:1], correspondence=Fraction(1))
    assert alone.proofs[0].form == "network"
    with refused("missing", "one of the two forms"):
        check(alone, BEAVER, network=FILES["network"])
    network, pomdp = SAVED["network"], SAVED["pomdp"]
    assert correspondence(network, dataclasses.replace(pomdp, cells=pomdp.cells[::-1])) is None
    assert correspondence(network, dataclasses.replace(pomdp, rows=(pomdp.rows[0][1:], *pomdp.rows[1:]))) is None
    faint = dataclasses.replace(pomdp, scalars={**pomdp.scalars, "count_floor": Fraction(0)})
    assert correspondence(network, faint) is None
    for saturation in (15, 25):
        other = dataclasses.replace(network, scalars={**network.scalars, "saturation": Fraction(saturation)})
        assert abs(correspondence(other, pomdp) - 5) < 1e-9


def test_a_proof_for_a_form_that_is_not_given():
    alone = dataclasses.replace(CERTIFICATE, pomdp=None, correspondence=None)
    with refused("missing", "the pomdp of a proof"):
        check(alone, BEAVER, network=FILES["network"])
    only = dataclasses.replace(alone, proofs=tuple(p for p in alone.proofs if p.form == "network"))
    assert len(check(only, BEAVER, network=FILES["network"])) == 2


def test_forms_that_do_not_correspond_are_refused():
    header = json.loads(FILES["network"][0])
    other = json.loads((HERE / "forms.json").read_text())["pomdp of beaver"]
    files = json.dumps(other["header"]).encode(), base64.b64decode(other["tensors"])
    certificate = dataclasses.replace(
        CERTIFICATE, pomdp=other["header"]["sha256"], proofs=CERTIFICATE.proofs[:1], correspondence=Fraction(1)
    )
    assert header["states"] == other["header"]["states"]
    with refused("difference"):
        check(certificate, BEAVER, network=FILES["network"], pomdp=files)


def test_a_drive_of_nothing_decides_nothing():
    for kind, form in SAVED.items():
        assert _bound(form, Drive(0, NAT, "here")) == Bound(Fraction(0), None, "here")
        assert _bound(form, Drive(-NAT, NAT, "here")).error is None
        assert _bound(form, Drive(1, NAT, "here")).margin == FINE
        small = _bound(form, Drive(NAT // 2, NAT, "here"))
        assert small.where == "here"
        assert 0.37 < small.error < (0.38 if kind == "network" else 0.61)


def test_the_worse_of_two_drives():
    weak, strong = Drive(1, 2, "weak"), Drive(3, 4, "strong")
    assert weak.worse(strong) == strong.worse(weak) == Drive(1, 4, "weak")
    assert weak.worse(weak._replace(where="as weak")).where == "weak"


def test_the_largest_sum_for_which_a_bound_is_stated():
    step = _Step(SAVED["network"], CERTIFICATE.proofs[0].epsilon, Fraction(0))
    assert step._drive(0, LARGEST_DRIVE, 0, 1, "here").size > LARGEST_DRIVE
    assert LARGEST_DRIVE * FINE == 2**1000
    with refused("range", "could overflow"):
        step._drive(0, LARGEST_DRIVE + 1, 0, 1, "here")


@pytest.mark.parametrize("cells", [None, 4])
def test_every_population_needs_an_epsilon(cells):
    form, required = SAVED["network"], obligations(BEAVER, SAVED["network"])
    epsilon = dict(CERTIFICATE.proofs[-1].epsilon)
    needed = sorted(epsilon.keys() - ({"place"} if cells is None else set()))
    for name in needed:
        with refused("missing", f"^ε of {name}$"):
            step_bounds(form, required, {each: e for each, e in epsilon.items() if each != name}, cells)


def test_a_proof_knows_its_tape():
    assert [proof.tape for proof in CERTIFICATE.proofs].count("synaptic") == 2


def test_the_text_of_a_certificate_and_what_is_read_from_it():
    assert write_certificate(CERTIFICATE) == json.dumps(GENUINE["certificate"], indent=2) + "\n"
    again = read_certificate(json.dumps(GENUINE["certificate"]))
    assert (again.gain, again) == (20.0, CERTIFICATE)
    bare = dataclasses.replace(CERTIFICATE, gain=None, correspondence=None)
    assert read_certificate(write_certificate(bare)) == bare
    assert read_certificate(write_certificate(bare).encode()) == bare


def changed(**changes):
    return json.dumps({**GENUINE["certificate"], **changes})


def first_proof(**changes):
    first, *others = GENUINE["certificate"]["proofs"]
    return changed(proofs=[{**first, **changes}, *others])


def test_numbers_that_are_read_and_that_are_not():
    for cells in (1, 2**63 - 1):
        assert read_certificate(first_proof(cells=cells)).proofs[0].cells == cells
    for cells in (0, 2**63, True, 1.0):
        with refused("value", r"proofs\[0\].cells`$"):
            read_certificate(first_proof(cells=cells))
    for whole in (0, 1, 107, 2**53 - 1):
        assert read_certificate(first_proof(radius=whole)).proofs[0].radius == whole
    for wrong in (2**53, -1, -(2**53), 3**40, None, "1", [1], True):
        with refused("value", r"proofs\[0\].radius`$"):
            read_certificate(first_proof(radius=wrong))
    for wrong in ("X" * 64, "A" * 64, "a" * 63, "a" * 65, 64, ["a"] * 64):
        with refused("value", "`machine`$"):
            read_certificate(changed(machine=wrong))


@pytest.mark.parametrize("factor", [1 - 2.0**-40, 1 + 2.0**-40])
@pytest.mark.parametrize("x", [Fraction(5, 2), Fraction(1, 5), Fraction(9, 8), Fraction(7, 8), Fraction(1, 2**70)])
def test_a_library_whose_logarithm_is_off_is_found_out(monkeypatch, x, factor):
    low, high = log_bounds(x)
    assert low < high
    for name in ("log", "log1p"):
        right = getattr(math, name)
        monkeypatch.setattr(math, name, lambda y, right=right: right(y) * factor)
    with refused("platform", "logarithm"):
        log_bounds(x)


# --- what has to hold


def test_states_are_reached_by_every_way():
    """A leads to B and C; B to nothing and C to D, or the other way round."""
    for end, on in ((1, 2), (2, 1)):
        machine = Machine(
            states=("A", "B", "C", "D", "never"), symbols=("0", "1"),
            verdicts=tuple("halt" if i in (3, end) else None for i in range(5)),
            rules=tuple(sorted(
                (Rule(0, (0,), (0,), (1,), 1), Rule(0, (1,), (1,), (1,), 2), Rule(on, (0,), (0,), (1,), 3)),
                key=lambda rule: (rule.state, rule.read),
            )),
        )  # fmt: skip
        assert reachable(machine) == [0, 1, 2, 3]


def test_a_unit_that_hears_a_state_and_none_of_its_coincidences_must_be_off_there():
    """Z halts and has no coincidence; a synapse from Z to Γ would write."""
    form, risk = SAVED["network"], len(BEAVER.states) + 3
    heard = (*form.rows[risk], (len(form.cells) + 2, LogOdds(2**1080, 2**1080)))
    wrong = dataclasses.replace(form, rows=(*form.rows[:risk], heard, *form.rows[risk + 1 :]))
    assert min(each.ideal_margin for each in obligations(BEAVER, form)) > 0
    assert [w for each, w in obligations(BEAVER, wrong).items() if each.ideal_margin < 0] == [Where(2, None, risk)]


def test_cells_without_a_rule_and_without_a_coincidence_are_cells_too():
    """Three symbols on two tapes are nine cells; seven have rules, and the form has a coincidence for none."""
    reads = list(product(range(3), repeat=2))[:7]
    machine = Machine(
        states=("A",), symbols=("0", "1", "2"), verdicts=(None,), one_way=(False, False),
        rules=tuple(Rule(0, read, read, (1, 1), 0) for read in reads),
    )  # fmt: skip
    units, one = 1 + 1 + 2 * 2 + 2 * 3, LogOdds(1, 1)
    form = dataclasses.replace(SAVED["network"], cells=(), rows=((),) * units, bias=(one,) * units)
    stated = {(each.on, where) for each, where in obligations(machine, form).items()}
    halt = {(each.on, where.read) for each, where in obligations(machine, form).items() if where.unit == 1}
    assert halt == {(True, None), (False, None)}
    assert any(on and where.unit in (3, 5) and where.read in reads for on, where in stated)


# --- the claim


class Copy:
    """The machine itself as a form; `fault` is done to the moment at `at`."""

    def __init__(self, machine, fault=None, at=None):
        self.machine, self.fault, self.at = machine, fault, at

    def init(self, *inputs):
        return 0, next(instants(self.machine, *inputs))

    def step(self, state):
        return state[0] + 1, next_instant(self.machine, state[1])

    def _moment(self, state):
        return self.fault(state[1]) if state[0] == self.at else state[1]

    def decode(self, state):
        moment = self._moment(state)
        if moment is None:
            raise NoConfiguration("no configuration")
        return moment.configuration

    def halted(self, state):
        moment = self._moment(state)
        return moment is not None and moment.halted


def halted_early(moment):
    return Instant(moment.configuration, True)


def another_state(moment):
    return Instant(dataclasses.replace(moment.configuration, state=2), moment.halted)


def test_a_copy_agrees_and_a_fault_shows_at_its_step_and_not_before():
    assert agrees(BEAVER, Copy(BEAVER), 20)
    for at in (0, 1, 5):
        for fault in (halted_early, another_state, lambda _: None):
            form = Copy(BEAVER, fault, at)
            assert not agrees(BEAVER, form, at)
            assert not agrees(BEAVER, form, at + 1)
            assert at == 0 or agrees(BEAVER, form, at - 1)


@pytest.mark.parametrize("error", [ZeroDivisionError, RuntimeError, IndexError, KeyError, AttributeError])
def test_a_form_that_breaks_down_is_not_one_that_says_it_encodes_nothing(error):
    """Where the head has left the memory a form must refuse to decode; that it crashes is no refusal."""

    def broken(_):
        raise error

    leaving = next(i for i, m in enumerate(instants(BEAVER)) if m.configuration.heads[0] != 0)
    assert agrees(BEAVER, Copy(BEAVER, lambda _: None, leaving), leaving, cells=1)
    with pytest.raises(error):
        agrees(BEAVER, Copy(BEAVER, broken, leaving), leaving, cells=1)


def test_inputs_are_part_of_it():
    """After 1 1 the beaver in A goes left at once, to where the blank input would not lead."""
    blank, ones = (next(islice(instants(BEAVER, tape), 1, None)) for tape in (Tape(), Tape.of([1, 1])))
    assert blank != ones
    assert agrees(BEAVER, Copy(BEAVER), 9, Tape.of([1, 1]))
    assert not agrees(BEAVER, Copy(BEAVER, lambda _: blank, 1), 9, Tape.of([1, 1]))
    first = Tape.of([1] * 5)
    assert agrees(BEAVER, Copy(BEAVER), 0, first, cells=5)
    leaves_at = next(i for i, m in enumerate(instants(BEAVER, first)) if m.configuration.heads[0] not in range(5))
    assert agrees(BEAVER, Copy(BEAVER, lambda _: None, leaves_at), leaves_at, first, cells=5)
    assert not agrees(BEAVER, Copy(BEAVER), leaves_at, first, cells=5)


def test_moments_go_on_after_the_end():
    first, *_, last = islice(instants(BEAVER), 9)
    assert not first.halted
    assert last.halted
    halts = [moment.halted for moment in islice(instants(BEAVER), 9)]
    assert halts == [False] * 7 + [True] * 2


def test_a_head_that_leaves_the_memory_must_leave_nothing_to_decode():
    """The beaver's head goes to cell -2."""
    leaving = next(i for i, m in enumerate(instants(BEAVER)) if m.configuration.heads[0] < 0)
    silent = Copy(BEAVER, lambda _: None, leaving)
    assert agrees(BEAVER, silent, 20, cells=1) is agrees(BEAVER, silent, leaving, cells=1)
    first = next(i for i, m in enumerate(instants(BEAVER)) if m.configuration.heads[0] != 0)
    assert agrees(BEAVER, Copy(BEAVER, lambda _: None, first), 20, cells=1)
    assert not agrees(BEAVER, Copy(BEAVER), 20, cells=1)
    assert agrees(BEAVER, Copy(BEAVER), 20, cells=16)


@pytest.mark.parametrize(
    ("tape", "cells", "one_way", "found"),
    [
        (Tape(), 1, False, range(1)),
        (Tape(), 1, True, range(1)),
        (Tape(), 4, False, range(-1, 3)),
        (Tape(), 5, False, range(-2, 3)),
        (Tape(), 4, True, range(4)),
        (Tape.of([1, 1, 1]), 3, False, range(3)),
        (Tape.of([1, 1, 1]), 2, False, None),
        (Tape.of([1, 1, 1]), 2, True, None),
        (Tape.of([1], -2), 3, False, range(-2, 1)),
        (Tape.of([1], -2), 2, False, None),
        (Tape.of([1], -2), 6, False, range(-3, 3)),
        (Tape.of([1], 2), 4, False, range(4)),
        (Tape.of([1], 2), 5, False, range(-1, 4)),
    ],
)
def test_what_a_memory_holds(tape, cells, one_way, found):
    assert window(tape, cells, one_way) == found


def test_windows_of_all_tapes():
    assert windows(TWO_TAPES, 4, Tape(), Tape()) == [range(-1, 3), range(4)]
    assert windows(TWO_TAPES, 2, Tape(), Tape.of([1, 1, 1])) is None
    moment = next(instants(TWO_TAPES))
    assert not leaves(moment, [range(-1, 3), range(4)])
    assert leaves(moment, [range(-1, 3), range(1, 4)])
    assert leaves(moment, [range(1, 3), range(4)])
