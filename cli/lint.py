"""`triquetra lint`: all that is wrong or idle in machines' files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .common import Exit, From, Json, command, print_notes
from .lists import worst
from .output import answering_for, count, print_json

if TYPE_CHECKING:
    from triquetra.machines.language import Diagnostic
    from triquetra.machines.load import Entry


@command
def lint(
    files: Annotated[list[str], typer.Argument(help="Paths, - for standard input, or library names.")],
    from_: From = None,
    json: Json = False,
) -> None:
    """Report mistakes and warnings; exit status 2 if there is a mistake, 1 if there are warnings only."""
    import os
    import sys

    from triquetra.machines import InputError, LanguageError, Program
    from triquetra.machines.language import render_all
    from triquetra.machines.load import load_many

    found: list[Diagnostic] = []
    unreadable = []
    notes: list[str] = []
    statuses = []
    alone = 0  # files that are no lists
    for file in files:
        try:
            read = load_many(file, from_)
            if isinstance(read, Program):
                found += (*read.warnings, *read.test_errors)
                notes += read.notes
                print_notes(read.notes)
            else:
                statuses += [_answer(entry, json) for entry in read]
                continue
        except LanguageError as error:
            found += (each for each in error.diagnostics if each.code != "E041")  # macros alone are no mistake here
        except InputError as error:
            unreadable.append(str(error))
        alone += 1
    mistakes = sum(each.is_error for each in found) + len(unreadable)
    warnings = sum(not each.is_error for each in found)
    if json and alone:
        print_json({
            "mistakes": mistakes, "warnings": warnings, "unreadable": unreadable, "notes": notes,
            "diagnostics": [_described(each) for each in found],
        })  # fmt: skip
    elif alone:
        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        parts = [f"error: {text}" for text in unreadable] + ([render_all(found, colour)] if found else [])
        parts.append(f"{_number(mistakes, 'mistake')}, {_number(warnings, 'warning')} in {_number(alone, 'file')}")
        print("\n\n".join(parts))
    statuses.append(Exit.BAD_INPUT if mistakes else Exit.FAILED if warnings else Exit.FINE)
    raise typer.Exit(int(worst(statuses)))


def _answer(entry: Entry, json: bool) -> Exit:
    """The line of one machine of a list."""
    from triquetra.machines import Program

    unreadable = [] if isinstance(entry.found, Program) else [str(entry.found)]
    warnings = entry.found.warnings if isinstance(entry.found, Program) else ()
    if json:
        with answering_for(entry.place):
            print_json({
                "machine": entry.text, "mistakes": len(unreadable), "warnings": len(warnings), "unreadable": unreadable,
                "diagnostics": [_described(each) for each in warnings],
            })  # fmt: skip
    elif unreadable:
        print(f"error: {unreadable[0]}")
    else:
        said = "; ".join(each.message for each in warnings)
        print(f"{entry.text}  no mistake, {_number(len(warnings), 'warning')}{': ' if said else ''}{said}")
    return Exit.BAD_INPUT if unreadable else Exit.FAILED if warnings else Exit.FINE


def _described(each: Diagnostic) -> dict[str, object]:
    return {
        "code": each.code, "message": each.message, "label": each.label, "help": each.help,
        "file": each.span.source.path, "line": each.span.line, "column": each.span.column,
    }  # fmt: skip


def _number(number: int, what: str) -> str:
    return count(number, what) if number else f"no {what}s"
