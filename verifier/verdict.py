"""The verdict on a machine and the forms it is said to be: proved, refuted or unknown; never a guess."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product
from typing import Any

from triquetra.forms import Network, Pomdp, save
from triquetra.machines import InputError, Machine
from triquetra.runtime.network import NetworkForm
from triquetra.runtime.pomdp import PomdpForm
from triquetra.runtime.protocol import Form

from .certificate import Certificate, Proof, read_certificate, write_certificate
from .certify import Failure, Required, certify, largest_noise, largest_radius, least_scale
from .check import check, correspondence
from .obligations import Where, describe, obligations
from .refute import Cell, Refuted, find_counterexample
from .saved import Bytes, Refused, Saved, read_artifact, read_saved

SUSPECTS = 64  # cells that a counterexample is looked for in


@dataclass(frozen=True, kw_only=True)
class Proved:
    """Agreement on every input, at every step; `certificate` was accepted by the checker.

    For each form the certificate has its proof, and where robustness was asked for the proofs with the largest
    radius of its weights and with the largest noise on its activities. `scale`: the least factor on all weights of
    the network with which they would still be provable, where robustness was asked for.
    """

    machine: Machine
    cells: int | None
    certificate: Certificate
    scale: float | None

    def __str__(self) -> str:
        """The verdict in words."""
        from .report import render

        return render(self.machine, self)


@dataclass(frozen=True, kw_only=True)
class Unknown:
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

    def __str__(self) -> str:
        """The verdict in words."""
        from .report import render

        return render(self.machine, self)


def verify(
    machine: Machine,
    network: Network | None,
    pomdp: Pomdp | None = None,
    cells: int | None = None,
    *,
    gain: float | None = None,
    files: Mapping[str, Bytes] | None = None,
    robustness: bool = True,
) -> Proved | Refuted | Unknown:
    """Prove that forms agree with the machine (`verifier.claim`) on every input at every step, or refute it.

    Args:
        cells: N of a synaptic memory; None for external tapes.
        gain: noted in the certificate, where the forms were compiled with it; in nats.
        files: header and tensors of the `network` and the `pomdp`, where they were loaded from files: the certificate
            then names the digests of these files.
        robustness: also find the largest radius of the weights, the largest noise and the least gain that are provable.
    Raises: InputError: the forms have other states, symbols or tapes than the machine, or there is none.
    """
    given = {kind: form for kind, form in (("network", network), ("pomdp", pomdp)) if form is not None}
    if not given:
        raise InputError("there is no network and no POMDP to verify")
    files = {kind: (files or {}).get(kind) or saved_bytes(form) for kind, form in given.items()}
    try:
        saved = {kind: read_saved(kind, each, machine) for kind, each in files.items()}
    except Refused as error:
        raise InputError(f"not a form of `{machine.name}`: {error}") from None
    proofs: list[Proof] = []
    scale: float | None = None
    for kind, form in saved.items():
        required = obligations(machine, form)
        proof = certify(form, required, cells)
        if isinstance(proof, Failure):
            return _refute(machine, given[kind], form, required, cells, proof, gain)
        proofs.append(proof)
        if robustness:
            found = (largest_radius(form, required, cells), largest_noise(form, required, cells))
            proofs += [each for each in found if each is not None]
            scale = least_scale(form, required, cells) if kind == "network" else scale
    difference = correspondence(saved["network"], saved["pomdp"]) if len(saved) == 2 else None
    certificate = Certificate(
        machine=machine.digest,
        network=saved["network"].digest if "network" in saved else None,
        pomdp=saved["pomdp"].digest if "pomdp" in saved else None,
        gain=gain,
        correspondence=None if difference is None else Fraction(math.nextafter(float(difference), math.inf)),
        proofs=tuple(proofs),
    )
    try:
        check(read_certificate(write_certificate(certificate)), machine, **files)
    except Refused as error:
        return Unknown(
            machine=machine, form=next(iter(saved)), cells=cells, population="", place="", margin=None, scale=None,
            gain=gain, reason=f"the checker refuses what was found: {error}",
        )  # fmt: skip
    return Proved(machine=machine, cells=cells, certificate=certificate, scale=scale)


def saved_bytes(form: Network | Pomdp) -> Bytes:
    """The header and the tensors of a form, as they are saved."""
    with tempfile.TemporaryDirectory() as folder:
        save(form, folder)
        return read_artifact(folder, "network" if isinstance(form, Network) else "pomdp")


def _runnable(form: Network | Pomdp, cells: int | None) -> Form[Any]:
    return NetworkForm(form, cells) if isinstance(form, Network) else PomdpForm(form, cells)


def _refute(
    machine: Machine,
    form: Network | Pomdp,
    saved: Saved,
    required: Required,
    cells: int | None,
    failure: Failure,
    gain: float | None,
) -> Refuted | Unknown:
    found = find_counterexample(machine, _runnable(form, cells), cells, suspects(machine, required, failure))
    if found is not None:
        return found
    scale = least_scale(saved, required, cells) if saved.kind == "network" and not failure.wrong_side else None
    if failure.wrong_side:
        reason = "a drive is on the wrong side, or on none, but no input was found that leads there"
    elif failure.margin is None:
        reason = failure.where if isinstance(failure.where, str) else "memory"
    else:
        reason = "the activity of units that are off may add up to more than the margin; no run was found where it does"
    return Unknown(
        machine=machine, form=saved.kind, cells=cells, population=failure.population,
        place=describe(machine, failure.where), margin=failure.margin, scale=scale, gain=gain, reason=reason,
    )  # fmt: skip


def suspects(machine: Machine, required: Required, failure: Failure) -> list[Cell]:
    """The cells whose obligations have the least ideal margin, hardest first."""
    if failure.population == "read":
        return list(machine.delta)[:SUSPECTS]
    ranked = sorted(required.items(), key=lambda item: item[0].ideal_margin)
    places: Iterable[Where] = (where for _, where in ranked)
    if isinstance(failure.where, Where):
        places = (failure.where, *places)
    cells: dict[Cell, None] = {}
    for where in places:
        if where.state is not None:
            every = product(range(len(machine.symbols)), repeat=machine.tapes)
            reads = islice(every, SUSPECTS) if where.read is None else [where.read]
            cells.update(dict.fromkeys((where.state, read) for read in reads))
        if len(cells) >= SUSPECTS:
            break
    return list(cells)[:SUSPECTS]
