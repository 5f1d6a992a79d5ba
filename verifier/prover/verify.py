"""A machine and the forms it is said to be: proved, refuted or unknown; never a guess."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import islice, product

from triquetra.forms import Network, Pomdp, to_bytes
from triquetra.machines import InputError, Machine
from triquetra.runtime.forms import make_form

from ..checker.certificate import Certificate, Proof, read_certificate, write_certificate
from ..checker.check import check, correspondence
from ..checker.obligations import Where, describe, obligations
from ..checker.reading import FormBytes, SavedForm, read_saved
from ..checker.refusal import Refused
from .certify import Failure, Required, certify, largest_noise, largest_radius, least_scale
from .refute import find_counterexample
from .result import Cell, ProofResult, Proved, Refuted, Unknown

SUSPECTS = 64  # cells that a counterexample is looked for in


def verify(
    machine: Machine,
    network: Network | None,
    pomdp: Pomdp | None = None,
    cells: int | None = None,
    *,
    gain: float | None = None,
    files: Mapping[str, FormBytes] | None = None,
    robustness: bool = True,
) -> ProofResult:
    """Prove that forms agree with the machine (`verifier.checker.claim`) on every input at every step, or refute it.

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
    files = {kind: (files or {}).get(kind) or to_bytes(form) for kind, form in given.items()}
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


def joined(first: Certificate, second: Certificate) -> Certificate:
    """The proofs of both.

    Raises: InputError: they are about different machines or weights.
    """
    if (first.machine, first.network, first.pomdp) != (second.machine, second.network, second.pomdp):
        raise InputError("certificates about different machines or weights cannot be joined")
    return replace(first, proofs=(*first.proofs, *second.proofs))


def _refute(
    machine: Machine,
    form: Network | Pomdp,
    saved: SavedForm,
    required: Required,
    cells: int | None,
    failure: Failure,
    gain: float | None,
) -> Refuted | Unknown:
    found = find_counterexample(machine, make_form(form, cells), cells, suspects(machine, required, failure))
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
