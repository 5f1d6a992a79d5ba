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
    from triquetra.verifier import Proved, Refuted, write_certificate
    from triquetra.verifier import verify as verify_forms
    from triquetra.verifier.prover.verify import joined
    from triquetra.verifier.prover.words import render_proofs

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
    written = out if certificate is not None and len(proved) == len(modes) else None
    if written is not None and certificate is not None:
        write_whole(written, write_certificate(certificate))
    word = one_word(input)
    inputs = input_tapes(program, [word] if input else [])
    what = (
        f"on input {word!r}" if word else "on its file's own input" if inputs and not input else "from the blank tape"
    )
    verdict_on_halting = _halting(machine, inputs, what, verdicts, seconds) if halts else None
    if json:
        halting = {} if verdict_on_halting is None else {"halting": verdict_on_halting}
        print_json(
            {"machine": machine.name, "digest": machine.digest, "verdicts": [verdict.to_json() for verdict in verdicts]}
            | halting
            | ({} if out is None else {"certificate": written})
        )
    elif in_list():
        for verdict in verdicts:
            print(verdict.words().partition("\n")[0])
        if verdict_on_halting is not None:
            print(verdict_on_halting)
    else:
        if certificate is not None:
            scales = {verdict.cells: verdict.scale for verdict in verdicts if isinstance(verdict, Proved)}
            print(render_proofs(machine, certificate, scales, details))
        for verdict in verdicts:
            if not isinstance(verdict, Proved):
                print(verdict.words(f"triquetra agree {shlex.quote(file)}{weights}"))
        if verdict_on_halting is not None:
            print(verdict_on_halting)
        if written is not None:
            print(f"certificate: {written}; `triquetra check` checks it")
        elif out is not None:
            print(f"no certificate: nothing is written to {out}")
    if any(isinstance(verdict, Refuted) for verdict in verdicts):
        raise typer.Exit(int(Exit.FAILED))
    if len(proved) < len(modes):
        raise typer.Exit(int(Exit.LIMIT))


def _halting(
    machine: Machine, inputs: Sequence[Input], what: str, verdicts: Sequence[object], seconds: float | None
) -> str:
    """What the network does on an input: what the machine does, if both are proved to agree on an external tape.

    The accelerated run's certificate is replayed by the halting checker before anything is said.
    """
    from triquetra.runtime.accelerate import decide
    from triquetra.runtime.accelerate.certificate import write_certificate
    from triquetra.verifier import Proved
    from triquetra.verifier.halting import check, read_certificate

    from .halts import long_count

    if not any(isinstance(verdict, Proved) and verdict.cells is None for verdict in verdicts):
        return "halting: nothing can be said of the network, which is not proved to agree on an external tape"
    with heartbeat(machine.name) as report:
        decision = decide(machine, *inputs, max_macro_steps=1_000_000, seconds=seconds, progress=report)
    if decision.certificate is None:
        return f"halting: unknown; {decision.reason}"
    proved = check(machine, read_certificate(write_certificate(decision.certificate).encode()))
    if proved.steps is None:
        return f"proved  the network and the agent run forever {what} (by {proved.method}; external tape)"
    return f"proved  the network and the agent halt {what} after {long_count(proved.steps, 'step')} (external tape)"
