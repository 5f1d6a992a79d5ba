"""`triquetra energy`: 𝒜 of the network and F of the agent along a machine's run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

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
    TapeMode,
    command,
    make_progress,
    memory_cells,
    open_program,
    print_json,
)
from .forms import Foreign
from .output import Force, count, new_files

if TYPE_CHECKING:
    from triquetra.machines import Machine
    from triquetra.runtime.energy import EnergyTrace

ROWS = 24  # of text; a longer run shows its first and its last
ROUNDING = 1e-6  # nats; above it 𝒜 − F is not the stated constant


@command
def energy(
    file: File,
    from_: From = None,
    input: Inputs = None,
    input_file: InputFiles = None,
    tape: TapeMode = "external",
    cells: Cells = None,
    gain: GainOption = None,
    artifact: Artifact = None,
    foreign: Foreign = False,
    max_steps: Annotated[int, typer.Option("--max-steps", min=1, help="Stop after so many steps.")] = 1000,
    out: Annotated[
        str | None, typer.Option("--out", "-o", help="Draw the energies into this file: .png, .svg or .pdf.")
    ] = None,
    force: Force = False,
    json: Json = False,
) -> None:
    """Show the network's energy 𝒜 and the agent's free energy F of every step and population of a run, in nats."""
    from triquetra.machines.formats import input_tapes
    from triquetra.runtime.energy import trace_energies

    from .forms import compiled_forms

    kind = figure_kind(out)
    new_files(force, out)
    program = open_program(file, from_)
    machine = program.machine
    inputs = input_tapes(program, input or [])
    memory = memory_cells(tape, cells)
    network, pomdp = compiled_forms(machine, cells=memory, gain=gain, artifact=artifact, foreign=foreign)
    report, stop = make_progress("energy", max_steps)
    try:
        trace = trace_energies(network, pomdp, *inputs, cells=memory, max_steps=max_steps, progress=report)
    finally:
        stop()
    if json:
        print_json({"machine": machine.name, "digest": machine.digest, "tape_mode": tape} | describe_energies(trace))
    else:
        print_energies(machine, trace)
    if out is not None:
        draw_energies(machine, trace, out, kind)
    if trace.largest_gap > ROUNDING:
        raise typer.Exit(Exit.FAILED)
    if trace.ended != "halted":
        raise typer.Exit(Exit.LIMIT if trace.ended in ("step limit", "left the memory") else Exit.FAILED)


def describe_energies(trace: EnergyTrace) -> dict[str, Any]:
    """The JSON of an energy trace: lists over steps of numbers by population, in nats; docs/cli.md lists the keys."""
    return {
        "ended": trace.ended,
        "steps": trace.steps,
        "populations": list(trace.populations),
        "network_energy": trace.network.tolist(),
        "agent_free_energy": trace.agent.tolist(),
        "constant": trace.constant.tolist(),
        "largest_gap": trace.largest_gap,
    }


def print_energies(machine: Machine, trace: EnergyTrace) -> None:
    """Two tables over steps and populations, 𝒜 and F, and how far their difference is from what is stated."""
    print(f"{machine.name}: {trace.ended} after {count(trace.steps, 'update')}")
    for title, values in (("𝒜 of the network, nats", trace.network), ("F of the agent, nats", trace.agent)):
        print(f"\n{title}")
        heads = ["step", *trace.populations, "total"]
        rows = [
            [str(step + 1), *(f"{round(value, 3) + 0.0:.3f}" for value in (*values[step], values[step].sum()))]
            for step in _shown(trace.steps)
        ]
        widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
        for i, row in enumerate([heads, *rows]):
            if i > 1 and int(row[0]) > int(rows[i - 2][0]) + 1:
                print(f"{'…':>{widths[0]}}")
            print("  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths)))
    sums = [float(values.sum()) for values in (trace.network, trace.agent, trace.constant)]
    print(
        "\nover the run: 𝒜 {:.6g}, F {:.6g}, 𝒜 − F {:.6g} nats: what normalising the priors costs".format(
            *sums[:2], sums[0] - sums[1]
        )
    )
    print(f"in no step is 𝒜 − F further from that than {trace.largest_gap:.1e} nats")


def _shown(steps: int) -> list[int]:
    """The rows that text shows, from 0."""
    if steps <= ROWS:
        return list(range(steps))
    return [*range(ROWS - 4), *range(steps - 4, steps)]


def figure_kind(path: str | None) -> str:
    """png, svg or pdf, by the end of the name. Raises: InputError: another one."""
    from pathlib import Path

    from triquetra.machines import InputError

    kind = "" if path is None else Path(path).suffix.lstrip(".")
    if path is not None and kind not in ("png", "svg", "pdf"):
        raise InputError(f"{path}: a figure is a .png, .svg or .pdf file")
    return kind


def draw_energies(machine: Machine, trace: EnergyTrace, path: str, kind: str) -> None:
    """Draw 𝒜 and F over steps, a panel for each population, into a file.

    Raises: InputError: Matplotlib is not installed, or the file cannot be written.
    """
    import io

    from triquetra.machines import write_whole
    from triquetra.theory.picture import draw_trace

    figure = draw_trace(trace.populations, trace.network, trace.agent, trace.constant, machine.name)
    buffer = io.BytesIO()
    figure.savefig(buffer, format=kind, dpi=110)
    write_whole(path, buffer.getvalue())
    print(f"drawn in {path}", file=sys.stderr)
