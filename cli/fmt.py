"""`triquetra fmt`: one canonical look for machines' files."""

from __future__ import annotations

from typing import Annotated

import typer

from .common import Exit, command


@command
def fmt(
    files: Annotated[list[str], typer.Argument(help="Paths of .tm files, or - to read and print.")],
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit status 1 if a file would change.")
    ] = False,
) -> None:
    """Lay .tm files out in the canonical look; a file with a line that cannot be read is left alone."""
    import sys

    from triquetra.machines import LanguageError, write_whole
    from triquetra.machines.files import read_bytes
    from triquetra.machines.language import Diagnostic, decode, format_text

    changed = []
    mistakes: list[Diagnostic] = []
    for file in files:
        piped = file == "-"
        try:
            raw = sys.stdin.buffer.read() if piped else read_bytes(file)
            text = decode(raw, "<stdin>" if piped else file)
            formatted = format_text(text, "<stdin>" if piped else file)
        except LanguageError as error:
            mistakes += error.diagnostics
            continue
        if piped and not check:
            print(formatted, end="")
        elif formatted != text:
            changed.append(file)
            if not check:
                write_whole(file, formatted)
    for file in changed:
        print(f"would change {file}" if check else f"formatted {file}")
    if mistakes:
        raise LanguageError(mistakes)
    if check and changed:
        raise typer.Exit(Exit.FAILED)
