"""Whether a network halts on an input: what its machine does, once both are proved to agree."""

from __future__ import annotations

from triquetra.machines import Machine
from triquetra.runtime.accelerate import decide
from triquetra.runtime.accelerate.certificate import write_certificate

from ..halting import Proved, check, read_certificate

MACRO_STEPS = 1_000_000


def decide_and_check(machine: Machine, input: str) -> Proved | None:
    """How the machine's run ends, as the checker of halting accepts it; None if that was not found.

    A form that is proved to agree with the machine on an external tape does the same.
    """
    decision = decide(machine, input, max_macro_steps=MACRO_STEPS)
    if decision.certificate is None:
        return None
    return check(machine, read_certificate(write_certificate(decision.certificate).encode()))
