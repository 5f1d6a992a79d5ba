"""`triquetra cite`: the papers behind the project."""

from __future__ import annotations

from typing import Annotated

import typer

from .common import Json, command, print_json


@command
def cite(
    bibtex: Annotated[bool, typer.Option("--bibtex", help="BibTeX only.")] = False,
    json: Json = False,
) -> None:
    """Print the papers behind the project as text and as BibTeX."""
    from triquetra.machines import InputError
    from triquetra.studies.papers import PAPERS

    if bibtex and json:
        raise InputError("--bibtex and --json: the object has the BibTeX too; leave one out")

    if json:
        print_json({
            "papers": [
                {"key": p.key, "text": p.text(), "address": p.address, "here": p.here} for p in PAPERS
            ],
            "bibtex": "\n\n".join(paper.bibtex() for paper in PAPERS),
        })  # fmt: skip
        return
    if not bibtex:
        for paper in PAPERS:
            print(f"{paper.text()}\n    Here: {paper.here}.\n")
    print("\n\n".join(paper.bibtex() for paper in PAPERS))
