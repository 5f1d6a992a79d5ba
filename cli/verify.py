"""`triquetra verify`: proved, refuted or unknown."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from .common import (
    Artifact,
    Cells,
    Exit,
    File,
    From,
    GainOption,
    InputFiles,
    Inputs,
    Json,
    Seconds,
    command,
    one_word,
    open_program,
    print_json,
    refuse_ignored,
)
from .forms import Foreign
from .heartbeat import heartbeat
from .lists import each_machine
from .output import Force, in_list, new_files

if TYPE_CHECKING:
    from triquetra.machines import Input, Machine
    from triquetra.verifier import Verification


@command
@each_machine
def verify(
    context: typer.Context,
    file: File,
    from_: From = None,
    artifact: Artifact = None,
    foreign: Foreign = False,
    tape: Annotated[str, typer.Option("--tape", help="external, synaptic or both.")] = "both",
    cells: Cells = None,
    gain: GainOption = None,
    out: Annotated[str | None, typer.Option("--out", "-o", help="Write the certificate to this file.")] = None,
    robustness: Annotated[bool, typer.Option(help="Also find the largest change of weights and activities.")] = True,
    halts: Annotated[bool, typer.Option("--halts", help="Also prove whether the network halts on --input.")] = False,
    input: Inputs = None,
    input_file: InputFiles = None,
    seconds: Seconds = None,
    details: Annotated[bool, typer.Option("--details", help="Margins and errors of every population.")] = False,
    force: Force = False,
    json: Json = False,
) -> None:
    """Prove for every input and every step that the forms agree with the machine, or say where they part."""
    from triquetra.compiler.gain import DEFAULT_CELLS
    from triquetra.forms import saved_bytes
    from triquetra.machines import InputError, write_whole
    from triquetra.machines.formats import input_tapes
    from triquetra.verifier import verify_modes, write_certificate

    from .forms import compiled_forms

    if tape not in ("external", "synaptic", "both"):
        raise InputError(f"--tape {tape}: the tape is `external`, `synaptic` or `both`")
    if input and not halts:
        raise InputError("--input is for --halts: a proof of agreement is for every input")
    if halts and tape == "synaptic":
        raise InputError("--halts needs the proof for an external tape; leave out --tape synaptic")
    if tape == "external":
        refuse_ignored(context, ("cells",), "is for a memory in synapses; leave out --tape external")
    if json:
        refuse_ignored(context, ("details",), "is for the text; the object of --json has every figure")
    new_files(force, out)
    program = open_program(file, from_)
    machine = program.machine
    network, pomdp = compiled_forms(machine, cells=cells, gain=gain, artifact=artifact, foreign=foreign)
    external: list[int | None] = [None] if tape != "synaptic" else []
    modes = external + ([cells or DEFAULT_CELLS] if tape != "external" else [])
    compiled_with = network.saturation if artifact is None else None
    files = {} if artifact is None else saved_bytes(artifact)
    found = verify_modes(machine, network, pomdp, modes, gain=compiled_with, files=files, robustness=robustness)
    written = out if found else None
    if written is not None and found.certificate is not None:
        write_whole(written, write_certificate(found.certificate))
    word = one_word(input)
    inputs = input_tapes(program, [word] if input else [])
    what = (
        f"on input {word!r}" if word else "on its file's own input" if inputs and not input else "from the blank tape"
    )
    halting = {"halting": _halting(machine, inputs, what, found, seconds)} if halts else {}
    if json:
        print_json(found.to_json() | halting | ({} if out is None else {"certificate": written}))
    elif in_list():
        print("\n".join([*(result.words().partition("\n")[0] for result in found.results), *halting.values()]))
    else:
        weights = f" --gain {network.saturation:g}" if artifact is None else f" --artifact {shlex.quote(artifact)}"
        print("\n".join([found.words(f"triquetra agree {shlex.quote(file)}{weights}", details), *halting.values()]))
        if written is not None:
            print(f"certificate: {written}; `triquetra check` checks it")
        elif out is not None:
            print(f"no certificate: nothing is written to {out}")
    if not found:
        raise typer.Exit(int(Exit.FAILED if found.refuted else Exit.LIMIT))


def _halting(machine: Machine, inputs: Sequence[Input], what: str, found: Verification, seconds: float | None) -> str:
    """What the network does on an input, in words."""
    from triquetra.verifier.prover.halting import decide_and_check

    from .halts import long_count

    if not any(result and result.cells is None for result in found.results):
        return "halting: nothing can be said of the network, which is not proved to agree on an external tape"
    with heartbeat(machine.name) as report:
        proved = decide_and_check(machine, *inputs, seconds=seconds, progress=report)
    if isinstance(proved, str):
        return f"halting: unknown; {proved}"
    if proved.steps is None:
        return f"proved  the network and the agent run forever {what} (by {proved.method}; external tape)"
    return f"proved  the network and the agent halt {what} after {long_count(proved.steps, 'step')} (external tape)"
