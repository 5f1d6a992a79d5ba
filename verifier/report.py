"""How a verdict reads: what was proved under which assumptions, margins as bars; or what is wrong, and where."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, Context
from typing import Any

from triquetra.machines import Configuration, Machine
from triquetra.machines.words import count

from .certificate import Certificate, Proof
from .refute import Refuted
from .verdict import Proved, Unknown

WIDTH = 32  # of a bar, in characters
Verdict = Proved | Refuted | Unknown

_NAMES = {
    "state": "control state",
    "halt": "halt",
    "move": "movement",
    "risk": "risk Γ",
    "read": "memory read",
    "place": "place",
}


def name_of(verdict: Verdict) -> str:
    """`proved`, `refuted` or `unknown`."""
    return type(verdict).__name__.lower()


def render(machine: Machine, verdict: Verdict, replay: str = "triquetra agree FILE") -> str:
    """A verdict in words; `replay` is the command that replays a refutation, but for the input."""
    if isinstance(verdict, Proved):
        return render_proofs(machine, verdict.certificate, {verdict.cells: verdict.scale})
    if isinstance(verdict, Refuted):
        return _render_refuted(machine, verdict, replay)
    return _render_unknown(machine, verdict)


def render_proofs(
    machine: Machine, certificate: Certificate, scales: Mapping[int | None, float | None], details: bool = False
) -> str:
    """What a certificate proves: each form on a line, or with `details` every population.

    `scales`: for each tape mode the least factor on all weights, where it is known.
    """
    lines = []
    for cells in dict.fromkeys(proof.cells for proof in certificate.proofs):
        proofs = [proof for proof in certificate.proofs if proof.cells == cells]
        lines.append(_proved(machine, proofs, cells))
        lines.append(f"  {_extent(cells)}")
        if not details:
            lines += [*_summary(proofs), ""]
            continue
        for proof in proofs:
            if not proof.radius and not proof.noise:
                lines += ["", *_bars(proof)]
        lines += ["", *_robustness(proofs), *_weaker(certificate.gain, scales.get(cells)), ""]
    if certificate.correspondence is not None:
        difference = _f(certificate.correspondence)
        lines.append(f"𝒜 = F: no weight differs from the log-odds it stands for by more than {difference} nats.")
    digests = (
        (kind, digest) for kind, digest in (("network", certificate.network), ("pomdp", certificate.pomdp)) if digest
    )
    lines.append(
        "weights: "
        + ", ".join(f"{kind} {digest[:16]}" for kind, digest in digests)
        + f"; machine {machine.digest[:16]}"
    )
    lines.append("assumed: CPython, IEEE doubles, exp and log within 4 units in the last place (docs/claim.md).")
    return "\n".join(lines)


def heading(machine: Machine, verdict: Verdict) -> str:
    """A verdict on one line."""
    if isinstance(verdict, Proved):
        return _proved(machine, verdict.certificate.proofs, verdict.cells)
    return render(machine, verdict).partition("\n")[0]


def _proved(machine: Machine, proofs: Sequence[Proof], cells: int | None) -> str:
    forms = " and ".join(_form(kind) for kind in dict.fromkeys(proof.form for proof in proofs))
    return f"proved  {machine.name} = {forms}, {_tape(cells)}"


def _extent(cells: int | None) -> str:
    if cells is None:
        return "For every input and every step: whole configurations and halting agree."
    return (
        f"For every input that fits and every step until the head leaves its memory of at most {count(cells, 'cell')}."
    )


def _tape(cells: int | None) -> str:
    return "external tape" if cells is None else f"synaptic tape of {count(cells, 'cell')}"


def _form(kind: str) -> str:
    return "POMDP" if kind == "pomdp" else kind


def _bars(proof: Proof) -> list[str]:
    most = max(proof.margin.values())
    lines = [f"  {_form(proof.form):<16}{'margin':<{WIDTH + 14}}greatest distance from the one-hot code"]
    for name, margin in proof.margin.items():
        filled = round(WIDTH * float(margin / most))
        bar = "█" * filled + "░" * (WIDTH - filled)
        lines.append(f"  {_NAMES[name]:<16}{bar} {float(margin):8.3f} nats   {_f(proof.epsilon[name])}")
    return lines


def _summary(proofs: Sequence[Proof]) -> list[str]:
    """A line for each form: its least margin, and how much it may be off."""
    lines = []
    for form in dict.fromkeys(proof.form for proof in proofs):
        own = [proof for proof in proofs if proof.form == form]
        margin = min(float(m) for proof in own if not proof.radius and not proof.noise for m in proof.margin.values())
        radius, noise = (max(getattr(proof, name) for proof in own) for name in ("radius", "noise"))
        what = "weights" if form == "network" else "log-odds"
        still = (
            f"; still proved with {what} off by {_down(radius, 3)} nats, or activities by {_down(noise, 3)}"
            if radius
            else ""
        )
        lines.append(f"  {_form(form):<8} all margins at least {_down(margin, 5)} nats{still}")
    return lines


def _robustness(proofs: Sequence[Proof]) -> list[str]:
    lines = []
    for form in dict.fromkeys(proof.form for proof in proofs if proof.radius or proof.noise):
        radius, noise = (_f(max(getattr(p, name) for p in proofs if p.form == form)) for name in ("radius", "noise"))
        what = "weights and biases" if form == "network" else "log-odds"
        lines.append(f"  still proved: {_form(form)} with {what} off by up to {radius} nats,")
        lines.append(f"                or every activity off by up to {noise} in every step")
    return lines


def _weaker(gain: float | None, scale: float | None) -> list[str]:
    if scale is None:
        return []
    nats = "" if gain is None else f" (a gain of {gain * scale:.3g} nats)"
    return [f"  still proved: network with all weights {_f(scale)} times as strong{nats}"]


def _f(value: Any) -> str:
    return f"{float(value):.3g}"


def _down(value: Any, digits: int) -> str:
    """So many significant digits, rounded down: what holds up to the value holds up to them."""
    return f"{Context(prec=digits, rounding=ROUND_DOWN).create_decimal(float(value)):f}"


def _render_refuted(machine: Machine, verdict: Refuted, replay: str) -> str:
    inputs = " ".join(f"--input {shlex.quote(machine.spell(word))}" for word in verdict.inputs)
    lines = [f"refuted  the {_form(verdict.form)} is not {machine.name}, {_tape(verdict.cells)}"]
    if verdict.cell is not None:
        lines.append(f"  {inputs}: they part at step {verdict.step}, in state {_cell(machine, verdict)}")
    else:
        lines.append(f"  {inputs}: they part at the start")
    lines.append(f"  the machine   {describe(machine, verdict.expected)}")
    found = verdict.found if isinstance(verdict.found, str) else describe(machine, verdict.found)
    lines.append(f"  the {_form(verdict.form):<9} {found}")
    tape = "" if verdict.cells is None else f" --tape synaptic --cells {verdict.cells}"
    lines.append(f"  replay: {replay} {inputs}{tape} --max-steps {verdict.step}")
    return "\n".join(lines)


def _cell(machine: Machine, verdict: Refuted) -> str:
    assert verdict.cell is not None
    state, read = verdict.cell
    return f"{machine.states[state]} reading {' '.join(machine.symbols[a] for a in read)}"


def describe(machine: Machine, configuration: Configuration) -> str:
    """A configuration in words."""
    tapes = [machine.spell(tape.cells) or "blank" for tape in configuration.tapes]
    heads = ", ".join(f"head {head} on {tape}" for head, tape in zip(configuration.heads, tapes))
    origins = ", ".join(str(tape.origin) for tape in configuration.tapes)
    return f"state {machine.states[configuration.state]}, {heads} from cell {origins}"


def _render_unknown(machine: Machine, verdict: Unknown) -> str:
    lines = [f"unknown  whether the {_form(verdict.form)} is {machine.name}, {_tape(verdict.cells)}"]
    if verdict.place and verdict.margin is not None:
        side = "right" if verdict.margin > 0 else "wrong"
        lines.append(
            f"  {verdict.place}: {abs(verdict.margin):.4g} nats on the {side} side, if all activities were ideal"
        )
    lines.append(f"  {verdict.reason}")
    if verdict.scale is not None:
        gain = "" if verdict.gain is None else f", a gain of {verdict.gain * verdict.scale:.3g} nats,"
        lines.append(f"  With all weights {verdict.scale:.3g} times as strong{gain} it would be proved.")
    return "\n".join(lines)


def to_json(machine: Machine, verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    """Verdicts as JSON objects; docs/claim.md lists the keys."""
    return [_to_json(machine, verdict) for verdict in verdicts]


def _to_json(machine: Machine, verdict: Verdict) -> dict[str, Any]:
    common = {
        "verdict": name_of(verdict),
        "tape": "external" if verdict.cells is None else "synaptic",
        "cells": verdict.cells,
    }
    if isinstance(verdict, Proved):
        proofs = verdict.certificate.proofs
        return common | {
            "forms": {
                proof.form: {
                    "margin": {name: float(m) for name, m in proof.margin.items()},
                    "epsilon": {name: float(e) for name, e in proof.epsilon.items()},
                    "radius": max(float(p.radius) for p in proofs if p.form == proof.form),
                    "noise": max(float(p.noise) for p in proofs if p.form == proof.form),
                }
                for proof in proofs
                if not proof.radius and not proof.noise
            },
            "scale": verdict.scale,
            "correspondence": None
            if verdict.certificate.correspondence is None
            else float(verdict.certificate.correspondence),
        }
    if isinstance(verdict, Refuted):
        return common | {
            "form": verdict.form,
            "inputs": [machine.spell(word) for word in verdict.inputs],
            "step": verdict.step,
            "state": None if verdict.cell is None else machine.states[verdict.cell[0]],
            "read": None if verdict.cell is None else [machine.symbols[a] for a in verdict.cell[1]],
            "expected": describe(machine, verdict.expected),
            "found": verdict.found if isinstance(verdict.found, str) else describe(machine, verdict.found),
        }
    return common | {
        "form": verdict.form,
        "population": verdict.population,
        "place": verdict.place,
        "margin": verdict.margin,
        "scale": verdict.scale,
        "gain": verdict.gain,
        "reason": verdict.reason,
    }
