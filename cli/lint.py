"""`triquetra lint`: all that is wrong or idle in machines' files."""

from __future__ import annotations

from typing import Annotated

import typer

from .common import Exit, Json, command, print_json


@command
def lint(
    files: Annotated[list[str], typer.Argument(help="Paths, - for standard input, or library names.")],
    json: Json = False,
) -> None:
    """Report mistakes and warnings; exit status 2 if there is a mistake, 1 if there are warnings only."""
    import os
    import sys

    from triquetra.machines import InputError, LanguageError
    from triquetra.machines.language import Diagnostic, render_all
    from triquetra.machines.load import load

    found: list[Diagnostic] = []
    unreadable = []
    for file in files:
        try:
            program = load(file)
            found += (*program.warnings, *program.test_errors)
        except LanguageError as error:
            found += (each for each in error.diagnostics if each.code != "E041")  # macros alone are no mistake here
        except InputError as error:
            unreadable.append(str(error))
    mistakes = sum(each.is_error for each in found) + len(unreadable)
    warnings = sum(not each.is_error for each in found)
    if json:
        print_json({
            "mistakes": mistakes, "warnings": warnings, "unreadable": unreadable,
            "diagnostics": [
                {
                    "code": each.code, "message": each.message, "label": each.label, "help": each.help,
                    "file": each.span.source.path, "line": each.span.line, "column": each.span.column,
                }
                for each in found
            ],
        })  # fmt: skip
    else:
        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        parts = [f"error: {text}" for text in unreadable] + ([render_all(found, colour)] if found else [])
        parts.append(f"{_count(mistakes, 'mistake')}, {_count(warnings, 'warning')} in {_count(len(files), 'file')}")
        print("\n\n".join(parts))
    if mistakes or warnings:
        raise typer.Exit(Exit.BAD_INPUT if mistakes else Exit.FAILED)


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
