"""The checker's own reader of saved forms: a JSON header and a safetensors file, every byte accounted for.

It shares no code with `triquetra.forms`, and refuses whatever two readers could read differently.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from triquetra.machines import Machine, read_bytes

Read = tuple[int, ...]
Bytes = tuple[bytes, bytes]  # of the header and of the tensors
QUANTUM = Fraction(1, 2**1074)  # every double is an integer multiple of it
T = TypeVar("T")


class Refused(Exception):
    """A certificate or a saved form that is not accepted; the message says where and why."""


class Parameter(NamedTuple):
    """A log-odds, and the sum of the absolute values of the doubles that it comes from, in multiples of `QUANTUM`.

    A network's weight w has both w and |w|; a POMDP's pair of logarithms (a, b) has a − b and |a| + |b|.
    """

    value: int
    size: int


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A form as it was saved: `rows[u]` has the (column, parameter) pairs of unit u.

    `columns`: the cells (state; symbols read), then the states. `sensory[tape][unit][symbol]`.
    """

    kind: str
    digest: str
    cells: tuple[tuple[int, Read], ...]
    rows: tuple[tuple[tuple[int, Parameter], ...], ...]
    bias: tuple[Parameter, ...]
    sensory: tuple[tuple[tuple[Parameter, ...], ...], ...]
    sensory_bias: tuple[tuple[Parameter, ...], ...]
    place_weight: Parameter
    place_bias: Parameter
    scalars: dict[str, Fraction]


def read_artifact(folder: str | Path, kind: str) -> Bytes:
    """The header and the tensors of the form of this kind that is saved in a folder.

    Raises: InputError: a file is missing or too large.
    """
    return read_bytes(Path(folder) / f"{kind}.json"), read_bytes(Path(folder) / f"{kind}.safetensors")


def saved_files(folder: str | Path) -> dict[str, Bytes]:
    """The network and the POMDP of a folder, those of them that are there.

    Raises: InputError: a form's tensors are missing, or a file is too large.
    """
    return {
        kind: read_artifact(folder, kind) for kind in ("network", "pomdp") if (Path(folder) / f"{kind}.json").exists()
    }


def read_saved(kind: str, files: Bytes, machine: Machine) -> Saved:
    """A `network` or a `pomdp` for `machine` from its two files.

    Raises: Refused: a file is damaged, or the names are not those of the machine.
    """
    header = read_json(files[0], f"{kind}.json")
    digest = hashlib.sha256(files[1]).hexdigest()
    expected = {
        "format": "triquetra", "version": 1, "kind": kind, "sha256": digest,
        "states": list(machine.states), "symbols": list(machine.symbols), "verdicts": list(machine.verdicts),
        "start": machine.start, "one_way": list(machine.one_way), "input_symbols": list(machine.input_symbols),
    }  # fmt: skip
    for key, value in expected.items():
        found = header.get(key)
        require(_same(found, value), f"{kind}.json: `{key}` is {_short(found)}, not {_short(value)}")
    return _arrange(kind, digest, read_tensors(files[1], kind), machine)


def _arrange(kind: str, digest: str, tensors: dict[str, Tensor], machine: Machine) -> Saved:
    n, k, t = len(machine.states), len(machine.symbols), machine.tapes
    units = n + 1 + 2 * t + t * k
    take = _Taker(kind, tensors)
    state = take.integers("cell_state", None)
    read = _split(take.integers("cell_read", (len(state), t)), t)
    require(all(0 <= s < n for s in state), f"{kind}: `cell_state` is outside the machine")
    require(all(0 <= a < k for each in read for a in each), f"{kind}: `cell_read` is outside the machine")
    cells = tuple(zip(state, read))
    require(len(set(cells)) == len(cells), f"{kind}: a cell occurs twice")
    if kind == "network":
        weights = _single(take.floats("weights_data", None))
        bias = _single(take.floats("bias", (units,)))
        sensory = _single(take.floats("sensory_weights", (t, k, k)))
        sensory_bias = _single(take.floats("sensory_bias", (t, k)))
        place = [_single(take.floats(name, (1,)))[0] for name in ("place_weight", "place_bias")]
        names: tuple[str, ...] = ("saturation", "rate", "bistability")
    else:
        on = take.floats("transition_on", None)
        weights = _pairs([*on, *take.floats("transition_off", (len(on),))])
        parts = (("state_prior", n + 1), ("action_prior", 2 * t), ("risk_prior", t * k))
        bias = [pair for name, size in parts for pair in _pairs(take.floats(name, (2, size)))]
        by_symbol = _pairs(take.floats("likelihood", (2, t, k, k)))  # [tape, symbol observed, unit]
        sensory = [by_symbol[(i * k + b) * k + a] for i in range(t) for a in range(k) for b in range(k)]
        sensory_bias = _pairs(take.floats("read_prior", (2, t, k)))
        place = [_pairs(take.floats(name, (2,)))[0] for name in ("place_transition", "place_prior")]
        names = ("count_floor", "count_rate", "bistability")
    scalars = {name: _multiple(take.floats(name, (1,))[0]) * QUANTUM for name in names}
    columns = take.integers("weights_indices", (len(weights),))
    bounds = take.integers("weights_indptr", (units + 1,))
    take.finish()
    require(
        bounds[0] == 0 and bounds[-1] == len(weights) and all(a <= b for a, b in pairwise(bounds)),
        f"{kind}: `weights_indptr` does not divide the weights among the units",
    )
    rows = []
    for start, end in pairwise(bounds):
        row = columns[start:end]
        require(
            all(a < b for a, b in pairwise(row)) and (not row or (row[0] >= 0 and row[-1] < len(cells) + n)),
            f"{kind}: `weights_indices` has a unit whose columns are out of order or range",
        )
        rows.append(tuple(zip(row, weights[start:end])))
    return Saved(
        kind=kind, digest=digest, cells=cells, rows=tuple(rows), bias=tuple(bias),
        sensory=tuple(_split(_split(sensory, k), k)), sensory_bias=tuple(_split(sensory_bias, k)),
        place_weight=place[0], place_bias=place[1], scalars=scalars,
    )  # fmt: skip


