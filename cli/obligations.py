"""`triquetra obligations`: a proof's obligations for tools that are not ours: an SMT solver, and Coq."""

from __future__ import annotations

from typing import Annotated

import typer

from .common import Artifact, Cells, Exit, File, GainOption, TapeMode, command, fail, memory_cells


@command
def obligations(
    file: File,
    form: Annotated[str, typer.Option("--form", help="network or pomdp.")] = "network",
    tape: TapeMode = "external",
    cells: Cells = None,
    gain: GainOption = None,
    artifact: Artifact = None,
    out: Annotated[
        str | None, typer.Option("--smt", "-o", help="Write SMT-LIB to this file, not to standard output.")
    ] = None,
    coq: Annotated[str | None, typer.Option("--coq", help="Write the induction for Coq to this file.")] = None,
) -> None:
    """Write the obligations of a proof for an SMT solver, such as z3, or the whole induction for Coq."""
    from triquetra.machines import InputError, write_whole
    from triquetra.machines.load import load
    from triquetra.verifier import Proved, verify
    from triquetra.verifier.second_opinion.coq import to_coq
    from triquetra.verifier.second_opinion.smt import export

    from .forms import network_and_pomdp

    if form not in ("network", "pomdp"):
        raise InputError(f"--form {form}: the form is `network` or `pomdp`")
    if coq is not None and (form, tape) != ("network", "external"):
        raise InputError("--coq is for a network with an external tape")
    machine = load(file).machine
    memory = memory_cells(tape, cells)
    network, pomdp = network_and_pomdp(machine, cells=memory, gain=gain, artifact=artifact)
    given = {"network": network, "pomdp": None} if form == "network" else {"network": None, "pomdp": pomdp}
    verdict = verify(machine, cells=memory, robustness=False, **given)
    if not isinstance(verdict, Proved):
        fail("there is no proof whose obligations could be written; `triquetra verify` says why", Exit.LIMIT)
    if coq is not None:
        margin = min(verdict.certificate.proofs[0].margin.values())
        write_whole(coq, to_coq(machine, network, margin))
        print(f"{coq}: the induction for {machine.name}; Coq 8.16 must accept it: coqc {coq}")
        return
    script = export(machine, network if form == "network" else pomdp, verdict.certificate.proofs[0])
    if out is None:
        typer.echo(str(script), nl=False)
        return
    write_whole(out, str(script))
    print(f"{out}: {len(script.queries)} obligations; a solver must answer each with `unsat`, for example: z3 {out}")
