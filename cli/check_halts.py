"""`triquetra check-halts`: hold a halting certificate against a machine, with the checker alone."""

from __future__ import annotations

from typing import Annotated

import typer

from .common import (
    Exit,
    File,
    From,
    Json,
    command,
    fail,
    open_program,
    print_json,
)
from .halts import long_count
from .machine_and_certificate import certificate_bytes


@command
def check_halts(
    certificate: Annotated[str, typer.Argument(help="A certificate that `triquetra halts --out` wrote.")],
    file: File,
    from_: From = None,
    json: Json = False,
) -> None:
    """Accept a halting certificate, or refuse it with the reason; every rule is proved again and the run replayed."""
    from triquetra.machines.core.numbers import decimal
    from triquetra.verifier.halting_checker import RefusedHalting, check, read_certificate

    raw = certificate_bytes("check-halts", certificate, file)
    machine = open_program(file, from_).machine
    try:
        proved = check(machine, read_certificate(raw))
    except RefusedHalting as refusal:
        if json:
            print_json({"accepted": False, "reason": str(refusal)})
            raise typer.Exit(int(Exit.FAILED)) from None
        fail(f"refused: {refusal}", Exit.FAILED)
    if json:
        numbers = {"steps": proved.steps, "nonblank": proved.nonblank}
        print_json({
            "accepted": True, "machine": machine.digest, "ending": proved.verdict, "method": proved.method,
            **{name: None if number is None else decimal(number) for name, number in numbers.items()},
        })  # fmt: skip
    elif proved.steps is None or proved.nonblank is None:
        print(f"accepted: {machine.name} runs forever (proved by {proved.method})")
    else:
        steps, marks = long_count(proved.steps, "step"), long_count(proved.nonblank, "mark")
        print(f"accepted: {machine.name} halts after {steps}, with {marks}; checked to the last digit")
