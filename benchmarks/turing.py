"""Is our step-by-step kernel at least as fast as hand-written C, on machines whose table is read at run time?

The C is table-driven: one packed 64-bit entry a cell, guards instead of bounds checks (benchmarks/c/sim_table.c). For
orientation also C that is written for one machine (gen_switch.py) or that looks up whole blocks (sim_block.c).
Last answer: 1.05 to 1.5 times as fast as table-driven C on all three machines (one core of an EPYC, numba 0.68), 0.8
times as fast as C that reads neighbours ahead. A batch of short runs, whose loops are begun together, is 1.2 to 1.7
times as fast as a loop; one of long runs gains only where its threads have cores of their own.
`python -m benchmarks turing`
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from triquetra.machines import Machine, Tape, disjoint_union, from_busy_beaver, start, to_busy_beaver
from triquetra.machines.tag import TagSystem
from triquetra.machines.universal.catalogue import encode
from triquetra.runtime import turing

from .common import C_SOURCES, Row, Seconds, c_seconds, compare, timed

BB5, BB24 = "1RB1LC_1RC1RB_1RD0LE_1LA1LD_1RZ0LA", "1RB2LA1RA1RA_1LB1LA3RB1RZ"
COLLATZ = TagSystem(name="Collatz", productions=(("a", ("b", "c")), ("b", ("a",)), ("c", ("a", "a", "a"))))
UNIVERSAL, FROM, STEPS = "rogozhin-4-6", 27, 50_000_000


def rows() -> Iterator[Row]:
    """The answers."""
    for table, name in ((BB5, "BB(5), 47,176,870 steps"), (BB24, "BB(2, 4), 3,932,964 steps")):
        machine = from_busy_beaver(table)
        ours = timed(lambda machine=machine: turing.run(machine))
        yield compare(name, ours, "table-driven C", c_seconds("sim_table", "packed", table))
        yield compare(name, ours, "C, neighbours read ahead", c_seconds("sim_neigh", "neighbour", table))
        yield compare(name, ours, "C for this machine", switch_seconds(table))
        yield compare(name, ours, "C by blocks of 8 cells", c_seconds("sim_block", "K 8", table, "8"))
    union, starts = disjoint_union(random_machines())
    yield compare(
        "1,000 random machines, 1,000 steps each, as one batch",
        timed(lambda: turing.run_batch(union, [()] * len(starts), starts=starts, max_steps=1000)),
        "a loop over them",
        timed(lambda: [turing.run(machine, max_steps=1000) for machine in random_machines()]),
    )
    bb5 = from_busy_beaver(BB5)
    yield compare(
        "BB(5) eight times, as one batch",
        timed(lambda: turing.run_batch(bb5, [()] * 8)),
        "a loop",
        timed(lambda: [turing.run(bb5) for _ in range(8)]),
        f"{os.cpu_count()} cores",
    )
    machine, tape = collatz()
    text = "".join(map(str, tape.cells))
    at = start(machine, tape)
    yield compare(
        f"{UNIVERSAL} running Collatz from {FROM}, {STEPS:,} steps",
        timed(lambda: turing.run_from(machine, at, max_steps=STEPS)),
        "table-driven C",
        c_seconds("sim_tape", "packed", to_busy_beaver(machine), text, str(-tape.origin), str(STEPS)),
    )


@cache
def random_machines() -> list[Machine]:
    """Machines of five states and two symbols."""
    rng = random.Random(5)
    cells = [f"{w}{m}{s}" for w in "01" for m in "LR" for s in "ABCDE"] + ["1RZ"]
    return [from_busy_beaver("_".join(rng.choice(cells) + rng.choice(cells) for _ in range(5))) for _ in range(1000)]


@cache
def collatz() -> tuple[Machine, Tape]:
    """A universal machine and its tape with the 2-tag system of L. De Mol that follows the Collatz sequence."""
    encoding = encode(COLLATZ, UNIVERSAL)
    return encoding.machine, encoding.tape(("a",) * FROM)


def switch_seconds(table: str) -> Seconds:
    """The time of C that gen_switch.py writes for one machine."""
    folder = Path(tempfile.mkdtemp(prefix="triquetra-bench-"))
    source = subprocess.run(
        [sys.executable, str(C_SOURCES / "gen_switch.py"), table], check=True, capture_output=True, text=True
    )
    (folder / "switch.c").write_text(source.stdout)
    command = ["gcc", "-O3", "-march=native", f"-I{C_SOURCES}", str(folder / "switch.c"), "-o", str(folder / "switch")]
    subprocess.run(command, check=True)

    def seconds() -> float:
        output = subprocess.run([folder / "switch", "1"], check=True, capture_output=True, text=True).stdout
        return float(output.split("median")[1].split()[0])

    return seconds
