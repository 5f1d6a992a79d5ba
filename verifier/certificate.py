"""What a certificate says, and its file: one JSON object. It claims; `verifier.check` believes none of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, cast

from .saved import read_json, require

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

    def join(self, other: Certificate) -> Certificate:
        """The proofs of both, which are about the same machine and forms."""
        same = (self.machine, self.network, self.pomdp) == (other.machine, other.network, other.pomdp)
        require(same, "certificates about different machines or weights cannot be joined")
        return replace(self, proofs=(*self.proofs, *other.proofs))


def write_certificate(certificate: Certificate) -> str:
    """The text of a certificate's file. All its fractions are doubles, written so that they come back exactly."""
    value = {
        "format": "triquetra certificate",
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
    value = read_json(text, "certificate")
    _keys(value, "certificate", "format version machine network pomdp gain correspondence proofs")
    require(value["format"] == "triquetra certificate", "certificate: `format` is not `triquetra certificate`")
    require(type(value["version"]) is int and value["version"] == 1, "certificate: only version 1 is read")
    require(isinstance(value["proofs"], list), "certificate: `proofs` is not a list")
    gain = value["gain"]
    return Certificate(
        machine=_digest(value["machine"], "machine"),
        network=None if value["network"] is None else _digest(value["network"], "network"),
        pomdp=None if value["pomdp"] is None else _digest(value["pomdp"], "pomdp"),
        gain=None if gain is None else float(_number(gain, "gain")),
        correspondence=None if value["correspondence"] is None else _number(value["correspondence"], "correspondence"),
        proofs=tuple(_proof(proof, f"proofs[{i}]") for i, proof in enumerate(value["proofs"])),
    )


def _proof(value: Any, where: str) -> Proof:
    require(isinstance(value, dict), f"certificate: `{where}` is not an object")
    _keys(value, where, "form cells epsilon margin radius noise")
    require(value["form"] in ("network", "pomdp"), f"certificate: `{where}.form` is not `network` or `pomdp`")
    cells = value["cells"]
    require(cells is None or (type(cells) is int and cells >= 1), f"certificate: `{where}.cells` is not a count")
    return Proof(
        form=value["form"],
        cells=cells,
        epsilon=_numbers(value["epsilon"], f"{where}.epsilon"),
        margin=_numbers(value["margin"], f"{where}.margin"),
        radius=_number(value["radius"], f"{where}.radius"),
        noise=_number(value["noise"], f"{where}.noise"),
    )


def _keys(value: dict[str, Any], where: str, names: str) -> None:
    require(sorted(value) == sorted(names.split()), f"certificate: `{where}` must have exactly the keys {names}")


def _digest(value: Any, where: str) -> str:
    digest = isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef")
    require(digest, f"certificate: `{where}` is not a SHA-256 in hexadecimal")
    return cast(str, value)


def _numbers(value: Any, where: str) -> dict[str, Fraction]:
    require(isinstance(value, dict) and set(value) <= set(POPULATIONS), f"certificate: `{where}` names no populations")
    return {name: _number(number, f"{where}.{name}") for name, number in value.items()}


def _number(value: Any, where: str) -> Fraction:
    number = isinstance(value, float) or (type(value) is int and abs(value) < 2**53)
    require(number and value >= 0, f"certificate: `{where}` is not a number from zero up")
    return Fraction(*cast(float, value).as_integer_ratio())
