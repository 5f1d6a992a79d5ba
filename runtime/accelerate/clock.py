"""How far a search has come, and whether it still has time."""

from __future__ import annotations

import time
from collections.abc import Callable

Progress = Callable[[str, int], None]  # what is counted, such as `macro-steps`, and how many are done


class OutOfTime(Exception):
    """The search has used up its seconds."""


class Clock:
    """Told by a search what it does; tells `progress`, and stops the search when `seconds` are over."""

    def __init__(self, seconds: float | None = None, progress: Progress | None = None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds
        self._progress = progress

    def tick(self, what: str, done: int) -> None:
        """So much is done now.

        Raises: OutOfTime.
        """
        if self._progress is not None:
            self._progress(what, done)
        if self._end is not None and time.monotonic() >= self._end:
            raise OutOfTime
