"""Do proved rules take long runs as fast as the field's own accelerator, and what does the proof cost?

Quick_Sim (github.com/sligocki/busy-beaver) is the field's. It is not run here: what is quoted is how much longer or
shorter it took, on one machine, than table-driven C took for the 47,176,870 steps of BB(5), which is run here in turn
with ours. Ours is processor time, the certificate included. Also BB(5) against that C; and the checker's time against
the run's.
Last answer: 1.4 to 850 times as fast as Quick_Sim, 47 times as fast as C; checking takes about as long as running.
`python -m benchmarks accelerate`
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from triquetra.machines import from_busy_beaver
from triquetra.runtime import accelerate
from triquetra.runtime.accelerate.certificate import write_certificate
from triquetra.verifier.halting_checker import check, read_certificate

from .common import Row, Seconds, c_seconds, compare, timed

BB5 = "1RB1LC_1RC1RB_1RD0LE_1LA1LD_1RZ0LA"
# Quick_Sim's time as a multiple of table-driven C's for BB(5), both on one machine
QUOTED = (
    ("BB(5)", BB5, "47,176,870 steps", 0.025),
    ("3x3 champion", "1RB2LA1LC_0LA2RB1LB_1RZ1RA1RC", "119,112,334,170,342,540 steps", 0.10),
    ("2x5 champion", "1RB2LA1RA2LB2LA_0LA2RB3RB4RA1RZ", "10^704.279 steps", 2.1),
    ("2x6 machine", "1RB2LA1RZ5LB5LA4LB_1LA4RB3RB5LB1LB4RA", "10^9866.383 steps", 32.0),
    ("4x3 machine", "1RB0LB1RD_2RC2LA0LA_1LB0LA0LA_1RA0RA1RZ", "10^12068.726 steps", 63.0),
)


def rows() -> Iterator[Row]:
    """The answers."""
    machine = from_busy_beaver(BB5)
    c = c_seconds("sim_table", "packed", BB5)
    yield compare(
        "BB(5) to its end, accelerated", timed(lambda: accelerate.run(machine)), "table-driven C", c, "47,176,870 steps"
    )
    for name, table, steps, multiple in QUOTED:
        machine = from_busy_beaver(table)
        run = processor_time(lambda machine=machine: accelerate.run(machine))
        yield compare(
            f"{name}, accelerated",
            run,
            f"Quick_Sim: {multiple:g} × table-driven C's BB(5)",
            lambda multiple=multiple: multiple * c(),
            steps,
        )
        text = write_certificate(accelerate.run(machine).certificate or {}).encode()
        yield compare(
            f"{name}, its certificate checked",
            processor_time(lambda machine=machine, text=text: check(machine, read_certificate(text))),
            "the run",
            run,
            f"{len(text):,} bytes",
        )


def processor_time(work: Callable[[], object]) -> Seconds:
    """`work` on the clock that stands still while other processes run."""

    def seconds() -> float:
        start = time.process_time()
        work()
        return time.process_time() - start

    return seconds
