"""One side of a tape, as a stack of runs of equal blocks."""

from __future__ import annotations

ENDLESS = 0  # the count of a stack's lowest run, blanks without end


class Stack:
    """Runs on one side of the head, the nearest last. The lowest is `ENDLESS` blanks, and neighbours differ."""

    __slots__ = ("blocks", "counts")

    def __init__(self) -> None:
        self.blocks = [0]
        self.counts = [ENDLESS]

    def push(self, block: int, count: int) -> None:
        """Put `count` equal blocks next to the head."""
        if self.blocks[-1] != block:
            self.blocks.append(block)
            self.counts.append(count)
        elif len(self.blocks) > 1:
            self.counts[-1] += count

    def pop(self, runs: int) -> None:
        """Drop the nearest `runs` runs."""
        height = len(self.blocks) - runs
        del self.blocks[height:], self.counts[height:]

    def take(self) -> None:
        """Drop the nearest block."""
        if len(self.blocks) > 1:
            if self.counts[-1] == 1:
                self.pop(1)
            else:
                self.counts[-1] -= 1
