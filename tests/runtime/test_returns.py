"""Runs that come back to where they were: noticed in every form, never where they do not, and against plain runs."""

from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triquetra.compiler import compile_machine
from triquetra.machines import Machine, Return, Rule, Verdict, from_busy_beaver, parse, start, steps
from triquetra.machines.strategies import machines, machines_with_input
from triquetra.runtime import event_network, event_pomdp, returns, turing
from triquetra.runtime.accelerate.cycles import Cycle, watch
from triquetra.runtime.events import _Course
from triquetra.runtime.inline import run_tests
from triquetra.runtime.reference import TuringForm

TURNS = from_busy_beaver("1RB1LB_1LC0RC_0LA1RC")  # the same ten steps in place
RUNNER = from_busy_beaver("1RB1LC_1LC1LB_1LA1RB")  # the same five steps, three cells further left each time
BOUNCER = from_busy_beaver("1RB1LA_0LA1RB")  # to and fro, further each time
any_machine = machines(max_states=4, max_symbols=3) | machines(max_states=3, max_symbols=2, max_tapes=2)


@contextmanager
def early(first=4, window=60):
    """Looks come early, and are short."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(returns, "FIRST_LOOK", first)
        patch.setattr(returns, "APART", 2)
        patch.setattr(returns, "WINDOW", window)
        yield


def assert_no_end(machine, tapes, returned):
    """By the plain run: at `before`, `after` and twice more the same, `shift` cells further each time."""
    period = returned.after - returned.before
    wanted = [returned.before + i * period for i in range(4)]
    moments = [c for n, c in zip(range(wanted[-1] + 1), steps(machine, *tapes)) if n in wanted]
    assert len(moments) == 4 and period > 0
    for i, moment in enumerate(moments):
        shift = i * returned.shift
        assert moment.state == moments[0].state
        assert moment.heads == tuple(head + shift for head in moments[0].heads)
        if returned.shift == 0:
            assert moment.tapes == moments[0].tapes


@given(machines_with_input(any_machine, max_left=3), st.integers(0, 300), st.integers(1, 40))
@settings(max_examples=300, deadline=None)
def test_what_is_noticed_is_so_and_nothing_else_changes(case, max_steps, window):
    machine, tapes = case
    with early(window=window):
        watched = turing.run(machine, *tapes, max_steps=max_steps, watch=True)
    if watched.returned is None:
        assert watched == turing.run(machine, *tapes, max_steps=max_steps)
        return
    assert (watched.verdict, watched.steps) == (Verdict.ENDLESS, watched.returned.after)
    assert watched.steps <= max_steps
    assert watched.configuration == turing.run(machine, *tapes, max_steps=watched.steps).configuration
    assert_no_end(machine, tapes, watched.returned)


@given(machines_with_input(machines(max_states=4, max_symbols=3, one_way=False), max_left=3))
@settings(max_examples=200, deadline=None)
def test_every_cycle_that_the_decider_finds_is_noticed(case):
    """The decider watches with other code."""
    machine, tapes = case
    seen = watch(machine, start(machine, *tapes), 300)
    returned = turing.run(machine, *tapes, max_steps=10_000, watch=True).returned
    if isinstance(seen, Cycle):
        assert returned is not None
        assert (returned.shift > 0) - (returned.shift < 0) == (seen.shift > 0) - (seen.shift < 0)
        assert (returned.after - returned.before) % seen.period == 0 or seen.shift


@given(machines_with_input(any_machine, max_cells=3), st.sampled_from([None, 12]))
@settings(max_examples=60, deadline=None)
def test_forms_notice_it_too(case, cells):
    machine, tapes = case
    compiled = compile_machine(machine, cells=cells or 16)
    with early():
        here = turing.run(machine, *tapes, max_steps=500, max_cells=cells, watch=True)
        network = event_network.run(compiled.network, *tapes, max_steps=500, cells=cells, watch=True)
        agent = event_pomdp.run(compiled.pomdp, *tapes, max_steps=500, cells=cells, watch=True)
    assert turing.end_alike(machine, tapes, (here, network, agent), cells)
    for there in (network, agent):
        if there.returned is not None:
            assert_no_end(machine, tapes, there.returned)


@pytest.mark.parametrize(("machine", "period", "shift"), [(TURNS, 10, 0), (RUNNER, 5, -3)], ids=["in place", "along"])
def test_all_forms_stop_soon(machine, period, shift):
    compiled = compile_machine(machine, cells=16)
    for outcome in (
        turing.run(machine, watch=True),
        event_network.run(compiled.network, watch=True),
        event_pomdp.run(compiled.pomdp, watch=True),
    ):
        assert outcome.verdict is Verdict.ENDLESS
        assert outcome.steps < returns.FIRST_LOOK + 100
        assert (outcome.returned.after - outcome.returned.before) % period == 0
        assert outcome.returned.shift * period == shift * (outcome.returned.after - outcome.returned.before)


def test_a_synaptic_memory_is_compared_and_its_end_is_met():
    """In place for ever in three cells; along the tape only as far as there is memory."""
    for machine, verdict in ((TURNS, Verdict.ENDLESS), (RUNNER, Verdict.LEFT_MEMORY)):
        compiled = compile_machine(machine, cells=4000)
        ends = {
            turing.run(machine, max_cells=4000, watch=True),
            event_network.run(compiled.network, cells=4000, watch=True),
            event_pomdp.run(compiled.pomdp, cells=4000, watch=True),
        }
        assert {end.verdict for end in ends} == {verdict} and len(ends) == 1


def test_a_bouncer_never_comes_back():
    outcome = turing.run(BOUNCER, max_steps=10**6, watch=True)
    assert (outcome.verdict, outcome.returned, outcome.steps) == (Verdict.STEP_LIMIT, None, 10**6)


def test_marks_ahead_are_no_part_of_a_cycle():
    """It runs right over blanks, and halts at a mark far away."""
    machine = Machine(
        states=("go", "end"), symbols=("_", "1"), verdicts=(None, "halt"),
        rules=(Rule(0, (0,), (0,), (1,), 0), Rule(0, (1,), (1,), (0,), 1)),
    )  # fmt: skip
    far = "_" * 3000 + "1"
    outcome = turing.run(machine, far, watch=True)
    assert (outcome.verdict, outcome.steps) == (Verdict.HALTED, 3001)
    assert turing.run(machine, watch=True).returned == Return(1025, 1026, 1)


def test_the_end_of_a_one_way_tape_is_unlike_other_cells():
    """It moves left at the end without end, and that is in place."""
    machine = Machine(
        states=("go",), symbols=("_",), verdicts=(None,), one_way=(True,), rules=(Rule(0, (0,), (0,), (-1,), 0),)
    )
    assert turing.run(machine, watch=True).returned.shift == 0


def test_an_engine_compares_all_its_state():
    """Where an activity is not what it was, the network is not where it was, whatever it encodes."""
    compiled = compile_machine(TURNS, cells=16)
    for cells in (None, 16):
        engine = event_network.EventNetwork(compiled.network, [()], cells=cells)
        engine.advance(50)
        course = _Course(engine, 10)
        before, held = course.here(), course.cell(0, 1)
        assert (course.here(), course.cell(0, 1)) == (before, held)
        engine.x[0] = np.nextafter(engine.x[0], 0)
        assert course.here() != before
        if cells:
            engine.memory[0, 0, engine.zero[0, 0] + 1, 1] *= 0.5
            assert course.cell(0, 1) != held


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("runs forever at least 900_000_000 steps", ""),
        ("halts", "came back at step 1,0"),
        ('=> ""', "it runs forever, and does not halt"),
        ("halts in 5 steps", "not halted"),
    ],
)
def test_inline_tests_are_told(asked, said):
    program = parse(
        "machine turns\n  blank _\n  input 1\n"
        "  there:  _ ->  R back\n          1 -> S done\n"
        "  back:   _ ->  L there\n          1 -> S done\n"
        f'  done:   halt\n\ntest "" {asked}\n'
    )
    (result,) = run_tests(program, [TuringForm(program.machine)], max_steps=10**9)
    assert said in "".join(result.failures) and bool(said) == bool(result.failures)
