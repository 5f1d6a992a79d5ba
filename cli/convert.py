"""`triquetra convert`: from any format to any other."""

from __future__ import annotations

from typing import Annotated

import typer

from .common import File, From, Json, command, open_program, print_json, print_notes


@command
def convert(
    source: File,
    target: Annotated[str, typer.Argument(help="A path whose suffix names the format, or - for standard output.")],
    from_: From = None,
    to: Annotated[str | None, typer.Option("--to", help="The format of the target, instead of its suffix.")] = None,
    json: Json = False,
) -> None:
    """Convert a machine to another format, losslessly or not at all; what is no part of the machine is named.

    Formats: tm, busy-beaver, jflap, turingmachine.io, csv, morphett; dot and graphml are written only.
    """
    from triquetra.machines import InputError, write_whole
    from triquetra.machines.formats import FORMATS, by_name, by_suffix, write_program

    format = by_name(to) if to else by_suffix(target)
    if format is None:
        suffixes = ", ".join(suffix for each in FORMATS for suffix in each.suffixes)
        raise InputError(f"`{target}` names no format; end it in one of {suffixes}, or add --to")
    program = open_program(source, from_)
    written = write_program(program, format.name)
    print_notes(written.notes)
    if target != "-":
        write_whole(target, written.text)
    if json:
        print_json({
            "machine": program.machine.name, "digest": program.machine.digest, "from": program.format,
            "to": format.name, "out": None if target == "-" else target,
            "text": written.text if target == "-" else None, "notes": [*program.notes, *written.notes],
        })  # fmt: skip
    elif target == "-":
        print(written.text, end="")
    else:
        print(f"{target}: {program.machine}, as {format.title}")
