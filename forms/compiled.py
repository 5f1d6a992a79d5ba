"""A machine with the forms that were compiled from it, and the one answer to "is this form of this machine?"."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from triquetra.machines import Machine

from .artifact import is_saved, kind_of, load_network, load_pomdp
from .axes import FormError
from .network import Network
from .pomdp import Pomdp

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """The gain L in nats, and what it was chosen for."""

    nats: float
    cells: int
    units: int
    tolerance: float | None  # None: given by the user, not chosen

    def __str__(self) -> str:
        if self.tolerance is None:
            return f"gain {self.nats:g} nats, as given"
        return (
            f"gain {self.nats:g} nats: an off unit is at about e^-{self.nats:g} = {math.exp(-self.nats):.1e}, so all "
            f"{self.units} of them that one unit can hear, up to {self.cells} memory cells among them, "
            f"sum to at most {self.tolerance:g}"
        )


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Compiled:
    """A machine, its network and its POMDP; unpacks as the pair (network, pomdp).

    Args:
        gain: how strong the synapses are and why; None where the forms were loaded.
        folder: where they were loaded from; None where they were compiled here.
    """

    machine: Machine
    network: Network
    pomdp: Pomdp
    gain: Gain | None = None
    folder: Path | None = None

    def __iter__(self) -> Iterator[Any]:  # one type for both, as an iterator has it, would be wrong for each
        return iter((self.network, self.pomdp))

    def part(self, kind: type[Part]) -> Part:
        """The machine, the network or the POMDP, whichever is of that type.

        Raises: FormError: none is.
        """
        for part in (self.machine, self.network, self.pomdp):
            if isinstance(part, kind):
                return part
        raise FormError(f"no {kind.__name__} is compiled from a machine")

    def __str__(self) -> str:
        how = f"loaded from {self.folder}" if self.gain is None else str(self.gain)
        return f"{self.machine}\n  {self.network}\n  {self.pomdp}\n  {how}"

    def __repr__(self) -> str:
        how = f"loaded from {self.folder}" if self.gain is None else f"gain {self.gain.nats:g} nats"
        return f"<{self.machine.name} as a network and a POMDP, {how}>"

    def _repr_html_(self) -> str:
        """The words, for notebooks."""
        return f"<pre>{html.escape(str(self))}</pre>"


def load_forms(folder: str | Path, machine: Machine, *, foreign: bool = False) -> tuple[Network, Pomdp | None]:
    """The network of `machine` that is saved in a folder, and the POMDP if it is there too.

    Raises: InputError: they are damaged, or of another machine (see `require_form_of`).
    """
    network = load_network(folder)
    pomdp = load_pomdp(folder) if is_saved(folder, kind_of(Pomdp)) else None
    for form in (network, pomdp):
        if form is not None:
            require_form_of(machine, form, foreign=foreign, where=f"{folder}: ")
    return network, pomdp


def require_form_of(machine: Machine, form: Network | Pomdp, *, foreign: bool = False, where: str = "") -> None:
    """Raise unless `form` is one of `machine`.

    It is if states, symbols, tapes, start and the meaning of halting are the same, and, where the form says from which
    machine it was compiled, if that is this very one (its digest: all but name, documentation and tests). Decompiled,
    learned and hand-made forms, and artifacts of old, do not say; they are held against any machine that they fit.
    `foreign`: weights that were compiled from another machine are meant.

    Raises: FormError: it is not; the message says what differs.
    """
    axes, kind = form.axes, kind_of(form)
    for what, here, there in (
        ("states", machine.states, axes.states),
        ("symbols", machine.symbols, axes.symbols),
        ("input symbols", machine.input_symbols, axes.input_symbols),
        ("tapes", machine.one_way, axes.one_way),
        ("start state", machine.start, axes.start),
        ("halting states", machine.verdicts, axes.verdicts),
    ):
        if here != there:
            raise FormError(f"{where}this {kind} is of `{axes.name}` and not of `{machine.name}`: it has other {what}")
    if axes.machine and axes.machine != machine.digest and not foreign:
        raise FormError(
            f"{where}this {kind} was compiled from another machine than `{machine.name}`: the names fit, the rules do "
            f"not (digest {axes.machine[:12]}, not {machine.digest[:12]}); compile it anew, or say that you mean it "
            "with --foreign (in Python: foreign=True)"
        )
