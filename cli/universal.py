"""`triquetra universal`: machines as programs of one universal machine, whose network and agent never change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .common import (
    Cells,
    Exit,
    From,
    GainOption,
    InputFiles,
    Inputs,
    Json,
    TapeMode,
    command,
    fail,
    memory_cells,
    open_program,
    print_json,
    refuse_ignored,
)
from .forms import FormOption, refuse_for_table
from .output import count
from .programs import DENSE_STEPS, FAST_STEPS, StepLimit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triquetra.machines import Configuration, Machine
    from triquetra.machines.universal import Simulation


@command
def universal(
    context: typer.Context,
    files: Annotated[list[str], typer.Argument(help="One-tape machines: files, @names or busy-beaver text.")],
    input: Inputs = None,
    input_file: InputFiles = None,
    on: Annotated[
        str,
        typer.Option(help="practical; or one for tag systems, such as minsky-7-4, by way of a 2-tag system."),
    ] = "practical",
    form: FormOption = "turing",
    tape: TapeMode = "external",
    cells: Cells = None,
    gain: GainOption = None,
    dense: Annotated[bool, typer.Option("--dense", help="Compute every unit at every step.")] = False,
    max_steps: StepLimit = None,
    trace: Annotated[bool, typer.Option("--trace", help="Print what is simulated, step by step.")] = False,
    from_: From = None,
    json: Json = False,
) -> None:
    """Run machines as programs on a universal machine's tape: one network, fixed weights, any program."""
    from triquetra.forms import digest, kind_of
    from triquetra.machines import InputError
    from triquetra.machines.universal import Garbled, simulate
    from triquetra.runtime.cycles import form_cycle_ends
    from triquetra.runtime.forms import form_names, make_forms
    from triquetra.runtime.protocol import Undecodable

    from .forms import compiled_forms

    if len(input or []) > len(files):
        raise InputError(f"{len(input or [])} inputs for {count(len(files), 'machine')}; give one --input each")
    if json:
        refuse_ignored(context, ("trace",), "is for the text; leave out --json")
    names, memory = form_names(form), memory_cells(tape, cells)
    refuse_for_table(context, names, ("dense", "tape", "cells"))
    limit = max_steps if max_steps is not None else DENSE_STEPS if dense else FAST_STEPS
    programs = []
    for number, file in enumerate(files):
        machine = open_program(file, from_).machine
        word = (input or [])[number] if number < len(input or []) else ""
        simulation = simulate(machine, word, on=on)
        compiled = compiled_forms(simulation.machine, cells=memory, gain=gain, artifact=None)
        forms = make_forms(simulation.machine, names, lambda compiled=compiled: compiled, memory)  # type: ignore[misc]
        weights = {kind_of(part): digest(part) for part in compiled}
        program: dict[str, Any] = {
            "program": machine.name, "input": word, "cells": len(simulation.tape.cells), "weights": weights, "runs": {}
        }  # fmt: skip
        programs.append(program)
        if not json:
            _introduce(simulation, program, first=number == 0)
        for name in names:
            ends = form_cycle_ends(
                simulation.machine, forms[name], simulation.cell, simulation.tape, max_steps=limit, dense=dense
            )
            try:
                program["runs"][name] = _run(machine, word, simulation, ends, trace and not json)
            except (Undecodable, Garbled) as error:
                fail(f"the {name} no longer encodes a run of `{machine.name}`: {error}", Exit.FAILED)
            if not json:
                print(f"  {name:<8} {_sentence(program['runs'][name])}")
    same = len({tuple(program["weights"].values()) for program in programs}) == 1
    runs = [run for program in programs for run in program["runs"].values()]
    if json:
        print_json({"on": on, "same_weights": same, "programs": programs})
    elif len(programs) > 1:
        print(f"the weights are {'the same for all programs' if same else 'NOT the same'}")
    if not same or not all(run["agrees"] for run in runs):
        raise typer.Exit(Exit.FAILED)
    if not all(run["complete"] for run in runs):
        raise typer.Exit(Exit.LIMIT)


def _introduce(simulation: Simulation, program: dict[str, Any], first: bool) -> None:
    if first:
        print(simulation.machine)
    weights = ", ".join(f"{kind} {digest[:16]}" for kind, digest in program["weights"].items())
    print(f'{program["program"]} "{program["input"]}": {count(program["cells"], "cell")} of tape')
    print(f"  weights  {weights}")


def _run(
    machine: Machine, word: str, simulation: Simulation, ends: Iterable[tuple[int, Configuration]], trace: bool
) -> dict[str, Any]:
    """Follow one run and hold it against the machine's own."""
    from triquetra.machines import draw, step, steps
    from triquetra.machines.universal import expected, same_from_the_head

    own = expected(machine, steps(machine, word), simulation.stays_count)
    count, taken, agrees, last = -1, 0, True, None
    for taken, configuration in simulation.follow(ends):
        count, last = count + 1, configuration
        if trace:
            print(f"{taken:>14,}  {machine.states[last.state]:<12} {draw(machine, last, 100)}")
        want = next(own, None)
        agrees = agrees and want is not None and same_from_the_head(want, last)
    complete = last is not None and step(machine, last) is None
    return {
        "simulated_steps": count, "steps": taken, "agrees": agrees, "complete": complete,
        "state": None if last is None else machine.states[last.state],
        "output": None if last is None else machine.spell(last.tapes[0].cells),
    }  # fmt: skip


def _sentence(run: dict[str, Any]) -> str:
    if run["state"] is None:
        return "no step was simulated within the limit"
    ended = "halted" if run["complete"] else "stopped by the limit"
    own = "as by itself" if run["agrees"] else "NOT as by itself"
    simulated = count(run["simulated_steps"], "simulated step")
    return f"{ended} in state {run['state']} after {simulated} ({count(run['steps'], 'step')}), {own}: {run['output']}"
