"""Programs of universal machines in any form: what the commands that follow them share."""

from __future__ import annotations

from typing import Annotated

import typer

FAST_STEPS, DENSE_STEPS = 1_000_000_000, 200_000  # where no limit is given
StepLimit = Annotated[
    int | None,
    typer.Option(
        "--max-steps", min=0, help="Stop after so many steps.",
        show_default=f"{FAST_STEPS:,}; with --dense {DENSE_STEPS:,}",
    ),
]  # fmt: skip
