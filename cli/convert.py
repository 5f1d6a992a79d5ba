"""`triquetra convert`: from any format to any other."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from .common import Exit, File, From, Json, command, print_notes, shown
from .lists import worst
from .output import Force, answering_for, count, new_files, print_data, print_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triquetra.machines import Program
    from triquetra.machines.formats import Format
    from triquetra.machines.load import Entry


@command
def convert(
    source: File,
    target: Annotated[
        str,
        typer.Argument(help="A path whose suffix names the format, - for standard output, or for a list a folder."),
    ],
    from_: From = None,
    to: Annotated[str | None, typer.Option("--to", help="The format of the target, instead of its suffix.")] = None,
    force: Force = False,
    json: Json = False,
) -> None:
    """Convert a machine to another format, losslessly or not at all; of a list, each of its machines.

    What is no part of a machine, or has no room in the target, is named.

    Formats: tm, busy-beaver, jflap, turingmachine.io, csv, morphett; dot and graphml are written only.
    """
    from triquetra.machines import InputError, Program
    from triquetra.machines.formats import FORMATS, by_name, by_suffix
    from triquetra.machines.load import load_many

    format = by_name(to) if to else by_suffix(target)
    if format is None:
        suffixes = ", ".join(suffix for each in FORMATS for suffix in each.suffixes)
        raise InputError(f"`{target}` names no format; end it in one of {suffixes}, or add --to")
    found = load_many(source, from_)
    if isinstance(found, Program):
        new_files(force, target)
        _convert(found, target, format, json)
    else:
        raise typer.Exit(int(_convert_list(found, target, format, force, json)))


def _convert(program: Program, target: str, format: Format, json: bool) -> None:
    from triquetra.machines import write_whole
    from triquetra.machines.formats import write_program

    machine = program.machine
    written = write_program(program, format.name)
    text, notes = written.text, (*program.notes, *written.notes)
    print_notes(notes)
    if target != "-":
        write_whole(target, text)
    if json:
        print_json({
            "machine": machine.name, "digest": machine.digest, "from": program.format, "format": format.name,
            "notes": list(notes), "out": None if target == "-" else target, "text": text if target == "-" else None,
        })  # fmt: skip
    elif target == "-":
        print_data(text)
    else:
        print(f"{target}: {machine}, as {format.title}")


def _convert_list(entries: Iterable[Entry], target: str, format: Format, force: bool, json: bool) -> Exit:
    """Each machine of a list: to a file of its own in the folder `target`, to a list of lines, or to stdout."""
    import os

    from triquetra.machines import InputError, Program, write_whole
    from triquetra.machines.formats import write_program

    folder = os.path.isdir(target) or target.endswith("/")
    lines = format.name == "busy-beaver" and not folder
    if not folder and not lines and not (target == "-" and json):
        raise InputError(f"{format.title} has one machine a file; name a folder for the list, such as machines/")
    if not folder:
        new_files(force, target)
    elif not os.path.isdir(target):
        try:
            os.makedirs(target)
        except OSError as error:
            raise InputError(f"{target} cannot be made: {error.strerror}") from None
    statuses, texts = [], []
    for entry in entries:
        try:
            if not isinstance(entry.found, Program):
                raise entry.found
            if folder:
                path = os.path.join(target, entry.found.machine.name.replace(" ", "_") + format.suffixes[0])
                new_files(force, path)
            elif target == "-":
                path = "-"
            else:
                texts.append(write_program(entry.found, format.name).text)
                continue
            with answering_for(entry.place):
                _convert(entry.found, path, format, json)
            statuses.append(Exit.FINE)
        except InputError as error:
            message = str(error)
            if json:
                with answering_for(entry.place):
                    print_json({"machine": entry.text, "error": message})
            print(shown(message if entry.place in message else f"{entry.place}: {message}"), file=sys.stderr)
            statuses.append(Exit.BAD_INPUT)
    if texts:
        write_whole(target, "".join(texts))
        if json:
            print_json({"format": format.name, "machines": len(texts), "out": target})
        else:
            print(f"{target}: {count(len(texts), 'machine')}, as {format.title}")
    return worst(statuses)
