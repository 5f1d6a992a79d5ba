"""Whether a network halts on an input: what its machine does, once both are proved to agree."""

from __future__ import annotations

from triquetra.machines import Input, Machine
from triquetra.runtime.accelerate import decide
from triquetra.runtime.accelerate.certificate import write_certificate
from triquetra.runtime.accelerate.clock import Progress

from ..halting_checker import ProvedHalting, check, read_certificate

MACRO_STEPS = 1_000_000


def decide_and_check(
    machine: Machine, *inputs: Input, seconds: float | None = None, progress: Progress | None = None
) -> ProvedHalting | str:
    """How the machine's run ends, as the checker of halting accepts it; why not, if that was not found.

    A form that is proved to agree with the machine on an external tape does the same.
    """
    decision = decide(machine, *inputs, max_macro_steps=MACRO_STEPS, seconds=seconds, progress=progress)
    if decision.certificate is None:
        return str(decision.reason)
    return check(machine, read_certificate(write_certificate(decision.certificate).encode()))
