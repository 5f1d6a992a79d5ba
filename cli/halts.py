"""`triquetra halts`: whether a machine halts and after how many steps, with a certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .common import Exit, File, Json, Seconds, command, print_json
from .heartbeat import heartbeat

if TYPE_CHECKING:
    from triquetra.machines import Machine
    from triquetra.runtime.accelerate import Decision


@command
def halts(
    file: File,
    input: Annotated[str, typer.Option("--input", "-i", help="What is on the tape.")] = "",
    out: Annotated[str | None, typer.Option("--out", "-o", help="Write the certificate to this file.")] = None,
    max_macro_steps: Annotated[
        int, typer.Option("--max-macro-steps", min=0, help="Give up after so many macro-steps and uses of rules.")
    ] = 1_000_000,
    seconds: Seconds = None,
    json: Json = False,
) -> None:
    """Find out whether a machine halts, be it after 10^704 steps, and leave a certificate that can be checked."""
    from triquetra.machines import write_whole
    from triquetra.machines.core.numbers import decimal
    from triquetra.machines.load import load
    from triquetra.runtime.accelerate import Kind, decide
    from triquetra.runtime.accelerate.certificate import write_certificate

    machine = load(file).machine
    with heartbeat(machine.name) as report:
        decision = decide(machine, input, max_macro_steps=max_macro_steps, seconds=seconds, progress=report)
    if out is not None and decision.certificate is not None:
        write_whole(out, write_certificate(decision.certificate))
    if json:
        print_json({
            "machine": machine.name,
            "digest": machine.digest,
            "input": input,
            "halts": decision.halts,
            "method": str(decision.kind),
            "steps": None if decision.steps is None else decimal(decision.steps),
            "nonblank": None if decision.nonblank is None else decimal(decision.nonblank),
            "reason": decision.reason,
            "certificate": out if decision.certificate is not None else None,
        })  # fmt: skip
    else:
        print(_sentence(machine, decision))
        if out is not None and decision.certificate is not None:
            print(f"certificate: {out}; `triquetra check-halts` checks it")
    if decision.kind is Kind.UNKNOWN:
        raise typer.Exit(int(Exit.LIMIT))


def _sentence(machine: Machine, decision: Decision) -> str:
    from triquetra.machines.core.numbers import long_number
    from triquetra.runtime.accelerate import Kind

    if decision.steps is not None and decision.nonblank is not None:
        steps, marks = long_number(decision.steps), long_number(decision.nonblank)
        return f"{machine.name} halts after {steps} steps, with {marks} marks"
    how = {
        Kind.CYCLE: "the same configuration comes back",
        Kind.TRANSLATED_CYCLE: "the same configuration comes back further along the tape",
        Kind.ENDLESS_RULE: "a proved rule applies for ever",
        Kind.CLOSED_SET: "it never leaves a set of tapes in which nothing halts",
    }
    if decision.kind in how:
        return f"{machine.name} runs forever: {how[decision.kind]}"
    return f"{machine.name}: unknown; {decision.reason}"
