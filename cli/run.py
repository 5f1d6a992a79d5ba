"""`triquetra run`: one machine, one input, one form or all of them."""

from __future__ import annotations

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
    refuse_ignored,
)
from .forms import Foreign, FormOption, refuse_for_table
from .lists import each_machine

if TYPE_CHECKING:
    from triquetra.machines import Input, Machine
    from triquetra.runtime.protocol import MachineForm


@command
@each_machine
def run(
    context: typer.Context,
    file: File,
    input: Inputs = None,
    input_file: InputFiles = None,
    form: FormOption = "turing",
    tape: TapeMode = "external",
    cells: Cells = None,
    gain: GainOption = None,
    artifact: Artifact = None,
    foreign: Foreign = False,
    max_steps: Annotated[
        int | None,
        typer.Option(
            "--max-steps",
            min=0,
            help="Stop after so many steps.",
            show_default="100,000,000; with --dense 100,000",
        ),
    ] = None,
    trace: Annotated[bool, typer.Option("--trace", help="Print every configuration.")] = False,
    every: Annotated[int, typer.Option("--every", min=1, help="With --trace: print one in so many.")] = 1,
    dense: Annotated[bool, typer.Option("--dense", help="Compute every unit at every step, and show margins.")] = False,
    from_: From = None,
    json: Json = False,
) -> None:
    """Run a machine as a Turing machine, as a neural network, as a Bayesian agent, or as all three."""
    from triquetra.machines import Verdict, draw, sentence
    from triquetra.machines.formats import input_tapes
    from triquetra.machines.outcome import SHOWN
    from triquetra.runtime.forms import DENSE_STEPS, FAST_STEPS, form_names, run_form
    from triquetra.runtime.protocol import Undecodable
    from triquetra.runtime.turing import end_alike

    from .forms import make_forms
    from .show_run import describe, describe_failure

    names = form_names(form)
    refuse_for_table(context, names)
    if not trace:
        refuse_ignored(context, ("every",), "is for a trace; add --trace")
    program = open_program(file, from_)
    machine, memory = program.machine, memory_cells(tape, cells)
    forms = make_forms(machine, names, cells=memory, gain=gain, artifact=artifact, foreign=foreign)
    inputs = list(input_tapes(program, input or []))
    traces = {
        name: _trace(machine, name, each, inputs, every=every, max_steps=max_steps, dense=dense, shown=not json)
        for name, each in forms.items()
        if trace
    }
    outcomes, described, failed = [], {}, False
    for name, each in forms.items():
        report, stop = make_progress(name, max_steps or (DENSE_STEPS if dense else FAST_STEPS))
        try:
            outcome, margin = run_form(
                machine, each, *inputs, max_steps=max_steps, dense=dense, foreign=foreign, progress=report
            )
        except Undecodable as failure:
            failed = True
            described[name] = describe_failure(machine, name, failure)
            if not json:
                print(f"{name:<8} the {name} fails: {failure}")
            continue
        finally:
            stop()
        outcomes.append(outcome)
        described[name] = describe(machine, name, outcome, margin)
        if not json:
            print(f"{name:<8} {sentence(machine, outcome)}")
            print(f"{'':<8} {draw(machine, outcome.configuration, SHOWN)}")
            if margin.unit:
                print(f"{'':<8} smallest margin {margin.smallest:.6f}, largest off unit {margin.largest_off:.1e}")
    agree = not failed and end_alike(machine, inputs, outcomes, memory)
    if json:
        for name in traces:
            described[name]["trace"] = traces[name]
        first = next(iter(described.values())) | {"notes": list(program.notes)}
        print_json(first if len(names) == 1 else first | {"form": form, "agree": agree, "forms": described})
    elif len(names) > 1:
        print("all forms agree" if agree else "the forms DISAGREE")
    if not agree:
        raise typer.Exit(Exit.FAILED)
    if outcomes[0].verdict in (Verdict.STEP_LIMIT, Verdict.LEFT_MEMORY, Verdict.ENDLESS):
        raise typer.Exit(Exit.LIMIT)


def _trace(
    machine: Machine,
    name: str,
    form: MachineForm[Any],
    inputs: list[Input],
    *,
    every: int,
    max_steps: int | None,
    dense: bool,
    shown: bool,
) -> list[dict[str, Any]]:
    """The moments of a run, printed if they are to be `shown`, else as JSON objects."""
    from triquetra.runtime.forms import DENSE_STEPS, FAST_STEPS

    from .trace import ROWS, rows

    limit = (DENSE_STEPS if dense else FAST_STEPS) if max_steps is None else max_steps
    most = ROWS if max_steps is None else limit // every + 1
    if shown:
        print(f"# {name}")
    objects = []
    for row in rows(machine, form, inputs, every=every, limit=limit, most=most, dense=dense):
        objects.append({} if shown else row.to_json(machine))
        if shown:
            print(row.text(machine))
    if shown and len(objects) == ROWS and max_steps is None:
        print(f"… the first {ROWS:,} moments; --every N shows one in N, --max-steps N as many as there are in N steps")
    return objects
