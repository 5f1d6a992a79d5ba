"""One task of a survey: decide its machines, and hold their forms against each other."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from triquetra.compiler import compile_machine
from triquetra.machines import Machine, Outcome, disjoint_union
from triquetra.runtime import turing
from triquetra.runtime.accelerate import Decision, DecisionKind, decide
from triquetra.runtime.event_network import EventNetwork
from triquetra.runtime.event_pomdp import EventPomdp

from .space import Space, Table, children, machine_of, root, table_of, tables, text_of

TREE_DEPTH = 3  # rules of the tables whose subtrees are tasks
BATCH = 250  # machines whose forms are run at once


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """What was found out about a machine; `agrees` is None where its forms were not compared."""

    machine: str
    kind: str
    steps: int | None
    nonblank: int | None
    agrees: bool | None


@dataclass(frozen=True, slots=True)
class SurveySettings:
    """How hard to try. `seconds`: for each machine at most. `agree_steps`: the forms are compared so far; 0: not."""

    max_steps: int = 300
    max_macro_steps: int = 10_000
    agree_steps: int = 100
    seconds: float | None = None

    def decide(self, machine: Machine) -> Decision:
        """Whether a machine halts, as far as that is found out by trying so hard."""
        return decide(machine, max_steps=self.max_steps, max_macro_steps=self.max_macro_steps, seconds=self.seconds)


def seeds(space: Space, settings: SurveySettings) -> Iterator[tuple[str, bool]]:
    """The tables of a tree down to `TREE_DEPTH` rules: (text, whether its subtree is a task); others are single."""

    def grow(table: Table, depth: int) -> Iterator[tuple[str, bool]]:
        if depth == TREE_DEPTH:
            yield text_of(table), True
            return
        yield text_of(table), False
        for child in _children(space, table, settings):
            yield from grow(child, depth + 1)

    return grow(root(space), 0)


def _children(space: Space, table: Table, settings: SurveySettings) -> Iterator[Table]:
    machine = machine_of(table)
    if settings.decide(machine).kind is DecisionKind.HALTS:
        yield from children(space, table, *_where_it_halts(machine))


def _where_it_halts(machine: Machine) -> tuple[int, int]:
    """State and symbol read at the end of a run from the blank tape."""
    last = turing.run(machine).configuration
    return last.state, last.read[0]


def perform(space: Space, task: str, settings: SurveySettings) -> tuple[list[SurveyRow], float]:
    """The rows of a task, and its seconds. A task is a chunk's number, a table, or a table and `*`:
    its subtree; of a list, tables."""
    began = time.perf_counter()
    if space.kind == "list":
        every: Iterator[Table] = map(table_of, task.split())
    elif space.kind != "tnf":
        every = tables(space, int(task))
    elif task.endswith("*"):
        every = _subtree(space, table_of(task[:-1]), settings)
    else:
        every = iter((table_of(task),))
    machines = [machine_of(table) for table in every]
    decisions = [settings.decide(machine) for machine in machines]
    agreement: list[bool | None] = [None] * len(machines)
    if settings.agree_steps:
        agreement = []
        for first in range(0, len(machines), BATCH):
            agreement += forms_agree(machines[first : first + BATCH], settings.agree_steps)
    rows = [
        SurveyRow(machine.name, str(decision.kind), decision.steps, decision.nonblank, agrees)
        for machine, decision, agrees in zip(machines, decisions, agreement)
    ]
    return rows, time.perf_counter() - began


def _subtree(space: Space, table: Table, settings: SurveySettings) -> Iterator[Table]:
    yield table
    for child in _children(space, table, settings):
        yield from _subtree(space, child, settings)


def forms_agree(machines: list[Machine], max_steps: int) -> list[bool]:
    """Whether network and POMDP end as the machine does, from the blank tape: verdict, steps, configuration.

    All are run at once, as one union of machines whose start state differs.
    """
    union, starts = disjoint_union(machines)
    compiled = compile_machine(union)
    blank: list[tuple[()]] = [()] * len(machines)
    ends = [
        engine.finish(max_steps)
        for engine in (
            EventNetwork(compiled.network, blank, starts=starts),
            EventPomdp(compiled.pomdp, blank, starts=starts),
        )
    ]
    result = []
    for machine, first, *there in zip(machines, starts, *ends):
        here = turing.run(machine, max_steps=max_steps)
        result.append(all(isinstance(other, Outcome) and _same(here, other, first - machine.start) for other in there))
    return result


def _same(here: Outcome, there: Outcome, first: int) -> bool:
    one, other = here.configuration, there.configuration
    return (here.verdict, here.steps, one.heads, one.tapes, first + one.state) == (
        there.verdict, there.steps, other.heads, other.tapes, other.state,
    )  # fmt: skip
