"""Recordings back to the visited part of δ."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from triquetra.compiler.decompile import NoMachine
from triquetra.compiler.from_activity import from_activity
from triquetra.compiler.gain import choose_gain
from triquetra.compiler.to_network import to_network
from triquetra.compiler.to_pomdp import to_pomdp
from triquetra.forms import FormError
from triquetra.forms.recording import Recording, read_recording, write_recording
from triquetra.machines import InputError, Machine, Tape, from_busy_beaver, steps
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
        (("state:A", "halt", "read:0", "risk:1", "move:L", "move:R"), "do not stand for the same symbols"),
        (("state:A", "halt", "read:0", "risk:0", "move:R", "move:L"), "must be move:L and move:R"),
    ],
)
def test_units_that_say_nothing_are_refused(units: tuple[str, ...], says: str) -> None:
    with pytest.raises(FormError, match=says):
        from_activity(Recording(units, np.zeros((2, len(units)))))


def test_a_table_has_nothing_to_record() -> None:
    with pytest.raises(InputError, match="nothing to record"):
        record(TuringForm(CHAMPION_4), max_steps=5)
