"""`triquetra agree`: all forms in lockstep, to the first difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .common import (
    Artifact,
    Cells,
    Exit,
    File,
    From,
    GainOption,
    InputFiles,
    Inputs,
    Json,
    TapeMode,
    command,
    make_progress,
    memory_cells,
    open_program,
    print_json,
)

if TYPE_CHECKING:
    from triquetra.machines import Machine
    from triquetra.runtime.lockstep import Difference, Moment


@command
def agree(
    file: File,
    from_: From = None,
    input: Inputs = None,
    input_file: InputFiles = None,
    tape: TapeMode = "external",
    cells: Cells = None,
    gain: GainOption = None,
    artifact: Artifact = None,
    max_steps: Annotated[int, typer.Option("--max-steps", min=0, help="Compare so many steps at most.")] = 10_000,
    json: Json = False,
) -> None:
    """Run a machine, its network and its Bayesian agent side by side; exit status 1 if they part."""
    from triquetra.machines.formats import input_tapes
    from triquetra.runtime.lockstep import lockstep

    from .forms import make_forms
    from .show_run import describe, draw, sentence

    program = open_program(file, from_)
    machine = program.machine
    inputs = input_tapes(program, input or [])
    memory = memory_cells(tape, cells)
    forms = make_forms(machine, ["network", "pomdp"], cells=memory, gain=gain, artifact=artifact)
    report, stop = make_progress("lockstep", max_steps)
    try:
        result = lockstep(machine, list(forms.values()), *inputs, max_steps=max_steps, progress=report)
    finally:
        stop()
    if json:
        described = describe(machine, "all", result.outcome) | {"agree": result.agrees, "tape_mode": tape}
        described["margins"] = {
            name: {"smallest": m.smallest, "unit": m.unit, "largest_off": m.largest_off}
            for name, m in result.margins.items()
        }
        if result.difference is not None:
            described["difference"] = _describe_difference(machine, result.difference)
        print_json(described | {"notes": list(program.notes)})
    elif result.difference is None:
        print(f"turing, network and pomdp agree at every step: {sentence(machine, result.outcome)}")
        print(f"  {draw(machine, result.outcome.configuration, 100)}")
        for name, margin in result.margins.items():
            if margin.unit:
                print(
                    f"  {name:<14} smallest margin {margin.smallest:.6f} ({margin.unit}), "
                    f"largest off unit {margin.largest_off:.1e}"
                )
    else:
        _print_difference(machine, result.difference)
    if not result.agrees:
        raise typer.Exit(Exit.FAILED)


def _columns(machine: Machine, moment: Moment) -> dict[str, Any]:
    """State, head, cell and halting of a moment, or the unit that encodes nothing."""
    from triquetra.runtime.protocol import Undecodable

    margin = {"margin": moment.margin.smallest, "margin_unit": moment.margin.unit} if moment.margin.unit else {}
    there = moment.configuration
    if isinstance(there, Undecodable):
        return {"undecodable": there.reason, "unit": there.unit, "activity": there.activity} | margin
    return {
        "state": machine.states[there.state],
        "head": list(there.heads),
        "cell": [machine.symbols[a] for a in there.read],
        "halted": moment.halted,
    } | margin


def _describe_difference(machine: Machine, difference: Difference) -> dict[str, Any]:
    moments = {moment.form: _columns(machine, moment) for moment in difference.moments}
    return {"step": difference.step, "what": difference.what, "forms": moments}


def _print_difference(machine: Machine, difference: Difference) -> None:
    from triquetra.runtime.protocol import Undecodable

    from .output import console, table
    from .show_run import draw

    print(f"the forms part at step {difference.step}: {difference.what}")
    rows = table("", *(moment.form for moment in difference.moments))
    columns = [_columns(machine, moment) for moment in difference.moments]
    for key in dict.fromkeys(key for column in columns for key in column):
        cells = [column.get(key, "") for column in columns]
        rows.add_row(key, *(" ".join(map(str, c)) if isinstance(c, list) else str(c) for c in cells))
    console().print(rows)
    for moment in difference.moments:
        if not isinstance(moment.configuration, Undecodable):
            print(f"  {moment.form:<14} {draw(machine, moment.configuration, 100)}")
