"""The front door: load a machine, compile it, run it in any form, hold the forms against each other, prove them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import compiler
from .compiler.gain import DEFAULT_CELLS, DEFAULT_TOLERANCE
from .forms import Compiled, Network, Pomdp, require_form_of
from .forms import save as save_form
from .machines import Input, InputError, Machine, Outcome, Tape
from .machines.load import load as load_program
from .runtime import forms as table
from .runtime.forms import AGREE_STEPS
from .runtime.lockstep import Agreement, lockstep
from .runtime.protocol import MachineForm
from .verifier import ProofResult
from .verifier import verify as verify_forms

MachineLike = Machine | Compiled | str | os.PathLike[str]
FormLike = str | Network | Pomdp


def load(source: str | os.PathLike[str], format: str | None = None) -> Machine:
    """Read a machine.

    Args:
        source: a path, `@name` for a machine of the library, or text in a known format (docs/formats.md), such as
            `1RB1LB_1LA1RZ`.
        format: the name of its format (docs/formats.md), instead of finding it out.

    Raises:
        InputError: it cannot be read; the message shows where, and says what would help.
    """
    return load_program(source, format).machine


def compile(
    machine: MachineLike,
    *,
    cells: int = DEFAULT_CELLS,
    tolerance: float = DEFAULT_TOLERANCE,
    gain: float | None = None,
) -> Compiled:
    """Compile a machine to a network and a POMDP; the result unpacks as that pair.

    Args:
        machine: a machine, or what `load` reads.
        cells: of the memory that the forms must be strong enough for.
        tolerance: most that all off units which one unit hears may add up to.
        gain: in nats, instead of the one that `cells` and `tolerance` ask for.

    Raises:
        InputError: cells, tolerance or gain out of range.
    """
    return compiler.compile_machine(_machine(machine), cells=cells, tolerance=tolerance, gain=gain)


def run(
    machine: MachineLike,
    *inputs: Input,
    form: FormLike = "turing",
    cells: int | None = None,
    max_steps: int | None = None,
    dense: bool = False,
    foreign: bool = False,
) -> Outcome:
    """Run one form of a machine from its start to its end.

    Forms run by the engines that `triquetra run` has, with its limits; where units that are off could matter, as at a
    very low gain, every unit is computed.

    Args:
        machine: a machine, what `compile` made of one, or what `load` reads.
        inputs: what is on the tapes from cell 0 on, one each; those left out are blank.
        form: `turing`, `network` or `pomdp`, or a network or POMDP of your own.
        cells: N of a synaptic memory for each tape; None for external tapes.
        max_steps: most rules to apply; 100,000,000 by default, or 100,000 where every unit is computed.
        dense: compute every unit at every step, instead of those that can be on.
        foreign: allow a form that was compiled from another machine with the same names.

    Raises:
        InputError: there is no such form, it is not one of this machine, or an input does not fit.
        Undecodable: the form's activities stopped encoding a configuration, or its run did not end where the machine
            is after so many steps.
    """
    if form == table.ALL:
        raise InputError("run takes one form; `agree` runs all of them side by side")
    _whole("max_steps", max_steps, least=0)
    (runnable,) = _forms(machine, [form], cells, foreign)
    outcome, _ = table.run_form(
        _machine(machine), runnable, *_words(inputs), max_steps=max_steps, dense=dense, foreign=foreign
    )
    return outcome


def agree(
    machine: MachineLike,
    *inputs: Input,
    network: Network | None = None,
    pomdp: Pomdp | None = None,
    cells: int | None = None,
    max_steps: int = AGREE_STEPS,
    dense: bool = False,
    foreign: bool = False,
) -> Agreement:
    """Run a machine beside its forms and compare them at every step; the result is true if they agree.

    Args:
        machine: a machine, what `compile` made of one, or what `load` reads.
        inputs: what is on the tapes from cell 0 on, one each; those left out are blank.
        network: a network of your own; without it and `pomdp`, all forms are compiled.
        pomdp: a POMDP of your own.
        cells: N of a synaptic memory for each tape; None for external tapes.
        max_steps: compare so many steps at most.
        dense: compute every unit at every step; the result then has margins.
        foreign: allow forms that were compiled from another machine with the same names.

    Raises:
        InputError: a form is not one of this machine, or an input does not fit.
    """
    _whole("max_steps", max_steps, least=0)
    own = [form for form in (network, pomdp) if form is not None]
    forms = _forms(machine, own or table.form_names(table.ALL, among=table.is_compiled), cells, foreign)
    return lockstep(_machine(machine), forms, *_words(inputs), max_steps=max_steps, dense=dense)


def verify(
    machine: MachineLike,
    network: Network | None = None,
    pomdp: Pomdp | None = None,
    cells: int | None = None,
    *,
    robustness: bool = True,
    foreign: bool = False,
) -> ProofResult:
    """Prove that forms agree with a machine on every input at every step, or refute it; true only if proved.

    Args:
        machine: a machine, what `compile` made of one, or what `load` reads.
        network: a network of your own; without it and `pomdp`, both are compiled.
        pomdp: a POMDP of your own.
        cells: N of a synaptic memory for each tape; None for external tapes.
        robustness: also find the largest radius of the weights and the largest noise that are provable.
        foreign: allow forms that were compiled from another machine with the same names.

    Raises:
        InputError: a form has other names than the machine, or was compiled from another one.
    """
    _whole("cells", cells, least=1)
    gain = None
    if network is None and pomdp is None:
        compiled = _compiled(machine, cells)
        network, pomdp = compiled.network, compiled.pomdp
        gain = None if compiled.gain is None else compiled.gain.nats
    for form in (network, pomdp):
        if form is not None:
            require_form_of(_machine(machine), _data(form), foreign=foreign)
    return verify_forms(_machine(machine), network, pomdp, cells, gain=gain, robustness=robustness)


def save(form: Compiled | Network | Pomdp, folder: str | os.PathLike[str]) -> None:
    """Write what `compile` made, or one form, into a folder (made if missing), whole or not at all.

    Raises:
        InputError: the folder cannot be made or written.
    """
    if isinstance(form, Compiled):
        table.save(form, Path(folder))
    else:
        save_form(_data(form), Path(folder))


def load_compiled(folder: str | os.PathLike[str], machine: MachineLike, *, foreign: bool = False) -> Compiled:
    """Read the forms of a machine that `save` or `triquetra compile` wrote.

    Args:
        folder: where they are; a POMDP that is not there is read off the network.
        machine: the machine that they are of.
        foreign: allow forms that were compiled from another machine with the same names.

    Raises:
        InputError: a file is missing or damaged, or they are of another machine.
    """
    return compiler.load_compiled(Path(folder), _machine(machine), foreign=foreign)


def _machine(machine: Any) -> Machine:
    if isinstance(machine, Compiled):
        return machine.machine
    if isinstance(machine, str | os.PathLike):
        return load(machine)
    if not isinstance(machine, Machine):
        raise InputError(f"a `{type(machine).__name__}` is no machine; give a Machine, or what triquetra.load reads")
    return machine


def _compiled(machine: MachineLike, cells: int | None) -> Compiled:
    return machine if isinstance(machine, Compiled) else compile(machine, cells=cells or DEFAULT_CELLS)


def _data(form: Any) -> Any:
    if not isinstance(form, Network | Pomdp):
        raise InputError(f"a `{type(form).__name__}` is no form of a machine; give a Network or a Pomdp")
    return form


def _forms(machine: MachineLike, forms: Sequence[Any], cells: int | None, foreign: bool) -> list[MachineForm[Any]]:
    """Forms by name or by their data, ready to run; each is one of the machine's."""
    _whole("cells", cells, least=1)
    made: list[MachineForm[Any]] = []
    for form in forms:
        if isinstance(form, str):
            names = table.form_names(form)
            made += table.make_forms(_machine(machine), names, lambda: _compiled(machine, cells), cells).values()
        else:
            require_form_of(_machine(machine), _data(form), foreign=foreign)
            made.append(table.make_form(form, cells))
    return made


def _words(inputs: tuple[Any, ...]) -> tuple[Input, ...]:
    for each in inputs:
        if not isinstance(each, str | Tape | Sequence) or isinstance(each, bytes):
            kind, said = type(each).__name__, f'; write "{each}"' if isinstance(each, int) else ""
            raise InputError(f"an input is text, a list of symbols or a Tape, and not the {kind} {each!r}{said}")
    return inputs


def _whole(name: str, number: Any, *, least: int) -> None:
    if number is not None and (not isinstance(number, int) or isinstance(number, bool) or number < least):
        raise InputError(f"{name} = {number!r}: a whole number from {least} on is wanted")
