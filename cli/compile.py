"""`triquetra compile`: a machine's network and POMDP, saved."""

from __future__ import annotations

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
    to: Annotated[str, typer.Option("--to", help="network, pomdp or all.")] = "all",
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
    from triquetra.forms import digest, save_all
    from triquetra.machines import InputError

    if to not in ("network", "pomdp", "all"):
        raise InputError(f"--to {to}: compile to `network`, `pomdp` or `all`")
    if gain is not None:
        refuse_ignored(context, ("cells", "tolerance"), "chooses a gain, and --gain is given; leave one out")
    new_files(force, *(Path(out) / f"{kind}.json" for kind in ("network", "pomdp")))
    compiled = compile_machine(
        open_program(file, from_).machine,
        cells=cells or DEFAULT_CELLS,
        tolerance=DEFAULT_TOLERANCE if tolerance is None else tolerance,
        gain=gain,
    )
    forms = [form for name, form in (("network", compiled.network), ("pomdp", compiled.pomdp)) if to in (name, "all")]
    save_all(forms, out)
    if json:
        print_json({
            "machine": compiled.machine.name, "digest": compiled.machine.digest, "out": out,
            "gain": compiled.gain.nats, "cells": compiled.gain.cells,
            "forms": {type(form).__name__.lower(): digest(form) for form in forms},
        })  # fmt: skip
        return
    print(compiled.machine)
    print(compiled.gain)
    for form in forms:
        print(f"{form}\n  saved in {out}, weights {digest(form)[:16]}")
