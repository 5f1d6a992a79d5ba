"""The check: a certificate against a machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from triquetra.machines.core import Machine, Tape

from .closed import check_closed_set
from .limits import RefusedHalting
from .plain import check_cycle, check_steps
from .reading import ENDLESS, FORMAT, ProvedHalting, read_integer, read_object, read_tape
from .rules import check_rules

METHODS: Mapping[str, Callable[[Machine, Tape, Mapping[str, Any]], ProvedHalting]] = {
    "rules": check_rules,
    "steps": check_steps,
    "cycle": check_cycle,
    "translated cycle": check_cycle,
    "closed set": check_closed_set,
}


def check(machine: Machine, certificate: object) -> ProvedHalting:
    """What a certificate proves of a machine.

    Raises: RefusedHalting: it proves nothing, or something else than it claims.
    """
    fields = read_object(certificate, "certificate")
    if fields.get("format") != FORMAT:
        raise RefusedHalting(f"certificate: format is not `{FORMAT}`")
    if fields.get("machine") != machine.digest:
        raise RefusedHalting(f"certificate: it is about another machine than `{machine.name}`")
    if machine.tapes != 1 or machine.one_way[0]:
        raise RefusedHalting("certificate: only machines with one two-way tape have halting certificates")
    tape = read_tape(machine, fields.get("input"))
    claim, proof = read_object(fields.get("claim"), "claim"), read_object(fields.get("proof"), "proof")
    method = proof.get("method")
    if not isinstance(method, str) or method not in METHODS:
        raise RefusedHalting(f"proof: method is not one of {', '.join(METHODS)}")
    proved = METHODS[method](machine, tape, proof)
    if claim.get("ending") != proved.verdict:
        raise RefusedHalting(f"claim: ending is not `{proved.verdict}`, with which the proof ends")
    if proved.verdict != ENDLESS:
        for name, value in (("state", proved.state), ("steps", proved.steps), ("nonblank", proved.nonblank)):
            if read_integer(claim.get(name), f"claim: {name}") != value:
                raise RefusedHalting(f"claim: {name} is not what the proof comes to")
    return proved
