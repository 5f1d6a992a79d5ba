"""`triquetra decompile`: back from weights, or from recorded activity, to a machine."""

from __future__ import annotations

from typing import Annotated

import typer

from .common import Json, command, print_json


@command
def decompile(
    source: Annotated[str, typer.Argument(help="A saved network's folder, or a recording of activity as CSV.")],
    out: Annotated[str | None, typer.Option("--out", "-o", help="Write the machine to this .tm file.")] = None,
    clear: Annotated[
        float | None, typer.Option(help="Nats that every drive must be away from zero; default ln 7.")
    ] = None,
    json: Json = False,
) -> None:
    """Read a machine off a network's weights, or the visited part of it off recorded activity (time × units)."""
    from pathlib import Path

    from triquetra.compiler.decompile import CLEAR
    from triquetra.compiler.decompile import decompile as from_weights
    from triquetra.compiler.from_activity import from_activity
    from triquetra.forms import load_network
    from triquetra.forms.recording import read_recording
    from triquetra.machines import InputError, write_whole
    from triquetra.machines.language import print_machine

    if Path(source).suffix == ".csv":
        if clear is not None:
            raise InputError("--clear is about weights; activities are on or off within 1/8")
        visited = from_activity(read_recording(source), name=Path(source).stem)
        machine, unknown, notes = visited.machine, visited.unknown(), visited.notes
    else:
        machine = from_weights(load_network(source), clear=CLEAR if clear is None else clear)
        unknown, notes = [], ()
    text = print_machine(machine)
    cells = [f"{machine.states[s]} {' '.join(machine.symbols[a] for a in read)}" for s, read in unknown]
    if out is not None:
        write_whole(out, text)
    if json:
        print_json({
            "machine": text, "name": machine.name, "digest": machine.digest, "states": len(machine.states),
            "rules": len(machine.rules), "unknown_cells": cells, "notes": notes, "out": out,
        })  # fmt: skip
        return
    if out is None:
        print(text, end="")
    else:
        print(f"{machine}\n  written to {out}")
    if unknown:
        shown = ", ".join(cells[:12]) + (", …" if len(cells) > 12 else "")
        print(f"# not visited, so not known: {len(cells)} of {len(cells) + len(machine.rules)} cells: {shown}")
    for note in notes:
        print(f"# {note}")
