"""`triquetra fmt`: one canonical look for machines' files."""

from __future__ import annotations

from typing import Annotated

import typer

from .common import Exit, Json, command
from .output import print_data, print_json


@command
def fmt(
    files: Annotated[list[str], typer.Argument(help="Paths of .tm files, or - to read and print.")],
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit status 1 if a file would change.")
    ] = False,
    json: Json = False,
) -> None:
    """Lay .tm files out in the canonical look; a file with a line that cannot be read is left alone."""
    from triquetra.machines import InputError, LanguageError, write_whole
    from triquetra.machines.files import read_bytes
    from triquetra.machines.language import Diagnostic, decode, format_text
    from triquetra.machines.load import read_stdin

    changed = []
    printed = None
    mistakes: list[Diagnostic] = []
    for file in files:
        if file.startswith("@"):
            raise InputError(
                f"{file} comes along and has its look; fmt is for files of your own, "
                f"such as one from: triquetra library {file[1:]} > {file[1:].rpartition('/')[2]}.tm"
            )
        piped = file == "-"
        try:
            raw = read_stdin() if piped else read_bytes(file)
            text = decode(raw, "<stdin>" if piped else file)
            formatted = format_text(text, "<stdin>" if piped else file)
        except LanguageError as error:
            mistakes += error.diagnostics
            continue
        if piped and not check:
            printed = formatted
            if not json:
                print_data(formatted)
        elif formatted != text:
            changed.append(file)
            if not check:
                write_whole(file, formatted)
    if json:
        print_json({"would_change" if check else "formatted": changed, "text": printed})
    else:
        for file in changed:
            print(f"would change {file}" if check else f"formatted {file}")
    if mistakes:
        raise LanguageError(mistakes)
    if check and changed:
        raise typer.Exit(Exit.FAILED)
