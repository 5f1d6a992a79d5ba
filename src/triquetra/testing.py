"""Property-based tests of a machine and a network, an agent, or any other form of it, in a test suite of your own.

    @given(inputs(machine), nearby_weights(network, radius=2))
    def test_my_network(words, near):
        assert_agrees(machine, near, *words)

The strategies are Hypothesis's; what fails shrinks to a short input and to the few weights that matter, by name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from .forms import FloatArray, Network, Pomdp, require_form_of
from .machines import Input, InputError, Machine
from .machines.strategies import machines as machines
from .machines.strategies import tapes as tapes
from .runtime.forms import make_form
from .runtime.lockstep import lockstep
from .runtime.protocol import Form

__all__ = ["Nearby", "Perturbation", "assert_agrees", "inputs", "machines", "nearby_weights", "tapes"]

MOST_STRETCHES = 3
GRADES = 8  # of a change, up to the radius: numbers that are easy to read


def assert_agrees(
    machine: Machine,
    form: Network | Nearby | Pomdp | Form[Any],
    *inputs: Input,
    cells: int | None = None,
    max_steps: int = 1000,
    foreign: bool = False,
) -> None:
    """Assert that a form is the machine at every step of a run: state, heads, whole tapes, and halting.

    Args:
        form: a network, weights near one, an agent, or anything with the methods of `runtime.protocol.Form`.
        inputs: what is on the tapes, one each; those left out are blank.
        cells: N of a synaptic memory, None for external tapes; not for a form that brings its own tapes.
        max_steps: compare so many steps at most.
        foreign: allow a network or an agent that was compiled from another machine with the same names.
    Raises: AssertionError: they part; the message has the input, the step and both configurations.
        InputError: the form is not one of this machine, or an input does not fit.
    """
    if isinstance(form, Nearby):
        form = form.network
    if isinstance(form, Network | Pomdp):
        require_form_of(machine, form, foreign=foreign)
        form = make_form(form, cells)
    elif cells is not None:
        raise InputError("`cells` is for a network or an agent; other forms bring their own tapes")
    elif form.verdicts != machine.verdicts:
        raise InputError(f"the {form.name} was not made for `{machine.name}`: it has other halting states")
    difference = lockstep(machine, [form], *inputs, max_steps=max_steps, dense=True).difference
    if difference is not None:
        given = ", ".join(map(repr, inputs)) or "blank tapes"
        moments = "".join(f"\n  {moment.in_words(machine)}" for moment in difference.moments)
        raise AssertionError(f"on {given} the forms part at step {difference.step}: {difference.what}{moments}")


def inputs(machine: Machine, *, max_length: int = 6) -> st.SearchStrategy[tuple[str, ...]]:
    """Words over the input alphabet, as text, one for each tape; they shrink towards empty ones.

    Args:
        max_length: most symbols of a word.
    """
    symbols = st.lists(st.sampled_from(machine.input_symbols), max_size=max_length)
    return st.tuples(*[symbols.map(machine.spell)] * machine.tapes)


@dataclass(frozen=True, slots=True)
class Perturbation:
    """The weight of `unit` on `source` is changed by so many `nats`; `source` is `bias` for a unit's bias."""

    unit: str
    source: str
    nats: float


@dataclass(frozen=True, eq=False, repr=False)
class Nearby:
    """A network near another, with what was changed by name."""

    perturbations: tuple[Perturbation, ...]
    network: Network

    def __repr__(self) -> str:
        return f"Nearby({', '.join(map(repr, self.perturbations))})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What Hypothesis shows: the changes, and not every array of the network."""
        printer.text(repr(self))


def nearby_weights(network: Network, radius: float) -> st.SearchStrategy[Nearby]:
    """Networks of which every weight and bias is within `radius` nats of the given one's; they shrink towards it.

    The memory's constants M, η and β stay as they are, as for the radius that `triquetra verify` states.

    Raises: InputError: the radius is negative or not finite.
    """
    if not 0 <= radius < float("inf"):
        raise InputError(f"radius = {radius} nats must be finite and not negative")
    names = _names(network)
    last = len(names) - 1
    # Stretches of weights, so that many change at once and a failure shrinks to the one weight that matters.
    stretch = st.tuples(st.integers(0, last), st.integers(0, last), st.integers(0, 2**16))

    @st.composite
    def near(draw: st.DrawFn) -> Nearby:
        moved = np.zeros(len(names))
        for first, more, seed in draw(st.lists(stretch, max_size=MOST_STRETCHES)):
            part = moved[first : first + more + 1]
            part[:] = np.random.default_rng(seed).integers(-GRADES, GRADES, part.size, endpoint=True) * radius / GRADES
        perturbations = tuple(Perturbation(*names[i], float(moved[i])) for i in np.flatnonzero(moved))
        return Nearby(perturbations, _moved(network, moved))

    return near()


def _names(network: Network) -> list[tuple[str, str]]:
    """Unit and source of every weight and bias, in the order in which `_moved` changes them."""
    axes = network.axes
    units = np.repeat(np.arange(axes.units), np.diff(network.weights.indptr)).tolist()
    reads = [f"read{'' if axes.t == 1 else f'[{tape + 1}]'}:{a}" for tape in range(axes.t) for a in axes.symbols]
    return [
        *((axes.unit_names[u], axes.basis_names[j]) for u, j in zip(units, network.weights.indices.tolist())),
        *((unit, "bias") for unit in axes.unit_names),
        *((read, f"shown:{a}") for read in reads for a in axes.symbols),
        *((read, "bias") for read in reads),
        ("place", "arrival"),
        ("place", "bias"),
    ]


def _moved(network: Network, by: FloatArray) -> Network:
    """The network with the change `by` (one entry for each of `_names`, nats) added."""
    taken = 0

    def take(values: FloatArray) -> FloatArray:
        nonlocal taken
        taken += values.size
        return np.asarray(values + by[taken - values.size : taken].reshape(values.shape))

    weights = network.weights.copy()
    weights.data = take(weights.data)
    bias, sensory, sensory_bias = take(network.bias), take(network.sensory_weights), take(network.sensory_bias)
    place = take(np.array([network.place_weight, network.place_bias]))
    return replace(
        network, weights=weights, bias=bias, sensory_weights=sensory, sensory_bias=sensory_bias,
        place_weight=float(place[0]), place_bias=float(place[1]),
    )  # fmt: skip
