"""What a `.tm` file becomes: a machine, and the tests that live with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ..core import Machine, Tape
from ..core.words import count
from ..outcome import Outcome, Verdict
from .diagnostics import Diagnostic


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """A test written in a machine's file. What is None or False is not asked for.

    `inputs` has one tape for each input given, written from cell 0 (further tapes are blank).
    `outputs[i]` is what stands on tape `i` at the end, as symbol indices from the first to the last
    cell that is not blank; None leaves that tape open.
    `halted`: the run ends, in a halting state or an undefined cell. `verdict`: in a halting state of this
    verdict. `undefined`: in an undefined cell. `steps`: after exactly so many rules.
    `at_least_steps`: so many rules are applied and the machine still runs; `forever` also says that it
    never halts, which a run shows only where it comes back to where it was. `marks`: cells that are not
    blank at the end, on all tapes.
    `origin` is `file:line`, `text` the test as written.
    """

    __test__: ClassVar[bool] = False  # pytest takes classes of this name for its own

    inputs: tuple[Tape, ...] = ()
    outputs: tuple[tuple[int, ...] | None, ...] = ()
    halted: bool = False
    verdict: str | None = None
    undefined: bool = False
    steps: int | None = None
    at_least_steps: int | None = None
    forever: bool = False
    marks: int | None = None
    origin: str = ""
    text: str = ""

    def max_steps(self, otherwise: int) -> int:
        """How many steps a run needs to settle this test: its own count, or `otherwise` if it names none."""
        if self.at_least_steps is not None:
            return self.at_least_steps
        return otherwise if self.steps is None else self.steps

    def failures(self, machine: Machine, outcome: Outcome) -> tuple[str, ...]:
        """What `outcome`, a run of at most `max_steps`, falls short of, in words; empty if the test passes.

        A run that ends with `left the memory` or `step limit` fails whatever needs its end.
        One that `returned` runs for any number of steps.
        """
        return tuple(self._failures(machine, outcome))

    def _failures(self, machine: Machine, outcome: Outcome) -> Iterator[str]:
        ended = outcome.verdict in (Verdict.HALTED, Verdict.UNDEFINED)
        if self.at_least_steps is not None:
            if ended or (outcome.steps < self.at_least_steps and outcome.returned is None):
                taken = count(outcome.steps, "step")
                yield f"{outcome.verdict} after {taken}, not running after {self.at_least_steps:,}"
            return
        if outcome.returned is not None:
            yield f"{outcome.returned}: it runs forever, and does not halt"
            return
        if not ended:
            yield f"{outcome.verdict} after {count(outcome.steps, 'step')}, not halted"
            return
        configuration = outcome.configuration
        state = machine.states[configuration.state]
        verdict = machine.verdicts[configuration.state]
        if self.verdict is not None and verdict != self.verdict:
            end = f"undefined in state {state}" if verdict is None else verdict
            yield f"ends {end}, expected {self.verdict}"
        if self.undefined and outcome.verdict is not Verdict.UNDEFINED:
            yield f"ends in halting state {state}, expected an undefined cell"
        if self.steps is not None and outcome.steps != self.steps:
            yield f"halts in {count(outcome.steps, 'step')}, expected {self.steps:,}"
        marks = sum(tape.nonblank for tape in configuration.tapes)
        if self.marks is not None and marks != self.marks:
            yield f"leaves {count(marks, 'mark')}, expected {self.marks:,}"
        for number, (tape, output) in enumerate(zip(configuration.tapes, self.outputs), 1):
            if output is not None and tape.cells != output:
                where = "" if machine.tapes == 1 else f"tape {number}: "
                yield f'{where}output "{machine.spell(tape.cells)}", expected "{machine.spell(output)}"'


@dataclass(frozen=True, slots=True)
class Program:
    """A machine, its tests, and the warnings about it that did not stop it from being built.

    `inputs` is what the file itself puts on the tapes, for a run that is given nothing else. `notes` say what the
    reader left out, or took in a way of its own. `behind` lists what belongs to the text and not to the machine, such
    as `3 comments`: a conversion leaves it behind. `format` is the name of the format that it was read from.
    `test_errors` are the mistakes in lines of tests, which are not among `tests`: a command that is about tests reports
    them, and any other goes on without, as `notes` say.
    """

    machine: Machine
    tests: tuple[Test, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    inputs: tuple[Tape, ...] = ()
    notes: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    format: str = "tm"
    test_errors: tuple[Diagnostic, ...] = ()
