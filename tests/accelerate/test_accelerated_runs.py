"""Accelerated runs against plain ones, moment by moment, and the champions of the field to their ends."""

import json
from contextlib import contextmanager
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triquetra.machines import Configuration, InputError, Machine, Tape, from_busy_beaver, start, steps
from triquetra.machines.strategies import machines, machines_with_input
from triquetra.runtime import turing
from triquetra.runtime.accelerate import Ending, MacroEngine, run
from triquetra.runtime.accelerate import engine as engine_module
from triquetra.runtime.accelerate.blocks import BlockMachine
from triquetra.runtime.accelerate.certificate import of_run
from triquetra.runtime.accelerate.tape import Stack
from triquetra.verifier.halting_checker import check

one_tape = machines(max_states=4, max_symbols=3, one_way=False)
BUSY_BEAVERS = json.loads((Path(__file__).parent.parent / "corpus" / "busy_beavers.json").read_text())
# table, ⌊log10 of steps⌋ and its decimals as published: https://bbchallenge.org and P. Michel's historical survey
CHAMPIONS = [
    ("1RB2LA1LC_0LA2RB1LB_1RZ1RA1RC", "119112334170342540", None),
    ("1RB2LA1RA2LB2LA_0LA2RB3RB4RA1RZ", None, 704.279),
    ("1RB2LA1RZ5LB5LA4LB_1LA4RB3RB5LB1LB4RA", None, 9866.383),
    ("1RB0LB1RD_2RC2LA0LA_1LB0LA0LA_1RA0RA1RZ", None, 12068.726),
]


