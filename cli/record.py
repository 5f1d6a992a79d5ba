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
from .forms import Foreign, FormOption
from .output import Force, count, new_files


@command
def record(
    file: File,
    out: Annotated[str, typer.Option("--out", "-o", help="CSV file: a line of unit names, then a line each step.")],
    input: Inputs = None,
    input_file: InputFiles = None,
    form: FormOption = "network",
    tape: TapeMode = "external",
    cells: Cells = None,
    gain: GainOption = None,
    artifact: Artifact = None,
    foreign: Foreign = False,
    max_steps: Annotated[int, typer.Option("--max-steps", min=1, help="Stop after so many steps.")] = 10_000,
    force: Force = False,
    from_: From = None,
    json: Json = False,
) -> None:
    """Record the activity of all units; `decompile` reads the machine off it again."""
    from triquetra.forms.recording import write_recording
    from triquetra.machines import InputError
    from triquetra.machines.formats import input_tapes
    from triquetra.runtime.forms import form_names, is_compiled
    from triquetra.runtime.record import record as record_form

    from .forms import make_forms

    (name, *others) = form_names(form, among=is_compiled)  # a table has no activity
    if others:
        raise InputError(f"a recording is of one form: {', '.join(f'--form {each}' for each in (name, *others))}")
    new_files(force, out)
    program = open_program(file, from_)
    machine = program.machine
    cells = memory_cells(tape, cells)
    forms = make_forms(machine, [name], cells=cells, gain=gain, artifact=artifact, foreign=foreign)
    recording = record_form(forms[name], *input_tapes(program, input or []), max_steps=max_steps)
    write_recording(recording, out)
    rows, units = recording.activity.shape
    if json:
        print_json({
            "machine": machine.name, "form": form, "out": out, "steps": rows - 1, "units": units,
            "notes": list(program.notes),
        })  # fmt: skip
    else:
        print(f"{count(rows - 1, 'step')} of {count(units, 'unit')} of the {form} of {machine.name}, written to {out}")
