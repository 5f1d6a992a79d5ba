"""The words of a result: under which assumptions something was proved, margins as bars, places and tapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, Context
from typing import Any

from triquetra.machines import Configuration, Machine
from triquetra.machines.core.words import count

from ..checker.certificate import Certificate, Proof

WIDTH = 32  # of a bar, in characters

_NAMES = {
    "state": "control state",
    "halt": "halt",
    "move": "movement",
    "risk": "risk Γ",
    "read": "memory read",
    "place": "place",
}


def render_proofs(
    machine: Machine, certificate: Certificate, scales: Mapping[int | None, float | None], details: bool = False
) -> str:
    """What a certificate proves: each form on a line, or with `details` every population.

    `scales`: for each tape mode the least factor on all weights, where it is known.
    """
    lines = []
    for cells in dict.fromkeys(proof.cells for proof in certificate.proofs):
        proofs = [proof for proof in certificate.proofs if proof.cells == cells]
        forms = " and ".join(form_name(kind) for kind in dict.fromkeys(proof.form for proof in proofs))
        lines.append(f"proved  {machine.name} = {forms}, {tape_name(cells)}")
        lines.append(f"  {extent(cells)}")
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


def extent(cells: int | None) -> str:
    """Of which inputs and steps it is proved."""
    if cells is None:
        return "For every input and every step: whole configurations and halting agree."
    memory = count(cells, "cell")
    return f"For every input that fits and every step until the head leaves its memory of at most {memory}."


def tape_name(cells: int | None) -> str:
    """The tape mode in words."""
    return "external tape" if cells is None else f"synaptic tape of {count(cells, 'cell')}"


def form_name(kind: str) -> str:
    """`network` or `POMDP`."""
    return "POMDP" if kind == "pomdp" else kind


def _bars(proof: Proof) -> list[str]:
    most = max(proof.margin.values())
    lines = [f"  {form_name(proof.form):<16}{'margin':<{WIDTH + 14}}greatest distance from the one-hot code"]
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
        line = f"  {form_name(form):<8} all margins at least {_down(margin, 5)} nats"
        if radius or noise:
            line += f"; still proved with {what} off by {_down(radius, 3)} nats, or activities by {_down(noise, 3)}"
        lines.append(line)
    return lines


def _robustness(proofs: Sequence[Proof]) -> list[str]:
    lines = []
    for form in dict.fromkeys(proof.form for proof in proofs if proof.radius or proof.noise):
        radius, noise = (_f(max(getattr(p, name) for p in proofs if p.form == form)) for name in ("radius", "noise"))
        what = "weights and biases" if form == "network" else "log-odds"
        lines.append(f"  still proved: {form_name(form)} with {what} off by up to {radius} nats,")
        lines.append(f"                or every activity off by up to {noise} in every step")
    return lines


def _weaker(gain: float | None, scale: float | None) -> list[str]:
    if scale is None:
        return []
    nats = "" if gain is None else f" (a gain of {gain * scale:.3g} nats)"
    return [f"  still proved: network with all weights {_f(scale)} times as strong{nats}"]


def _down(value: Any, digits: int) -> str:
    """So many significant digits, rounded down: what holds up to the value holds up to them."""
    return f"{Context(prec=digits, rounding=ROUND_DOWN).create_decimal(float(value)):f}"


def _f(value: Any) -> str:
    return f"{float(value):.3g}"


def describe(machine: Machine, configuration: Configuration) -> str:
    """A configuration in words."""
    tapes = [machine.spell(tape.cells) or "blank" for tape in configuration.tapes]
    heads = ", ".join(f"head {head} on {tape}" for head, tape in zip(configuration.heads, tapes))
    origins = ", ".join(str(tape.origin) for tape in configuration.tapes)
    return f"state {machine.states[configuration.state]}, {heads} from cell {origins}"
