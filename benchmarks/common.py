"""How a question is measured: two things in turn, A B A B …, and the ratio pair by pair; medians are quoted."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

C_SOURCES = Path(__file__).parent / "c"
REPEATS = 5
Seconds = Callable[[], float]  # does the work once and returns how long it took


@dataclass(frozen=True, slots=True)
class Row:
    """One answer: seconds of ours and of the yardstick for the same work; ratio = theirs / ours."""

    question: str
    ours: float
    yardstick: str
    theirs: float
    ratio: float
    note: str = ""


def timed(work: Callable[[], object]) -> Seconds:
    """`work` on the clock."""

    def seconds() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return seconds


def compare(
    question: str, ours: Seconds, yardstick: str, theirs: Seconds, note: str = "", repeats: int = REPEATS
) -> Row:
    """Ours and theirs in turn, after one warm-up of each."""
    ours(), theirs()
    pairs = [(ours(), theirs()) for _ in range(repeats)]
    ratio = median(b / a for a, b in pairs)
    return Row(question, median(a for a, _ in pairs), yardstick, median(b for _, b in pairs), ratio, note)


@cache
def c_simulator(name: str) -> Path:
    """A yardstick of benchmarks/c, compiled by gcc as its head says; raises CalledProcessError where gcc is missing."""
    out = Path(tempfile.mkdtemp(prefix="triquetra-bench-")) / name
    command = ["gcc", "-O3", "-march=native", str(C_SOURCES / f"{name}.c"), "-o", str(out)]
    subprocess.run(command, check=True)
    return out


def c_seconds(name: str, kernel: str, *arguments: str) -> Seconds:
    """The time that a C yardstick itself takes for its `kernel` line, one repeat at a time."""

    def seconds() -> float:
        output = subprocess.run([c_simulator(name), *arguments, "1"], check=True, capture_output=True, text=True).stdout
        (line,) = (line for line in output.splitlines() if line.startswith(kernel))
        return float(line.split("median")[1].split()[0])

    return seconds
