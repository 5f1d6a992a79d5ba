"""`triquetra check`: hold a certificate against a machine and weights, with the small checker alone."""

from __future__ import annotations

from typing import Annotated

import typer

from .common import Artifact, Exit, File, Json, command, fail, print_json


@command
def check(
    certificate: Annotated[str, typer.Argument(help="A certificate that `triquetra verify --out` wrote.")],
    file: File,
    artifact: Artifact = None,
    json: Json = False,
) -> None:
    """Accept a certificate, or refuse it with the reason; everything in it is recomputed exactly."""
    from triquetra.machines import read_bytes, shorten
    from triquetra.machines.load import load
    from triquetra.verifier import Refused, check_certificate
    from triquetra.verifier.prover.words import render_proofs

    machine = load(file).machine
    try:
        accepted = check_certificate(read_bytes(certificate), machine, artifact)
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
    print(render_proofs(machine, accepted, {}))