@contextmanager
def eager():
    """Rules are made as early as can be, so that there are more of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine_module, "SIGHTINGS", 2)
        patch.setattr(engine_module, "SIGHTINGS_LOOP", 1)
        yield


@given(machines_with_input(one_tape, max_left=3), st.integers(1, 4), st.integers(0, 9), st.booleans())
@settings(max_examples=150)
@eager()
def test_every_moment_is_a_moment_of_the_plain_run(case, size, before, rightward):
    machine, (tape,) = case
    plain = enumerate(steps(machine, tape))
    *_, now = islice(plain, before + 1)
    engine = MacroEngine(BlockMachine(machine, size), now[1], now[0], rightward)
    while engine.ending is None and engine.steps < 2000 and len(engine.uses) < 300:
        now = _at(plain, now, engine.steps)
        assert engine.configuration.configuration() == now[1]
        engine.advance()
    if engine.ending in (Ending.HALTED, Ending.UNDEFINED) and engine.steps < 20_000:
        now = _at(plain, now, engine.steps)
        assert engine.configuration.configuration() == now[1]
        assert next(plain, None) is None


def _at(plain, now, moment):
    while now[0] < moment:
        now = next(plain)
    return now


@pytest.mark.parametrize("entry", BUSY_BEAVERS, ids=lambda entry: entry["id"])
@pytest.mark.parametrize("size", [None, 3, 6])
def test_busy_beavers_end_as_plainly(entry, size):
    machine = from_busy_beaver(entry["table"])
    outcome = run(machine, block=size, max_macro_steps=20_000)
    assert (outcome.ending, outcome.steps, outcome.nonblank) == (Ending.HALTED, entry["steps"], entry["nonblank"])
    assert outcome.configuration.configuration() == turing.run(machine).configuration


@pytest.mark.parametrize(
    ("table", "size"), [("1RB1LC_1RC1RB_1RD0LE_1LA1LD_1RZ0LA", 3), ("1RB2LA1RA2LB2LA_0LA2RB3RB4RA1RZ", 1)]
)
@eager()
def test_moments_of_a_long_run_are_moments_of_the_plain_run(table, size):
    """As far as rules that are made of rules."""
    machine = from_busy_beaver(table)
    engine = MacroEngine(BlockMachine(machine, size), start(machine))
    plain, before = start(machine), 0
    while engine.ending is None and engine.steps < 10**8:
        plain = turing.run_from(machine, plain, max_steps=engine.steps - before).configuration
        before = engine.steps
        assert engine.configuration.configuration() == plain
        engine.advance()
    assert any(rule.parts for rule in engine.rules)


@pytest.mark.parametrize(("table", "exact", "log10"), CHAMPIONS, ids=["3x3", "2x5", "2x6", "4x3"])
def test_champions(table, exact, log10):
    machine = from_busy_beaver(table)
    outcome = run(machine)
    assert outcome.ending is Ending.HALTED
    if exact is not None:
        assert str(outcome.steps) == exact
    else:
        assert abs(float(Decimal(outcome.steps).log10()) - log10) < 0.0006
    proved = check(machine, json.loads(json.dumps(outcome.certificate)))
    assert (proved.verdict, proved.steps, proved.nonblank) == ("halted", outcome.steps, outcome.nonblank)


@given(machines_with_input(one_tape, max_left=3), st.integers(1, 3))
@settings(max_examples=200)
@eager()
def test_certificates_are_accepted_and_right(case, size):
    machine, (tape,) = case
    outcome = run(machine, tape, block=size, max_macro_steps=500)
    if outcome.certificate is None:
        return
    proved = check(machine, json.loads(json.dumps(outcome.certificate)))
    assert proved.verdict == str(outcome.ending)
    if outcome.ending is Ending.ENDLESS:
        assert turing.run(machine, tape, max_steps=20_000).verdict == "step limit"
    elif outcome.steps <= 10**6:
        plain = turing.run(machine, tape)
        assert (proved.verdict, proved.steps) == (str(plain.verdict), plain.steps)
        assert (proved.state, proved.nonblank) == (plain.configuration.state, plain.configuration.tapes[0].nonblank)


@given(machines_with_input(one_tape, max_left=3), st.integers(1, 4), st.integers(0, 9), st.booleans())
@settings(max_examples=150)
def test_certificates_may_cut_the_tape_anywhere(case, size, before, rightward):
    """At any moment, before the head's cell or after it: what the checker then proves is the plain run's end."""
    machine, (tape,) = case
    *_, (before, at) = enumerate(islice(steps(machine, tape), before + 1))
    engine = MacroEngine(BlockMachine(machine, size), at, before, rightward)
    while engine.ending is None and len(engine.uses) < 300:
        engine.advance()
    if engine.ending in (Ending.HALTED, Ending.UNDEFINED) and engine.steps < 10**6:
        proved = check(machine, json.loads(json.dumps(of_run(machine, start(machine, tape), engine))))
        plain = turing.run(machine, tape)
        end = plain.configuration
        assert (proved.steps, proved.state, proved.nonblank) == (plain.steps, end.state, end.tapes[0].nonblank)


@given(one_tape, st.integers(1, 3), st.data())
@settings(max_examples=100)
@eager()
def test_rules_hold_for_the_tapes_that_they_speak_of(machine, size, data):
    """Each rule at random counts, and with anything beyond its runs, against the plain run."""
    engine = MacroEngine(BlockMachine(machine, size), start(machine))
    while engine.ending is None and len(engine.uses) < 150:
        engine.advance()
    for rule in engine.rules[:4]:
        values = data.draw(st.lists(st.integers(0, 4), min_size=rule.variables, max_size=rule.variables))
        if any(condition.at(values) < 0 for condition in rule.conditions):
            continue
        counts = [_count(c, values) for c in rule.counts]
        ends = [end if end is None or isinstance(end, int) else end.at(values) for end in rule.end_counts]
        around = data.draw(st.tuples(*[st.lists(st.integers(0, len(machine.symbols) - 1), max_size=3)] * 2))
        before = _configuration(engine.blocks, rule.start, counts, around)
        after = _configuration(engine.blocks, rule.end, ends, around, rule.shift.at(values) * size)
        moment = rule.steps.at(values)
        assert moment > 0 or rule.after is None
        if moment < 3000:
            assert turing.run_from(machine, before, max_steps=moment).configuration == after


@given(one_tape, st.integers(1, 3), st.integers(1, 9), st.data())
@settings(max_examples=100)
@eager()
def test_a_repetition_is_so_many_applications(machine, size, most, data):
    engine = MacroEngine(BlockMachine(machine, size), start(machine))
    while engine.ending is None and len(engine.uses) < 150:
        engine.advance()
    for rule in [rule for rule in engine.rules if rule.after is not None][:4]:
        _check_repetition(
            rule, data.draw(st.lists(st.integers(0, 9), min_size=rule.variables, max_size=rule.variables)), most
        )


def test_a_repetition_that_multiplies_is_so_many_applications():
    """The champion that grows as 4^n: rules whose repetition multiplies a count."""
    machine = from_busy_beaver(CHAMPIONS[2][0])
    engine = MacroEngine(BlockMachine(machine, 1), start(machine))
    while engine.ending is None:
        engine.advance()
    multiplying = [rule for rule in engine.rules if rule.after is not None and rule.change is None]
    assert multiplying
    for rule in multiplying:
        for seed in range(5):
            assert _check_repetition(rule, [30 + seed + v for v in range(rule.variables)], 10) > 1


def _check_repetition(rule, values, most):
    """The number of repetitions tried."""
    if any(condition.at(values) < 0 for condition in rule.conditions):
        return 0
    possible = rule.times(values)
    times = most if possible is None else min(most, possible)
    stacks = [(Stack(), Stack()), (Stack(), Stack())]
    for pair in stacks:
        for i, (block, count) in enumerate(zip(rule.start.left + rule.start.right, rule.counts)):
            stack = pair[i >= len(rule.start.left)]
            if count.modulus < 0:
                stack.pop(1)
            stack.blocks.append(block)
            stack.counts.append(_count(count, values) or 0)
    steps, shift = rule.repeat(*stacks[0], values, times)
    for _ in range(times):
        now = rule.match(*stacks[1])
        more = rule.apply(*stacks[1], now)
        steps, shift = steps - more[0], shift - more[1]
    assert (steps, shift) == (0, 0)
    assert [(s.blocks, s.counts) for s in stacks[0]] == [(s.blocks, s.counts) for s in stacks[1]]
    return times


def _count(count, values):
    return None if count.modulus < 0 else count.rest + (values[count.variable] * count.modulus if count.modulus else 0)


def _configuration(blocks, pattern, counts, around, shift=0):
    """The runs of a pattern with the head between them at `shift`, and cells beyond where no run is endless."""
    depth = len(pattern.left)
    left, right = counts[:depth], counts[depth:]
    cells = {}
    for runs, outward, beyond in ((zip(pattern.left, left), -1, around[0]), (zip(pattern.right, right), 1, around[1])):
        here = shift if outward > 0 else shift - 1
        for block, count in reversed(list(runs)):
            if count is None:
                beyond = []
                continue
            for cell in blocks.cells(block)[::outward] * count:
                cells[here] = cell
                here += outward
        cells |= {here + outward * i: cell for i, cell in enumerate(beyond)}
    first = min(cells, default=0)
    tape = Tape.of([cells.get(i, 0) for i in range(first, max(cells, default=0) + 1)], first)
    state, rightward = divmod(pattern.facing, 2)
    return Configuration(state, (shift if rightward else shift - 1,), (tape,))


def test_limit_leaves_no_certificate():
    outcome = run(from_busy_beaver("1RB1LC_1RC1RB_1RD0LE_1LA1LD_1RZ0LA"), max_macro_steps=50)
    assert (outcome.ending, outcome.macro_steps, outcome.certificate) == (Ending.LIMIT, 50, None)


def test_what_is_too_large_to_write_down_ends_the_run():
    """P. Kropitz's machine of 2022 halts after more than 10^10^... steps, ten times over."""
    outcome = run(from_busy_beaver("1RB0LD_1RC0RF_1LC1LA_0LE1RZ_1LF0RB_0RC0RE"))
    assert (outcome.ending, outcome.certificate) == (Ending.TOO_LARGE, None)
    assert outcome.steps.bit_length() > 10_000


@pytest.mark.parametrize("one_way", [(True,), (False, False)])
def test_other_tapes_are_refused(one_way):
    machine = Machine(states=("a",), symbols=("_",), verdicts=(None,), rules=(), one_way=one_way)
    with pytest.raises(InputError, match="one two-way tape"):
        run(machine)


def test_a_tape_too_long_to_write_out_is_refused():
    outcome = run(from_busy_beaver("1RB2LA1RA2LB2LA_0LA2RB3RB4RA1RZ"))
    with pytest.raises(InputError, match="cells is not written out"):
        outcome.configuration.configuration()


def test_first_moments_count_like_the_reference():
    machine = from_busy_beaver("1RB1LB_1LA1RZ")
    assert run(machine, "0101").steps == len(list(islice(steps(machine, "0101"), 1000))) - 1
