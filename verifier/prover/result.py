"""What a proof comes to: proved, refuted or unknown; each true only if proved, each in words and as JSON."""

from __future__ import annotations

import html
import shlex
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from triquetra.machines import Configuration, Machine

from ..checker.certificate import Certificate
from ..checker.reading import Read
from .words import describe, form_name, render_proofs, tape_name

Cell = tuple[int, Read]
Word = tuple[int, ...]
REPLAY = "triquetra agree FILE"  # the command that replays a refutation, but for the input


class _InWords(ABC):
    """What every result has in common."""

    machine: Machine
    cells: int | None

    @abstractmethod
    def words(self, replay: str = REPLAY) -> str:
        """The result in words."""

    def __str__(self) -> str:
        return self.words()

    def __repr__(self) -> str:
        return f"<{self.words().partition(chr(10))[0]}>"

    def _repr_html_(self) -> str:
        """The words, for notebooks."""
        return f"<pre>{html.escape(self.words())}</pre>"

    def to_json(self) -> dict[str, Any]:
        """The result as a JSON object; docs/claim.md lists the keys."""
        tape = "external" if self.cells is None else "synaptic"
        return {"verdict": type(self).__name__.lower(), "tape": tape, "cells": self.cells}


@dataclass(frozen=True, kw_only=True, repr=False)
class Proved(_InWords):
    """Agreement on every input, at every step; `certificate` was accepted by the checker.

    For each form the certificate has its proof, and where robustness was asked for the proofs with the largest
    radius of its weights and with the largest noise on its activities. `scale`: the least factor on all weights of
    the network with which they would still be provable, where robustness was asked for.
    """

    machine: Machine
    cells: int | None
    certificate: Certificate
    scale: float | None

    def __bool__(self) -> bool:
        """True: it is proved."""
        return True

    def words(self, replay: str = REPLAY) -> str:
        """What is proved, a line for each form."""
        return render_proofs(self.machine, self.certificate, {self.cells: self.scale})

    def to_json(self) -> dict[str, Any]:
        """The result as a JSON object; docs/claim.md lists the keys."""
        proofs, difference = self.certificate.proofs, self.certificate.correspondence
        return super().to_json() | {
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
            "scale": self.scale,
            "correspondence": None if difference is None else float(difference),
        }


@dataclass(frozen=True, kw_only=True, repr=False)
class Refuted(_InWords):
    """A form parts from the machine on `inputs` (symbol indices, one word a tape) at step `step`, counted from 1.

    `cell` is the state and the symbols read just before it; `found` is what the form came to, or why that is nothing.
    Tapes are synaptic memories of `cells` cells, or external where that is None.
    """

    machine: Machine
    form: str
    cells: int | None
    inputs: tuple[Word, ...]
    step: int
    cell: Cell | None
    expected: Configuration
    found: Configuration | str
    what: str

    def __bool__(self) -> bool:
        """False: it is not proved."""
        return False

    def words(self, replay: str = REPLAY) -> str:
        """Where they part, both configurations, and the command that replays it."""
        machine, form = self.machine, form_name(self.form)
        inputs = " ".join(f"--input {shlex.quote(machine.spell(word))}" for word in self.inputs)
        place = "at the start"
        if self.cell is not None:
            state, read = self.cell
            symbols = " ".join(machine.symbols[a] for a in read)
            place = f"at step {self.step}, in state {machine.states[state]} reading {symbols}"
        tape = "" if self.cells is None else f" --tape synaptic --cells {self.cells}"
        return "\n".join((
            f"refuted  the {form} is not {machine.name}, {tape_name(self.cells)}",
            f"  {inputs}: they part {place}",
            f"  the machine   {describe(machine, self.expected)}",
            f"  the {form:<9} {self._found}",
            f"  replay: {replay} {inputs}{tape} --dense --max-steps {self.step}",
        ))  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """The result as a JSON object; docs/claim.md lists the keys."""
        machine = self.machine
        return super().to_json() | {
            "form": self.form,
            "inputs": [machine.spell(word) for word in self.inputs],
            "step": self.step,
            "state": None if self.cell is None else machine.states[self.cell[0]],
            "read": None if self.cell is None else [machine.symbols[a] for a in self.cell[1]],
            "expected": describe(machine, self.expected),
            "found": self._found,
        }

    @property
    def _found(self) -> str:
        return self.found if isinstance(self.found, str) else describe(self.machine, self.found)


@dataclass(frozen=True, kw_only=True, repr=False)
class Unknown(_InWords):
    """Neither proved nor refuted, with the reason.

    `population`, `place` and `margin` (nats): where the proof fails, and the drive there if all activities were ideal.
    `scale`: so many times as strong, all weights would be provable; None if they would not, or it is not known.
    `gain`: in nats, where the forms were compiled with it.
    """

    machine: Machine
    form: str
    cells: int | None
    population: str
    place: str
    margin: float | None
    scale: float | None
    gain: float | None
    reason: str

    def __bool__(self) -> bool:
        """False: it is not proved."""
        return False

    def words(self, replay: str = REPLAY) -> str:
        """Where the proof fails, and what would help."""
        machine = self.machine.name
        lines = [f"unknown  whether the {form_name(self.form)} is {machine}, {tape_name(self.cells)}"]
        if self.place and self.margin is not None:
            side = "right" if self.margin > 0 else "wrong"
            nats = abs(self.margin)
            lines.append(f"  {self.place}: {nats:.4g} nats on the {side} side, if all activities were ideal")
        lines.append(f"  {self.reason}")
        if self.scale is not None:
            gain = "" if self.gain is None else f", a gain of {self.gain * self.scale:.3g} nats,"
            lines.append(f"  With all weights {self.scale:.3g} times as strong{gain} it would be proved.")
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """The result as a JSON object; docs/claim.md lists the keys."""
        names = ("form", "population", "place", "margin", "scale", "gain", "reason")
        return super().to_json() | {name: getattr(self, name) for name in names}


ProofResult = Proved | Refuted | Unknown
