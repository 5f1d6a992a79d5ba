"""How a run looks moment by moment: a window of the tape around the head, in which a cell keeps its column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from triquetra.machines import BLANK, Input, Machine, inputs_to_tapes

if TYPE_CHECKING:
    from triquetra.runtime.protocol import MachineForm

WIDTH = 48  # characters of a window
ROWS = 1000  # moments that are shown, unless a number of steps is asked for
CHUNK = 1 << 10  # moments at a time


@dataclass(frozen=True, slots=True)
class TraceRow:
    """A moment of a run: state, heads, and of each tape the cells of a window that begins at `firsts`."""

    step: int
    state: int
    heads: tuple[int, ...]
    firsts: tuple[int, ...]
    windows: tuple[tuple[int | None, ...], ...]  # None: a cell that no head has been on, and no input

    def text(self, machine: Machine) -> str:
        """The moment on one line, cells as wide as the widest symbol."""
        wide = max(map(len, machine.symbols))
        tapes = []
        for head, first, cells in zip(self.heads, self.firsts, self.windows):
            marks = {head: "[", head + 1: "]"}
            shown = (
                f"{marks.get(place, ' ')}{'' if cell is None else machine.symbols[cell]:<{wide}}"
                for place, cell in enumerate(cells, first)
            )
            tapes.append(f"{first:>6} {''.join(shown)}{marks.get(first + len(cells), ' ')}")
        return f"{self.step:>8,}  {machine.states[self.state]:<12}{'|'.join(tapes)}".rstrip()

    def to_json(self, machine: Machine) -> dict[str, Any]:
        """The moment as a JSON object."""
        return {
            "step": self.step, "state": machine.states[self.state], "heads": list(self.heads),
            "window_starts_at": list(self.firsts),
            "windows": [machine.spell([cell or BLANK for cell in cells]) for cells in self.windows],
        }  # fmt: skip


def rows(
    machine: Machine, form: MachineForm[Any], inputs: list[Input], *, every: int, limit: int, most: int, dense: bool
) -> Iterator[TraceRow]:
    """Every so many moments of a run up to `limit` steps, `most` at most; it ends where the form fails."""
    from triquetra.runtime.followed import FollowedForm

    followed = (None if dense else form.follow(*inputs)) or FollowedForm(form, *inputs)
    tapes = [dict(enumerate(tape.cells, tape.origin)) for tape in inputs_to_tapes(machine, inputs)]
    size = WIDTH // (max(map(len, machine.symbols)) + 1) or 1
    firsts = [0 if one_way else -(size // 3) for one_way in machine.one_way]
    heads, step, shown = [0] * machine.tapes, 0, 0
    while True:
        found = followed.rows(min(CHUNK, limit - step)).tolist()
        for number, (state, *rest) in enumerate(found):
            if number:
                step += 1
                for tape, head, symbol in zip(tapes, heads, rest[machine.tapes :]):
                    tape[head] = symbol
            elif step:
                continue  # shown as the last of the chunk before
            heads = rest[: machine.tapes]
            for tape, head in zip(tapes, heads):
                tape.setdefault(head, BLANK)
            if step % every:
                continue
            if shown == most:
                return
            shown += 1
            firsts = [_first(first, head, size) for first, head in zip(firsts, heads)]
            windows = tuple(tuple(map(tape.get, range(first, first + size))) for tape, first in zip(tapes, firsts))
            yield TraceRow(step, state, tuple(heads), tuple(firsts), windows)
        if followed.ended() or followed.failure() is not None or step == limit:
            return


def _first(first: int, head: int, size: int) -> int:
    """Where a window of so many cells begins: it stays while the head is in it, and else moves by halves of itself."""
    if first <= head < first + size:
        return first
    half = size // 2 or 1
    return first + half * ((head - first) // half) - (half if head < first else 0)
