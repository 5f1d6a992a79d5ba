"""`triquetra study`: the published simulations and our studies of learning and noise, each one command to a page."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from .common import Json, command, print_json
from .output import Force, new_files


@command
def study(
    simulation: Annotated[str, typer.Argument(help="universal, adder, evolution, learning or noise.")],
    samples: Annotated[
        int | None, typer.Option("--samples", min=1, help="Runs (20), sessions (100) or evolutions (1).")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Equal seeds give equal results (0).")] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for arrays, figures and page.")] = Path("out"),
    steps: Annotated[int | None, typer.Option("--steps", min=1, help="universal: steps of a run (100000).")] = None,
    blocks: Annotated[
        int | None, typer.Option("--blocks", min=1, help="adder, evolution: blocks of a session (128).")
    ] = None,
    individuals: Annotated[
        int | None, typer.Option("--individuals", min=1, help="evolution: in a generation (100).")
    ] = None,
    generations: Annotated[int | None, typer.Option("--generations", min=1, help="evolution: how many (40).")] = None,
    landscape: Annotated[
        int | None, typer.Option("--landscape", min=1, help="evolution: sessions a genotype (4).")
    ] = None,
    given: Annotated[bool, typer.Option("--given", help="evolution: tell the states; quick, shows no images.")] = False,
    mnist: Annotated[Path | None, typer.Option("--mnist", help="Folder with MNIST's training files.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Threads; default, one a core.")] = None,
    redraw: Annotated[bool, typer.Option("--redraw", help="Only write the page again from the saved arrays.")] = False,
    force: Force = False,
    json: Json = False,
) -> None:
    """Run a study: its arrays, its figure and a page. Sizes of published simulations default to the published ones."""
    from triquetra.machines import InputError
    from triquetra.studies import conduct

    sizes = {
        "samples": samples, "steps": steps, "blocks": blocks, "individuals": individuals,
        "generations": generations, "landscape": landscape, "given": given or None, "seed": seed,
    }  # fmt: skip
    options = {name: value for name, value in sizes.items() if value is not None}
    if redraw:
        if options or mnist or workers:
            raise InputError("--redraw takes all settings from the saved arrays; leave the others out")
        done = conduct.redraw(simulation, out)
    else:
        new_files(force, *(out / f"{simulation}.{kind}" for kind in ("npz", "png", "svg", "html")))
        progress, stop = _progress(simulation)
        try:
            done = conduct.conduct(simulation, options, out, mnist_folder=mnist, workers=workers, progress=progress)
        finally:
            stop()
    if json:
        print_json({"study": simulation, "results": done.results, "files": [str(path) for path in done.files]})
        return
    for name, value in done.results.items():
        print(f"{name:<22} {_text(value)}")
    print("\n" + "\n".join(str(path) for path in done.files))


def _progress(label: str) -> tuple[Callable[[int, int], None], Callable[[], None]]:
    """A display of (done, total) with the time left, and what ends it; both do nothing unless stderr is a terminal."""
    if not sys.stderr.isatty():
        return (lambda done, total: None), (lambda: None)
    from rich.console import Console
    from rich.progress import Progress

    display = Progress(console=Console(stderr=True), transient=True)
    task = display.add_task(label, total=None)
    display.start()
    return (lambda done, total: display.update(task, completed=done, total=total)), display.stop


def _text(value: Any) -> str:
    """A result on one line: numbers to six digits, parts separated by commas."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {_text(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(_text(part) for part in value)
    return f"{value:.6g}" if isinstance(value, float) else str(value)