def _split(values: list[T], size: int) -> list[tuple[T, ...]]:
    return [tuple(values[i : i + size]) for i in range(0, len(values), size)]


def _single(values: list[float]) -> list[Parameter]:
    return [Parameter(multiple, abs(multiple)) for multiple in map(_multiple, values)]


def _pairs(values: list[float]) -> list[Parameter]:
    """Parameters of all first logarithms, then all second ones."""
    multiples = list(map(_multiple, values))
    half = len(values) // 2
    return [Parameter(a - b, abs(a) + abs(b)) for a, b in zip(multiples[:half], multiples[half:], strict=True)]


def _multiple(value: float) -> int:
    numerator, denominator = value.as_integer_ratio()
    return (numerator << 1074) // denominator


class Tensor(NamedTuple):
    """A tensor's type, shape and entries in row-major order."""

    dtype: str
    shape: tuple[int, ...]
    values: tuple[Any, ...]


class _Taker:
    """Hands out tensors by name, type and shape, each once."""

    def __init__(self, kind: str, tensors: dict[str, Tensor]) -> None:
        self.kind, self.left = kind, dict(tensors)

    def _take(self, name: str, dtype: str, shape: tuple[int, ...] | None) -> list[Any]:
        tensor = self.left.pop(name, None)
        if tensor is None:
            raise Refused(f"{self.kind}: tensor `{name}` is missing")
        right = len(tensor.shape) == 1 if shape is None else tensor.shape == shape
        require(tensor.dtype == dtype and right, f"{self.kind}: tensor `{name}` is {tensor.dtype}{list(tensor.shape)}")
        return list(tensor.values)

    def floats(self, name: str, shape: tuple[int, ...] | None) -> list[float]:
        values = self._take(name, "F64", shape)
        require(all(map(math.isfinite, values)), f"{self.kind}: tensor `{name}` has an entry that is not finite")
        return values

    def integers(self, name: str, shape: tuple[int, ...] | None) -> list[int]:
        return self._take(name, "I64", shape)

    def finish(self) -> None:
        require(not self.left, f"{self.kind}: unknown tensor `{next(iter(self.left), '')}`")


def read_tensors(raw: bytes, kind: str) -> dict[str, Tensor]:
    """A safetensors file: the header's length in 8 bytes, the header in JSON, then the entries without a gap.

    Raises: Refused: anything else, or a type other than F64 and I64.
    """
    require(len(raw) >= 8, f"{kind}.safetensors: shorter than its header's length")
    (length,) = struct.unpack("<Q", raw[:8])
    require(length <= len(raw) - 8, f"{kind}.safetensors: the header is longer than the file")
    header = read_json(raw[8 : 8 + length], f"{kind}.safetensors")
    header.pop("__metadata__", None)
    data = raw[8 + length :]
    tensors: dict[str, Tensor] = {}
    position = 0
    for name, entry in sorted(header.items(), key=lambda item: _offsets(item[1], kind)):
        first, last = _offsets(entry, kind)
        shape = entry.get("shape")
        require(
            entry.keys() == {"dtype", "shape", "data_offsets"}
            and entry["dtype"] in ("F64", "I64")
            and isinstance(shape, list)
            and all(type(size) is int and 0 <= size <= len(raw) for size in shape),
            f"{kind}.safetensors: tensor `{name}` has a wrong type or shape",
        )
        require(
            first == position and last <= len(data) and last - first == 8 * math.prod(shape),
            f"{kind}.safetensors: tensor `{name}` does not have its {math.prod(shape)} entries",
        )
        code = "d" if entry["dtype"] == "F64" else "q"
        values = struct.unpack(f"<{math.prod(shape)}{code}", data[first:last])
        tensors[name] = Tensor(entry["dtype"], tuple(shape), values)
        position = last
    require(position == len(data), f"{kind}.safetensors: bytes that belong to no tensor")
    return tensors


def _offsets(entry: Any, kind: str) -> tuple[int, int]:
    offsets = entry.get("data_offsets") if isinstance(entry, dict) else None
    if not (isinstance(offsets, list) and len(offsets) == 2 and all(type(o) is int and o >= 0 for o in offsets)):
        raise Refused(f"{kind}.safetensors: a tensor without its offsets")
    return offsets[0], offsets[1]


def read_json(raw: bytes | str, name: str) -> dict[str, Any]:
    """A JSON object in UTF-8 without a key that occurs twice, and without numbers that are not finite doubles.

    Raises: Refused: anything else.
    """
    try:
        value = json.loads(
            raw if isinstance(raw, str) else raw.decode(),
            object_pairs_hook=_object,
            parse_float=_finite,
            parse_constant=_finite,
        )
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        raise Refused(f"{name} is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise Refused(f"{name} is not a JSON object")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key occurs twice")
    return value


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:20]} is not a finite number")
    return value


def _same(a: Any, b: Any) -> bool:
    """Equality that keeps true and 1 apart."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_same, a, b))
    return type(a) is type(b) and bool(a == b)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"


def require(condition: bool, message: str) -> None:
    """Raise `Refused(message)` unless `condition` holds."""
    if not condition:
        raise Refused(message)
