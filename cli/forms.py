"""The forms that a command works on: compiled from the machine, or loaded from a saved artifact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from triquetra.forms import Network, Pomdp
    from triquetra.machines import Input, Machine, Outcome
    from triquetra.runtime.lockstep import Progress
    from triquetra.runtime.protocol import Form, Margin


def network_and_pomdp(
    machine: Machine, *, cells: int | None, gain: float | None, artifact: str | None
) -> tuple[Network, Pomdp]:
    """Both forms: compiled for `cells`, or as saved in `artifact`; a POMDP that is not there is read off the network.

    Raises: InputError: the artifact is damaged, or was made for another machine.
    """
    from triquetra.compiler import compile_machine, to_pomdp
    from triquetra.compiler.gain import DEFAULT_CELLS
    from triquetra.forms import FormError, is_saved, load_network, load_pomdp

    if artifact is None:
        compiled = compile_machine(machine, cells=cells or DEFAULT_CELLS, gain=gain)
        return compiled.network, compiled.pomdp
    if gain is not None:
        raise FormError("--gain is for compiling; a saved artifact has its own weights")
    network = load_network(artifact)
    pomdp = load_pomdp(artifact) if is_saved(artifact, "pomdp") else to_pomdp(network)
    for form in (network, pomdp):
        axes = form.axes
        same = (axes.states, axes.symbols, axes.verdicts, axes.one_way, axes.start)
        if same != (machine.states, machine.symbols, machine.verdicts, machine.one_way, machine.start):
            raise FormError(f"{artifact} was made for a machine with other states, symbols or tapes: {axes.name}")
    return network, pomdp


def make_forms(
    machine: Machine, names: Sequence[str], *, cells: int | None, gain: float | None, artifact: str | None
) -> dict[str, Form[Any]]:
    """The named forms, ready to run; `cells` of synaptic memory, or an external tape."""
    from triquetra.runtime.network import NetworkForm
    from triquetra.runtime.pomdp import PomdpForm
    from triquetra.runtime.reference import TuringForm

    forms: dict[str, Form[Any]] = {}
    if "turing" in names:
        forms["turing"] = TuringForm(machine)
    if {"network", "pomdp"} & set(names):
        network, pomdp = network_and_pomdp(machine, cells=cells, gain=gain, artifact=artifact)
        if "network" in names:
            forms["network"] = NetworkForm(network, cells)
        if "pomdp" in names:
            forms["pomdp"] = PomdpForm(pomdp, cells)
    return forms


def run_form(
    machine: Machine,
    form: Form[Any],
    inputs: Sequence[Input],
    *,
    cells: int | None,
    max_steps: int,
    dense: bool,
    progress: Progress,
) -> tuple[Outcome, Margin]:
    """Run a form to its end by its fast engine, or unit by unit if `dense`; only the latter knows margins."""
    from triquetra.runtime import event_network, event_pomdp, lockstep, turing
    from triquetra.runtime.network import NetworkForm
    from triquetra.runtime.pomdp import PomdpForm
    from triquetra.runtime.protocol import Margin

    if isinstance(form, NetworkForm) and not dense:
        outcome = event_network.run(
            form.network, *inputs, cells=cells, max_steps=max_steps, watch=True, progress=progress
        )
        return outcome, Margin()
    if isinstance(form, PomdpForm) and not dense:
        outcome = event_pomdp.run(form.pomdp, *inputs, cells=cells, max_steps=max_steps, watch=True, progress=progress)
        return outcome, Margin()
    if isinstance(form, (NetworkForm, PomdpForm)):
        return lockstep.run(form, *inputs, max_steps=max_steps, progress=progress)
    outcome = turing.run(machine, *inputs, max_steps=max_steps, max_cells=cells, watch=True, progress=progress)
    return outcome, Margin()
