"""An outside implementation of inference, on the exported model, has the same configurations and posteriors."""

from itertools import islice

import jax
import numpy as np
import pytest
from tests.oracles.pymdp_machine import make_run

from triquetra.compiler import compile_machine
from triquetra.compiler.export import to_categorical
from triquetra.forms import FormError
from triquetra.machines import Machine, Rule, Tape, from_busy_beaver, steps
from triquetra.machines.load import load
from triquetra.runtime.pomdp import ON, PomdpForm

CELLS = 64


@pytest.mark.parametrize(
    ("source", "word", "count"),
    [
        ("1RB1LB_1LA0LC_1RZ1LD_1RD0RA", "", 107),
        ("1RB1LC_1RC1RB_1RD0LE_1LA1LD_1RZ0LA", "", 250),
        ("1RB2LA1RA1RA_1LB1LA3RB1RZ", "", 250),
        ("@increment", "110111", 11),
        ("@palindrome", "ababa", 18),
    ],
)
def test_pymdp_infers_what_our_agent_infers(source, word, count):
    machine = load(source).machine
    pomdp = compile_machine(machine, cells=CELLS).pomdp
    form = PomdpForm(pomdp, CELLS)
    state = form.init(word)
    origin = state.tapes[0].origin
    with jax.enable_x64(True):
        model = to_categorical(pomdp, Tape.of(machine.word(word)), CELLS, origin)
        run = make_run(model, count)
        control, place, posterior = map(np.asarray, run())
    reference = list(islice(steps(machine, word), count + 1))[1:]
    assert len(reference) == count
    for number, expected in enumerate(reference):
        state = form.step(state)
        assert control[number] == expected.state
        assert place[number] - origin == expected.heads[0]
        np.testing.assert_allclose(posterior[number], state.state[ON], atol=1e-9)


def test_columns_are_distributions():
    pomdp = compile_machine(from_busy_beaver("1RB1LB_1LA1RZ")).pomdp
    model = to_categorical(pomdp, Tape.of((1, 0, 1)), 9, 4)
    for array in (model.A, *model.B, *model.D, model.policy, model.write):
        np.testing.assert_allclose(array.sum(axis=0), 1.0, atol=1e-12)
        assert (array >= 0).all()


def test_several_tapes_are_refused():
    machine = Machine(
        states=("a",), symbols=("0", "1"), rules=(Rule(0, (0, 0), (1, 1), (1, 1), 0),), verdicts=(None,),
        one_way=(False, False),
    )  # fmt: skip
    with pytest.raises(FormError, match="one tape"):
        to_categorical(compile_machine(machine).pomdp, Tape(), 9, 4)
