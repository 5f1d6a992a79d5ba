"""Files that ask for too much, each under 1 MB: what a certificate or a saved form could make a reader do."""

import hashlib
import json
import struct

from tests.verifier_units.two_machines import BEAVER

MB = 1_000_000


def header(**changes):
    """A network's header for BEAVER; the digest is put in by `form`."""
    right = {
        "format": "triquetra", "version": 1, "kind": "network", "name": "beaver", "machine": BEAVER.digest,
        "states": list(BEAVER.states), "symbols": list(BEAVER.symbols), "verdicts": list(BEAVER.verdicts),
        "start": BEAVER.start, "one_way": list(BEAVER.one_way), "input_symbols": list(BEAVER.input_symbols),
    }  # fmt: skip
    return {**right, **changes}


def form(tensors, **changes):
    """The two files of a form: a header that names these bytes."""
    named = header(sha256=hashlib.sha256(tensors).hexdigest(), **changes)
    return json.dumps(named).encode(), tensors


def tensors(entries, data=b""):
    """A safetensors file with this header."""
    text = entries if isinstance(entries, bytes) else json.dumps(entries).encode()
    return struct.pack("<Q", len(text)) + text + data


def one(shape, size=0):
    """A tensor of this shape."""
    return {"a": {"dtype": "F64", "shape": shape, "data_offsets": [0, size]}}


EMPTY = {"dtype": "F64", "shape": [0], "data_offsets": [0, 0]}
LONG = "x" * (MB - 5_000)

FORMS = {
    "5,000 dimensions": form(tensors(one([2] * 5_000))),
    "300,000 dimensions": form(tensors(one([1] * 300_000, 8), bytes(8))),
    "100,000 dimensions of a million": form(tensors(one([999_999] * 100_000))),
    "dimensions that multiply to 2^480": form(tensors(one([2**60] * 8))),
    "many tensors": form(tensors({f"t{i}": EMPTY for i in range(15_000)})),
    "a tensor with a long name": form(tensors({LONG: EMPTY})),
    "a type with a long name": form(tensors({"a": {**EMPTY, "dtype": LONG}})),
    "offsets of 4,000 digits": form(tensors({"a": {**EMPTY, "data_offsets": [10**4000, 10**4000]}})),
    "a shape of 4,000 digits": form(tensors({"a": {**EMPTY, "shape": [10**4000]}})),
    "brackets that never end": form(tensors(b"[" * (MB - 5_000))),
    "objects that never end": form(tensors(b'{"a":' * 190_000)),
    "long metadata": form(tensors({"__metadata__": {"a": LONG}})),
    "numbers and no tensor": form(tensors({}, bytes(MB - 5_000))),
    **{f"a long {key}": form(tensors({}), **{key: LONG}) for key in ("kind", "version", "format", "states", "name")},
    **{f"a list as {key}": form(tensors({}), **{key: [0] * 300_000}) for key in ("kind", "version", "start", "states")},
    "many states": form(tensors({}), states=[f"s{i}" for i in range(50_000)], verdicts=[None] * 50_000),
    "many tapes and symbols": form(
        tensors({}), one_way=[False] * 45_000, symbols=[f"{i}" for i in range(45_000)], input_symbols=[0]
    ),
    "a start of 4,000 digits": form(tensors({}), start=10**4000),
}


def certificate(right, **changes):
    """A certificate's text with changes."""
    return json.dumps({**right, **changes})


def certificates(right):
    """From a genuine one."""
    first = right["proofs"][0]
    tiny = dict.fromkeys(first["epsilon"], 5e-324)
    return {
        "1,000 proofs": certificate(right, proofs=[first] * 1_000),
        "empty proofs": certificate(right, proofs=[{}] * 240_000),
        "a long machine": certificate(right, machine=LONG),
        "a long key": certificate(right, **{LONG: 1}),
        "a long population": certificate(right, proofs=[{**first, "epsilon": {LONG: 1.0}}]),
        "a list as epsilon": certificate(right, proofs=[{**first, "epsilon": [0.5] * 150_000}]),
        "cells of 4,000 digits": certificate(right, proofs=[{**first, "cells": 10**4000}]),
        "most cells": certificate(right, proofs=[{**first, "cells": 2**63 - 1}]),
        "radius of 10^308": certificate(right, proofs=[{**first, "radius": 1e308}]),
        "the least epsilon": certificate(right, proofs=[{**first, "epsilon": tiny}]),
        "margins of 10^308": certificate(right, proofs=[{**first, "margin": dict.fromkeys(first["margin"], 1e308)}]),
        "correspondence of 10^308": certificate(right, correspondence=1e308, proofs=[first]),
        "brackets that never end": "[" * MB,
        "a number of a million digits": certificate(right, gain=0.5)[:-1] + ', "x": ' + "9" * (MB - 10_000) + "}",
        "a float of a million digits": certificate(right, gain=0.5)[:-1] + ', "x": 0.' + "9" * (MB - 10_000) + "}",
        "zeros": "\0" * MB,
    }
