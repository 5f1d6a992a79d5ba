"""How runs look: one JSON object, or a few lines of text."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from triquetra.machines import Configuration, Machine, Outcome
    from triquetra.runtime.protocol import Margin


def draw(machine: Machine, configuration: Configuration, width: int | None = None) -> str:
    """Tapes with the cell under each head in brackets, such as `1 0 [1] 1`; cut around the head to `width` symbols."""
    from triquetra.machines.core.spelling import shown, visible

    lines = []
    single = all(len(symbol) == 1 for symbol in machine.symbols)
    name = shown if single else visible
    for tape, head in zip(configuration.tapes, configuration.heads):
        first, last = min(tape.origin, head), max(tape.origin + len(tape.cells) - 1, head)
        if not tape.cells:
            first = last = head
        cut_left = cut_right = ""
        if width is not None and last - first + 1 > width:
            low = max(first, min(head - width // 2, last - width + 1))
            high = low + width - 1
            cut_left, cut_right = "…" if low > first else "", "…" if high < last else ""
            first, last = low, high
        names = [name(machine.symbols[tape[place]]) for place in range(first, last + 1)]
        names[head - first] = f"[{names[head - first]}]"
        lines.append(cut_left + ("" if single else " ").join(names) + cut_right)
    return " | ".join(lines)


def describe(machine: Machine, form: str, outcome: Outcome, margin: Margin | None = None) -> dict[str, Any]:
    """The JSON object of a run; docs/cli.md lists its keys."""
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


def sentence(machine: Machine, outcome: Outcome) -> str:
    """How a run ended, in words."""
    configuration = outcome.configuration
    state = machine.states[configuration.state]
    steps = f"{outcome.steps:,} step{'' if outcome.steps == 1 else 's'}"
    if outcome.returned is not None:
        return f"runs forever: {outcome.returned}"
    result = machine.verdicts[configuration.state]
    ended = {
        "halted": f"halted in state {state}" + (f" ({result})" if result not in (None, "halt", state) else ""),
        "undefined": f"halted in state {state}, which has no rule for what it reads",
        "step limit": f"still running in state {state} at the step limit",
        "left the memory": f"stopped in state {state}: the head left the memory",
    }[str(outcome.verdict)]
    return f"{ended} after {steps}"
