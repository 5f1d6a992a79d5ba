"""`triquetra verify`: proved, refuted or unknown."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from .common import Artifact, Cells, Exit, File, GainOption, Json, command, print_json


@command
def verify(
    file: File,
    artifact: Artifact = None,
    tape: Annotated[str, typer.Option("--tape", help="external, synaptic or both.")] = "both",
    cells: Cells = None,
    gain: GainOption = None,
    out: Annotated[str | None, typer.Option("--out", "-o", help="Write the certificate to this file.")] = None,
    robustness: Annotated[bool, typer.Option(help="Also find the largest change of weights and activities.")] = True,
    json: Json = False,
) -> None:
    """Prove for every input and every step that the forms agree with the machine, or say where they part."""
    from triquetra.compiler.gain import DEFAULT_CELLS
    from triquetra.machines import InputError, write_whole
    from triquetra.machines.load import load
    from triquetra.verifier.certificate import write_certificate
    from triquetra.verifier.refute import Refuted
    from triquetra.verifier.report import render, render_proofs, to_json
    from triquetra.verifier.verdict import Proved
    from triquetra.verifier.verdict import verify as verify_forms

    from .forms import network_and_pomdp

    if tape not in ("external", "synaptic", "both"):
        raise InputError(f"--tape {tape}: the tape is `external`, `synaptic` or `both`")
    machine = load(file).machine
    network, pomdp = network_and_pomdp(machine, cells=cells, gain=gain, artifact=artifact)
    external: list[int | None] = [None] if tape != "synaptic" else []
    modes = external + ([cells or DEFAULT_CELLS] if tape != "external" else [])
    compiled_with = network.saturation if artifact is None else None
    weights = f" --gain {network.saturation:g}" if artifact is None else f" --artifact {shlex.quote(artifact)}"
    verdicts = [
        verify_forms(machine, network, pomdp, mode, gain=compiled_with, robustness=robustness) for mode in modes
    ]
    proved = [verdict.certificate for verdict in verdicts if isinstance(verdict, Proved)]
    certificate = None
    if proved:
        certificate = proved[0] if len(proved) == 1 else proved[0].join(proved[1])
    if out is not None and certificate is not None and len(proved) == len(modes):
        write_whole(out, write_certificate(certificate))
    if json:
        print_json({"machine": machine.name, "digest": machine.digest, "verdicts": to_json(machine, verdicts)})
    else:
        if certificate is not None:
            scales = {verdict.cells: verdict.scale for verdict in verdicts if isinstance(verdict, Proved)}
            print(render_proofs(machine, certificate, scales))
        for verdict in verdicts:
            if not isinstance(verdict, Proved):
                print(render(machine, verdict, f"triquetra agree {shlex.quote(file)}{weights}"))
    if any(isinstance(verdict, Refuted) for verdict in verdicts):
        raise typer.Exit(int(Exit.FAILED))
    if len(proved) < len(modes):
        raise typer.Exit(int(Exit.LIMIT))
