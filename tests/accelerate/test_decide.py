"""Decisions against published counts, against plain runs, and against the checker."""

from itertools import islice, pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triquetra.machines import Machine, Rule, from_busy_beaver, start, steps
from triquetra.machines.strategies import machines, machines_with_input
from triquetra.runtime import turing
from triquetra.runtime.accelerate import DecisionKind, decide
from triquetra.runtime.accelerate.closed import closed_set
from triquetra.runtime.accelerate.cycles import Cycle, Halt, watch
from triquetra.verifier.halting_checker import check

one_tape = machines(max_states=3, max_symbols=3, one_way=False)


def tree(machine, states, symbols):
    """Machines in tree normal form: a cell is filled in when a run comes to it, with at most one new state."""
    outcome = turing.run(machine, max_steps=200)
    if outcome.verdict != "undefined":
        yield machine
        return
    configuration = outcome.configuration
    cell = (configuration.state, configuration.read)
    used = 1 + max([rule.goto for rule in machine.rules], default=0)
    highest = max([symbol for rule in machine.rules for symbol in rule.write], default=0)
    yield machine  # with the cell undefined: it halts there
    if len(machine.rules) == states * symbols - 1:
        return  # one cell must stay undefined
    for write, move, goto in product(range(min(highest + 2, symbols)), (-1, 1), range(min(used + 1, states))):
        if not machine.rules and move < 0:
            continue  # mirror images
        rules = sorted([*machine.rules, Rule(*cell, (write,), (move,), goto)], key=lambda r: (r.state, r.read))
        yield from tree(Machine(states=machine.states, symbols=machine.symbols, verdicts=machine.verdicts,
                                rules=tuple(rules)), states, symbols)  # fmt: skip


def empty(states, symbols):
    return Machine(
        states=tuple(map(str, range(states))),
        symbols=tuple(map(str, range(symbols))),
        verdicts=(None,) * states,
        rules=(),
    )


@pytest.mark.parametrize(("states", "symbols", "longest"), [(2, 2, 6), (3, 2, 21), (2, 3, 38)])
def test_all_small_machines_are_decided(states, symbols, longest):
    """BB(2) = 6, BB(3) = 21, BB(2, 3) = 38, counting the halting step that an undefined cell leaves out."""
    decisions = [(machine, decide(machine)) for machine in tree(empty(states, symbols), states, symbols)]
    assert {decision.kind for _, decision in decisions} >= {
        DecisionKind.HALTS,
        DecisionKind.CYCLE,
        DecisionKind.TRANSLATED_CYCLE,
    }
    assert all(decision.kind is not DecisionKind.UNKNOWN for _, decision in decisions)
    assert max(decision.steps for _, decision in decisions if decision.halts) + 1 == longest
    for machine, decision in decisions[:: len(decisions) // 200 + 1]:
        assert (check(machine, decision.certificate).verdict == "runs forever") is not decision.halts


@given(machines_with_input(one_tape, max_left=2))
@settings(max_examples=200)
def test_decisions_are_right_and_certified(case):
    machine, (tape,) = case
    decision = decide(machine, tape, max_steps=50, max_macro_steps=300, closed_sets=((1, 0), (2, 1)))
    if decision.kind is DecisionKind.UNKNOWN:
        return
    proved = check(machine, decision.certificate)
    plain = turing.run(machine, tape, max_steps=20_000)
    if decision.halts:
        assert (plain.steps, plain.configuration.tapes[0].nonblank) == (decision.steps, decision.nonblank)
        assert (proved.steps, proved.nonblank) == (decision.steps, decision.nonblank)
    else:
        assert proved.verdict == "runs forever"
        assert plain.verdict == "step limit"


@given(machines_with_input(one_tape, max_left=2), st.integers(0, 60))
@settings(max_examples=200)
def test_cycles_come_back(case, max_steps):
    machine, (tape,) = case
    at = start(machine, tape)
    seen = watch(machine, at, max_steps)
    if isinstance(seen, Halt):
        plain = turing.run(machine, tape).configuration
        assert (seen.state, seen.nonblank) == (plain.state, plain.tapes[0].nonblank)
    elif isinstance(seen, Cycle):
        wanted = (seen.before, seen.before + seen.period, seen.before + 2 * seen.period)
        moments = [c for n, c in zip(range(wanted[-1] + 1), steps(machine, tape)) if n in wanted]
        assert len({moment.state for moment in moments}) == 1
        assert {b.heads[0] - a.heads[0] for a, b in pairwise(moments)} == {seen.shift}
        if seen.shift == 0:
            assert moments[0] == moments[1]


@given(machines_with_input(one_tape, max_left=3), st.integers(1, 3), st.integers(0, 2))
@settings(max_examples=150)
def test_runs_stay_in_closed_sets(case, radius, history):
    machine, (tape,) = case
    found = closed_set(machine, start(machine, tape), radius, history)
    if found is None:
        return
    visits = {}  # by cell, the latest first: state, symbol read

    def word(first, outward):
        cells = [first + outward * i for i in range(radius)]
        return tuple((configuration.tapes[0][cell], *visits.get(cell, ())) for cell in cells)

    for configuration in islice(steps(machine, tape), 300):
        head, state = configuration.heads[0], configuration.state
        symbol = configuration.tapes[0][head]
        here = (symbol, *visits.get(head, ()))
        assert (state, here, (word(head - 1, -1), word(head + 1, 1))) in found.middles
        for side, outward in enumerate((-1, 1)):
            assert all(word(head + outward * first, outward) in found.far[side] for first in range(2, 8))
        visits[head] = (state, symbol, *visits.get(head, ()))[: 2 * history]


def test_a_counter_is_decided_by_a_closed_set():
    assert decide(from_busy_beaver("1RB1LA_0LA0RB_1LA1LB")).kind is DecisionKind.CLOSED_SET


@pytest.mark.parametrize(
    "table",
    [
        "1RB0LC_1LB1LA_1RC0LD_---0RA",
        "1RB0RB_1LB0LC_0LD---_1RD0RA",
        "1RB1LC_1LB1RC_---0RD_1LD0LA",
        "1RB1LB_1LC0RD_---1RB_1LD0LA",
    ],
)
def test_the_hardest_of_four_states_are_decided(table):
    """Of all machines of 4 states and 2 symbols, those whose cells must remember most visits."""
    machine = from_busy_beaver(table)
    decision = decide(machine)
    assert decision.kind is DecisionKind.CLOSED_SET
    assert decision.certificate["proof"]["history"] > 6
    assert check(machine, decision.certificate).verdict == "runs forever"


def test_what_is_not_found_out_is_unknown():
    champion = from_busy_beaver("1RB0LB1RD_2RC2LA0LA_1LB0LA0LA_1RA0RA1RZ")
    decision = decide(champion, max_macro_steps=1000)
    assert (decision.kind, decision.halts, decision.certificate) == (DecisionKind.UNKNOWN, None, None)
