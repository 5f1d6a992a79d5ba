"""Recordings back to the visited part of δ."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from typer import Typer
from typer.testing import CliRunner

from triquetra.cli.decompile import decompile as decompile_command
from triquetra.cli.record import record as record_command
from triquetra.compiler.decompile import NoMachine
from triquetra.compiler.from_activity import from_activity
from triquetra.compiler.gain import choose_gain
from triquetra.compiler.to_network import to_network
from triquetra.compiler.to_pomdp import to_pomdp
from triquetra.compiler.unlabelled import from_unlabelled_activity, mirrored
from triquetra.forms import FormError
from triquetra.forms.recording import Recording, read_recording, write_recording
from triquetra.machines import InputError, Machine, Tape, from_busy_beaver, parse, steps
from triquetra.machines.equivalence import renaming
from triquetra.machines.load import load
from triquetra.machines.strategies import machines, machines_with_input
from triquetra.runtime.network import NetworkForm
from triquetra.runtime.pomdp import PomdpForm
from triquetra.runtime.record import record
from triquetra.runtime.reference import TuringForm

BUSY_BEAVER = from_busy_beaver("1RB1LC_1RC1RB_1RD0LE_1LA1LD_1RZ0LA")
CHAMPION_4 = from_busy_beaver("1RB1LB_1LA0LC_1RZ1LD_1RD0RA")
Drawn = tuple[Machine, tuple[Tape, ...]]


def recording_of(machine: Machine, *inputs: Tape, max_steps: int = 60) -> Recording:
    return record(NetworkForm(to_network(machine, choose_gain(machine))), *inputs, max_steps=max_steps)


def visited_cells(machine: Machine, *inputs: Tape, max_steps: int) -> set[tuple[int, tuple[int, ...]]]:
    cells = set()
    for number, configuration in enumerate(steps(machine, *inputs)):
        if number == max_steps:
            break
        cells.add((configuration.state, configuration.read))
    return cells


@given(machines_with_input(machines(max_tapes=2)))
def test_what_was_visited_comes_back_and_the_rest_is_unknown(drawn: Drawn) -> None:
    machine, inputs = drawn
    found = from_activity(recording_of(machine, *inputs), one_way=machine.one_way)
    cells = visited_cells(machine, *inputs, max_steps=60)
    assert found.machine.states == machine.states
    assert found.machine.symbols == machine.symbols
    assert found.machine.start == machine.start
    assert found.machine.one_way == machine.one_way
    assert set(found.machine.rules) == {machine.delta[cell] for cell in cells if cell in machine.delta}
    assert found.halting == {cell for cell in cells if cell not in machine.delta}
    everything = {(s, r) for s in range(len(machine.states)) for r in _reads(machine)}
    assert set(found.unknown()) == everything - cells


def _reads(machine: Machine) -> list[tuple[int, ...]]:
    return [tuple(index) for index in np.ndindex(*[len(machine.symbols)] * machine.tapes)]


def test_the_agents_expectations_are_activity_too() -> None:
    network = to_network(CHAMPION_4, choose_gain(CHAMPION_4))
    found = from_activity(record(PomdpForm(to_pomdp(network), 60), max_steps=200))
    assert found.machine == replace(CHAMPION_4, verdicts=(None,) * 5)
    assert [(found.machine.states[s], read) for s, read in found.unknown()] == [("Z", (1,))]


def test_runs_on_several_inputs_join() -> None:
    machine = from_busy_beaver("1RA1LB_0LA---")
    one, two = recording_of(machine, Tape(), max_steps=5), recording_of(machine, Tape.of([1]), max_steps=30)
    both = from_activity(one.join(two))
    assert set(both.machine.rules) >= set(from_activity(one).machine.rules)
    assert len(both.unknown()) < len(from_activity(one).unknown())


def test_a_recording_survives_its_file(tmp_path: Path) -> None:
    recording = recording_of(CHAMPION_4, max_steps=20)
    write_recording(recording, tmp_path / "activity.csv")
    back = read_recording(tmp_path / "activity.csv")
    assert back.units == recording.units
    np.testing.assert_array_equal(back.activity, recording.activity)


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "a line of unit names"),
        ("state:A,halt\n1,0,0\n", r":2: 3 entries for 2 units"),
        ("state:A,halt\n1,zero\n", r":2: `zero` is not a number \(unit `halt`\)"),
        ("state:A,halt\n1,nan\n", "row 1: activity of `halt` is nan"),
        ("state:A,state:A\n1,0\n", "names a unit twice"),
        ("state:A,step\n1,0\n0,2\n", ":3: step 2 follows step 0: rows are missing"),
        ("state:A,step\n1,1\n", ":2: the recording begins with step 1"),
        ("state:A,step\n1,x\n", r":2: `x` is not a number of steps"),
    ],
)
def test_a_damaged_file_is_refused_with_its_line(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "activity.csv"
    path.write_text(text)
    with pytest.raises(FormError, match=says):
        read_recording(path)


def changed(row: int, **activities: float) -> Recording:
    recording = recording_of(CHAMPION_4, max_steps=20)
    activity = recording.activity.copy()
    for name, value in activities.items():
        activity[row, recording.units.index(name.replace("_", ":"))] = value
    return Recording(recording.units, activity)


@pytest.mark.parametrize(
    "row, activities, says",
    [
        (3, {"move_L": 0.4}, "row 4: `move:L` is undecided at 0.4"),
        (2, {"state_A": 1.0, "state_B": 1.0}, "row 3: `state:A` and `state:B` are on together"),
        (0, {"read_0": 1.0}, "row 1 reads a symbol"),
        (2, {"risk_0": 0.0, "risk_1": 1.0}, "row 3: "),
    ],
)
def test_activity_of_no_machine_is_refused(row: int, activities: dict[str, float], says: str) -> None:
    with pytest.raises(NoMachine, match=says):
        from_activity(changed(row, **activities))


@given(machines_with_input(machines(max_tapes=2), max_cells=4), st.data())
@settings(max_examples=60)
def test_columns_may_stand_in_any_order(drawn: Drawn, data: st.DataObject) -> None:
    machine, inputs = drawn
    recording = recording_of(machine, *inputs, max_steps=30)
    order = data.draw(st.permutations(range(len(recording.units))))
    shuffled = Recording(tuple(recording.units[c] for c in order), recording.activity[:, order])
    one = from_activity(recording, one_way=machine.one_way)
    other = from_activity(shuffled, one_way=machine.one_way, blank=machine.symbols[0])
    assert renaming(one.machine, other.machine) is not None
    assert one.machine.symbols[0] == other.machine.symbols[0]
    assert {one.machine.describe_rule(r) for r in one.machine.rules} == {
        other.machine.describe_rule(r) for r in other.machine.rules
    }
    assert len(one.unknown()) == len(other.unknown())


def test_where_columns_moved_the_blank_is_told_by_the_cells_that_were_met() -> None:
    recording = recording_of(CHAMPION_4, max_steps=200)
    order = np.argsort(np.array(recording.units))[::-1]
    found = from_activity(Recording(tuple(np.array(recording.units)[order]), recording.activity[:, order]))
    assert found.machine.symbols[0] == "0"
    assert "taken to be `0`" in found.notes[0]
    with pytest.raises(FormError, match="`x` is none of the symbols read: 0 1"):
        from_activity(recording, blank="x")


@given(machines_with_input(machines(max_tapes=2), max_cells=4), st.data())
@settings(max_examples=100)
def test_a_row_that_is_missing_from_a_file_is_found(drawn: Drawn, data: st.DataObject) -> None:
    """Any row but the last: without it the file is refused, and the message names the line."""
    machine, inputs = drawn
    recording = recording_of(machine, *inputs, max_steps=20)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "activity.csv"
        write_recording(recording, path)
        lines = path.read_text().splitlines(keepends=True)
        lost = data.draw(st.integers(1, len(lines) - 2))
        path.write_text("".join(lines[:lost] + lines[lost + 1 :]))
        with pytest.raises(FormError, match=f":{lost + 1}: .*step {lost}") as refused:
            read_recording(path)
    assert "missing" in str(refused.value)


def test_without_a_count_of_steps_a_missing_row_shows_on_the_tape() -> None:
    """Without one row a recording of `increment` is refused, or all that comes of it is rules of `increment`."""
    machine = load("@increment").machine
    recording = recording_of(machine, Tape.of(machine.word("1011")), max_steps=50)
    refused = 0
    for row in range(len(recording.activity)):
        rest = Recording(recording.units, np.delete(recording.activity, row, axis=0))
        try:
            found = from_activity(rest).machine
        except NoMachine as error:
            refused += "rows are missing or out of order" in str(error)
        else:
            assert set(found.rules) <= set(machine.rules)
    assert refused >= 5


def test_a_symbol_that_was_not_left_there_is_refused_with_both_rows() -> None:
    """Right, left: cell 0 is read in rows 2 and 4; 1 was written in row 2, and 0 is read in row 4."""
    units = ("read:0", "read:1", "state:A", "state:B", "halt", "move:L", "move:R", "risk:0", "risk:1")
    activity = np.array([
        [0, 0, 1, 0, 0, 0, 0, 0, 0],
        [1, 0, 0, 1, 0, 0, 1, 1, 1],
        [1, 0, 1, 0, 0, 1, 0, 0, 0],
        [1, 0, 0, 1, 0, 0, 1, 1, 1],
    ])  # fmt: skip
    with pytest.raises(NoMachine, match="row 4: `read:0` is on in a cell where row 2 left `1`"):
        from_activity(Recording(units, activity.astype(float)))


def test_a_cell_that_does_two_things_is_refused() -> None:
    one = recording_of(CHAMPION_4, max_steps=3)
    other = recording_of(from_busy_beaver("0RB1LB_1LA0LC_1RZ1LD_1RD0RA"), max_steps=3)
    with pytest.raises(NoMachine, match="cell `state:A`, `read:0` does something else than before"):
        from_activity(one.join(other))


@pytest.mark.parametrize(
    "units, says",
    [
        (("state:A", "spare"), "column 2: `spare` is no unit's name"),
        (("state:A", "halt", "read:0"), "needs units of all kinds"),
        (("state:A", "halt", "read:0", "risk:1", "move:L", "move:R"), "the risk units stand for 1, and not for 0"),
        (("state:A", "halt", "read:0", "risk:0", "move:R", "move:S"), "the move units stand for R S, and not for L R"),
    ],
)
def test_units_that_say_nothing_are_refused(units: tuple[str, ...], says: str) -> None:
    with pytest.raises(FormError, match=says):
        from_activity(Recording(units, np.zeros((2, len(units)))))


def test_a_table_has_nothing_to_record() -> None:
    with pytest.raises(InputError, match="nothing to record"):
        record(TuringForm(CHAMPION_4), max_steps=5)


def nameless(recording: Recording, seed: int) -> Recording:
    """The same activity with columns in another order and without names."""
    order = np.random.default_rng(seed).permutation(len(recording.units))
    return Recording(tuple(f"unit {i}" for i in range(len(order))), recording.activity[:, order])


@pytest.mark.parametrize(
    "text", ["1RB1LB_1LA0LC_1RZ1LD_1RD0RA", "1RB1LC_1RC1RB_1RD0LE_1LA1LD_1RZ0LA", "1RB2LA1RA1RA_1LB1LA3RB1RZ"]
)
@pytest.mark.parametrize("seed", [0, 1])
def test_without_names_the_machine_comes_back_up_to_names_and_direction(text: str, seed: int) -> None:
    machine = from_busy_beaver(text)
    recording = recording_of(machine, max_steps=400)
    named = from_activity(recording).machine
    found = from_unlabelled_activity(nameless(recording, seed))
    assert len(found) == 1
    learned = found[0].machine
    visited = _only_met(named, recording)
    assert renaming(visited, learned) is not None or renaming(visited, mirrored(learned)) is not None
    assert any("left and right look alike" in note for note in found[0].notes)


def _only_met(machine: Machine, recording: Recording) -> Machine:
    """The machine without states and symbols that were never met: an unlabelled recording cannot know of them."""
    on = {name for name, column in zip(recording.units, recording.activity.T) if column.max() > 0.5}
    states = [s for s, name in enumerate(machine.states) if f"state:{name}" in on]
    symbols = [a for a, name in enumerate(machine.symbols) if on & {f"read:{name}", f"risk:{name}"}]
    rules = [
        replace(
            rule,
            state=states.index(rule.state),
            goto=states.index(rule.goto),
            read=(symbols.index(rule.read[0]),),
            write=(symbols.index(rule.write[0]),),
        )
        for rule in machine.rules
    ]
    return Machine(
        states=tuple(machine.states[s] for s in states),
        symbols=tuple(machine.symbols[a] for a in symbols),
        rules=tuple(rules),
        verdicts=(None,) * len(states),
        start=states.index(machine.start),
    )


def with_blank(machine: Machine, blank: int) -> Machine:
    """The machine with another symbol as its blank."""
    order = [blank, *(a for a in range(len(machine.symbols)) if a != blank)]
    rules = [replace(r, read=(order.index(r.read[0]),), write=(order.index(r.write[0]),)) for r in machine.rules]
    return replace(
        machine,
        symbols=tuple(machine.symbols[a] for a in order),
        rules=tuple(sorted(rules, key=lambda r: (r.state, r.read))),
    )


def same_but_for_blank_and_direction(a: Machine, b: Machine) -> bool:
    candidates = [with_blank(b, blank) for blank in range(len(b.symbols))]
    return any(renaming(a, each) is not None for c in candidates for each in (c, mirrored(c)))


@given(machines_with_input(machines(one_way=False, max_halting=0, max_states=3), max_cells=4), st.integers(0, 99))
@settings(max_examples=40)
def test_one_of_the_readings_is_always_the_machine_that_ran(drawn: Drawn, seed: int) -> None:
    machine, inputs = drawn
    recording = recording_of(machine, *inputs, max_steps=40)
    assume(len(recording.activity) > 2)
    named = from_activity(recording).machine
    try:
        found = from_unlabelled_activity(nameless(recording, seed))
    except NoMachine as error:
        assert "readings of these units are possible" in str(error)
        return
    met = _only_met(named, recording)
    assert any(same_but_for_blank_and_direction(met, reading.machine) for reading in found)


def test_activity_that_no_reading_fits_is_refused() -> None:
    rng = np.random.default_rng(0)
    noise = (rng.random((20, 6)) > 0.5).astype(float)
    noise[0] = [1, 0, 0, 0, 0, 0]
    with pytest.raises(NoMachine, match="no run of a machine"):
        from_unlabelled_activity(Recording(tuple("abcdef"), noise))
    with pytest.raises(NoMachine, match="row 1: 2 units are on"):
        from_unlabelled_activity(Recording(("a", "b"), np.ones((2, 2))))


app = Typer()
app.command()(record_command)
decompile_app = Typer()
decompile_app.command()(decompile_command)


def test_commands_record_and_decompile(tmp_path: Path) -> None:
    text, path = "1RB1LB_1LA0LC_1RZ1LD_1RD0RA", str(tmp_path / "beaver.csv")
    recorded = CliRunner().invoke(app, [text, "--out", path, "--max-steps", "200", "--json"])
    assert recorded.exit_code == 0, recorded.output
    assert json.loads(recorded.output)["steps"] == 108
    named = CliRunner().invoke(decompile_app, [path])
    assert named.exit_code == 0
    assert "machine beaver" in named.output and "not visited, so not known: 1 of 10 cells: Z 1" in named.output
    unlabelled = CliRunner().invoke(decompile_app, [path, "--unlabelled", "--json"])
    report = json.loads(unlabelled.output)
    assert unlabelled.exit_code == 0
    assert report["rules"] == 8 and report["other_readings"] == 0
    written = CliRunner().invoke(decompile_app, [path, "--out", str(tmp_path / "back.tm")])
    assert written.exit_code == 0
    assert parse((tmp_path / "back.tm").read_text()).machine.rules == from_busy_beaver(text).rules


@pytest.mark.parametrize(
    "arguments, says",
    [
        (["--clear", "3"], "--clear is about weights"),
        (["--one-way", "--clear", "3"], "--clear is about weights"),
    ],
)
def test_options_that_do_not_go_together_are_refused(arguments: list[str], says: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_recording(recording_of(CHAMPION_4, max_steps=5), path)
    result = CliRunner().invoke(decompile_app, [str(path), *arguments])
    assert result.exit_code == 2 and says in result.output
    folder = CliRunner().invoke(decompile_app, [str(tmp_path), "--unlabelled"])
    assert folder.exit_code == 2 and "about recordings" in folder.output
