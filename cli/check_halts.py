"""`triquetra check-halts`: hold a halting certificate against a machine, with the checker alone."""

from __future__ import annotations

from typing import Annotated

import typer

from .common import Exit, File, Json, command, fail, print_json


@command
def check_halts(
    certificate: Annotated[str, typer.Argument(help="A certificate that `triquetra halts --out` wrote.")],
    file: File,
    json: Json = False,
) -> None:
    """Accept a halting certificate, or refuse it with the reason; every rule is proved again and the run replayed."""
    from triquetra.machines import read_bytes
    from triquetra.machines.core.numbers import decimal, long_number
    from triquetra.machines.load import load
    from triquetra.verifier.halting import Refused, check, read_certificate

    machine = load(file).machine
    try:
        proved = check(machine, read_certificate(read_bytes(certificate)))
    except Refused as refusal:
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
        steps, nonblank = long_number(proved.steps), long_number(proved.nonblank)
        print(f"accepted: {machine.name} halts after {steps} steps, with {nonblank} marks; checked to the last digit")
