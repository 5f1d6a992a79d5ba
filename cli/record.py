"""`triquetra record`: the activity of a form while it runs, as CSV."""

from __future__ import annotations

from typing import Annotated

import typer

from .common import (
    Artifact,
    Cells,
    File,
    From,
    GainOption,
    InputFiles,
    Inputs,
    Json,
    TapeMode,
    command,
    memory_cells,
    open_program,
    print_json,
)
from .output import Force, count, new_files


@command
def record(
    file: File,
    out: Annotated[str, typer.Option("--out", "-o", help="CSV file: a line of unit names, then a line each step.")],
    input: Inputs = None,
    input_file: InputFiles = None,
    form: Annotated[str, typer.Option("--form", "-f", help="network or pomdp.")] = "network",
    tape: TapeMode = "external",
    cells: Cells = None,
    gain: GainOption = None,
    artifact: Artifact = None,
    max_steps: Annotated[int, typer.Option("--max-steps", min=1, help="Stop after so many steps.")] = 10_000,
    force: Force = False,
    from_: From = None,
    json: Json = False,
) -> None:
    """Record the activity of all units; `decompile` reads the machine off it again."""
    from triquetra.forms.recording import write_recording
    from triquetra.machines import InputError
    from triquetra.machines.formats import input_tapes
    from triquetra.runtime.record import record as record_form

    from .forms import make_forms

    if form not in ("network", "pomdp"):
        raise InputError(f"--form {form}: a table has no activity; record `network` or `pomdp`")
    new_files(force, out)
    program = open_program(file, from_)
    machine = program.machine
    forms = make_forms(machine, [form], cells=memory_cells(tape, cells), gain=gain, artifact=artifact)
    recording = record_form(forms[form], *input_tapes(program, input or []), max_steps=max_steps)
    write_recording(recording, out)
    rows, units = recording.activity.shape
    if json:
        print_json({
            "machine": machine.name, "form": form, "out": out, "steps": rows - 1, "units": units,
            "notes": list(program.notes),
        })  # fmt: skip
    else:
        print(f"{count(rows - 1, 'step')} of {count(units, 'unit')} of the {form} of {machine.name}, written to {out}")
