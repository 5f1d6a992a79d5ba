"""Lists of machines: a command on one machine becomes one that answers for each, a line each."""

from __future__ import annotations

import contextlib
import functools
import io
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ParamSpec

import typer

from .common import Exit, shown
from .output import answering_for, print_json

if TYPE_CHECKING:
    from triquetra.machines.load import Entry

P = ParamSpec("P")
WORST = (Exit.FINE, Exit.LIMIT, Exit.FAILED, Exit.BAD_INPUT)  # of the statuses of a list, the last one wins


def worst(statuses: Iterator[Exit] | list[Exit]) -> Exit:
    """The status of a list, from those of its machines."""
    return max(statuses, key=WORST.index, default=Exit.FINE)


def each_machine(function: Callable[P, None]) -> Callable[P, None]:
    """Let a command, whose argument `file` is a list, answer for each machine in it.

    What it prints of one machine is joined to one line. A line that holds no machine, and an error with one, is named
    on stderr (with `--json` on stdout too), and the rest is done; the exit status is the worst.
    """

    @functools.wraps(function)
    def mapped(*args: P.args, **kwargs: P.kwargs) -> None:
        from triquetra.machines import InputError, Program
        from triquetra.machines.load import Loaded, load_many

        file, json = str(kwargs["file"]), bool(kwargs.get("json"))
        found = load_many(file, kwargs.get("from_"))  # type: ignore[arg-type]
        if isinstance(found, Program):
            function(*args, **kwargs | {"file": Loaded(file, found)})  # type: ignore[arg-type]
            return
        if kwargs.get("out") is not None:
            raise InputError(f"--out is for what comes of one machine, but {file} is a list; take out one line")
        statuses = [_answer(entry, json, lambda each: function(*args, **kwargs | {"file": each})) for entry in found]  # type: ignore[arg-type]
        raise typer.Exit(int(worst(statuses)))

    return mapped


def _answer(entry: Entry, json: bool, function: Callable[[Any], None]) -> Exit:
    from triquetra.machines import InputError
    from triquetra.machines.load import Loaded

    status = Exit.FINE
    with answering_for(entry.place), contextlib.redirect_stdout(io.StringIO()) as output:
        try:
            if isinstance(entry.found, InputError):
                raise entry.found
            function(Loaded(entry.text, entry.found))
        except typer.Exit as ended:
            status = Exit(ended.exit_code)
        except InputError as error:
            status = Exit.BAD_INPUT
            message = str(error)
            if json:
                print_json({"machine": entry.text, "error": message})
            print(shown(message if entry.place in message else f"{entry.place}: {message}"), file=sys.stderr)
    said = output.getvalue()
    if not json:
        said = "  ".join(" ".join(line.split()) for line in said.splitlines() if line.strip())
        said = said if entry.text in said or not said else f"{entry.text}  {said}"
    if said:
        print(said.rstrip("\n"), flush=True)
    return status
