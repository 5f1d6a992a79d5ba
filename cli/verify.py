"""`triquetra verify`: proved, refuted or unknown."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from .common import Artifact, Cells, Exit, File, GainOption, Json, Seconds, command, print_json
from .heartbeat import heartbeat

if TYPE_CHECKING:
    from triquetra.machines import Machine


@command
def verify(
    file: File,
    artifact: Artifact = None,
    tape: Annotated[str, typer.Option("--tape", help="external, synaptic or both.")] = "both",
    cells: Cells = None,
    gain: GainOption = None,
    out: Annotated[str | None, typer.Option("--out", "-o", help="Write the certificate to this file.")] = None,
    robustness: Annotated[bool, typer.Option(help="Also find the largest change of weights and activities.")] = True,
    halts: Annotated[bool, typer.Option("--halts", help="Also prove whether the network halts on --input.")] = False,
    input: Annotated[str, typer.Option("--input", "-i", help="What is on the tape, for --halts.")] = "",
    seconds: Seconds = None,
    json: Json = False,
) -> None:
    """Prove for every input and every step that the forms agree with the machine, or say where they part."""
    from triquetra.compiler.gain import DEFAULT_CELLS
    from triquetra.forms import saved_bytes
    from triquetra.machines import InputError, write_whole
    from triquetra.machines.load import load
    from triquetra.verifier import Proved, Refuted, write_certificate
    from triquetra.verifier import verify as verify_forms
    from triquetra.verifier.prover.verify import joined
    from triquetra.verifier.prover.words import render_proofs

    from .forms import network_and_pomdp

    if tape not in ("external", "synaptic", "both"):
        raise InputError(f"--tape {tape}: the tape is `external`, `synaptic` or `both`")
    machine = load(file).machine
    network, pomdp = network_and_pomdp(machine, cells=cells, gain=gain, artifact=artifact)
    external: list[int | None] = [None] if tape != "synaptic" else []
    modes = external + ([cells or DEFAULT_CELLS] if tape != "external" else [])
    files = {} if artifact is None else saved_bytes(artifact)
    compiled_with = network.saturation if artifact is None else None
    weights = f" --gain {network.saturation:g}" if artifact is None else f" --artifact {shlex.quote(artifact)}"
    verdicts = [
        verify_forms(machine, network, pomdp, mode, gain=compiled_with, files=files, robustness=robustness)
        for mode in modes
    ]
    proved = [verdict.certificate for verdict in verdicts if isinstance(verdict, Proved)]
    certificate = None
    if proved:
        certificate = proved[0] if len(proved) == 1 else joined(*proved)
    if out is not None and certificate is not None and len(proved) == len(modes):
        write_whole(out, write_certificate(certificate))
    verdict_on_halting = _halting(machine, input, verdicts, seconds) if halts else None
    if json:
        halting = {} if verdict_on_halting is None else {"halting": verdict_on_halting}
        print_json(
            {"machine": machine.name, "digest": machine.digest, "verdicts": [verdict.to_json() for verdict in verdicts]}
            | halting
        )
    else:
        if certificate is not None:
            scales = {verdict.cells: verdict.scale for verdict in verdicts if isinstance(verdict, Proved)}
            print(render_proofs(machine, certificate, scales))
        for verdict in verdicts:
            if not isinstance(verdict, Proved):
                print(verdict.words(f"triquetra agree {shlex.quote(file)}{weights}"))
        if verdict_on_halting is not None:
            print(verdict_on_halting)
    if any(isinstance(verdict, Refuted) for verdict in verdicts):
        raise typer.Exit(int(Exit.FAILED))
    if len(proved) < len(modes):
        raise typer.Exit(int(Exit.LIMIT))


def _halting(machine: Machine, input: str, verdicts: Sequence[object], seconds: float | None) -> str:
    """What the network does on an input: what the machine does, if both are proved to agree on an external tape.

    The accelerated run's certificate is replayed by the halting checker before anything is said.
    """
    from triquetra.machines.core.numbers import long_number
    from triquetra.runtime.accelerate import decide
    from triquetra.runtime.accelerate.certificate import write_certificate
    from triquetra.verifier import Proved
    from triquetra.verifier.halting import check, read_certificate

    if not any(isinstance(verdict, Proved) and verdict.cells is None for verdict in verdicts):
        return "halting: nothing can be said of the network, which is not proved to agree on an external tape"
    with heartbeat(machine.name) as report:
        decision = decide(machine, input, max_macro_steps=1_000_000, seconds=seconds, progress=report)
    if decision.certificate is None:
        return f"halting: unknown; {decision.reason}"
    proved = check(machine, read_certificate(write_certificate(decision.certificate).encode()))
    what = f"on input {input!r}" if input else "from the blank tape"
    if proved.steps is None:
        return f"proved  the network and the agent run forever {what} (by {proved.method}; external tape)"
    return f"proved  the network and the agent halt {what} after {long_number(proved.steps)} steps (external tape)"
