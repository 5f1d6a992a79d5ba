"""The whole compiler on one screen: source → syntax → machine → network → POMDP.

    compile_source    PARSE, INCLUDE, ELABORATE     machines/language/front.py
    compile_machine   NETWORK, POMDP                here

Each pass is a pure function from one type to the next; `ensures` raises unless its result holds what the pass
promises, and runs after each pass when `checked`. The front (`machines.language.front`) is what every reader of the
language calls, the back what every command calls.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from triquetra.forms import Compiled, Network, Pomdp, load_forms, require
from triquetra.machines import Machine
from triquetra.machines.language.front import compile_source
from triquetra.machines.passes import Pass

from .gain import DEFAULT_CELLS, DEFAULT_TOLERANCE, choose_gain
from .to_network import to_network
from .to_pomdp import to_pomdp

__all__ = ["compile_machine", "compile_source", "load_compiled"]


def every_cell_has_a_margin(network: Network) -> None:
    """In each state, reading anything, every unit's ideal drive is at least the place neurons' away from zero."""
    axes, weights = network.axes, network.weights.tocsc()
    least = abs(network.place_bias)
    for state in range(axes.n):
        alone = weights[:, [axes.cells + state]].toarray()[:, 0] + network.bias
        cells = np.flatnonzero(axes.cell_state == state)
        drives = [alone, *(alone + weights[:, [cell]].toarray()[:, 0] for cell in cells)]
        worst = min(float(np.abs(drive).min()) for drive in drives)
        require(worst >= least, f"state {axes.states[state]}: a unit's drive is {worst:g}, less than {least:g} nats")


def columns_are_distributions(pomdp: Pomdp) -> None:
    """Pairs sum to one (checked where a Pomdp is made), and B has an entry wherever the network has a weight."""
    on, off = pomdp.transition
    require(bool((on.data < 0).all() and (off.data < 0).all()), "a transition probability is 0 or 1")


NETWORK = Pass(to_network, every_cell_has_a_margin)
POMDP = Pass(to_pomdp, columns_are_distributions)


def compile_machine(
    machine: Machine,
    *,
    cells: int = DEFAULT_CELLS,
    tolerance: float = DEFAULT_TOLERANCE,
    gain: float | None = None,
    checked: bool = False,
) -> Compiled:
    """Machine → network → POMDP, with a gain chosen for `cells` of memory (see `choose_gain`).

    Raises: InputError: cells, tolerance or gain out of range.
    """
    chosen = choose_gain(machine, cells=cells, tolerance=tolerance, gain=gain)
    network = NETWORK(checked, machine, chosen)
    return Compiled(machine=machine, network=network, pomdp=POMDP(checked, network), gain=chosen)


def load_compiled(folder: str | Path, machine: Machine, *, foreign: bool = False) -> Compiled:
    """The forms of a machine that are saved in a folder; a POMDP that is not there is read off the network.

    Raises: InputError: they are damaged, or of another machine (see `forms.require_form_of`, also for `foreign`).
    """
    network, pomdp = load_forms(folder, machine, foreign=foreign)
    return Compiled(machine=machine, network=network, pomdp=pomdp or POMDP(False, network), folder=Path(folder))
