"""The checker's own reader of saved forms: a JSON header and a safetensors file, every byte accounted for.

It shares no code with `triquetra.forms`, touches no file, and refuses whatever two readers could read differently.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

from triquetra.machines.core import Machine

from .refusal import Fault, Refused, at_most, require

Read = tuple[int, ...]
FormBytes = tuple[bytes, bytes]  # of the header and of the tensors
QUANTUM = Fraction(1, 2**1074)  # every double is an integer multiple of it
T = TypeVar("T")

# What a file may ask for; more is refused, not begun.
MAX_JSON = 2**24  # bytes of a header
MAX_TENSORS = 64
MAX_DIMENSIONS = 8
MAX_ENTRIES = 2**21  # of all tensors


class LogOdds(NamedTuple):
    """A log-odds, and the sum of the absolute values of the doubles that it comes from, in multiples of `QUANTUM`.

    A network's weight w has both w and |w|; a POMDP's pair of logarithms (a, b) has a − b and |a| + |b|.
    """

    value: int
    size: int


@dataclass(frozen=True, kw_only=True)
class SavedForm:
    """A form as it was saved: `rows[u]` has the (column, parameter) pairs of unit u.

    `columns`: the cells (state; symbols read), then the states. `sensory[tape][unit][symbol]`.
    """

    kind: str
    digest: str
    cells: tuple[tuple[int, Read], ...]
    rows: tuple[tuple[tuple[int, LogOdds], ...], ...]
    bias: tuple[LogOdds, ...]
    sensory: tuple[tuple[tuple[LogOdds, ...], ...], ...]
    sensory_bias: tuple[tuple[LogOdds, ...], ...]
    place_weight: LogOdds
    place_bias: LogOdds
    scalars: dict[str, Fraction]


def read_saved(kind: str, files: FormBytes, machine: Machine) -> SavedForm:
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
        require(_same(found, value), Fault.VALUE, f"{kind}.json: `{key}`", found, value)
    return _arrange(kind, digest, read_tensors(files[1], kind), machine)


def _arrange(kind: str, digest: str, tensors: dict[str, Tensor], machine: Machine) -> SavedForm:
    n, k, t = len(machine.states), len(machine.symbols), machine.tapes
    units = n + 1 + 2 * t + t * k
    take = _Taker(kind, tensors)
    state = take.integers("cell_state", None)
    read = _split(take.integers("cell_read", (len(state), t)), t)
    for name, size, entries in (("cell_state", n, state), ("cell_read", k, [a for each in read for a in each])):
        outside = [entry for entry in entries if not 0 <= entry < size]
        require(not outside, Fault.OUTSIDE, f"{kind}: `{name}`", outside[:1], f"the machine's {size}")
    cells = tuple(zip(state, read))
    seen: set[tuple[int, Read]] = set()
    for cell in cells:
        require(cell not in seen, Fault.TWICE, f"{kind}: the cells", cell)
        seen.add(cell)
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
        Fault.DIVISION,
        f"{kind}: `weights_indptr`",
        wanted=len(weights),
    )
    rows = []
    for start, end in pairwise(bounds):
        row = columns[start:end]
        require(
            all(a < b for a, b in pairwise(row)) and (not row or (row[0] >= 0 and row[-1] < len(cells) + n)),
            Fault.ORDER,
            f"{kind}: `weights_indices`",
        )
        rows.append(tuple(zip(row, weights[start:end])))
    return SavedForm(
        kind=kind, digest=digest, cells=cells, rows=tuple(rows), bias=tuple(bias),
        sensory=tuple(_split(_split(sensory, k), k)), sensory_bias=tuple(_split(sensory_bias, k)),
        place_weight=place[0], place_bias=place[1], scalars=scalars,
    )  # fmt: skip


def _split(values: list[T], size: int) -> list[tuple[T, ...]]:
    return [tuple(values[i : i + size]) for i in range(0, len(values), size)]


def _single(values: list[float]) -> list[LogOdds]:
    return [LogOdds(multiple, abs(multiple)) for multiple in map(_multiple, values)]


def _pairs(values: list[float]) -> list[LogOdds]:
    """Parameters of all first logarithms, then all second ones."""
    multiples = list(map(_multiple, values))
    half = len(values) // 2
    return [LogOdds(a - b, abs(a) + abs(b)) for a, b in zip(multiples[:half], multiples[half:], strict=True)]


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
        tensor, where = self.left.pop(name, None), f"{self.kind}: tensor `{name}`"
        if tensor is None:
            raise Refused(Fault.MISSING, where)
        right = len(tensor.shape) == 1 if shape is None else tensor.shape == shape
        if tensor.dtype != dtype or not right:
            wanted = f"{dtype}[any]" if shape is None else f"{dtype}{list(shape)}"
            raise Refused(Fault.TENSOR, where, f"{tensor.dtype}{list(tensor.shape)}", wanted)
        return list(tensor.values)

    def floats(self, name: str, shape: tuple[int, ...] | None) -> list[float]:
        values = self._take(name, "F64", shape)
        require(all(map(math.isfinite, values)), Fault.NOT_FINITE, f"{self.kind}: tensor `{name}`")
        return values

    def integers(self, name: str, shape: tuple[int, ...] | None) -> list[int]:
        return self._take(name, "I64", shape)

    def finish(self) -> None:
        require(not self.left, Fault.UNKNOWN, f"{self.kind}: tensor `{next(iter(self.left), '')}`")


def read_tensors(raw: bytes, kind: str) -> dict[str, Tensor]:
    """A safetensors file: the header's length in 8 bytes, the header in JSON, then the entries without a gap.

    Raises: Refused: anything else, or a type other than F64 and I64.
    """
    file = f"{kind}.safetensors"
    require(len(raw) >= 8, Fault.LENGTH, f"{file}: the length of the header", len(raw), 8)
    (length,) = struct.unpack("<Q", raw[:8])
    require(length <= len(raw) - 8, Fault.LENGTH, f"{file}: the header", len(raw) - 8, length)
    header = read_json(raw[8 : 8 + length], file)
    header.pop("__metadata__", None)
    data = raw[8 + length :]
    at_most(MAX_TENSORS, len(header), file, "tensors")
    at_most(8 * MAX_ENTRIES, len(data), file, "bytes of numbers")
    tensors: dict[str, Tensor] = {}
    position = 0
    for name, entry in sorted(header.items(), key=lambda item: _offsets(item[0], item[1], file)):
        first, last = _offsets(name, entry, file)
        shape = entry.get("shape")
        require(
            entry.keys() == {"dtype", "shape", "data_offsets"}
            and entry["dtype"] in ("F64", "I64")
            and isinstance(shape, list)
            and len(shape) <= MAX_DIMENSIONS
            and all(type(size) is int and 0 <= size <= len(raw) for size in shape),
            Fault.VALUE, f"{file}: tensor `{name}`", entry, f"F64 or I64, at most {MAX_DIMENSIONS} sizes and offsets",
        )  # fmt: skip
        count = math.prod(shape)
        end = position + 8 * count
        found, wanted = [first, last], [position, end]
        require(found == wanted, Fault.OFFSETS, f"{file}: tensor `{name}`", found, wanted)
        require(end <= len(data), Fault.LENGTH, f"{file}: the tensors", len(data), end)
        values = struct.unpack(f"<{count}{'d' if entry['dtype'] == 'F64' else 'q'}", data[first:last])
        tensors[name] = Tensor(entry["dtype"], tuple(shape), values)
        position = last
    require(position == len(data), Fault.LENGTH, f"{file}: the tensors", len(data), position)
    return tensors


def _offsets(name: str, entry: Any, file: str) -> tuple[int, int]:
    offsets = entry.get("data_offsets") if isinstance(entry, dict) else None
    if not (isinstance(offsets, list) and len(offsets) == 2 and all(type(o) is int and o >= 0 for o in offsets)):
        raise Refused(Fault.VALUE, f"{file}: `data_offsets` of tensor `{name}`", offsets, "two positions")
    return offsets[0], offsets[1]


def read_json(raw: bytes | str, name: str) -> dict[str, Any]:
    """A JSON object in UTF-8 without a key that occurs twice, and without numbers that are not finite doubles.

    Raises: Refused: anything else.
    """
    at_most(MAX_JSON, len(raw), name, "bytes")
    try:
        value = json.loads(
            raw if isinstance(raw, str) else raw.decode(),
            object_pairs_hook=_object,
            parse_float=_finite,
            parse_constant=_finite,
        )
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        raise Refused(Fault.NOT_JSON, name, str(error)) from None
    if not isinstance(value, dict):
        raise Refused(Fault.VALUE, name, value, "a JSON object")
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
