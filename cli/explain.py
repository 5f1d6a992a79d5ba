"""`triquetra explain`: more about a diagnostic's code, or any weight of a machine's forms in words."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from .common import (
    Artifact,
    Cells,
    GainOption,
    Json,
    command,
    open_program,
    print_json,
    refuse_ignored,
)
from .forms import Foreign


@command
def explain(
    context: typer.Context,
    what: Annotated[str, typer.Argument(help="A code such as E014, or a machine: a path, @name, busy-beaver text.")],
    unit: Annotated[str | None, typer.Argument(help="A unit, such as state:carry, halt, move:L or risk:1.")] = None,
    source: Annotated[str | None, typer.Argument(help="What acts on it: cell:carry,1, state:carry or bias.")] = None,
    pomdp: Annotated[bool, typer.Option("--pomdp", help="Probabilities of the POMDP instead of weights.")] = False,
    cells: Cells = None,
    gain: GainOption = None,
    artifact: Artifact = None,
    foreign: Foreign = False,
    json: Json = False,
) -> None:
    """Say more about a diagnostic's code, or put the weights of a compiled machine in words."""
    if re.fullmatch(r"[EW]\d{3}", what.upper()) and unit is None:
        from triquetra.machines.language.codes import explain

        refuse_ignored(
            context, ("pomdp", "cells", "gain", "artifact", "foreign"), "is about a machine; a code has none"
        )
        if json:
            print_json({"code": what.upper(), "text": explain(what)})
        else:
            print(explain(what))
        return
    from triquetra.compiler.explain import explain_network, explain_pomdp
    from triquetra.forms import kind_of

    from .forms import compiled_forms

    for chosen in ("artifact", "gain"):
        if context.params[chosen] is not None:
            refuse_ignored(context, ("cells",), f"chooses a gain, and --{chosen} has one; leave one out")
    machine = open_program(what).machine
    network, agent = compiled_forms(machine, cells=cells, gain=gain, artifact=artifact, foreign=foreign)
    lines = explain_pomdp(agent, machine, unit, source) if pomdp else explain_network(network, machine, unit, source)
    if json:
        form = kind_of(agent if pomdp else network)
        print_json({"machine": machine.name, "digest": machine.digest, "form": form, "unit": unit, "source": source,
                    "lines": [line.strip() for line in lines]})  # fmt: skip
    else:
        print("\n".join(lines))
