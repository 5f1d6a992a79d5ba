"""The checker's own reader, byte by byte: what it reads, and what it refuses, each with the reason."""

import base64
import hashlib
import json
import math
import struct
from pathlib import Path

import pytest
from tests.verifier_units.refusals import refused
from tests.verifier_units.two_machines import BEAVER

from triquetra.verifier.checker import reading
from triquetra.verifier.checker.reading import MAX_DIMENSIONS, Tensor, read_json, read_saved, read_tensors

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
    ("raw", "fault", "place"),
    [
        (b"1234567", "length", "the length of the header"),
        (bytes(8), "not JSON", ""),
        (struct.pack("<Q", 2**64 - 1) + b"{}", "length", "the header"),
        (struct.pack("<Q", 3) + b"{}", "length", "the header"),
        (with_length(b"[]"), "value", ""),
        (packed(ONE) + b"1", "length", "the tensors"),
        (packed(ONE, b={"dtype": "F64", "shape": [0], "data_offsets": [8, 8]}), "offsets", "`b`"),
        (packed(ONE, a=[1]), "value", "`data_offsets` of tensor `a`"),
        (packed(ONE, a={**PLACE, "data_offsets": []}), "value", "`data_offsets` of tensor `a`"),
        (packed(ONE, a={**PLACE, "data_offsets": None}), "value", "`data_offsets` of tensor `a`"),
        (packed(ONE, a={**PLACE, "data_offsets": "02"}), "value", "`data_offsets` of tensor `a`"),
        (packed(ONE, a={**PLACE, "data_offsets": [0, 16, 17]}), "value", "`data_offsets` of tensor `a`"),
        (packed(ONE, a={**PLACE, "data_offsets": [-16, 0]}), "value", "`data_offsets` of tensor `a`"),
        (packed(ONE, a={**PLACE, "data_offsets": [0, 16.0]}), "value", "`data_offsets` of tensor `a`"),
        (packed(ONE, a={**PLACE, "data_offsets": [False, 16]}), "value", "`data_offsets` of tensor `a`"),
        (packed(ONE, a={**PLACE, "data_offsets": [8, 16]}), "offsets", "`a`"),
        (packed(ONE, a={**PLACE, "data_offsets": [0, 24], "shape": [3]}), "length", "the tensors"),
        (packed(ONE, a={**PLACE, "shape": [-1]}), "value", "tensor `a`"),
        (packed(ONE, a={**PLACE, "shape": [True]}), "value", "tensor `a`"),
        (packed(ONE, a={**PLACE, "shape": [2.0]}), "value", "tensor `a`"),
        (packed(ONE, a={**PLACE, "shape": 2}), "value", "tensor `a`"),
        (packed(ONE, a={**PLACE, "shape": [10**6]}), "value", "tensor `a`"),
        (packed(ONE, a={**PLACE, "dtype": "F32"}), "value", "tensor `a`"),
        (packed(ONE, a={**PLACE, "name": "a"}), "value", "tensor `a`"),
    ],
)
def test_bytes_that_are_refused(raw, fault, place):
    with refused(fault, f"^network.safetensors.*{place}$"):
        read_tensors(raw, "network")


def test_a_dimension_may_be_as_large_as_the_file_and_no_larger():
    sizes = {size: packed({}, a={"dtype": "F64", "shape": [0, size], "data_offsets": [0, 0]}) for size in range(60, 90)}
    (fits,) = (size for size, raw in sizes.items() if len(raw) == size)
    assert read_tensors(sizes[fits], "network")["a"].shape == (0, fits)
    with refused("value", "tensor `a`"):
        read_tensors(sizes[fits + 1], "network")


def test_each_bound_of_a_file_holds_to_the_last(monkeypatch):
    ones = {size: packed({"a": Tensor("F64", (1,) * size, (1.5,))}) for size in (MAX_DIMENSIONS, MAX_DIMENSIONS + 1)}
    assert read_tensors(ones[MAX_DIMENSIONS], "network")["a"].values == (1.5,)
    with refused("value", "tensor `a`"):
        read_tensors(ones[MAX_DIMENSIONS + 1], "network")
    nine = {"a": Tensor("F64", (9,), (1.5,) * 9)}
    length = len(json.dumps({"a": {"dtype": "F64", "shape": [9], "data_offsets": [0, 72]}}))
    for name, bound in (("MAX_ENTRIES", 9), ("MAX_TENSORS", 1), ("MAX_JSON", length)):
        monkeypatch.setattr(reading, name, bound)
        assert read_tensors(packed(nine), "network") == nine
        monkeypatch.setattr(reading, name, bound - 1)
        with refused("too much", r"^network\.safetensors$"):
            read_tensors(packed(nine), "network")
        monkeypatch.undo()


