"""The whole compiler on one screen: source → syntax → machine → network → POMDP.

Each pass is a pure function from one type to the next; `ensures` raises unless its result holds what the pass
promises, and runs after each pass when `checked`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from triquetra.forms import Network, Pomdp, require
from triquetra.machines import Machine
from triquetra.machines.language.elaborate import elaborate
from triquetra.machines.language.parser import parse_syntax
from triquetra.machines.language.program import Program
from triquetra.machines.language.reading import read_includes
from triquetra.machines.language.source import SourceText
from triquetra.machines.language.syntax import Syntax

from .gain import DEFAULT_CELLS, DEFAULT_TOLERANCE, Gain, choose_gain
from .to_network import to_network
from .to_pomdp import to_pomdp


@dataclass(frozen=True, slots=True)
class Pass:
    """One step of the compiler: `run` takes the previous result, `ensures` is what it promises of its own."""

    run: Callable[..., Any]
    ensures: Callable[[Any], None]


def positions_are_kept(syntax: Syntax) -> None:
    """Every line of syntax lies within its source, in order."""
    numbers = [line.number for line in syntax.lines]
    require(all(a < b for a, b in pairwise(numbers)), "lines are out of order")
    spans = [span for line in syntax.lines if (span := getattr(line.statement, "span", None)) is not None]
    require(all(0 <= span.start <= span.end <= len(span.source.text) for span in spans), "a line is outside its source")


def delta_is_a_function(program: Program) -> None:
    """No cell has two rules, and each rule knows its line."""
    machine = program.machine
    require(len(machine.delta) == len(machine.rules), "a cell has two rules")
    require(all(rule.origin for rule in machine.rules), "a rule does not know its line")


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


def includes_are_there(syntax: Syntax) -> None:
    """Every file that is included was read, once."""
    paths = [each.source.path for each in syntax.included]
    require(len(set(paths)) == len(paths), "a file was included twice")


# SourceText -> Syntax -> Syntax with its files -> Program (machine and tests) -> Network -> Pomdp
PARSE = Pass(parse_syntax, positions_are_kept)
INCLUDE = Pass(read_includes, includes_are_there)
ELABORATE = Pass(elaborate, delta_is_a_function)
NETWORK = Pass(to_network, every_cell_has_a_margin)
POMDP = Pass(to_pomdp, columns_are_distributions)


@dataclass(frozen=True, slots=True)
class Compiled:
    """All forms of one machine, and the gain that was chosen."""

    machine: Machine
    gain: Gain
    network: Network
    pomdp: Pomdp


def compile_source(source: SourceText, *, checked: bool = False) -> Program:
    """The front: source → syntax → machine."""
    program: Program = _run(ELABORATE, checked, _run(INCLUDE, checked, _run(PARSE, checked, source)))
    return program


def compile_machine(
    machine: Machine,
    *,
    cells: int = DEFAULT_CELLS,
    tolerance: float = DEFAULT_TOLERANCE,
    gain: float | None = None,
    checked: bool = False,
) -> Compiled:
    """The back: machine → network → POMDP, with a gain chosen for `cells` of memory (see `choose_gain`).

    Raises: InputError: cells, tolerance or gain out of range.
    """
    chosen = choose_gain(machine, cells=cells, tolerance=tolerance, gain=gain)
    network: Network = _run(NETWORK, checked, machine, chosen)
    pomdp: Pomdp = _run(POMDP, checked, network)
    return Compiled(machine, chosen, network, pomdp)


def _run(step: Pass, checked: bool, *arguments: Any) -> Any:
    result = step.run(*arguments)
    if checked:
        step.ensures(result)
    return result
