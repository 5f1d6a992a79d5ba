"""`triquetra decompile`: back from weights, or from recorded activity, to a machine."""

from __future__ import annotations

from typing import Annotated

import typer

from .common import Exit, Json, command, print_json
from .output import Force, count, new_files, print_data


@command
def decompile(
    source: Annotated[str, typer.Argument(help="A saved network's folder, or a recording of activity as CSV.")],
    out: Annotated[str | None, typer.Option("--out", "-o", help="Write the machine to this .tm file.")] = None,
    clear: Annotated[
        float | None,
        typer.Option("--clear", min=0, show_default="ln 7", help="Nats that every drive must be away from zero."),
    ] = None,
    unlabelled: Annotated[bool, typer.Option("--unlabelled", help="Recording: infer which unit is what.")] = False,
    one_way: Annotated[bool, typer.Option("--one-way", help="Recording: the tapes begin at cell 0.")] = False,
    one_way_tape: Annotated[
        list[int] | None, typer.Option("--one-way-tape", min=1, help="Recording: this tape begins at cell 0.")
    ] = None,
    blank: Annotated[
        str | None, typer.Option("--blank", help="Recording: the blank symbol, which may not show.")
    ] = None,
    force: Force = False,
    json: Json = False,
) -> None:
    """Read a machine off a network's weights, or the visited part of it off recorded activity (time × units)."""
    from pathlib import Path

    from triquetra.compiler.decompile import CLEAR
    from triquetra.compiler.decompile import decompile as from_weights
    from triquetra.compiler.from_activity import from_activity
    from triquetra.compiler.unlabelled import from_unlabelled_activity
    from triquetra.forms import load_network
    from triquetra.forms.recording import read_recording
    from triquetra.machines import InputError, write_whole
    from triquetra.machines.language import print_machine

    new_files(force, out)
    others = 0
    if not Path(source).exists():
        raise InputError(f"there is no folder of a saved network and no recording {source}")
    if not Path(source).is_dir():
        if clear is not None:
            raise InputError("--clear is about weights; activities are on or off within 1/8")
        recording, name = read_recording(source), Path(source).stem
        if unlabelled:
            if blank is not None or one_way_tape:
                raise InputError("--blank and --one-way-tape are for recordings with names, not for --unlabelled")
            visited, *rest = from_unlabelled_activity(recording, name=name, one_way=one_way)
            others = len(rest)
        else:
            tapes = sum(unit.startswith("move") and unit.endswith(":L") for unit in recording.units)
            ends = [one_way or tape in (one_way_tape or []) for tape in range(1, tapes + 1)]
            visited = from_activity(recording, name=name, one_way=ends, blank=blank)
        machine, unknown, notes = visited.machine, visited.unknown(), visited.notes
        if others:
            notes = (f"{count(others, 'other machine')} would show these activities too; record more steps", *notes)
    else:
        if unlabelled or one_way or one_way_tape or blank is not None:
            raise InputError(
                "--unlabelled, --one-way, --one-way-tape and --blank are about recordings; "
                "a saved network has its own axes"
            )
        machine = from_weights(load_network(source), clear=CLEAR if clear is None else clear)
        unknown, notes = [], ()
    text = print_machine(machine)
    cells = [f"{machine.states[s]} {' '.join(machine.symbols[a] for a in read)}" for s, read in unknown]
    if out is not None:
        write_whole(out, text)
    if json:
        print_json({
            "machine": text, "name": machine.name, "digest": machine.digest, "states": len(machine.states),
            "rules": len(machine.rules), "unknown_cells": cells, "notes": notes, "other_readings": others, "out": out,
        })  # fmt: skip
        if others:
            raise typer.Exit(int(Exit.LIMIT))
        return
    if out is None:
        print_data(text)
    else:
        print(f"{machine}\n  written to {out}")
    if unknown:
        shown = ", ".join(cells[:12]) + (", …" if len(cells) > 12 else "")
        total = len(machine.states) * len(machine.symbols) ** machine.tapes
        print(f"# not visited, so not known: {len(cells)} of {count(total, 'cell')}: {shown}")
    for note in notes:
        print(f"# {note}")
    if others:
        raise typer.Exit(int(Exit.LIMIT))
