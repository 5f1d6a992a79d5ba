"""Another library's Turing machines reach the same configurations."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import pytest
from automata.base.exceptions import RejectionException
from automata.tm.dtm import DTM
from automata.tm.mntm import MNTM
from automata.tm.tape import TMTape
from hypothesis import assume, given
from hypothesis import strategies as st

from triquetra.machines import Configuration, InputError, Machine, MachineError, Rule, steps
from triquetra.machines.formats import CannotHold, from_automata, to_automata
from triquetra.machines.strategies import machines

LIMIT = 60
Seen = tuple[str, tuple[frozenset[tuple[int, str]], ...]]  # state, and each tape as seen from its head

deciders = machines(verdicts=("accept", "reject"), one_way=False, max_tapes=2, max_symbols=3)


def ours(machine: Machine, configuration: Configuration) -> Seen:
    return machine.states[configuration.state], tuple(
        frozenset((tape.origin + i - head, machine.symbols[a]) for i, a in enumerate(tape.cells) if a != 0)
        for tape, head in zip(configuration.tapes, configuration.heads)
    )


def theirs(automaton: DTM | MNTM, word: str) -> Iterator[Seen]:
    """What automata-lib passes through, until it accepts or rejects."""

    def seen(tape: TMTape) -> frozenset[tuple[int, str]]:
        return frozenset((i - tape.current_position, a) for i, a in enumerate(tape.tape) if a != tape.blank_symbol)

    try:
        for each in automaton.read_input_stepwise(word):
            if isinstance(automaton, MNTM):
                (configuration,) = each
                yield configuration.state, tuple(map(seen, configuration.tapes))
            else:
                yield each.state, (seen(each.tape),)
    except RejectionException:
        return


def words(machine: Machine) -> st.SearchStrategy[str]:
    symbols = sorted({machine.symbols[a] for a in machine.input_symbols if a != 0})
    return st.text(st.sampled_from(symbols), max_size=6) if symbols else st.just("")


def runs_there(machine: Machine) -> bool:
    """What automata-lib asks of a machine: a start state with transitions."""
    return any(rule.state == machine.start for rule in machine.rules)


@given(deciders, st.data())
def test_random_machines_pass_through_the_same_configurations(machine: Machine, data: st.DataObject) -> None:
    assume(runs_there(machine))
    word = data.draw(words(machine))
    automaton = to_automata(machine)
    expected = [ours(machine, configuration) for configuration in islice(steps(machine, word), LIMIT)]
    assert list(islice(theirs(automaton, word), LIMIT)) == expected


@given(deciders)
def test_there_and_back(machine: Machine) -> None:
    """Equal up to the order of states and symbols, which are sets there; a state that rejects has no transitions."""
    assume(runs_there(machine))
    back = from_automata(to_automata(machine))
    assert sorted(back.states) == sorted(machine.states)
    assert back.symbols[0] == machine.symbols[0]
    assert set(back.symbols) == set(machine.symbols)
    assert named(back) == named(machine)
    # an empty input alphabet there allows only the empty word, and so does one of the blank here
    allowed = {back.symbols[a] for a in back.input_symbols}
    assert allowed == {machine.symbols[a] for a in machine.input_symbols} - {machine.symbols[0]} or allowed == {
        machine.symbols[0]
    }


def named(machine: Machine) -> object:
    def rule_by_name(rule: Rule) -> object:
        word = tuple(machine.symbols[a] for a in rule.read + rule.write)
        return machine.states[rule.state], word, rule.move, machine.states[rule.goto]

    accepting = {s for s, verdict in zip(machine.states, machine.verdicts) if verdict == "accept"}
    return machine.states[machine.start], accepting, sorted(map(rule_by_name, machine.rules), key=repr)


def test_the_documentation_s_machine() -> None:
    """0ⁿ1ⁿ, as their documentation writes it."""
    dtm = DTM(
        states={"q0", "q1", "q2", "q3", "q4"},
        input_symbols={"0", "1"},
        tape_symbols={"0", "1", "x", "y", "."},
        transitions={
            "q0": {"0": ("q1", "x", "R"), "y": ("q3", "y", "R")},
            "q1": {"0": ("q1", "0", "R"), "1": ("q2", "y", "L"), "y": ("q1", "y", "R")},
            "q2": {"0": ("q2", "0", "L"), "x": ("q0", "x", "R"), "y": ("q2", "y", "L")},
            "q3": {"y": ("q3", "y", "R"), ".": ("q4", ".", "R")},
        },
        initial_state="q0",
        blank_symbol=".",
        final_states={"q4"},
    )
    machine = from_automata(dtm)
    for word in ("01", "000111", "0", "0011 1".replace(" ", ""), "10"):
        *_, last = steps(machine, word)
        assert (machine.verdicts[last.state] == "accept") == dtm.accepts_input(word)


def test_a_choice_is_refused() -> None:
    mntm = MNTM(
        states={"q0", "q1"},
        input_symbols={"1"},
        tape_symbols={"1", "#"},
        n_tapes=2,
        transitions={"q0": {("1", "#"): [("q0", (("1", "R"), ("1", "R"))), ("q1", (("1", "N"), ("#", "N")))]}},
        initial_state="q0",
        blank_symbol="#",
        final_states={"q1"},
    )
    with pytest.raises(MachineError, match="`q0` reading `1 #` has 2 results"):
        from_automata(mntm)


FLIP = Machine(
    states=("a", "end"),
    symbols=("_", "0", "1"),
    rules=(Rule(0, (0,), (0,), (0,), 1), Rule(0, (1,), (2,), (1,), 0), Rule(0, (2,), (1,), (1,), 0)),
    verdicts=(None, "accept"),
)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"one_way": (True,)}, "one-way"),
        ({"symbols": ("_", "zero", "1")}, "several characters"),
        ({"verdicts": (None, "halt")}, "`end` means `halt`"),
        ({"start": 1}, "start state has no rules"),
    ],
)
def test_what_automata_lib_cannot_hold_is_refused(change: dict[str, object], reason: str) -> None:
    to_automata(FLIP)
    with pytest.raises(CannotHold, match=reason):
        to_automata(replace(FLIP, **change))  # type: ignore[arg-type]


def test_without_the_library_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "automata.tm.dtm", None)
    with pytest.raises(InputError, match="pip install automata-lib"):
        to_automata(FLIP)
