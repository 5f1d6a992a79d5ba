"""`triquetra check`: hold a certificate against a machine and weights, with the small checker alone."""

from __future__ import annotations

from typing import Annotated

import typer

from .common import (
    Artifact,
    Exit,
    File,
    From,
    Json,
    command,
    fail,
    open_program,
    print_json,
)
from .forms import Foreign
from .machine_and_certificate import certificate_bytes


@command
def check(
    certificate: Annotated[str, typer.Argument(help="A certificate that `triquetra verify --out` wrote.")],
    file: File,
    from_: From = None,
    artifact: Artifact = None,
    foreign: Foreign = False,
    details: Annotated[bool, typer.Option("--details", help="Margins and errors of every population.")] = False,
    json: Json = False,
) -> None:
    """Accept a certificate, or refuse it with the reason; everything in it is recomputed exactly."""
    from triquetra.machines import InputError, shorten
    from triquetra.verifier import Refused, check_certificate
    from triquetra.verifier.prover.words import render_proofs

    if json and details:
        raise InputError("--details is for the text; leave out --json")
    raw = certificate_bytes("check", certificate, file)
    machine = open_program(file, from_).machine
    try:
        accepted = check_certificate(raw, machine, artifact, foreign=foreign)
    except Refused as refusal:
        if json:
            reason = {"reason": str(refusal), "fault": refusal.fault, "place": shorten(refusal.place, 200)}
            print_json({"accepted": False} | reason)
            raise typer.Exit(int(Exit.FAILED)) from None
        fail(f"refused: {refusal}", Exit.FAILED)
    if json:
        print_json({"accepted": True, "machine": machine.digest, "proofs": len(accepted.proofs)})
        return
    print(f"accepted: {certificate}, every figure recomputed in exact rationals\n")
    print(render_proofs(machine, accepted, {}, details))
