"""What a certificate says, and its file: one JSON object. It claims; `check` believes none of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

from .reading import read_json
from .refusal import Fault, at_most, require

FORMAT = "triquetra certificate"
MAX_BYTES = 2**20  # of a certificate
MAX_PROOFS = 64
MAX_CELLS = 2**63  # of a memory
POPULATIONS = ("state", "halt", "move", "risk", "read", "place")


@dataclass(frozen=True, kw_only=True)
class Proof:
    """One form in one tape mode.

    `cells`: N of the synaptic memory; None for an external tape. For each population: `epsilon`, the greatest
    distance of an activity from the one-hot code, and `margin`, the least drive on the right side, in nats.
    It holds for all weights within `radius` nats, and with `noise` added to every activity in every step.
    """

    form: str
    cells: int | None
    epsilon: Mapping[str, Fraction]
    margin: Mapping[str, Fraction]
    radius: Fraction = Fraction(0)
    noise: Fraction = Fraction(0)

    @property
    def tape(self) -> str:
        """`external` or `synaptic`."""
        return "external" if self.cells is None else "synaptic"


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """Proofs about one machine and forms of it, named by digests: the machine's, and SHA-256 of the saved tensors.

    `gain` in nats is there where the forms were compiled, so that they can be compiled again; nothing rests on it.
    `correspondence`: no weight differs from the POMDP's log-odds by more nats than this.
    """

    machine: str
    network: str | None
    pomdp: str | None
    gain: float | None = None
    correspondence: Fraction | None = None
    proofs: tuple[Proof, ...] = ()


def write_certificate(certificate: Certificate) -> str:
    """The text of a certificate's file. All its fractions are doubles, written so that they come back exactly."""
    value = {
        "format": FORMAT,
        "version": 1,
        "machine": certificate.machine,
        "network": certificate.network,
        "pomdp": certificate.pomdp,
        "gain": certificate.gain,
        "correspondence": None if certificate.correspondence is None else float(certificate.correspondence),
        "proofs": [
            {
                "form": proof.form,
                "cells": proof.cells,
                "epsilon": {name: float(e) for name, e in proof.epsilon.items()},
                "margin": {name: float(m) for name, m in proof.margin.items()},
                "radius": float(proof.radius),
                "noise": float(proof.noise),
            }
            for proof in certificate.proofs
        ],
    }
    return json.dumps(value, indent=2) + "\n"


def read_certificate(text: bytes | str) -> Certificate:
    """A certificate from its file's content.

    Raises: Refused: it is not one; the message names the field.
    """
    at_most(MAX_BYTES, len(text), "certificate", "bytes")
    value = read_json(text, "certificate")
    _keys(value, "certificate", "format version machine network pomdp gain correspondence proofs")
    version, proofs = value["version"], value["proofs"]
    _expect(value["format"] == FORMAT, "format", value["format"], FORMAT)
    _expect(type(version) is int and version == 1, "version", version, "1")
    _expect(isinstance(proofs, list), "proofs", proofs, "a list")
    at_most(MAX_PROOFS, len(proofs), "certificate: `proofs`", "proofs")
    gain = value["gain"]
    return Certificate(
        machine=_digest(value["machine"], "machine"),
        network=None if value["network"] is None else _digest(value["network"], "network"),
        pomdp=None if value["pomdp"] is None else _digest(value["pomdp"], "pomdp"),
        gain=None if gain is None else float(_number(gain, "gain")),
        correspondence=None if value["correspondence"] is None else _number(value["correspondence"], "correspondence"),
        proofs=tuple(_proof(proof, f"proofs[{i}]") for i, proof in enumerate(proofs)),
    )


def _proof(value: Any, where: str) -> Proof:
    _expect(isinstance(value, dict), where, value, "an object")
    _keys(value, f"certificate: `{where}`", "form cells epsilon margin radius noise")
    form, cells = value["form"], value["cells"]
    _expect(form in ("network", "pomdp"), f"{where}.form", form, "network or pomdp")
    _expect(cells is None or (type(cells) is int and 1 <= cells < MAX_CELLS), f"{where}.cells", cells, "a count")
    return Proof(
        form=form,
        cells=cells,
        epsilon=_numbers(value["epsilon"], f"{where}.epsilon"),
        margin=_numbers(value["margin"], f"{where}.margin"),
        radius=_number(value["radius"], f"{where}.radius"),
        noise=_number(value["noise"], f"{where}.noise"),
    )


def _expect(condition: bool, where: str, found: Any, wanted: str) -> None:
    require(condition, Fault.VALUE, f"certificate: `{where}`", found, wanted)


def _keys(value: dict[str, Any], place: str, names: str) -> None:
    require(sorted(value) == sorted(names.split()), Fault.KEYS, place, list(value), names)


def _digest(value: Any, where: str) -> str:
    digest = isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef")
    _expect(digest, where, value, "a SHA-256 in hexadecimal")
    return cast(str, value)


def _numbers(value: Any, where: str) -> dict[str, Fraction]:
    _expect(isinstance(value, dict) and set(value) <= set(POPULATIONS), where, value, "numbers of populations")
    return {name: _number(number, f"{where}.{name}") for name, number in value.items()}


def _number(value: Any, where: str) -> Fraction:
    number = isinstance(value, float) or (type(value) is int and abs(value) < 2**53)
    _expect(number and value >= 0, where, value, "a number from zero up")
    return Fraction(*cast(float, value).as_integer_ratio())
