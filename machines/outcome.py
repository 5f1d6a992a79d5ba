"""How runs end, as values that know their words: what every form's run comes to."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from enum import StrEnum

from .core import Configuration, Machine, Tape
from .core.spelling import shown, visible
from .core.words import count

SHOWN = 100  # cells of a tape, at most, where an outcome is printed


class Verdict(StrEnum):
    """How a run ended."""

    HALTED = "halted"  # in a halting state
    UNDEFINED = "undefined"  # δ has no rule for this cell: halted without a step
    STEP_LIMIT = "step limit"
    LEFT_MEMORY = "left the memory"
    ENDLESS = "runs forever"  # seen to come back to where it was
    PARTED = "disagreement"  # only of forms side by side: they were compared up to here


@dataclass(frozen=True, slots=True)
class Return:
    """The configuration after `before` steps came back after `after` steps, `shift` cells further right.

    So it does again and again: the run has no end.
    """

    before: int
    after: int
    shift: int = 0

    def __str__(self) -> str:
        said = f"the configuration of step {self.before:,} came back at step {self.after:,}"
        if not self.shift:
            return said
        return f"{said}, {count(abs(self.shift), 'cell')} further {'right' if self.shift > 0 else 'left'}"


@dataclass(frozen=True, slots=True, repr=False)
class Outcome:
    """The end of a run: `steps` rules were applied and `configuration` was reached.

    `returned`: how it was seen that the run has no end, where it was. `machine` gives states and symbols their names;
    outcomes of the library's own loops may lack it. Neither is compared: two runs end alike if they end in the same
    configuration, in the same way, after as many steps.
    """

    verdict: Verdict
    configuration: Configuration
    steps: int
    returned: Return | None = field(default=None, compare=False)
    machine: Machine | None = field(default=None, compare=False)

    @property
    def state(self) -> str:
        """The last control state, by name."""
        return self._named().states[self.configuration.state]

    @property
    def result(self) -> str | None:
        """What halting in that state means: `accept`, `reject`, `halt` or a name of one's own; None where it runs."""
        return self._named().verdicts[self.configuration.state]

    @property
    def tapes(self) -> tuple[str, ...]:
        """What is on each tape, from the first to the last cell that is not blank."""
        return tuple(self._named().spell(tape.cells) for tape in self.configuration.tapes)

    @property
    def output(self) -> str:
        """What is on the first tape; see `tapes`."""
        return self.tapes[0]

    def _named(self) -> Machine:
        if self.machine is None:
            raise ValueError("this outcome does not know its machine, so it has no names; `triquetra.run` gives both")
        return self.machine

    def __str__(self) -> str:
        if self.machine is None:
            return f"{self.verdict} after {count(self.steps, 'step')}"
        return f"{sentence(self.machine, self)}\n  {draw(self.machine, self.configuration, SHOWN)}"

    def __repr__(self) -> str:
        return f"<{' | '.join(line.strip() for line in str(self).splitlines())}>"

    def _repr_html_(self) -> str:
        """The words and the tapes, for notebooks."""
        words, *tapes = str(self).splitlines()
        return f"<p>{html.escape(words)}</p>" + "".join(f"<pre>{html.escape(tape.strip())}</pre>" for tape in tapes)


def sentence(machine: Machine, outcome: Outcome) -> str:
    """How a run ended, in words."""
    state = machine.states[outcome.configuration.state]
    result = machine.verdicts[outcome.configuration.state]
    if outcome.returned is not None:
        return f"runs forever: {outcome.returned}"
    ended = {
        Verdict.HALTED: f"halted in state {state}" + (f" ({result})" if result not in (None, "halt", state) else ""),
        Verdict.UNDEFINED: f"halted in state {state}, which has no rule for what it reads",
        Verdict.STEP_LIMIT: f"still running in state {state} at the step limit",
        Verdict.LEFT_MEMORY: f"stopped in state {state}: the head left the memory",
        Verdict.ENDLESS: f"runs forever, and is in state {state}",
        Verdict.PARTED: f"compared up to state {state}",
    }[outcome.verdict]
    return f"{ended} after {count(outcome.steps, 'step')}"


def draw(machine: Machine, configuration: Configuration, width: int | None = None) -> str:
    """Tapes with the cell under each head in brackets, such as `1 0 [1] 1`; cut around the head to `width` symbols."""
    tapes = zip(configuration.tapes, configuration.heads)
    return " | ".join(_draw_tape(machine.symbols, tape, head, width) for tape, head in tapes)


def _draw_tape(symbols: tuple[str, ...], tape: Tape, head: int, width: int | None) -> str:
    single = all(len(name) == 1 for name in symbols)
    first, last = min(tape.origin, head), max(tape.origin + len(tape.cells) - 1, head)
    if not tape.cells:
        first = last = head
    cut_left = cut_right = ""
    if width is not None and last - first + 1 > width:
        low = max(first, min(head - width // 2, last - width + 1))
        high = low + width - 1
        cut_left, cut_right = "…" if low > first else "", "…" if high < last else ""
        first, last = low, high
    name = shown if single else visible
    names = [name(symbols[tape[place]]) for place in range(first, last + 1)]
    names[head - first] = f"[{names[head - first]}]"
    return cut_left + ("" if single else " ").join(names) + cut_right
