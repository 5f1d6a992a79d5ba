"""The `triquetra` command: one module a command, loaded without anything heavy."""

from __future__ import annotations

import importlib
import sys
from contextlib import suppress
from typing import Annotated

import typer

from .output import close_stdout, lost_output, prepare_streams
from .parsing import Command

# One module of this folder for each command, in the order of the help page; the function has the command's name.
COMMANDS: tuple[str, ...] = (
    "run",
    "compile",
    "agree",
    "energy",
    "test",
    "verify",
    "check",
    "obligations",
    "halts",
    "check_halts",
    "fmt",
    "lint",
    "explain",
    "library",
    "zoo",
    "show",
    "convert",
    "tag",
    "universal",
    "decompile",
    "record",
    "learn",
    "study",
    "survey",
    "cite",
)


def make_app(*names: str) -> typer.Typer:
    """The application with the commands of these names."""
    app = typer.Typer(
        name="triquetra",
        help="Turing machines as tables, canonical neural networks and Bayesian agents, and proofs that they agree.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_triquetra)
    for name in names:
        module = importlib.import_module(f".{name}", __package__)
        app.command(name=name.replace("_", "-"), cls=Command)(getattr(module, name))
    return app


def main() -> None:
    """Entry point of the console script."""
    prepare_streams()
    asked = sys.argv[1].replace("-", "_") if len(sys.argv) > 1 else ""
    status: object = 0
    problem = None
    try:
        make_app(*((asked,) if asked in COMMANDS else COMMANDS))()  # others are loaded for help only
    except SystemExit as ended:
        unread = isinstance(ended.__context__, BrokenPipeError)  # rich and typer then leave with 1
        status = 0 if unread else ended.code
    except OSError as error:  # while help was printed
        problem = lost_output(error)
    with suppress(BrokenPipeError):
        problem = close_stdout() or problem
    if problem is not None:
        print(problem, file=sys.stderr)
        status = 2
    raise SystemExit(status)


def _version(asked: bool) -> None:
    if asked:
        from triquetra import __version__

        print(f"triquetra {__version__}")
        raise typer.Exit


def _triquetra(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass
