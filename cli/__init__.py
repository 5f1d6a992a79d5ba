"""The `triquetra` command: one module a command, loaded without anything heavy."""

from __future__ import annotations

import importlib

import typer

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

app = typer.Typer(
    name="triquetra",
    help="Turing machines as tables, canonical neural networks and Bayesian agents, and proofs that they agree.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Entry point of the console script."""
    for name in COMMANDS:
        module = importlib.import_module(f".{name}", __package__)
        app.command(name=name.replace("_", "-"))(getattr(module, name))
    app()
