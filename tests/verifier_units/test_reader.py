"""The checker's own reader, byte by byte: what it reads, and what it refuses, each with the reason."""

import base64
import hashlib
import json
import math
import struct
from pathlib import Path

import pytest
from tests.verifier_units.two_machines import BEAVER

from triquetra.verifier import Refused
from triquetra.verifier.saved import Tensor, read_json, read_saved, read_tensors

GENUINE = json.loads((Path(__file__).parent.parent / "refused" / "genuine.json").read_text())
TENSORS = {kind: read_tensors(base64.b64decode(GENUINE[kind]["tensors"]), kind) for kind in ("network", "pomdp")}


def packed(tensors, *, metadata=None, **entries):
    """A safetensors file; `entries` replaces what the header says of a tensor."""
    header, data = {} if metadata is None else {"__metadata__": metadata}, b""
    for name, (dtype, shape, values) in tensors.items():
        more = struct.pack(f"<{len(values)}{'d' if dtype == 'F64' else 'q'}", *values)
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [len(data), len(data) + len(more)]}
        data += more
    return with_length(json.dumps({**header, **entries}).encode()) + data


def with_length(header):
    return struct.pack("<Q", len(header)) + header


def saved(kind, **changes):
    raw = packed({**TENSORS[kind], **changes})
    header = {**GENUINE[kind]["header"], "sha256": hashlib.sha256(raw).hexdigest()}
    return read_saved(kind, (json.dumps(header).encode(), raw), BEAVER)


ONE = {"a": Tensor("F64", (2,), (1.5, -0.0))}
PLACE = {"dtype": "F64", "shape": [2], "data_offsets": [0, 16]}


def test_what_is_packed_is_read():
    for kind, tensors in TENSORS.items():
        assert read_tensors(packed(tensors), kind) == tensors
        saved(kind)
    assert read_tensors(packed(ONE, metadata={"by": "hand"}), "network") == ONE
    whole = {"i": Tensor("I64", (2, 1), (-1, 2**62)), "none": Tensor("F64", (3, 0), ()), "x": Tensor("F64", (), (2.0,))}
    assert read_tensors(packed(whole), "network") == whole
    assert read_tensors(with_length(b"{}"), "network") == {}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"1234567", "shorter than its header's length"),
        (bytes(8), "not JSON"),
        (struct.pack("<Q", 2**64 - 1) + b"{}", "longer than the file"),
        (struct.pack("<Q", 3) + b"{}", "longer than the file"),
        (with_length(b"[]"), "not a JSON object"),
        (packed(ONE) + b"1", "bytes that belong to no tensor"),
        (packed(ONE, b={"dtype": "F64", "shape": [0], "data_offsets": [8, 8]}), "`b` does not have its 0 entries"),
        (packed(ONE, a=[1]), "without its offsets"),
        (packed(ONE, a={**PLACE, "data_offsets": []}), "without its offsets"),
        (packed(ONE, a={**PLACE, "data_offsets": None}), "without its offsets"),
        (packed(ONE, a={**PLACE, "data_offsets": "02"}), "without its offsets"),
        (packed(ONE, a={**PLACE, "data_offsets": [0, 16, 17]}), "without its offsets"),
        (packed(ONE, a={**PLACE, "data_offsets": [-16, 0]}), "without its offsets"),
        (packed(ONE, a={**PLACE, "data_offsets": [0, 16.0]}), "without its offsets"),
        (packed(ONE, a={**PLACE, "data_offsets": [False, 16]}), "without its offsets"),
        (packed(ONE, a={**PLACE, "data_offsets": [8, 16]}), "does not have its 2 entries"),
        (packed(ONE, a={**PLACE, "data_offsets": [0, 24], "shape": [3]}), "does not have its 3 entries"),
        (packed(ONE, a={**PLACE, "shape": [-1]}), "wrong type or shape"),
        (packed(ONE, a={**PLACE, "shape": [True]}), "wrong type or shape"),
        (packed(ONE, a={**PLACE, "shape": [2.0]}), "wrong type or shape"),
        (packed(ONE, a={**PLACE, "shape": 2}), "wrong type or shape"),
        (packed(ONE, a={**PLACE, "shape": [10**6]}), "wrong type or shape"),
        (packed(ONE, a={**PLACE, "dtype": "F32"}), "wrong type or shape"),
        (packed(ONE, a={**PLACE, "name": "a"}), "wrong type or shape"),
    ],
)
def test_bytes_that_are_refused(raw, said):
    with pytest.raises(Refused, match=said) as refusal:
        read_tensors(raw, "network")
    assert str(refusal.value).startswith("network.safetensors")


