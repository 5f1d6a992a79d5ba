"""`triquetra halts`: whether a machine halts and after how many steps, with a certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .common import (
    Exit,
    File,
    From,
    InputFiles,
    Inputs,
    Json,
    Seconds,
    command,
    one_word,
    open_program,
    print_json,
)
from .heartbeat import heartbeat
from .lists import each_machine
from .output import Force, new_files

if TYPE_CHECKING:
    from triquetra.machines import Machine
    from triquetra.runtime.accelerate import Decision


@command
@each_machine
def halts(
    file: File,
    from_: From = None,
    input: Inputs = None,
    input_file: InputFiles = None,
    out: Annotated[str | None, typer.Option("--out", "-o", help="Write the certificate to this file.")] = None,
    max_macro_steps: Annotated[
        int, typer.Option("--max-macro-steps", min=0, help="Give up after so many macro-steps and uses of rules.")
    ] = 1_000_000,
    seconds: Seconds = None,
    force: Force = False,
    json: Json = False,
) -> None:
    """Find out whether a machine halts, be it after 10^704 steps, and leave a certificate that can be checked."""
    from triquetra.machines import write_whole
    from triquetra.machines.core.numbers import decimal
    from triquetra.machines.formats import input_tapes
    from triquetra.runtime.accelerate import DecisionKind, decide
    from triquetra.runtime.accelerate.certificate import write_certificate

    word = one_word(input)
    new_files(force, out)
    program = open_program(file, from_)
    machine = program.machine
    inputs = input_tapes(program, [word] if input else [])
    with heartbeat(machine.name) as report:
        decision = decide(machine, *inputs, max_macro_steps=max_macro_steps, seconds=seconds, progress=report)
    if out is not None and decision.certificate is not None:
        write_whole(out, write_certificate(decision.certificate))
    if json:
        print_json({
            "machine": machine.name,
            "digest": machine.digest,
            "notes": list(program.notes),
            "input": word,
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
        elif out is not None:
            print(f"no certificate: nothing is written to {out}")
    if decision.kind is DecisionKind.UNKNOWN:
        raise typer.Exit(int(Exit.LIMIT))


def _sentence(machine: Machine, decision: Decision) -> str:
    from triquetra.runtime.accelerate import DecisionKind

    if decision.steps is not None and decision.nonblank is not None:
        steps, marks = long_count(decision.steps, "step"), long_count(decision.nonblank, "mark")
        return f"{machine.name} halts after {steps}, with {marks}"
    how = {
        DecisionKind.CYCLE: "the same configuration comes back",
        DecisionKind.TRANSLATED_CYCLE: "the same configuration comes back further along the tape",
        DecisionKind.ENDLESS_RULE: "a proved rule applies for ever",
        DecisionKind.CLOSED_SET: "it never leaves a set of tapes in which nothing halts",
    }
    if decision.kind in how:
        return f"{machine.name} runs forever: {how[decision.kind]}"
    return f"{machine.name}: unknown; {decision.reason}"


def long_count(number: int, what: str) -> str:
    """`1 step`, `10^704.279 steps`."""
    from triquetra.machines.core.numbers import long_number
    from triquetra.machines.core.words import plural

    return f"{long_number(number)} {plural(number, what)}"
