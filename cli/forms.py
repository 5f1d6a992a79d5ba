"""The forms that a command works on: compiled from the machine, or loaded from a saved artifact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .common import refuse_ignored

if TYPE_CHECKING:
    from triquetra.forms import Compiled
    from triquetra.machines import Machine
    from triquetra.runtime.protocol import MachineForm

FormOption = Annotated[str, typer.Option("--form", "-f", help="{forms}.")]  # filled in from the table of forms
Foreign = Annotated[
    bool, typer.Option("--foreign", help="With --artifact: allow forms of another machine with the same names.")
]


def compiled_forms(
    machine: Machine, *, cells: int | None, gain: float | None, artifact: str | None, foreign: bool = False
) -> Compiled:
    """The machine's forms: compiled for `cells`, or as saved in `artifact`.

    Raises: InputError: the artifact is damaged, or was made for another machine; an option has no effect.
    """
    from triquetra.compiler import compile_machine, load_compiled
    from triquetra.compiler.gain import DEFAULT_CELLS
    from triquetra.machines import InputError

    if artifact is None:
        if foreign:
            raise InputError("--foreign is for saved forms; add --artifact")
        return compile_machine(machine, cells=cells or DEFAULT_CELLS, gain=gain)
    if gain is not None:
        raise InputError("--gain is for compiling; a saved artifact has its own weights")
    return load_compiled(artifact, machine, foreign=foreign)


def make_forms(
    machine: Machine,
    names: Sequence[str],
    *,
    cells: int | None,
    gain: float | None = None,
    artifact: str | None = None,
    foreign: bool = False,
) -> dict[str, MachineForm[Any]]:
    """The named forms, ready to run; `cells` of synaptic memory, or an external tape."""
    from triquetra.runtime import forms as table

    def compiled() -> Compiled:
        return compiled_forms(machine, cells=cells, gain=gain, artifact=artifact, foreign=foreign)

    return table.make_forms(machine, names, compiled, cells)


OF_COMPILED = ("artifact", "foreign", "gain", "dense", "tape", "cells")  # options that are about compiled forms


def refuse_for_table(context: typer.Context, names: Sequence[str], options: Sequence[str] = OF_COMPILED) -> None:
    """Refuse `options` where the table of rules is all that runs, and they have no effect.

    Raises: InputError: one of them was given.
    """
    from triquetra.runtime.forms import ALL, FORMS, form_names, is_compiled

    if any(is_compiled(FORMS[name]) for name in names):
        return
    forms = [f"--form {name}" for name in (*form_names(ALL, among=is_compiled), ALL)]
    needs = f"has no effect on the {' and the '.join(names)} form; add {', '.join(forms[:-1])} or {forms[-1]}"
    refuse_ignored(context, options, needs)
