"""`triquetra library`: the machines that come along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .common import Json, command, print_json
from .output import print_data

if TYPE_CHECKING:
    from triquetra.machines.catalogue import LibraryFile


@command
def library(
    name: Annotated[str | None, typer.Argument(help="A machine of the library, to print its file.")] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="The list as a Markdown page (docs/library.md).")
    ] = False,
    json: Json = False,
) -> None:
    """List the machines and macros of the library, or print the file of one."""
    from triquetra.machines import InputError, catalogue

    if markdown and json:
        raise InputError("--markdown and --json are two ways to print the list; leave one out")
    if name is not None:
        if markdown:
            raise InputError("--markdown is for the whole list; leave out the name")
        file = catalogue.library_file(name)
        if json:
            print_json(_describe(file) | {"text": file.text})
        else:
            print_data(file.text)
        return
    files = catalogue.library()
    if json:
        print_json({"library": [_describe(file) for file in files]})
    elif markdown:
        print_data(_page(files))
    else:
        print(_list(files), end="")


def _describe(file: LibraryFile) -> dict[str, Any]:
    described: dict[str, Any] = {"name": file.name, "documentation": "\n".join(file.documentation)}
    if file.program is None:
        return described | {"macros": [{"call": call, "documentation": text} for call, text in file.macros]}
    machine = file.program.machine
    return described | {
        "states": len(machine.states),
        "symbols": len(machine.symbols),
        "tapes": machine.tapes,
        "rules": len(machine.rules),
        "tests": [test.text for test in file.program.tests],
    }


def _list(files: tuple[LibraryFile, ...]) -> str:
    """Machines, then macros, as columns of text."""
    wide = max(len(file.name) for file in files) + 2
    lines = [f"{'':<{wide}}states  symbols  tapes  tests"]
    for file in files:
        if file.program is not None:
            machine = file.program.machine
            lines.append(
                f"{file.name:<{wide}}{len(machine.states):>6}{len(machine.symbols):>9}{machine.tapes:>7}"
                f"{len(file.program.tests):>7}  {file.documentation[0]}"
            )
    lines += ["", "Macros, for use in machines:"]
    lines += [f"{file.name:<{wide}}{file.documentation[0]}" for file in files if file.program is None]
    lines += ["", "`triquetra library NAME` prints a file; `@NAME` is its machine in every command."]
    return "\n".join(lines) + "\n"


def _page(files: tuple[LibraryFile, ...]) -> str:
    """The text of docs/library.md."""
    lines = [
        "# The library",
        "",
        "Machines that come along. `@NAME` is one of them in every command, as in `triquetra run @increment -i 1011`.",
        "`triquetra library NAME` prints its file, which explains what it does; `triquetra test @NAME` runs its tests",
        "in all three forms. This page is what `triquetra library --markdown` prints.",
        "",
        "| machine | what it does | states | symbols | tapes | tests |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for file in files:
        if file.program is not None:
            machine = file.program.machine
            lines.append(
                f"| [{file.name}](../machines/library/{file.name}.tm) | {_cell(file.documentation[0])} "
                f"| {len(machine.states)} | {len(machine.symbols)} | {machine.tapes} | {len(file.program.tests)} |"
            )
    lines += [
        "",
        "## Macros",
        "",
        "Parts of machines, to `include` and to fill in (see [the language](language.md#macros)).",
    ]
    for file in files:
        if file.program is None:
            lines += [
                "",
                f"### {file.name}",
                "",
                _cell(file.documentation[0]),
                "",
                "| macro | what it does |",
                "|---|---|",
            ]
            lines += [f"| `{call}` | {_cell(text)} |" for call, text in file.macros]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """Text for a cell of a Markdown table."""
    return text.replace("|", "\\|")
