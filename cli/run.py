"""`triquetra run`: one machine, one input, one form or all three."""

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
    InputFiles,
    Inputs,
    Json,
    TapeMode,
    command,
    fail,
    make_progress,
    memory_cells,
    open_program,
    print_json,
)  # fmt: skip
from .lists import each_machine

FORMS = ("turing", "network", "pomdp")
FAST_STEPS, DENSE_STEPS = 100_000_000, 100_000


@command
@each_machine
def run(
    file: File,
    input: Inputs = None,
    input_file: InputFiles = None,
    form: Annotated[str, typer.Option("--form", "-f", help="turing, network, pomdp or all.")] = "turing",
    tape: TapeMode = "external",
    cells: Cells = None,
    gain: GainOption = None,
    artifact: Artifact = None,
    max_steps: Annotated[
        int | None,
        typer.Option(
            "--max-steps",
            min=0,
            help="Stop after so many steps.",
            show_default=f"{FAST_STEPS:,}; with --dense or --trace {DENSE_STEPS:,}",
        ),
    ] = None,
    trace: Annotated[bool, typer.Option("--trace", help="Print every configuration.")] = False,
    dense: Annotated[bool, typer.Option("--dense", help="Compute every unit at every step, and show margins.")] = False,
    from_: From = None,
    json: Json = False,
) -> None:
    """Run a machine as a Turing machine, as a neural network, as a Bayesian agent, or as all three."""
    from triquetra.machines import InputError, Verdict
    from triquetra.machines.formats import input_tapes
    from triquetra.runtime.protocol import Undecodable
    from triquetra.runtime.turing import end_alike

    from .forms import make_forms, run_form
    from .show_run import describe, draw, sentence

    names = FORMS if form == "all" else (form,)
    if not set(names) <= set(FORMS):
        raise InputError(f"--form {form}: a form is `turing`, `network`, `pomdp` or `all`")
    program = open_program(file, from_)
    machine = program.machine
    memory = memory_cells(tape, cells)
    limit = max_steps if max_steps is not None else DENSE_STEPS if dense or trace else FAST_STEPS
    forms = make_forms(machine, names, cells=memory, gain=gain, artifact=artifact)
    inputs = input_tapes(program, input or [])
    if trace and not json:
        from triquetra.runtime.lockstep import trace as trace_form

        for name, executed in forms.items():
            print(f"# {name}")
            for number, moment in enumerate(trace_form(executed, *inputs)):
                if moment.halted or number > limit or isinstance(moment.configuration, Undecodable):
                    break
                state = machine.states[moment.configuration.state]
                print(f"{number:>8}  {state:<12} {draw(machine, moment.configuration)}")
    results = {}
    for name, executed in forms.items():
        report, stop = make_progress(name, limit)
        try:
            results[name] = run_form(
                machine, executed, inputs, cells=memory, max_steps=limit, dense=dense, progress=report
            )
        except Undecodable as error:
            stop()
            fail(f"the {name} no longer encodes a configuration: {error}", Exit.FAILED)
        finally:
            stop()
    agree = end_alike(machine, inputs, [outcome for outcome, _ in results.values()], memory)
    described = {name: describe(machine, name, *result) for name, result in results.items()}
    if json:
        first = next(iter(described.values())) | {"notes": list(program.notes)}
        print_json(first if len(names) == 1 else first | {"form": "all", "agree": agree, "forms": described})
    else:
        for name, (outcome, margin) in results.items():
            print(f"{name:<8} {sentence(machine, outcome)}")
            print(f"{'':<8} {draw(machine, outcome.configuration, 100)}")
            if margin.unit:
                print(f"{'':<8} smallest margin {margin.smallest:.6f}, largest off unit {margin.largest_off:.1e}")
        if len(names) > 1:
            print("all forms agree" if agree else "the forms DISAGREE")
    outcome = next(iter(results.values()))[0]
    if not agree:
        raise typer.Exit(Exit.FAILED)
    if outcome.verdict in (Verdict.STEP_LIMIT, Verdict.LEFT_MEMORY, Verdict.ENDLESS):
        raise typer.Exit(Exit.LIMIT)
