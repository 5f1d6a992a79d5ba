"""How runs look as JSON objects; docs/cli.md lists the keys."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from triquetra.machines import Machine, Outcome
    from triquetra.runtime.protocol import Margin, Undecodable


def describe(machine: Machine, form: str, outcome: Outcome, margin: Margin | None = None) -> dict[str, Any]:
    """The object of a run."""
    configuration = outcome.configuration
    tapes = [machine.spell(tape.cells) for tape in configuration.tapes]
    result: dict[str, Any] = {
        "machine": machine.name,
        "digest": machine.digest,
        "form": form,
        "verdict": str(outcome.verdict),
        "state": machine.states[configuration.state],
        "result": machine.verdicts[configuration.state],
        "steps": outcome.steps,
        "head": configuration.heads[0],
        "heads": list(configuration.heads),
        "tape": tapes[0],
        "tapes": tapes,
        "tape_starts_at": [tape.origin for tape in configuration.tapes],
        "output": tapes[0],
        "nonblank": sum(tape.nonblank for tape in configuration.tapes),
    }
    if outcome.returned is not None:
        result["returned"] = asdict(outcome.returned)
    if margin is not None and margin.unit:
        result["smallest_margin"] = margin.smallest
        result["smallest_margin_unit"] = margin.unit
        result["largest_off"] = margin.largest_off
    return result


def describe_failure(machine: Machine, form: str, failure: Undecodable) -> dict[str, Any]:
    """The object of a run that ended because the form's activities are no configuration of the machine."""
    return {
        "machine": machine.name, "digest": machine.digest, "form": form, "verdict": "failed",
        "reason": failure.reason, "unit": failure.unit, "activity": failure.activity,
    }  # fmt: skip