def test_a_dimension_may_be_as_large_as_the_file_and_no_larger():
    sizes = {size: packed({}, a={"dtype": "F64", "shape": [0, size], "data_offsets": [0, 0]}) for size in range(60, 90)}
    (fits,) = (size for size, raw in sizes.items() if len(raw) == size)
    assert read_tensors(sizes[fits], "network")["a"].shape == (0, fits)
    with pytest.raises(Refused, match="wrong type or shape"):
        read_tensors(sizes[fits + 1], "network")


def longer(tensor):
    return Tensor(tensor.dtype, (len(tensor.values) + 1,), (*tensor.values, tensor.values[-1]))


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *(("network", name) for name in ("bias", "place_weight", "place_bias", "saturation", "rate", "bistability")),
        *(("network", name) for name in ("weights_indices", "weights_indptr", "weights_data", "sensory_bias")),
        *(("pomdp", name) for name in ("transition_off", "place_transition", "place_prior", "count_floor")),
        *(("pomdp", name) for name in ("state_prior", "action_prior", "risk_prior", "read_prior", "likelihood")),
    ],
)
def test_tensors_have_their_shapes(kind, name):
    with pytest.raises(Refused, match=rf"{kind}: tensor `(weights_indices|{name})` is [FI]64\[\d+\]"):
        saved(kind, **{name: longer(TENSORS[kind][name])})


def replaced(name, at, value):
    values = list(TENSORS["network"][name].values)
    values[at] = value
    return {name: TENSORS["network"][name]._replace(values=tuple(values))}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (replaced("cell_state", 0, 3), "`cell_state` is outside"),
        (replaced("cell_state", 0, -1), "`cell_state` is outside"),
        (replaced("cell_read", 0, 2), "`cell_read` is outside"),
        (replaced("cell_read", 0, -1), "`cell_read` is outside"),
        (replaced("weights_indices", -1, 7), "out of order or range"),
        (replaced("weights_indptr", -1, 1), "does not divide"),
        (replaced("weights_indptr", 1, 99), "does not divide"),
        (replaced("bias", 0, math.inf), "not finite"),
    ],
)
def test_entries_that_are_refused(changes, said):
    assert len(TENSORS["network"]["cell_state"].values) + len(BEAVER.states) == 7 or "range" not in said
    with pytest.raises(Refused, match=f"network: .*{said}"):
        saved("network", **changes)


def test_a_unit_may_hear_nothing():
    ends = TENSORS["network"]["weights_indptr"].values
    without = {
        name: Tensor(dtype, (len(values) - ends[1],), tuple(values[ends[1] :]))
        for name, (dtype, _, values) in TENSORS["network"].items() if name in ("weights_data", "weights_indices")
    }  # fmt: skip
    moved = Tensor("I64", (len(ends),), (0, *(end - ends[1] for end in ends[1:])))
    form = saved("network", **without, weights_indptr=moved)
    assert form.rows[0] == ()
    assert form.rows[1:] == saved("network").rows[1:]


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '{"a": NaN}', '{"a": 1e999}', '{"a": -Infinity}', "{", b"\xff{}"])
def test_text_that_is_refused(text):
    with pytest.raises(Refused, match=r"^this is not JSON: "):
        read_json(text, "this")


def test_text_that_is_read():
    assert read_json('{"a": [1, 1.5, "é", null, {"a": true}]}', "this") == {"a": [1, 1.5, "é", None, {"a": True}]}
    assert read_json('{"a": "é"}'.encode(), "this") == {"a": "é"}
    with pytest.raises(Refused, match="not JSON"):
        read_json('{"a": 1}'.encode("utf-16"), "this")
    with pytest.raises(Refused, match="twice"):
        read_json('{"b": {"a": 1, "a": 1}}', "this")


def test_a_header_that_differs_is_quoted_but_not_at_length():
    raw = packed(TENSORS["network"])
    right = {**GENUINE["network"]["header"], "sha256": hashlib.sha256(raw).hexdigest()}
    for key, value, said in (
        ("states", ["é" * 55], r'is \["é{55}"\], not \["A", "B", "Z"\]$'),
        ("states", ["é" * 56], r'is \["é{56}"\], not'),
        ("states", ["é" * 57], r'is \["é{57}…, not'),
        ("start", False, "is false, not 0$"),
        ("one_way", [0], r"is \[0\], not \[false\]$"),
        ("symbols", ["0"], r'is \["0"\], not \["0", "1"\]$'),
        ("symbols", "01", 'is "01", not'),
        ("states", 5, "is 5, not"),
        ("kind", None, 'is null, not "network"$'),
    ):
        with pytest.raises(Refused, match=f"^network.json: `{key}` {said}"):
            read_saved("network", (json.dumps({**right, key: value}).encode(), raw), BEAVER)
