"""`triquetra compile`: a machine's network and POMDP, saved."""

from __future__ import annotations

import hashlib
from typing import Annotated

import typer

from .common import (
    Cells,
    File,
    From,
    GainOption,
    Json,
    command,
    open_program,
    print_json,
    refuse_ignored,
)
from .output import Force, new_files


@command
def compile(
    context: typer.Context,
    file: File,
    out: Annotated[str, typer.Option("--out", "-o", help="Folder to save in; made if missing.")],
    to: Annotated[str, typer.Option("--to", help="A form that is compiled, or all.")] = "all",
    cells: Cells = None,
    tolerance: Annotated[
        float | None,
        typer.Option(
            "--tolerance", min=0, max=0.125, show_default="1e-9", help="Bound on the summed activity of off units."
        ),
    ] = None,
    gain: GainOption = None,
    force: Force = False,
    from_: From = None,
    json: Json = False,
) -> None:
    """Compile a machine and save its forms as safetensors with a JSON header."""
    from pathlib import Path

    from triquetra.compiler import compile_machine
    from triquetra.compiler.gain import DEFAULT_CELLS, DEFAULT_TOLERANCE
    from triquetra.forms import KINDS
    from triquetra.runtime.forms import FORMS, form_names, is_saved, save

    names = form_names(to, among=is_saved)
    if gain is not None:
        refuse_ignored(context, ("cells", "tolerance"), "chooses a gain, and --gain is given; leave one out")
    new_files(force, *(Path(out) / f"{kind}.json" for kind in KINDS))
    compiled = compile_machine(
        open_program(file, from_).machine,
        cells=cells or DEFAULT_CELLS,
        tolerance=DEFAULT_TOLERANCE if tolerance is None else tolerance,
        gain=gain,
    )
    assert compiled.gain is not None  # it was compiled here
    forms = {name: FORMS[name].of(compiled) for name in names}
    digests = {name: _digest(FORMS[name].files(form)) for name, form in forms.items()}
    save(compiled, out, names)
    if json:
        print_json({
            "machine": compiled.machine.name, "digest": compiled.machine.digest, "out": out,
            "gain": compiled.gain.nats, "cells": compiled.gain.cells,
            "forms": digests,
        })  # fmt: skip
        return
    print(compiled.machine)
    print(compiled.gain)
    for name, form in forms.items():
        print(f"{form}\n  saved in {out}, weights {digests[name][:16]}")


def _digest(files: dict[str, bytes]) -> str:
    """SHA-256 of what a form's files hold beside their headers."""
    return hashlib.sha256(b"".join(raw for name, raw in files.items() if not name.endswith(".json"))).hexdigest()
