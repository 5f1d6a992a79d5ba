"""Whether a machine halts: all means at hand, each answer with its certificate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from triquetra.machines import Configuration, Input, InputError, Machine, start
from triquetra.machines.core.numbers import ShortNumbers

from .certificate import certificate, decimal
from .clock import Clock, OutOfTime, Progress
from .closed import ClosedSet, Word, closed_set
from .cycles import Cycle, watch
from .engine import Ending
from .run import require_accelerable, run_from

# radius and history, the cheapest first
CLOSED_SETS = ((1, 0), (2, 0), (2, 1), (2, 2), (2, 8), (3, 0), (3, 3), (3, 8), (4, 0), (4, 2), (4, 6), (6, 0), (8, 0))


class DecisionKind(StrEnum):
    """What a machine does, and how that was found out."""

    HALTS = "halts"
    CYCLE = "cycle"  # the same configuration comes back
    TRANSLATED_CYCLE = "translated cycle"  # it comes back further along the tape
    ENDLESS_RULE = "endless rule"  # a proved rule can be applied for ever
    CLOSED_SET = "closed set"  # it never leaves a set of tapes in which nothing halts
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, repr=False)
class Decision(ShortNumbers):
    """What a machine does; `steps` and `nonblank` where it halts. `verifier.halting_checker` checks the certificate.

    `reason` says why nothing was found out, where that is so.
    """

    kind: DecisionKind
    steps: int | None = None
    nonblank: int | None = None
    certificate: dict[str, Any] | None = None
    reason: str | None = None

    @property
    def halts(self) -> bool | None:
        """Whether it halts; None if that is unknown."""
        return None if self.kind is DecisionKind.UNKNOWN else self.kind is DecisionKind.HALTS


def decide(
    machine: Machine,
    *inputs: Input,
    max_steps: int = 500,
    max_macro_steps: int = 10_000,
    closed_sets: Sequence[tuple[int, int]] = CLOSED_SETS,
    seconds: float | None = None,
    progress: Progress | None = None,
) -> Decision:
    """Find out whether a machine with one two-way tape halts.

    It is watched for cycles for `max_steps` plain steps; then `closed_sets` (radius, history) are tried, and an
    accelerated run of `max_macro_steps`; all that for `seconds` at most. `progress` is told of it now and then:
    `plain steps`, `closed sets` or `macro-steps`, and how many are done.

    Raises: InputError: the machine has several tapes or a one-way tape, or it does not read the input;
        `seconds` are negative.
    """
    require_accelerable(machine)
    if seconds is not None and not seconds >= 0:
        raise InputError(f"{seconds} seconds are no time to search")
    at = start(machine, *inputs)
    try:
        return _decide(machine, at, max_steps, max_macro_steps, closed_sets, Clock(seconds, progress))
    except OutOfTime:
        return Decision(DecisionKind.UNKNOWN, reason=f"nothing was found in {seconds:g} s; more may help")


def _decide(
    machine: Machine,
    at: Configuration,
    max_steps: int,
    max_macro_steps: int,
    closed_sets: Sequence[tuple[int, int]],
    clock: Clock,
) -> Decision:
    seen = watch(machine, at, max_steps, clock)
    if isinstance(seen, Cycle):
        kind = DecisionKind.TRANSLATED_CYCLE if seen.shift else DecisionKind.CYCLE
        return _endless(machine, at, kind, {"method": str(kind), "before": seen.before, "period": seen.period})
    if seen is not None:
        ending = Ending.UNDEFINED if machine.verdicts[seen.state] is None else Ending.HALTED
        claim = {
            "ending": str(ending),
            "state": seen.state,
            "steps": decimal(seen.steps),
            "nonblank": decimal(seen.nonblank),
        }
        proof = certificate(machine, at, claim, {"method": "steps"})
        return Decision(DecisionKind.HALTS, seen.steps, seen.nonblank, proof)
    for number, (radius, history) in enumerate(closed_sets):
        found = closed_set(machine, at, radius, history, tick=partial(clock.tick, "closed sets", number))
        if found is not None:
            return _endless(machine, at, DecisionKind.CLOSED_SET, _closed_set_proof(found))
    outcome = run_from(machine, at, max_macro_steps=max_macro_steps, clock=clock)
    if outcome.ending is Ending.TOO_LARGE:
        return Decision(DecisionKind.UNKNOWN, reason=f"after {outcome.macro_steps:,} macro-steps {outcome.ending}")
    if outcome.ending is Ending.LIMIT:
        return Decision(
            DecisionKind.UNKNOWN, reason=f"nothing was found in {max_macro_steps:,} macro-steps; more may help"
        )
    if outcome.ending is Ending.ENDLESS:
        return Decision(DecisionKind.ENDLESS_RULE, certificate=outcome.certificate)
    return Decision(DecisionKind.HALTS, outcome.steps, outcome.nonblank, outcome.certificate)


def _endless(machine: Machine, at: Configuration, kind: DecisionKind, proof: dict[str, Any]) -> Decision:
    return Decision(kind, certificate=certificate(machine, at, {"ending": str(Ending.ENDLESS)}, proof))


def _closed_set_proof(found: ClosedSet) -> dict[str, Any]:
    def word(nearest_first: Word) -> list[list[int]]:
        return [list(cell) for cell in nearest_first]

    return {
        "method": "closed set",
        "radius": found.radius,
        "history": found.history,
        "left": sorted(word(w[::-1]) for w in found.far[0]),
        "right": sorted(word(w) for w in found.far[1]),
        "middles": sorted(
            [state, word(left[::-1]), list(cell), word(right)] for state, cell, (left, right) in found.middles
        ),
    }
