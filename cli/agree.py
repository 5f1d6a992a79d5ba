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
from .forms import Foreign

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
    foreign: Foreign = False,
    max_steps: Annotated[
        int | None,
        typer.Option("--max-steps", min=0, help="Compare so many steps at most.", show_default="10,000"),
    ] = None,
    dense: Annotated[bool, typer.Option("--dense", help="Compute every unit at every step, and show margins.")] = False,
    json: Json = False,
) -> None:
    """Run a machine, its network and its Bayesian agent side by side; exit status 1 if they part."""
    from triquetra.machines import Verdict
    from triquetra.machines.formats import input_tapes
    from triquetra.runtime.forms import AGREE_STEPS, ALL, form_names, is_compiled
    from triquetra.runtime.lockstep import lockstep

    from .forms import make_forms
    from .show_run import describe

    program = open_program(file, from_)
    machine, memory = program.machine, memory_cells(tape, cells)
    names = form_names(ALL, among=is_compiled)
    forms = make_forms(machine, names, cells=memory, gain=gain, artifact=artifact, foreign=foreign)
    inputs = input_tapes(program, input or [])
    limit = AGREE_STEPS if max_steps is None else max_steps
    report, stop = make_progress("lockstep", limit)
    try:
        result = lockstep(machine, list(forms.values()), *inputs, max_steps=limit, dense=dense, progress=report)
    finally:
        stop()
    if json:
        described = describe(machine, ALL, result.outcome) | {"agree": result.agrees, "tape_mode": tape}
        described["margins"] = {
            name: {"smallest": m.smallest, "unit": m.unit, "largest_off": m.largest_off}
            for name, m in result.margins.items()
        }
        if result.difference is not None:
            described["difference"] = _describe_difference(machine, result.difference)
        print_json(described | {"notes": list(program.notes)})
    elif result.difference is None:
        print(result)
    else:
        _print_difference(machine, result.difference)
    if not result:
        raise typer.Exit(Exit.FAILED)
    if result.outcome.verdict in (Verdict.STEP_LIMIT, Verdict.LEFT_MEMORY):
        raise typer.Exit(Exit.LIMIT)


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
    from triquetra.machines import draw
    from triquetra.machines.outcome import SHOWN
    from triquetra.runtime.protocol import Undecodable

    from .output import console, table

    print(f"the forms part at step {difference.step:,}: {difference.what}")
    rows = table("", *(moment.form for moment in difference.moments))
    columns = [_columns(machine, moment) for moment in difference.moments]
    for key in dict.fromkeys(key for column in columns for key in column):
        rows.add_row(key, *(_cell(column.get(key, "")) for column in columns))
    console().print(rows)
    for moment in difference.moments:
        if not isinstance(moment.configuration, Undecodable):
            print(f"  {moment.form:<14} {draw(machine, moment.configuration, SHOWN)}")


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    return f"{value:.6g}" if isinstance(value, float) else str(value)
