"""`triquetra check`: hold a certificate against a machine and weights, with the small checker alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

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

if TYPE_CHECKING:
    from triquetra.machines import Machine
    from triquetra.verifier.checker import Certificate, FormBytes


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
    from triquetra.machines import InputError
    from triquetra.verifier.checker import Refused, read_certificate
    from triquetra.verifier.checker import check as check_certificate
    from triquetra.verifier.prover.words import render_proofs

    if json and details:
        raise InputError("--details is for the text; leave out --json")
    raw = certificate_bytes("check", certificate, file)
    machine = open_program(file, from_).machine
    try:
        read = read_certificate(raw)
        check_certificate(read, machine, **_files(machine, read, artifact, foreign))
    except Refused as refusal:
        if json:
            print_json({"accepted": False, "reason": str(refusal)})
            raise typer.Exit(int(Exit.FAILED)) from None
        fail(f"refused: {refusal}", Exit.FAILED)
    if json:
        print_json({"accepted": True, "machine": machine.digest, "proofs": len(read.proofs)})
        return
    print(f"accepted: {certificate}, every figure recomputed in exact rationals\n")
    print(render_proofs(machine, read, {}, details))


def _files(machine: Machine, certificate: Certificate, artifact: str | None, foreign: bool) -> dict[str, FormBytes]:
    """The bytes of the forms that the certificate names: as saved, or compiled again with the gain it notes."""
    from triquetra.forms import KINDS
    from triquetra.machines import InputError

    from .forms import compiled_forms

    kinds = [kind for kind in KINDS if getattr(certificate, kind) is not None]
    if artifact is not None:
        compiled_forms(machine, cells=None, gain=None, artifact=artifact, foreign=foreign)  # these are its own
        return {kind: _saved(artifact, kind) for kind in kinds}
    if certificate.gain is None:
        raise InputError("the certificate is for saved weights: name their folder with --artifact")
    from triquetra.compiler import compile_machine
    from triquetra.forms import to_bytes

    compiled = compile_machine(machine, gain=certificate.gain)
    return {kind: to_bytes(getattr(compiled, kind)) for kind in kinds}


def _saved(folder: str, kind: str) -> FormBytes:
    """A saved form's bytes; those of a POMDP that is not there are read off the network, as `verify` does."""
    from triquetra.compiler import to_pomdp
    from triquetra.forms import load_network, saved_bytes, to_bytes

    found = saved_bytes(folder)
    return found[kind] if kind in found else to_bytes(to_pomdp(load_network(folder)))
