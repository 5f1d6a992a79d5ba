"""Signs of life of long commands, on stderr: a line that changes on a terminal, elsewhere a line now and then."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EVERY = 30.0  # seconds between two lines where stderr is no terminal
REDRAWN = 0.25  # seconds, on a terminal
ERASE = "\r\x1b[K"


@contextmanager
def heartbeat(name: str) -> Iterator[Callable[[str, int], None]]:
    """Gives what is to be called with what is counted and how many are done, as often as one likes."""
    terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    began = time.monotonic()
    latest: list[tuple[str, int]] = []
    over = threading.Event()

    def beat() -> None:
        while not over.wait(REDRAWN if terminal else EVERY):
            done = "".join(f", {count:,} {what}" for what, count in latest)
            line = f"{name}: {time.monotonic() - began:.0f} s{done}"
            print(f"{ERASE}{line}" if terminal else line, end="" if terminal else "\n", file=sys.stderr, flush=True)

    def report(what: str, done: int) -> None:
        latest[:] = [(what, done)]

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield report
    finally:
        over.set()
        thread.join()
        if terminal:
            print(ERASE, end="", file=sys.stderr, flush=True)
