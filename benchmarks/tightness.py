"""`python -m benchmarks.tightness`: how tight is the proof? The least gain of each machine that is provable,
beside the least with which its network makes no mistake on the inputs of the machine's own tests.

Both are found by bisection, to `DIGITS` nats, as if what holds for a gain held for all greater ones. The first is for
all inputs and all steps; the second for a few runs, so a machine may well need more than that.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial

from triquetra.compiler import compile_machine
from triquetra.forms import Network, to_bytes
from triquetra.machines import Input, Machine
from triquetra.machines.catalogue import library
from triquetra.runtime.lockstep import lockstep
from triquetra.runtime.network import NetworkForm
from triquetra.runtime.protocol import MemoryTooSmall
from triquetra.verifier.checker.certificate import Proof
from triquetra.verifier.checker.obligations import obligations
from triquetra.verifier.checker.reading import read_saved
from triquetra.verifier.prover.certify import certify

CELLS = 64  # of memory
STEPS = 400  # of a run
LOW, HIGH = 0.25, 32.0  # nats
DIGITS = 0.02  # nats
LARGEST = 1000  # rules


def main(names: Sequence[str] = ()) -> None:
    """Print the table, for the machines named or for all of the library."""
    tapes = ("external", f"{CELLS} cells")
    print(f"{'least gain in nats':<26}" + "".join(f"{f'{tape}: proved':>20}{'works':>8}{'ratio':>8}" for tape in tapes))
    for file in library():
        if file.program is None or (names and file.name not in names) or len(file.program.machine.rules) > LARGEST:
            continue
        machine = file.program.machine
        runs = [test.inputs for test in file.program.tests]
        row = f"{machine.name:<26}"
        for cells in (None, CELLS):
            proved = least(partial(provable, machine, cells))
            works = least(partial(right, machine, cells, runs))
            row += f"{_nats(proved):>20}{_nats(works):>8}{_nats(proved and works and proved / works):>8}"
        print(row, flush=True)


def least(holds: Callable[[float], bool]) -> float | None:
    """The least gain from LOW to HIGH nats that `holds`, if all above it do; None if HIGH does not."""
    low, high = LOW, HIGH
    if not holds(high):
        return None
    if holds(low):
        return low
    while high - low > DIGITS:
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def provable(machine: Machine, cells: int | None, gain: float) -> bool:
    """Whether a proof is found for the network compiled with this gain, in nats."""
    form = read_saved("network", to_bytes(_network(machine, gain)), machine)
    return isinstance(certify(form, obligations(machine, form), cells), Proof)


def right(machine: Machine, cells: int | None, runs: Sequence[Sequence[Input]], gain: float) -> bool:
    """Whether the network compiled with this gain, in nats, does right for STEPS steps on the inputs given."""
    form = NetworkForm(_network(machine, gain), cells)
    for inputs in runs:
        try:
            if not lockstep(machine, [form], *inputs, max_steps=STEPS, dense=True).agrees:
                return False
        except MemoryTooSmall:
            continue
    return True


def _network(machine: Machine, gain: float) -> Network:
    return compile_machine(machine, gain=gain).network


def _nats(x: float | None) -> str:
    return "-" if x is None else f"{x:.2f}"


if __name__ == "__main__":
    main(sys.argv[1:])
