"""`python -m benchmarks [NAME …]`: ask the questions, print one table, write it to benchmarks/results.md."""

from __future__ import annotations

import importlib
import platform
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path

from triquetra.machines import write_whole

from .common import Row

QUESTIONS = ("turing", "accelerate", "network", "pomdp", "theory", "batch", "compiler", "start")
VERSIONS = ("numpy", "numba", "scipy", "jax", "inferactively-pymdp")
RESULTS = Path(__file__).parent / "results.md"


def main() -> None:
    """Ask and answer."""
    names = sys.argv[1:] or list(QUESTIONS)
    unknown = set(names) - set(QUESTIONS)
    if unknown:
        sys.exit(f"no question {', '.join(sorted(unknown))}; there are {', '.join(QUESTIONS)}")
    rows: list[Row] = []
    print(HEADER)
    for name in names:
        for row in importlib.import_module(f".{name}", __package__).rows():
            rows.append(row)
            print(line(row), flush=True)
    if not sys.argv[1:]:
        write_whole(RESULTS, page(rows))


HEADER = "| question | ours, s | yardstick | its time, s | ratio | |\n|---|---:|---|---:|---:|---|"


def line(row: Row) -> str:
    """One row of the table."""
    return f"| {row.question} | {row.ours:.3g} | {row.yardstick} | {row.theirs:.3g} | {row.ratio:.3g} | {row.note} |"


def page(rows: list[Row]) -> str:
    """The table with what it was measured on."""
    versions = ", ".join(f"{name} {version(name)}" for name in VERSIONS)
    return (
        "# Last answers\n\n"
        "Medians of runs in turn; ratio = time of the yardstick / our time, pair by pair (over 1: we are faster). "
        "Written by `make bench`.\n\n"
        f"{date.today()}, {platform.machine()}, Python {platform.python_version()}, {versions}\n\n"
        f"{HEADER}\n" + "\n".join(map(line, rows)) + "\n"
    )


if __name__ == "__main__":
    main()
