"""No run ever contradicts a proof; every refutation replays; what is unknown says why."""

import dataclasses
from fractions import Fraction
from itertools import islice, pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from triquetra.compiler import compile_machine, to_pomdp
from triquetra.machines import InputError, Machine, Rule, Tape, from_busy_beaver
from triquetra.machines.strategies import machines, machines_with_input, tapes
from triquetra.runtime.network import NetworkForm
from triquetra.runtime.pomdp import PomdpForm
from triquetra.verifier import Proved, Refuted, Unknown, perturb, quantise, verify
from triquetra.verifier.checker.claim import agrees, instants
from triquetra.verifier.checker.obligations import unit_names, units_on
from triquetra.verifier.prover import refute
from triquetra.verifier.prover.refute import inputs_that_lead_to, replay

BEAVER = from_busy_beaver("1RB1LB_1LA0LC_1RZ1LD_1RD0RA")
STEPS = 60


@pytest.fixture(scope="module", autouse=True)
def short_searches():
    """Counterexamples are sought less long than for users, so that many cases fit in the time."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"NODES": 3_000, "RUNS": 6, "STEPS": 100, "LONG": 200}.items():
            patch.setattr(refute, name, value)
        yield


def runnable(network, pomdp, cells):
    return [NetworkForm(network, cells), PomdpForm(pomdp, cells)]


def check_verdict(machine, network, inputs, cells):
    """The verdict, after it was tried on an input: a proof by a run, a refutation by its replay."""
    pomdp = to_pomdp(network)
    forms = runnable(network, pomdp, cells)
    verdict = verify(machine, network, pomdp, cells, robustness=False)
    if isinstance(verdict, Proved):
        for form in forms:
            assert agrees(machine, form, STEPS, *inputs, cells=cells)
    elif isinstance(verdict, Refuted):
        form = forms[verdict.form == "pomdp"]
        words = [Tape.of(word) for word in verdict.inputs]
        assert not agrees(machine, form, verdict.step, *words, cells=cells)
        assert agrees(machine, form, verdict.step - 1, *words, cells=cells)
    else:
        assert verdict.reason
    return verdict


@given(machines_with_input(machines(max_states=3, max_tapes=2), max_left=3), st.sampled_from([None, 12]))
@settings(max_examples=25)
def test_what_is_compiled_with_the_default_gain_is_proved(drawn, cells):
    machine, inputs = drawn
    network = compile_machine(machine, cells=cells or 64).network
    assert isinstance(check_verdict(machine, network, inputs, cells), Proved)


@given(machines_with_input(machines(max_states=3, max_tapes=2)), st.floats(0.5, 8), st.sampled_from([None, 9]))
@settings(max_examples=40)
def test_gains_around_the_threshold_never_contradict_a_verdict(drawn, gain, cells):
    machine, inputs = drawn
    check_verdict(machine, compile_machine(machine, gain=gain).network, inputs, cells)


@given(
    machines_with_input(machines(max_states=3)),
    st.floats(2, 8),
    st.floats(0, 4),
    st.integers(0, 99),
    st.sampled_from([None, 9]),
)
@settings(max_examples=40)
def test_weights_near_the_edge_never_contradict_a_verdict(drawn, gain, radius, seed, cells):
    machine, inputs = drawn
    network = perturb(compile_machine(machine, gain=gain).network, radius, seed)
    check_verdict(machine, network, inputs, cells)


@given(st.data())
@settings(max_examples=15)
def test_weights_within_the_proved_radius_are_proved_and_agree(data):
    machine = data.draw(machines(max_states=3))
    network = compile_machine(machine, gain=8).network
    verdict = verify(machine, network)
    assert isinstance(verdict, Proved)
    radius = max(proof.radius for proof in verdict.certificate.proofs)
    assert radius > 0
    moved = perturb(network, float(radius), data.draw(st.integers(0, 99)))
    assert isinstance(verify(machine, moved, robustness=False), Proved)
    assert agrees(machine, NetworkForm(moved), STEPS, *data.draw(tapes(machine)))


class Noisy(NetworkForm):
    """A network in which every activity of a step is off by up to `noise`, away from the one-hot code."""

    noise = 0.0

    def _read(self, i, tape):
        return self._blur(super()._read(i, tape))

    def _move(self, i, place, left, right):
        return self._blur(super()._move(i, place, left, right))

    def _blur(self, population):
        on = population.on
        return dataclasses.replace(population, on=np.where(on > 0.5, on - self.noise, on + self.noise))

    def step(self, state):
        after = super().step(state)
        x = np.where(after.x > 0.5, after.x - self.noise, after.x + self.noise)
        return dataclasses.replace(after, x=x)


@pytest.mark.parametrize("cells", [None, 40])
def test_noise_within_the_proved_noise_does_no_harm(cells):
    network = compile_machine(BEAVER, gain=8).network
    verdict = verify(BEAVER, network, cells=cells)
    assert isinstance(verdict, Proved)
    form = Noisy(network, cells)
    form.noise = float(max(proof.noise for proof in verdict.certificate.proofs))
    assert form.noise > 1e-3
    assert agrees(BEAVER, form, 107, cells=cells)


@pytest.mark.parametrize("number_format", ["float32", "float16", "bfloat16", "int8"])
@pytest.mark.parametrize("cells", [None, 100])
def test_quantised_weights_are_proved(number_format, cells):
    network = quantise(compile_machine(BEAVER, cells=100).network, number_format)
    assert isinstance(verify(BEAVER, network, to_pomdp(network), cells, robustness=False), Proved)


def test_quantising_rounds_and_an_unknown_format_is_an_error():
    network = perturb(compile_machine(BEAVER).network, 1.0)
    errors = [
        np.abs(quantise(network, f).bias - network.bias).max() for f in ("float32", "float16", "bfloat16", "int8")
    ]
    assert all(0 < a < b for a, b in pairwise(errors))
    with pytest.raises(InputError, match="int4"):
        quantise(network, "int4")


def with_weight(network, unit, column, value):
    weights = network.weights.tolil()
    weights[network.axes.unit_names.index(unit), network.axes.basis_names.index(column)] = value
    return dataclasses.replace(network, weights=weights.tocsr())


@pytest.mark.parametrize(
    ("unit", "column", "value"),
    [
        ("state:C", "cell:B,1", -56.0),
        ("halt", "cell:C,1", 10.0),
        ("move:L", "cell:B,1", 0.0),
        ("move:R", "cell:D,1", 0.0),
        ("risk:0", "cell:D,0", 20.0),
        ("state:D", "state:D", -80.0),
    ],
)
@pytest.mark.parametrize("cells", [None, 30])
def test_one_wrong_synapse_is_refuted_with_an_input_that_replays(unit, column, value, cells):
    network = with_weight(compile_machine(BEAVER).network, unit, column, value)
    verdict = verify(BEAVER, network, cells=cells)
    assert isinstance(verdict, Refuted)
    assert verdict.cell is not None
    again = replay(BEAVER, NetworkForm(network, cells), cells, verdict.inputs, verdict.step)
    assert again == verdict
    words = [Tape.of(word) for word in verdict.inputs]
    assert agrees(BEAVER, NetworkForm(network, cells), verdict.step - 1, *words, cells=cells)


def test_a_wrong_weight_behind_an_input_of_its_own_is_found():
    """The fault shows only after reading b a b a, which blank or short random inputs do not hold."""
    rules = [Rule(i, (1 + i % 2,), (1 + i % 2,), (1,), i + 1) for i in range(4)]
    machine = Machine(
        states=("s0", "s1", "s2", "s3", "s4"), symbols=("_", "b", "a"), input_symbols=(1, 2),
        rules=(*rules, Rule(4, (2,), (0,), (1,), 4)), verdicts=(None,) * 5,
    )  # fmt: skip
    network = with_weight(compile_machine(machine).network, "risk:_", "cell:s4,a", 0.0)
    verdict = verify(machine, network)
    assert isinstance(verdict, Refuted)
    assert machine.spell(verdict.inputs[0]).startswith("babaa")
    assert verdict.cell == (4, (2,))
    assert verdict.step == 5


def test_a_wrong_weight_that_no_input_reaches_is_unknown_and_no_gain_is_promised():
    machine = dataclasses.replace(from_busy_beaver("0RB1RA_0LA1LB"), input_symbols=(0,))  # never writes a 1
    network = with_weight(compile_machine(machine).network, "move:L", "cell:A,1", 80.0)
    verdict = verify(machine, network)
    assert isinstance(verdict, Unknown)
    assert (verdict.population, verdict.place) == ("move", "move:L in state A reading 1")
    assert verdict.margin == pytest.approx(-52.0)
    assert verdict.scale is None


def test_a_state_that_is_never_entered_may_have_any_weights():
    machine = Machine(
        states=("A", "never"), symbols=("0", "1"), verdicts=(None, None),
        rules=(Rule(0, (0,), (1,), (1,), 0), Rule(1, (0,), (1,), (1,), 0)),
    )  # fmt: skip
    network = with_weight(compile_machine(machine).network, "move:R", "cell:never,0", -500.0)
    assert isinstance(verify(machine, network), Proved)


def test_what_a_higher_gain_would_do_is_right():
    network = compile_machine(BEAVER, gain=4).network
    verdict = verify(BEAVER, network, cells=6)
    assert isinstance(verdict, Unknown)
    assert verdict.scale is not None
    above = compile_machine(BEAVER, gain=4 * verdict.scale * 1.02).network
    below = compile_machine(BEAVER, gain=4 * verdict.scale * 0.95).network
    assert isinstance(verify(BEAVER, above, cells=6, robustness=False), Proved)
    assert not isinstance(verify(BEAVER, below, cells=6, robustness=False), Proved)


@given(machines(max_states=3, max_tapes=2))
def test_inputs_that_lead_to_cells_do_lead_there(machine):
    wanted = set(machine.delta)
    for steps, words in islice(inputs_that_lead_to(machine, wanted), 20):
        there = next(islice(instants(machine, *map(Tape.of, words)), steps, None)).configuration
        assert (there.state, there.read) in wanted
        wanted.remove((there.state, there.read))
        assert all(symbol in machine.input_symbols for word in words for symbol in word)


@pytest.mark.parametrize(
    "changes",
    [
        {"states": ("A", "B", "C", "D", "E")},
        {"symbols": ("0", "2")},
        {"start": 1},
        {"one_way": (True,)},
        {"verdicts": (None, None, None, None, "accept")},
    ],
)
def test_forms_of_another_machine_are_bad_input(changes):
    network = compile_machine(dataclasses.replace(BEAVER, **changes)).network
    with pytest.raises(InputError, match=next(iter(changes))):
        verify(BEAVER, network)


def test_nothing_to_verify_is_bad_input():
    with pytest.raises(InputError):
        verify(BEAVER, None)


def test_the_network_and_its_pomdp_correspond_to_rounding():
    compiled = compile_machine(BEAVER)
    verdict = verify(BEAVER, compiled.network, compiled.pomdp, robustness=False)
    assert isinstance(verdict, Proved)
    assert 0 < verdict.certificate.correspondence < Fraction(1, 10**12)
    other = to_pomdp(perturb(compiled.network, 0.5))
    verdict = verify(BEAVER, compiled.network, other, robustness=False)
    assert isinstance(verdict, Proved)
    assert verdict.certificate.correspondence > Fraction(1, 4)


@given(machines(max_states=3, max_tapes=2))
def test_the_checker_names_units_as_the_forms_do(machine):
    assert unit_names(machine) == list(compile_machine(machine).network.axes.unit_names)


def by_hand(machine, gain, strength):
    """Another network than the compiler's: a coincidence for every cell says all that follows, states say nothing."""
    axes = compile_machine(machine).network.axes
    cells = list(product(range(axes.n), product(range(axes.k), repeat=axes.t)))
    axes = dataclasses.replace(
        axes,
        cell_state=np.array([state for state, _ in cells], dtype=np.int64),
        cell_read=np.array([read for _, read in cells], dtype=np.int64).reshape(-1, axes.t),
    )
    weights = np.zeros((axes.units, axes.basis))
    for column, (state, read) in enumerate(cells):
        weights[list(units_on(machine, state, read)), column] = strength
    return dataclasses.replace(
        compile_machine(machine, gain=gain).network,
        axes=axes,
        weights=csr_array(weights),
        bias=np.full(axes.units, -float(gain)),
    )


@given(machines_with_input(machines(max_states=3, max_tapes=2)), st.sampled_from([None, 9]))
@settings(max_examples=20)
def test_a_network_made_by_hand_is_proved_too(drawn, cells):
    machine, inputs = drawn
    verdict = check_verdict(machine, by_hand(machine, 20, 45), inputs, cells)
    assert isinstance(verdict, Proved)
    assert not isinstance(check_verdict(machine, by_hand(machine, 20, 15), inputs, cells), Proved)


def test_an_agent_alone_is_proved_or_refuted():
    pomdp = compile_machine(BEAVER).pomdp
    assert isinstance(verify(BEAVER, None, pomdp, robustness=False), Proved)
    wrong = to_pomdp(with_weight(compile_machine(BEAVER).network, "move:L", "cell:B,1", 0.0))
    verdict = verify(BEAVER, None, wrong)
    assert isinstance(verdict, Refuted)
    assert verdict.form == "pomdp"
