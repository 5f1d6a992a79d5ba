"""A saved model: one safetensors file whose header says, as JSON, what it is; nothing in it is executed.

One file is written whole or not at all, so arrays and header cannot part.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors

from triquetra.forms import FloatArray, FormError, require
from triquetra.machines import read_bytes, write_whole

from .beliefs import LearningAgent, ParameterCounts
from .models import Arrays, CanonicalNetwork, GenerativeModel, Sizes
from .neurons import PlasticNetwork
from .recurrence import Basis, describe, parse
from .runs import Value

VERSION: Final = 1
_SHAPES = ("outcomes", "states", "state_basis", "actions", "action_basis")
_LEVELS = ("outcome_levels", "state_levels", "action_levels")
_RECIPES = ("state_recurrence", "action_recurrence")
_KINDS = ("canonical network", "generative model", "plastic network", "learning agent")


def save(value: Value, path: str | Path) -> None:
    """Write a network or a generative model, with its loads or counts where it has learned, to one file.

    Raises: InputError: the file cannot be written, or a basis is a function of one's own.
    """
    kind, groups = _groups(value)
    sizes = _sizes(value)
    header: dict[str, Any] = {"format": "triquetra theory", "version": VERSION, "kind": kind}
    header |= {name: getattr(sizes, name) for name in (*_SHAPES, *_LEVELS)}
    for name in _RECIPES:
        header[name] = [None if basis is None else describe(basis) for basis in getattr(sizes, name)]
    tensors = {
        f"{name}.{i}": np.ascontiguousarray(array) for name, arrays in groups.items() for i, array in enumerate(arrays)
    }
    write_whole(path, save_tensors(tensors, metadata={"triquetra": json.dumps(header)}))


def load(path: str | Path) -> Value:
    """Read what `save` wrote.

    Raises: InputError: there is no such file; FormError: it is none that `save` writes, or a field is wrong.
    """
    raw = read_bytes(path)
    try:
        tensors = load_tensors(raw)
        length = int.from_bytes(raw[:8], "little")
        metadata = json.loads(raw[8 : 8 + length]).get("__metadata__")
        header = json.loads(metadata["triquetra"])
    except (SafetensorError, ValueError, KeyError, TypeError, RecursionError, AttributeError):
        raise FormError(f"{path} holds no model of the theory; `triquetra.theory.save` writes them") from None
    require(isinstance(header, dict) and header.get("format") == "triquetra theory", f"{path}: another format")
    require(header.get("version") == VERSION, f"{path}: version {header.get('version')}, but {VERSION} is read")
    require(header.get("kind") in _KINDS, f"{path}: kind is {header.get('kind')!r}, none of {', '.join(_KINDS)}")
    fields: dict[str, Any] = {name: _shapes(header, name) for name in _SHAPES}
    fields |= {name: _whole_numbers(header.get(name), name) for name in _LEVELS}
    fields |= {name: _recipes(header, name) for name in _RECIPES}
    sizes = Sizes(**fields)
    return _value(header["kind"], sizes, _Reader(tensors, str(path)))


class _Reader:
    """Takes arrays by name, checking that they are there and hold double precision."""

    def __init__(self, tensors: dict[str, Any], path: str) -> None:
        self.tensors, self.path = tensors, path

    def take(self, name: str, count: int) -> Arrays:
        arrays: list[FloatArray] = []
        for i in range(count):
            array = self.tensors.get(f"{name}.{i}")
            if array is None:
                raise FormError(f"{self.path}: tensor `{name}.{i}` is missing")
            require(array.dtype == np.float64, f"{self.path}: tensor `{name}.{i}` is {array.dtype}, not float64")
            arrays.append(array)
        return tuple(arrays)


def _groups(value: Value) -> tuple[str, dict[str, Arrays]]:
    """Kind and arrays of a value, in the order that `_value` reads."""
    if isinstance(value, CanonicalNetwork):
        return _KINDS[0], _network_groups(value)
    if isinstance(value, GenerativeModel):
        return _KINDS[1], {"A": _flat(value.A), "B": value.B, "C": value.C, "D": value.D, "E": value.E}
    if isinstance(value, PlasticNetwork):
        first = {f"first_{name}": arrays for name, arrays in _network_groups(value.first_network).items()}
        return _KINDS[2], _network_groups(value.network) | first | {
            "load": value.load, "first_load": value.first_load,
        }  # fmt: skip
    counts = {"counts": value.counts.blocks, "first_counts": value.first.blocks}
    return _KINDS[3], counts | {"D": value.D, "E": value.E}


def _value(kind: str, sizes: Sizes, reader: _Reader) -> Value:
    states, actions = len(sizes.states), len(sizes.actions)
    blocks = states * len(sizes.outcomes)

    def network(prefix: str) -> CanonicalNetwork:
        W, K, V, phi_x, phi_y = (
            reader.take(prefix + name, n)
            for name, n in (("W", blocks), ("K", states), ("V", actions), ("phi_x", states), ("phi_y", actions))
        )
        return CanonicalNetwork(sizes=sizes, W=_rows(W, sizes), K=K, V=V, phi_x=phi_x, phi_y=phi_y)

    if kind == _KINDS[0]:
        return network("")
    priors = {"D": reader.take("D", states), "E": reader.take("E", actions)} if kind != _KINDS[2] else {}
    if kind == _KINDS[1]:
        A, B, C = (reader.take(name, n) for name, n in (("A", blocks), ("B", states), ("C", actions)))
        return GenerativeModel(sizes=sizes, A=_rows(A, sizes), B=B, C=C, **priors)
    synapses = blocks + states + actions
    if kind == _KINDS[2]:
        now, first = network(""), network("first_")
        loads = [reader.take(name, synapses) for name in ("load", "first_load")]
        shapes = [b.shape[1:] for b in (*_flat(now.W), *now.K, *now.V)]
        for arrays in loads:
            _positive("load", arrays, shapes)
        return PlasticNetwork(now, loads[0], first, loads[1])
    counts = []
    for name in ("counts", "first_counts"):
        arrays = reader.take(name, synapses)
        _positive(name, arrays, _count_shapes(sizes))
        likelihoods, rest = arrays[:blocks], arrays[blocks:]
        counts.append(ParameterCounts(_rows(likelihoods, sizes), rest[:states], rest[states:]))
    agent = LearningAgent(sizes, counts[0], counts[1], priors["D"], priors["E"])
    agent.model  # noqa: B018 - checks every shape
    return agent


def _network_groups(network: CanonicalNetwork) -> dict[str, Arrays]:
    return {"W": _flat(network.W), "K": network.K, "V": network.V, "phi_x": network.phi_x, "phi_y": network.phi_y}


def _count_shapes(sizes: Sizes) -> list[tuple[int, ...]]:
    likelihoods = [
        (m, n, *o, *s)
        for n, s in zip(sizes.state_levels, sizes.states)
        for m, o in zip(sizes.outcome_levels, sizes.outcomes)
    ]
    states = [(n, *s, *b) for n, s, b in zip(sizes.state_levels, sizes.states, sizes.state_basis)]
    return (
        likelihoods + states + [(n, *y, *b) for n, y, b in zip(sizes.action_levels, sizes.actions, sizes.action_basis)]
    )


def _positive(name: str, arrays: Arrays, shapes: list[tuple[int, ...]]) -> None:
    for i, (array, shape) in enumerate(zip(arrays, shapes, strict=True)):
        require(array.shape == shape, f"{name}.{i} has shape {array.shape}, not {shape}")
        require(
            bool((array > 0).all() and np.isfinite(array).all()), f"{name}.{i}: an entry is not positive and finite"
        )


def _flat(rows: tuple[Arrays, ...]) -> Arrays:
    return tuple(block for row in rows for block in row)


def _rows(blocks: Arrays, sizes: Sizes) -> tuple[Arrays, ...]:
    m = len(sizes.outcomes)
    return tuple(blocks[f * m : (f + 1) * m] for f in range(len(sizes.states)))


def _sizes(value: Value) -> Sizes:
    return value.network.sizes if isinstance(value, PlasticNetwork) else value.sizes


def _shapes(header: dict[str, Any], name: str) -> tuple[tuple[int, ...], ...]:
    value = header.get(name)
    if not isinstance(value, list):
        raise FormError(f"header: `{name}` is not a list of shapes")
    return tuple(_whole_numbers(shape, name) for shape in value)


def _whole_numbers(value: Any, name: str) -> tuple[int, ...]:
    fine = isinstance(value, list) and all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in value)
    require(fine, f"header: `{name}` is not a list of whole numbers")
    return tuple(value)


def _recipes(header: dict[str, Any], name: str) -> tuple[Basis | None, ...]:
    value = header.get(name)
    if not isinstance(value, list):
        raise FormError(f"header: `{name}` is not a list of bases")
    return tuple(None if one is None else parse(one) for one in value)
