"""`triquetra obligations`: a proof's obligations for tools that are not ours: an SMT solver, and Coq."""

from __future__ import annotations

from typing import Annotated

import typer

from .common import (
    Artifact,
    Cells,
    Exit,
    File,
    From,
    GainOption,
    Json,
    TapeMode,
    command,
    fail,
    memory_cells,
    open_program,
)
from .forms import Foreign
from .output import Force, count, new_files, print_data, print_json


@command
def obligations(
    file: File,
    form: Annotated[str, typer.Option("--form", help="network or pomdp.")] = "network",
    tape: TapeMode = "external",
    cells: Cells = None,
    gain: GainOption = None,
    artifact: Artifact = None,
    foreign: Foreign = False,
    out: Annotated[
        str | None, typer.Option("--smt", "-o", help="Write SMT-LIB to this file, not to standard output.")
    ] = None,
    coq: Annotated[str | None, typer.Option("--coq", help="Write the induction for Coq to this file.")] = None,
    force: Force = False,
    from_: From = None,
    json: Json = False,
) -> None:
    """Write the obligations of a proof for an SMT solver, such as z3, or the whole induction for Coq."""
    from triquetra.forms import KINDS, Network, Pomdp
    from triquetra.machines import InputError, write_whole
    from triquetra.verifier import Proved, verify
    from triquetra.verifier.second_opinion.coq import to_coq
    from triquetra.verifier.second_opinion.smt import export

    from .forms import compiled_forms

    if form not in KINDS:
        raise InputError(f"--form {form}: the form is {' or '.join(f'`{kind}`' for kind in KINDS)}")
    if coq is not None and (KINDS[form] is not Network or tape != "external"):
        raise InputError("--coq is for a network with an external tape")
    if json and out is None and coq is None:
        raise InputError("--json says what was written; add --smt or --coq")
    new_files(force, out, coq)
    machine = open_program(file, from_).machine
    memory = memory_cells(tape, cells)
    compiled = compiled_forms(machine, cells=memory, gain=gain, artifact=artifact, foreign=foreign)
    one = compiled.part(KINDS[form])
    network = one if isinstance(one, Network) else None
    pomdp = one if isinstance(one, Pomdp) else None
    verdict = verify(machine, network, pomdp, memory, robustness=False)
    if not isinstance(verdict, Proved):
        fail("there is no proof whose obligations could be written; `triquetra verify` says why", Exit.LIMIT)
    written = {}
    if coq is not None and network is not None:
        margin = min(verdict.certificate.proofs[0].margin.values())
        write_whole(coq, to_coq(machine, network, margin))
        written["coq"] = coq
    script = export(machine, one, verdict.certificate.proofs[0])
    if out is not None:
        write_whole(out, str(script))
        written["smt"] = out
    if json:
        print_json({"machine": machine.name, "digest": machine.digest, "form": form, "obligations": len(script.queries),
                    "written": written})  # fmt: skip
        return
    if coq is not None:
        print(f"{coq}: the induction for {machine.name}; Coq 8.16 must accept it: coqc {coq}")
    if out is not None:
        number = count(len(script.queries), "obligation")
        print(f"{out}: {number}; a solver must answer each with `unsat`, for example: z3 {out}")
    if not written:
        print_data(str(script))
