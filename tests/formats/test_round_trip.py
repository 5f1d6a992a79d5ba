"""Machine to text to machine: equal, or refused for a reason that the module states."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from triquetra.machines import Machine, Rule, steps
from triquetra.machines.equivalence import renaming
from triquetra.machines.formats import FORMATS, CannotHold, by_name, detect, read, write
from triquetra.machines.graph import without_unreachable
from triquetra.machines.strategies import machines

NAMED = [format.name for format in FORMATS if format.read is not None and format.name not in ("busy-beaver", "tm")]
READABLE = [format.name for format in FORMATS if format.read is not None]

names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=4)


@st.composite
def renamed(draw: st.DrawFn) -> Machine:
    """A machine with the worst of names."""
    machine = draw(machines(max_states=3, max_tapes=2, max_symbols=3, one_way=False))
    awkward = names | st.sampled_from(
        ["0", "_", "*", "halt", "halt-accept", "q0", "L", "y", "null", "---", " ", "#", "<"]
    )
    states = draw(st.lists(awkward, min_size=len(machine.states), max_size=len(machine.states), unique=True))
    symbols = draw(st.lists(awkward, min_size=len(machine.symbols), max_size=len(machine.symbols), unique=True))
    return Machine(
        states=tuple(states),
        symbols=tuple(symbols),
        rules=machine.rules,
        verdicts=machine.verdicts,
        start=machine.start,
        one_way=machine.one_way,
        input_symbols=machine.input_symbols,
    )


def reasons(machine: Machine, format: str) -> list[str]:
    """Why a format with names may refuse this machine, from the formats' own documentation."""
    start_used = any(machine.start in (rule.state, rule.goto) for rule in machine.rules)
    return [
        reason
        for reason, holds in (
            ("one-way", any(machine.one_way)),
            ("tapes", machine.tapes > 1 and format in ("morphett", "turingmachine.io")),
            ("start state halts", format == "morphett" and machine.verdicts[machine.start] is not None),
            ("start state is in no rule", format == "morphett" and not start_used),
            ("no rules", format == "csv" and not machine.rules),
        )
        if holds
    ]


@pytest.mark.parametrize("format", NAMED)
@given(machine=machines(max_tapes=2) | renamed())
def test_named_formats_hold_the_machine_or_say_why_not(format: str, machine: Machine) -> None:
    expected = reasons(machine, format)
    try:
        text = write(machine, format)
    except CannotHold as error:
        assert any(reason in str(error) for reason in expected), str(error)
    else:
        assert not expected
        assert read(text, format=format) == machine
        assert detect(text, by_name(format).suffixes[0]).name == format


@pytest.mark.parametrize("format", NAMED)
@given(machine=machines(one_way=False))
def test_the_content_alone_tells_the_format(format: str, machine: Machine) -> None:
    assume(not reasons(machine, format))
    assert detect(write(machine, format)).name == format


@given(machine=machines(verdicts=("halt",), one_way=False, any_input=True))
def test_busy_beaver_text_holds_the_machine_up_to_names(machine: Machine) -> None:
    assume(machine.verdicts[machine.start] is None)
    back = read(write(machine, "busy-beaver"))
    merged = _merge_halting(machine)
    assert renaming(without_unreachable(back), without_unreachable(merged)) is not None


def _merge_halting(machine: Machine) -> Machine:
    """One halting state in place of all."""
    first = next((s for s, verdict in enumerate(machine.verdicts) if verdict is not None), None)
    rules = tuple(
        Rule(r.state, r.read, r.write, r.move, r.goto if machine.verdicts[r.goto] is None else first or 0)
        for r in machine.rules
    )
    return Machine(
        states=machine.states, symbols=machine.symbols, rules=rules, verdicts=machine.verdicts, start=machine.start
    )


def test_two_meanings_of_halting_do_not_fit_busy_beaver_text() -> None:
    machine = Machine(
        states=("go", "yes", "no"),
        symbols=("0", "1"),
        rules=(Rule(0, (0,), (0,), (1,), 1), Rule(0, (1,), (1,), (1,), 2)),
        verdicts=(None, "accept", "reject"),
    )
    with pytest.raises(CannotHold, match="accept, reject"):
        write(machine, "busy-beaver")


@pytest.mark.parametrize("format", ["dot", "graphml"])
@given(machine=machines(max_tapes=2))
def test_drawings_are_written_but_not_read(format: str, machine: Machine) -> None:
    text = write(machine, format)
    assert all(name in text for name in machine.states)
    with pytest.raises(ValueError, match="drawing"):
        read(text, format=format)


def test_runs_are_the_same_before_and_after() -> None:
    bb4 = read("1RB1LB_1LA0LC_1RZ1LD_1RD0RA")
    for format in READABLE:
        back = read(write(bb4, format), format=format)
        if format == "busy-beaver":
            assert sum(1 for _ in steps(back)) - 1 == 107
        else:
            assert list(steps(back)) == list(steps(bb4))
