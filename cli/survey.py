"""`triquetra survey`: thousands of machines, decided and compared, on all cores or a cluster."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from . import output
from .common import Exit, Json, Seconds, command, fail, refuse_ignored, shown
from .heartbeat import heartbeat
from .lists import worst
from .output import answering_for, print_json

if TYPE_CHECKING:
    from triquetra.machines import Machine
    from triquetra.machines.load import Entry
    from triquetra.studies.survey.results import Report, Results
    from triquetra.studies.survey.space import Space
    from triquetra.studies.survey.task import SurveySettings


@command
def survey(
    context: typer.Context,
    space: Annotated[
        str,
        typer.Argument(
            help="4x2 (tree-normal form), all:2x2 (every table), random:5x3, or a file with a machine on each line."
        ),
    ],
    out: Annotated[str, typer.Option("--out", "-o", help="Results file (SQLite); a survey goes on where it stopped.")],
    count: Annotated[int, typer.Option("--count", min=1, help="Random machines.")] = 10_000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the random machines.")] = 0,
    max_steps: Annotated[int, typer.Option("--max-steps", min=1, help="Plain steps watched for cycles.")] = 300,
    max_macro_steps: Annotated[int, typer.Option("--max-macro-steps", min=0, help="Of an accelerated run.")] = 10_000,
    agree_steps: Annotated[
        int, typer.Option("--agree-steps", min=0, help="Steps to compare the forms; 0: none.")
    ] = 100,
    seconds: Seconds = None,
    scheduler: Annotated[str | None, typer.Option("--scheduler", help="Address of a Dask scheduler.")] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, show_default="one a core", help="Processes.")
    ] = None,
    json: Json = False,
) -> None:
    """Decide which machines of a space halt, and compare the three forms of each; exit status 1 if one disagrees.

    Of a list there is an answer for each machine, and the exit status is the worst.
    """
    from dataclasses import asdict

    from triquetra.studies.survey.results import Results
    from triquetra.studies.survey.space import list_space, parse_space
    from triquetra.studies.survey.task import SurveySettings

    if scheduler is not None:
        refuse_ignored(context, ("workers",), "is for processes of our own; a scheduler has its workers")
    entries = _list(space)
    chosen = parse_space(space, count, seed) if entries is None else list_space(_machines(entries))
    if chosen.kind != "random":
        refuse_ignored(context, ("count", "seed"), "is for random machines, such as random:5x3")
    settings = SurveySettings(max_steps, max_macro_steps, agree_steps, seconds)
    results = Results(out, chosen, settings)
    answers: list[Exit] = []
    try:
        _run(results, settings, scheduler, workers)
        if entries is not None:
            answers = [_answer(entry, results, json) for entry in entries]
        report = results.report()
    finally:
        results.close()
    if json and entries is None:
        print_json(asdict(report))
    elif not json:
        _print(report, chosen)
    if answers:
        raise typer.Exit(int(worst(answers)))
    if report.disagree:
        raise typer.Exit(Exit.FAILED)


def _list(space: str) -> list[Entry] | None:
    """The machines of a list; None where `space` is no file, and so the name of a space."""
    import os

    from triquetra.machines import InputError, Program
    from triquetra.machines.load import Entry, load_many

    if space != "-" and not os.path.exists(space):
        return None
    found = load_many(space)
    if not isinstance(found, Program):
        return [_expressible(entry) for entry in found]
    entry = _expressible(Entry(space, found.machine.name, found))
    if isinstance(entry.found, InputError):
        raise entry.found
    return [entry]


def _expressible(entry: Entry) -> Entry:
    """The same, or what keeps the machine from being written as busy-beaver text."""
    from dataclasses import replace

    from triquetra.machines import InputError, MachineError, Program, to_busy_beaver

    if isinstance(entry.found, Program):
        try:
            to_busy_beaver(entry.found.machine)
        except MachineError as error:
            return replace(entry, found=InputError(f"{entry.place}: {error}"))
    return entry


def _machines(entries: list[Entry]) -> list[Machine]:
    from triquetra.machines import InputError

    return [entry.found.machine for entry in entries if not isinstance(entry.found, InputError)]


def _run(results: Results, settings: SurveySettings, scheduler: str | None, workers: int | None) -> None:
    """Do what is not done; where that fails, say what is saved and how to go on."""
    from triquetra.machines import InputError
    from triquetra.studies.survey.run import run

    def saved() -> str:
        return (
            f"{output.count(len(results.done()), 'task')} saved in {results.path}; the same command goes on from there"
        )

    try:
        with heartbeat(str(results.space)) as beat:

            def progress(finished: int, total: int) -> None:
                beat(f"of {total:,} tasks", finished)

            run(results.space, settings, results, scheduler=scheduler, workers=workers, progress=progress)
    except KeyboardInterrupt:
        fail(f"interrupted; {saved()}", Exit.INTERRUPTED)
    except InputError as error:
        raise InputError(f"{error}\n{saved()}") from None
    except OSError as error:
        raise InputError(f"the survey stopped: {error.strerror or error}\n{saved()}") from None


def _answer(entry: Entry, results: Results, json: bool) -> Exit:
    """The line of one machine of a list."""
    from triquetra.machines import Program, to_busy_beaver
    from triquetra.machines.core.numbers import decimal

    from .halts import long_count

    if not isinstance(entry.found, Program):
        if json:
            with answering_for(entry.place):
                print_json({"machine": entry.text, "error": str(entry.found)})
        print(shown(entry.found), file=sys.stderr)
        return Exit.BAD_INPUT
    row = results.row(to_busy_beaver(entry.found.machine))
    assert row is not None, "the survey is done"
    if json:
        numbers = {name: None if (n := getattr(row, name)) is None else decimal(n) for name in ("steps", "nonblank")}
        with answering_for(entry.place):
            print_json({"machine": entry.text, "kind": row.kind} | numbers | {"agrees": row.agrees})
    else:
        said = row.kind
        if row.steps is not None and row.nonblank is not None:
            said += f" after {long_count(row.steps, 'step')}, with {long_count(row.nonblank, 'mark')}"
        print(f"{entry.text}  {said}{'; the forms DISAGREE' if row.agrees is False else ''}")
    return Exit.FAILED if row.agrees is False else Exit.LIMIT if row.kind == "unknown" else Exit.FINE


def _print(report: Report, space: Space) -> None:
    from triquetra.machines.core.numbers import long_number

    total = sum(report.kinds.values())
    found = f"{output.count(total, 'machine')} in {output.count(report.tasks, 'task')}"
    print(f"{report.space}: {found}, {report.seconds:.0f} s of work")
    for kind, number in report.kinds.items():
        print(f"  {kind:<18} {number:>12,}")
    if report.champion is not None and report.marks is not None:
        print(f"  most steps  {long_number(report.champion[1])}  {report.champion[0]}")
        if space.kind == "tnf":
            print("              (and one more, with a rule that halts in the undefined cell)")
        print(f"  most marks  {long_number(report.marks[1])}  {report.marks[0]}")
    compared = output.count(report.compared, "machine")
    print(f"  forms agree in {report.compared - len(report.disagree):,} of {compared} compared")
    for name in report.disagree[:10]:
        print(f"  DISAGREE {name}")
    for name in report.unknown[:10]:
        print(f"  unknown  {name}")
