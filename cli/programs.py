"""Programs of universal machines in any form: the cycles of one run, for the commands that follow them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triquetra.machines import Machine, Tape
    from triquetra.machines.universal import CycleEnd
    from triquetra.runtime.protocol import Form

FAST_STEPS, DENSE_STEPS = 1_000_000_000, 200_000  # where no limit is given
StepLimit = Annotated[
    int | None,
    typer.Option(
        "--max-steps", min=0, help="Stop after so many steps.",
        show_default=f"{FAST_STEPS:,}; with --dense {DENSE_STEPS:,}",
    ),
]  # fmt: skip
FORMS = ("turing", "network", "pomdp")


def form_names(form: str) -> list[str]:
    """The forms that `--form` names.

    Raises: InputError: there is no such form.
    """
    from triquetra.machines import InputError

    if form == "all":
        return list(FORMS)
    if form not in FORMS:
        raise InputError(f"--form {form}: a form is `turing`, `network`, `pomdp` or `all`")
    return [form]


def follow(
    machine: Machine,
    form: Form[Any],
    cell: tuple[int, int],
    tape: Tape,
    *,
    cells: int | None,
    max_steps: int,
    dense: bool,
) -> Iterator[CycleEnd]:
    """Steps and configuration at the end of each cycle, by the fast engine of a form, or unit by unit if `dense`."""
    from triquetra.runtime.cycles import configurations, cycle_ends, engine_cycle_ends, machine_cycle_ends
    from triquetra.runtime.event_network import EventNetwork
    from triquetra.runtime.event_pomdp import EventPomdp
    from triquetra.runtime.network import NetworkForm
    from triquetra.runtime.pomdp import PomdpForm

    if dense:
        return cycle_ends(cell, configurations(form, tape, max_steps))
    times = machine_cycle_ends(machine, cell, tape, max_steps)
    if isinstance(form, NetworkForm):
        return engine_cycle_ends(EventNetwork(form.network, [[tape]], cells=cells), times, max_steps)
    if isinstance(form, PomdpForm):
        return engine_cycle_ends(EventPomdp(form.pomdp, [[tape]], cells=cells), times, max_steps)
    return times
