"""`triquetra verify`: proved, refuted or unknown."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from .common import Artifact, Cells, Exit, File, GainOption, Json, command, print_json

if TYPE_CHECKING:
    from triquetra.machines import Machine
    from triquetra.verifier import Verification


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
    json: Json = False,
) -> None:
    """Prove for every input and every step that the forms agree with the machine, or say where they part."""
    from triquetra.compiler.gain import DEFAULT_CELLS
    from triquetra.forms import saved_bytes
    from triquetra.machines import InputError, write_whole
    from triquetra.machines.load import load
    from triquetra.verifier import verify_modes, write_certificate

    from .forms import network_and_pomdp

    if tape not in ("external", "synaptic", "both"):
        raise InputError(f"--tape {tape}: the tape is `external`, `synaptic` or `both`")
    machine = load(file).machine
    network, pomdp = network_and_pomdp(machine, cells=cells, gain=gain, artifact=artifact)
    external: list[int | None] = [None] if tape != "synaptic" else []
    modes = external + ([cells or DEFAULT_CELLS] if tape != "external" else [])
    compiled_with = network.saturation if artifact is None else None
    files = {} if artifact is None else saved_bytes(artifact)
    found = verify_modes(machine, network, pomdp, modes, gain=compiled_with, files=files, robustness=robustness)
    if out is not None and found and found.certificate is not None:
        write_whole(out, write_certificate(found.certificate))
    halting = {"halting": _halting(machine, input, found)} if halts else {}
    if json:
        print_json(found.to_json() | halting)
    else:
        weights = f" --gain {network.saturation:g}" if artifact is None else f" --artifact {shlex.quote(artifact)}"
        print("\n".join([found.words(f"triquetra agree {shlex.quote(file)}{weights}"), *halting.values()]))
    if not found:
        raise typer.Exit(int(Exit.FAILED if found.refuted else Exit.LIMIT))


def _halting(machine: Machine, input: str, found: Verification) -> str:
    """What the network does on an input, in words."""
    from triquetra.verifier.prover.halting import decide_and_check

    from .halts import long_number

    if not any(result and result.cells is None for result in found.results):
        return "halting: nothing can be said of the network, which is not proved to agree on an external tape"
    proved = decide_and_check(machine, input)
    if proved is None:
        return "halting: unknown"
    what = f"on input {input!r}" if input else "from the blank tape"
    if proved.steps is None:
        return f"proved  the network and the agent run forever {what} (by {proved.method}; external tape)"
    return f"proved  the network and the agent halt {what} after {long_number(proved.steps)} steps (external tape)"
