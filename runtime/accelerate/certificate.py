"""What an accelerated run leaves for `verifier.halting_checker` to check."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from triquetra.machines import Configuration, Machine
from triquetra.machines.core.numbers import decimal as decimal

from .blocks import BlockMachine
from .engine import Ending, MacroEngine
from .polynomials import Expression
from .rules import MacroRule, Use

FORMAT = "triquetra halting certificate 1"
LARGEST_NUMBER = 1 << 53  # beyond it, readers of JSON may round


def certificate(
    machine: Machine, at: Configuration, claim: Mapping[str, Any], proof: Mapping[str, Any]
) -> dict[str, Any]:
    """A certificate of what a machine does from a start configuration."""
    tape = at.tapes[0]
    return {
        "format": FORMAT,
        "machine": machine.digest,
        "input": {"origin": tape.origin, "cells": list(tape.cells)},
        "claim": dict(claim),
        "proof": dict(proof),
    }


def of_run(machine: Machine, at: Configuration, engine: MacroEngine) -> dict[str, Any]:
    """The certificate of an accelerated run that came to an end."""
    claim: dict[str, Any] = {"ending": str(engine.ending)}
    if engine.ending is not Ending.ENDLESS:
        end = engine.configuration
        claim |= {"state": end.state, "steps": decimal(engine.steps), "nonblank": decimal(end.nonblank)}
    needed = _needed(engine.rules, engine.uses)
    number = {rule.number: i for i, rule in enumerate(needed)}
    return certificate(machine, at, claim, {
        "method": "rules",
        "block": engine.blocks.size,
        "before": engine.before,
        "enters": _direction(engine.rightward),
        "rules": [_rule(engine.blocks, rule, number) for rule in needed],
        "run": _uses(engine.uses, number),
    })  # fmt: skip


def write_certificate(content: Mapping[str, Any]) -> str:
    """The text of a certificate."""
    return json.dumps(content, separators=(",", ":")) + "\n"


def _number(number: int) -> int | str:
    return number if -LARGEST_NUMBER < number < LARGEST_NUMBER else decimal(number)


def _needed(rules: Sequence[MacroRule], uses: Iterable[int]) -> list[MacroRule]:
    """The rules that a run uses, and those that these use."""
    needed = {use for use in uses if use >= 0}
    for rule in reversed(rules):
        if rule.number in needed:
            needed |= {part.rule.number for part in rule.parts}
    return [rule for rule in rules if rule.number in needed]


def _uses(uses: Iterable[Use], number: Mapping[int, int]) -> list[Any]:
    """Uses with macro-steps in a row put together."""
    written: list[Any] = []
    for use in uses:
        if isinstance(use, tuple):
            written.append([number[use[0]], use[1]])
        elif use >= 0:
            written.append(number[use])
        elif written and isinstance(written[-1], int) and written[-1] < 0:
            written[-1] += use
        else:
            written.append(use)
    return written


def _rule(blocks: BlockMachine, rule: MacroRule, number: Mapping[int, int]) -> dict[str, Any]:
    runs = [
        [list(blocks.cells(block)), count.modulus, _number(count.rest)]
        for block, count in zip(rule.start.left + rule.start.right, rule.counts)
    ]
    depth = len(rule.start.left)
    return {
        "state": rule.start.facing // 2,
        "enters": _direction(rule.start.facing % 2),
        "left": runs[:depth],
        "right": runs[depth:],
        "proof": [
            [use[0], _form(use[1], rule.variables)] if isinstance(use, list) else use
            for use in _uses(rule.proof, number)
        ],
    }


def _direction(rightward: int) -> str:
    return "right" if rightward else "left"


def _form(form: Expression, variables: int) -> list[int | str]:
    if isinstance(form, int):
        return [_number(form), *[0] * variables]
    return [_number(form.constant), *(_number(form.terms.get((v,), 0)) for v in range(variables))]
