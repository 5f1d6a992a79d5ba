"""The front door: load a machine, compile it, run it in any form, hold the forms against each other."""

from __future__ import annotations

from typing import Any, Literal

from .compiler.gain import DEFAULT_CELLS, DEFAULT_TOLERANCE
from .compiler.pipeline import compile_machine
from .forms import Network, Pomdp
from .machines import Input, InputError, Machine, Outcome
from .machines.load import load as load_program
from .runtime import lockstep, turing
from .runtime.network import NetworkForm
from .runtime.pomdp import PomdpForm
from .runtime.protocol import Form

FormName = Literal["turing", "network", "pomdp"]


def load(source: str, format: str | None = None) -> Machine:
    """The machine of a file, of the library (`@increment`), or of text in a known format.

    `format` names the format (docs/formats.md) where neither the content nor the file's name tells it.

    Raises: InputError: the source cannot be read; the message shows where and says what would help.
    """
    return load_program(source, format).machine


def compile(
    machine: Machine,
    *,
    cells: int = DEFAULT_CELLS,
    tolerance: float = DEFAULT_TOLERANCE,
    gain: float | None = None,
) -> tuple[Network, Pomdp]:
    """The network and the POMDP of a machine, strong enough for a memory of `cells` cells.

    `gain` in nats overrides the choice that `cells` and `tolerance` make (compiler.gain.choose_gain).
    """
    compiled = compile_machine(machine, cells=cells, tolerance=tolerance, gain=gain)
    return compiled.network, compiled.pomdp


def run(
    machine: Machine, *inputs: Input, form: FormName = "turing", cells: int | None = None, max_steps: int = 100_000
) -> Outcome:
    """Run one form of a machine. With `cells` the tape is synaptic memory of so many cells, without it external.

    Raises: InputError: an input does not fit; Undecodable: a form's activities encode no configuration.
    """
    if form == "turing":
        return turing.run(machine, *inputs, max_steps=max_steps, max_cells=cells)
    network, pomdp = compile(machine, cells=cells or DEFAULT_CELLS)
    executed: Form[Any] = NetworkForm(network, cells) if form == "network" else PomdpForm(pomdp, cells)
    return lockstep.run(executed, *inputs, max_steps=max_steps)[0]


def agree(
    machine: Machine,
    *inputs: Input,
    network: Network | None = None,
    pomdp: Pomdp | None = None,
    cells: int | None = None,
    max_steps: int = 10_000,
) -> lockstep.Agreement:
    """Run a machine beside its network and POMDP, whole configurations compared at every step.

    `network` and `pomdp` are compiled where they are not given; where one is given, the other is left out unless
    given too. With `cells` tapes are synaptic memories, without it external.
    """
    if network is None and pomdp is None:
        network, pomdp = compile(machine, cells=cells or DEFAULT_CELLS)
    forms: list[Form[Any]] = []
    if network is not None:
        forms.append(NetworkForm(network, cells))
    if pomdp is not None:
        forms.append(PomdpForm(pomdp, cells))
    for form in forms:
        _same_names(machine, form)
    return lockstep.lockstep(machine, forms, *inputs, max_steps=max_steps)


def _same_names(machine: Machine, form: Form[Any]) -> None:
    if form.verdicts != machine.verdicts:
        raise InputError(f"the {form.name} was not made for `{machine.name}`: it has other halting states")
