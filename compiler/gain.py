"""How strong the synapses must be: the gain L, chosen from what is asked and explained."""

from __future__ import annotations

import math

from triquetra.forms import Gain
from triquetra.machines import InputError, Machine

DEFAULT_CELLS = 1024
DEFAULT_TOLERANCE = 1e-9
MAX_GAIN = 300.0  # e^-L and e^-2L stay far from the subnormal numbers


def choose_gain(
    machine: Machine,
    *,
    cells: int = DEFAULT_CELLS,
    tolerance: float = DEFAULT_TOLERANCE,
    gain: float | None = None,
) -> Gain:
    """The least whole gain L with (units heard) · e^−L ≤ tolerance, or the gain that was asked for.

    A unit that should be off rests at sig(−L) ≈ e^−L; what a unit hears from all that should be off is at most
    their number times that. The number is the larger of the memory cells N and the basis (rules and states), so
    the gain grows as ln N.

    Raises: InputError: cells, tolerance or gain out of range.
    """
    if cells < 1:
        raise InputError(f"cells = {cells}: the memory needs at least one cell")
    if not 0 < tolerance < 0.125:
        raise InputError(f"tolerance = {tolerance} is outside (0, 1/8), where memory synapses repair themselves")
    units = max(cells, len(machine.rules) + len(machine.states))
    if gain is not None:
        if not 0 < gain <= MAX_GAIN:
            raise InputError(f"gain = {gain} is outside (0, {MAX_GAIN:g}] nats")
        return Gain(nats=float(gain), cells=cells, units=units, tolerance=None)
    nats = float(math.ceil(math.log(units / tolerance)))
    return Gain(nats=nats, cells=cells, units=units, tolerance=tolerance)
