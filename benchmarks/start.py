"""How long until `triquetra --help` has printed, against Python doing nothing?

Last answer: 0.18 s against 0.01 s.
`python -m benchmarks start`
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from .common import Row, compare, timed


def rows() -> Iterator[Row]:
    """The answers."""

    def run(*arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)

    yield compare(
        "triquetra --help",
        timed(lambda: run("-c", "import sys; sys.argv[1:] = ['--help']; from triquetra.cli import main; main()")),
        "python -c pass",
        timed(lambda: run("-c", "pass")),
    )