@pytest.mark.parametrize(("name", "wanted"), [("weights_data", "F64[any]"), ("bias", "F64[8]")])
def test_a_shape_is_told_with_the_one_that_is_wanted(name, wanted):
    square = Tensor("F64", (2, 2), (1.0,) * 4)
    with refused("tensor") as refusal:
        saved("network", **{name: square})
    assert str(refusal.value) == f"network: tensor `{name}` is F64[2, 2], not {wanted}"


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
    with refused("tensor", f"^{kind}: tensor `(weights_indices|{name})`$"):
        saved(kind, **{name: longer(TENSORS[kind][name])})


def replaced(name, at, value):
    values = list(TENSORS["network"][name].values)
    values[at] = value
    return {name: TENSORS["network"][name]._replace(values=tuple(values))}


@pytest.mark.parametrize(
    ("changes", "fault", "place"),
    [
        (replaced("cell_state", 0, 3), "outside", "`cell_state`"),
        (replaced("cell_state", 0, -1), "outside", "`cell_state`"),
        (replaced("cell_read", 0, 2), "outside", "`cell_read`"),
        (replaced("cell_read", 0, -1), "outside", "`cell_read`"),
        (replaced("weights_indices", -1, 7), "order", "`weights_indices`"),
        (replaced("weights_indptr", -1, 1), "division", "`weights_indptr`"),
        (replaced("weights_indptr", 1, 99), "division", "`weights_indptr`"),
        (replaced("bias", 0, math.inf), "not finite", "`bias`"),
    ],
)
def test_entries_that_are_refused(changes, fault, place):
    assert len(TENSORS["network"]["cell_state"].values) + len(BEAVER.states) == 7 or fault != "order"
    with refused(fault, f"^network: (tensor )?{place}$"):
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
    with refused("not JSON", "^this$"):
        read_json(text, "this")


def test_text_that_is_read():
    assert read_json('{"a": [1, 1.5, "é", null, {"a": true}]}', "this") == {"a": [1, 1.5, "é", None, {"a": True}]}
    assert read_json('{"a": "é"}'.encode(), "this") == {"a": "é"}
    with refused("not JSON"):
        read_json('{"a": 1}'.encode("utf-16"), "this")
    with refused("not JSON") as refusal:
        read_json('{"b": {"a": 1, "a": 1}}', "this")
    assert str(refusal.value) == "this is not JSON: a key occurs twice"


def test_a_header_that_differs_is_quoted_but_not_at_length():
    raw = packed(TENSORS["network"])
    right = {**GENUINE["network"]["header"], "sha256": hashlib.sha256(raw).hexdigest()}
    for key, value, said in (
        ("states", ["é" * 55], '["' + "é" * 55 + '"], not ["A", "B", "Z"]'),
        ("states", ["é" * 56], '["' + "é" * 56 + '"], not ["A", "B", "Z"]'),
        ("states", ["é" * 57], '["' + "é" * 57 + '…, not ["A", "B", "Z"]'),
        ("states", ["é" * 10**6], '["' + "é" * 57 + '…, not ["A", "B", "Z"]'),
        ("start", False, "false, not 0"),
        ("one_way", [0], "[0], not [false]"),
        ("symbols", ["0"], '["0"], not ["0", "1"]'),
        ("symbols", "01", '"01", not ["0", "1"]'),
        ("states", 5, '5, not ["A", "B", "Z"]'),
        ("kind", None, "null, not network"),
    ):
        with refused("value", f"^network.json: `{key}`$") as refusal:
            read_saved("network", (json.dumps({**right, key: value}).encode(), raw), BEAVER)
        assert str(refusal.value) == f"network.json: `{key}` is {said}"
        assert (refusal.value.found, refusal.value.wanted) == (value, GENUINE["network"]["header"][key])
