"""`triquetra survey`: thousands of machines, decided and compared, on all cores or a cluster."""

from __future__ import annotations

from typing import Annotated

import typer

from .common import Exit, Json, Seconds, command, print_json
from .heartbeat import heartbeat


@command
def survey(
    space: Annotated[str, typer.Argument(help="4x2 (tree-normal form), all:2x2 (every table) or random:5x3.")],
    out: Annotated[str, typer.Option("--out", "-o", help="Results file (SQLite); a survey goes on where it stopped.")],
    count: Annotated[int, typer.Option("--count", help="Random machines.")] = 10_000,
    seed: Annotated[int, typer.Option("--seed", help="Of the random machines.")] = 0,
    max_steps: Annotated[int, typer.Option("--max-steps", min=1, help="Plain steps watched for cycles.")] = 300,
    max_macro_steps: Annotated[int, typer.Option("--max-macro-steps", min=0, help="Of an accelerated run.")] = 10_000,
    agree_steps: Annotated[
        int, typer.Option("--agree-steps", min=0, help="Steps to compare the forms; 0: none.")
    ] = 100,
    seconds: Seconds = None,
    scheduler: Annotated[str | None, typer.Option("--scheduler", help="Address of a Dask scheduler.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes; one a core if not given.")] = None,
    json: Json = False,
) -> None:
    """Decide which machines of a space halt, and compare the three forms of each; exit status 1 if one disagrees."""
    from dataclasses import asdict

    from triquetra.studies.survey.results import Results
    from triquetra.studies.survey.run import run
    from triquetra.studies.survey.space import parse_space
    from triquetra.studies.survey.task import Settings

    chosen = parse_space(space, count, seed)
    settings = Settings(max_steps, max_macro_steps, agree_steps, seconds)
    results = Results(out, chosen, settings)

    try:
        with heartbeat(str(chosen)) as beat:

            def progress(finished: int, total: int) -> None:
                beat(f"of {total:,} tasks", finished)

            run(chosen, settings, results, scheduler=scheduler, workers=workers, progress=progress)
        report = results.report()
    finally:
        results.close()
    if json:
        print_json(asdict(report))
    else:
        total = sum(report.kinds.values())
        print(f"{report.space}: {total:,} machines in {report.tasks:,} tasks, {report.seconds:.0f} s of work")
        for kind, number in report.kinds.items():
            print(f"  {kind:<18} {number:>12,}")
        if report.champion is not None and report.marks is not None:
            print(f"  most steps  {report.champion[1]:,}  {report.champion[0]}")
            if chosen.kind == "tnf":
                print("              (and one more, with a rule that halts in the undefined cell)")
            print(f"  most marks  {report.marks[1]:,}  {report.marks[0]}")
        print(f"  forms agree in {report.compared - len(report.disagree):,} of {report.compared:,} machines compared")
        for name in report.disagree[:10]:
            print(f"  DISAGREE {name}")
        for name in report.unknown[:10]:
            print(f"  unknown  {name}")
    if report.disagree:
        raise typer.Exit(Exit.FAILED)
