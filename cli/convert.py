"""`triquetra convert`: from any format to any other."""

from __future__ import annotations

from typing import Annotated

import typer

from .common import File, command


@command
def convert(
    source: File,
    target: Annotated[str, typer.Argument(help="A path whose suffix names the format, or - for standard output.")],
    from_: Annotated[str | None, typer.Option("--from", help="The format of the source; found by its content.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="The format of the target, instead of its suffix.")] = None,
) -> None:
    """Convert a machine to another format, losslessly or not at all.

    Formats: tm, busy-beaver, jflap, turingmachine.io, csv, morphett; dot and graphml are written only.
    """
    import sys

    from triquetra.machines import InputError, write_whole
    from triquetra.machines.files import read_bytes
    from triquetra.machines.formats import FORMATS, by_name, by_suffix, read, write
    from triquetra.machines.language import decode
    from triquetra.machines.load import load

    format = by_name(to) if to else by_suffix(target)
    if format is None:
        suffixes = ", ".join(suffix for each in FORMATS for suffix in each.suffixes)
        raise InputError(f"`{target}` names no format; end it in one of {suffixes}, or add --to")
    if from_ is None:
        program = load(source)
        machine, tests = program.machine, len(program.tests)
    else:
        raw = sys.stdin.buffer.read() if source == "-" else read_bytes(source)
        path = "<stdin>" if source == "-" else source
        machine, tests = read(decode(raw, path), format=from_, path=path), 0
    text = write(machine, format.name)
    if target == "-":
        print(text, end="")
        return
    write_whole(target, text)
    left = f"; its {tests} test{'s' if tests > 1 else ''} stay behind" if tests else ""
    print(f"{target}: {machine}, as {format.title}{left}")
