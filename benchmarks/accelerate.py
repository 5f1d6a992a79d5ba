"""Do proved rules take long runs as fast as the field's own accelerator, and what does the proof cost?

Quick_Sim (github.com/sligocki/busy-beaver) is the field's; its times are quoted from a run on a machine like ours and
are not measured here, so ours are processor time, the certificate included. The 5-state busy beaver also against
table-driven C, which does its 47,176,870 steps one by one; and the checker's time against the run's.
Last answer: 1.1 to 640 times as fast as quoted, 72 times as fast as C; checking takes about as long as running.
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
QUOTED = (
    ("BB(5)", BB5, "47,176,870 steps", 0.004),
    ("3x3 champion", "1RB2LA1LC_0LA2RB1LB_1RZ1RA1RC", "119,112,334,170,342,540 steps", 0.009),
    ("2x5 champion", "1RB2LA1RA2LB2LA_0LA2RB3RB4RA1RZ", "10^704.279 steps", 0.23),
    ("2x6 machine", "1RB2LA1RZ5LB5LA4LB_1LA4RB3RB5LB1LB4RA", "10^9866.383 steps", 4.8),
    ("4x3 machine", "1RB0LB1RD_2RC2LA0LA_1LB0LA0LA_1RA0RA1RZ", "10^12068.726 steps", 8.1),
)


def rows() -> Iterator[Row]:
    """The answers."""
    machine = from_busy_beaver(BB5)
    yield compare(
        "BB(5) to its end, accelerated",
        timed(lambda: accelerate.run(machine)),
        "table-driven C",
        c_seconds("sim_table", "packed", BB5),
        "47,176,870 steps",
    )
    for name, table, steps, seconds in QUOTED:
        machine = from_busy_beaver(table)
        run = processor_time(lambda machine=machine: accelerate.run(machine))
        yield compare(f"{name}, accelerated", run, "Quick_Sim, as quoted", lambda seconds=seconds: seconds, steps)
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
