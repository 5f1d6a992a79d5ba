"""`triquetra explain`: more about a diagnostic's code."""

from __future__ import annotations

from typing import Annotated

import typer

from .common import command


@command
def explain(code: Annotated[str, typer.Argument(help="A code such as E014 or W001.")]) -> None:
    """Say more about a diagnostic: what it means, why it is a mistake, an example and its cure."""
    from triquetra.machines.language.codes import explain

    print(explain(code))
