"""`triquetra compile`: a machine's network and POMDP, saved."""

from __future__ import annotations

from typing import Annotated

import typer

from .common import Cells, File, GainOption, Json, command, print_json


@command
def compile(
    file: File,
    out: Annotated[str, typer.Option("--out", "-o", help="Folder to save in; made if missing.")],
    to: Annotated[str, typer.Option("--to", help="network, pomdp or all.")] = "all",
    cells: Cells = None,
    tolerance: Annotated[float | None, typer.Option(help="Bound on the summed activity of off units.")] = None,
    gain: GainOption = None,
    json: Json = False,
) -> None:
    """Compile a machine and save its forms as safetensors with a JSON header."""
    from triquetra.compiler import compile_machine
    from triquetra.compiler.gain import DEFAULT_CELLS, DEFAULT_TOLERANCE
    from triquetra.forms import digest, save_all
    from triquetra.machines import InputError
    from triquetra.machines.load import load

    if to not in ("network", "pomdp", "all"):
        raise InputError(f"--to {to}: compile to `network`, `pomdp` or `all`")
    compiled = compile_machine(
        load(file).machine,
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
