"""Saved forms: a folder with a JSON header to read and a safetensors file for the arrays; nothing is executed.

A saved network is `network.json` and `network.safetensors`, a saved POMDP `pomdp.json` and `pomdp.safetensors`.
The header holds names, the format's version and the SHA-256 of the tensors; loading checks everything.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors
from scipy.sparse import csr_array

from triquetra.machines import read_bytes, shorten
from triquetra.machines.files import current, write_together

from .axes import Axes, FormError, require, within
from .network import Network
from .pomdp import Pomdp

VERSION: Final = 1
MAX_HEADER = 2**24  # bytes
MAX_TENSORS = 2**24  # bytes, of two million numbers
Tensors = dict[str, NDArray[Any]]
KINDS: Final[dict[str, type[Network | Pomdp]]] = {"network": Network, "pomdp": Pomdp}

_NETWORK_TENSORS = ("bias", "sensory_weights", "sensory_bias")
_NETWORK_SCALARS = ("place_weight", "place_bias", "saturation", "rate", "bistability")
_POMDP_TENSORS = (
    "likelihood", "state_prior", "place_prior", "place_transition", "read_prior", "action_prior", "risk_prior",
)  # fmt: skip
_POMDP_SCALARS = ("count_floor", "count_rate", "bistability")


def save(form: Network | Pomdp, folder: str | Path) -> None:
    """Write a form into `folder` (made if missing): a killed writer leaves the old form or the new.

    Raises: InputError: the folder cannot be made or written.
    """
    save_all([form], folder)


def save_all(forms: Sequence[Network | Pomdp], folder: str | Path) -> None:
    """Write several forms into `folder` (made if missing): a killed writer leaves all old ones or all new ones.

    Raises: InputError: the folder cannot be made or written.
    """
    write_together(folder, {name: raw for form in forms for name, raw in to_files(form).items()})


def to_files(form: Network | Pomdp) -> dict[str, bytes]:
    """The two files of a form, by name."""
    kind = kind_of(form)
    header, tensors = to_bytes(form)
    return {f"{kind}.json": header, f"{kind}.safetensors": tensors}


def to_bytes(form: Network | Pomdp) -> tuple[bytes, bytes]:
    """The header and the tensors of a form, as `save` writes them."""
    tensors = save_tensors(_tensors(form))
    return (json.dumps(_header(form, tensors), ensure_ascii=False, indent=2) + "\n").encode(), tensors


def saved_bytes(folder: str | Path) -> dict[str, tuple[bytes, bytes]]:
    """Header and tensors of the `network` and the `pomdp` in a folder, those of them that are there, unchecked.

    Raises: InputError: a form's tensors are missing, or a file is too large.
    """
    return {kind: _read(Path(folder), kind) for kind in KINDS if is_saved(folder, kind)}


def is_saved(folder: str | Path, kind: str) -> bool:
    """Whether the `network` or the `pomdp` is in a folder."""
    return current(folder, f"{kind}.json").exists()


def _read(folder: Path, kind: str) -> tuple[bytes, bytes]:
    return read_bytes(current(folder, f"{kind}.json")), read_bytes(current(folder, f"{kind}.safetensors"))


def load_network(folder: str | Path) -> Network:
    """The network saved in `folder`.

    Raises: InputError: a file is missing, FormError: a field is wrong; the message names it.
    """
    axes, tensors = _load(Path(folder), "network")
    fields = _fields(tensors, _NETWORK_TENSORS, _NETWORK_SCALARS)
    return Network(axes=axes, weights=_sparse(axes, tensors, "weights_data"), **fields)


def load_pomdp(folder: str | Path) -> Pomdp:
    """The POMDP saved in `folder`.

    Raises: InputError: a file is missing, FormError: a field is wrong; the message names it.
    """
    axes, tensors = _load(Path(folder), "pomdp")
    fields = _fields(tensors, _POMDP_TENSORS, _POMDP_SCALARS)
    transition = (_sparse(axes, tensors, "transition_on"), _sparse(axes, tensors, "transition_off"))
    return Pomdp(axes=axes, transition=transition, **fields)


def digest(form: Network | Pomdp) -> str:
    """SHA-256 of the form's parameters and structure, names left out, in hexadecimal."""
    return hashlib.sha256(save_tensors(_tensors(form))).hexdigest()


def _fields(tensors: Tensors, arrays: tuple[str, ...], scalars: tuple[str, ...]) -> dict[str, Any]:
    return {name: _float(tensors, name) for name in arrays} | {name: _scalar(tensors, name) for name in scalars}


def kind_of(form: Network | Pomdp | type[Network | Pomdp]) -> str:
    """`network` or `pomdp`, of a form or of its type."""
    made = form if isinstance(form, type) else type(form)
    return next(kind for kind, known in KINDS.items() if issubclass(made, known))


def _header(form: Network | Pomdp, tensors: bytes) -> dict[str, Any]:
    axes = form.axes
    return {
        "format": "triquetra",
        "version": VERSION,
        "kind": kind_of(form),
        "name": axes.name,
        "machine": axes.machine,
        "states": axes.states,
        "symbols": axes.symbols,
        "verdicts": axes.verdicts,
        "start": axes.start,
        "one_way": axes.one_way,
        "input_symbols": axes.input_symbols,
        "sha256": hashlib.sha256(tensors).hexdigest(),
    }


def _tensors(form: Network | Pomdp) -> Tensors:
    axes = form.axes
    names: tuple[str, ...]
    scalars: tuple[str, ...]
    tensors: Tensors = {"cell_state": axes.cell_state, "cell_read": axes.cell_read}
    if isinstance(form, Network):
        names, scalars, matrix = _NETWORK_TENSORS, _NETWORK_SCALARS, form.weights
        tensors["weights_data"] = matrix.data
    else:
        names, scalars, matrix = _POMDP_TENSORS, _POMDP_SCALARS, form.transition[0]
        tensors["transition_on"], tensors["transition_off"] = form.transition[0].data, form.transition[1].data
    tensors["weights_indices"] = matrix.indices.astype(np.int64)
    tensors["weights_indptr"] = matrix.indptr.astype(np.int64)
    tensors.update({name: getattr(form, name) for name in names})
    tensors.update({name: np.array([getattr(form, name)]) for name in scalars})
    return {name: np.ascontiguousarray(array) for name, array in tensors.items()}


def _load(folder: Path, kind: str) -> tuple[Axes, Tensors]:
    where = folder / f"{kind}.json"
    if not is_saved(folder, kind):
        raise FormError(f"{folder} holds no {kind}.json; `triquetra compile FILE --out {folder}` makes one")
    raw_header, raw = _read(folder, kind)
    require(len(raw_header) <= MAX_HEADER, f"{where}: more than {MAX_HEADER:,} bytes")
    try:
        header = json.loads(raw_header.decode())
    except (ValueError, RecursionError) as error:
        raise FormError(f"{where} is not JSON: {shorten(str(error))}") from None
    require(isinstance(header, dict), f"{where}: the header must be an object")
    found = hashlib.sha256(raw).hexdigest()
    for key, wanted in (("format", "triquetra"), ("version", VERSION), ("kind", kind), ("sha256", found)):
        value = header.get(key)
        require(value == wanted, f"{where}: {key} is {shorten(value)}, not {wanted}")
    require(len(raw) <= MAX_TENSORS, f"{folder / kind}.safetensors: more than {MAX_TENSORS:,} bytes")
    try:
        tensors = load_tensors(raw)
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise FormError(f"{folder / kind}.safetensors is damaged: {shorten(str(error))}") from None
    axes = Axes(
        name=_text(header, "name"),
        machine=_text(header, "machine") if "machine" in header else "",
        states=_names(header, "states"),
        symbols=_names(header, "symbols"),
        verdicts=tuple(_list(header, "verdicts", (str, type(None)))),
        start=_integer(header.get("start"), "start"),
        one_way=tuple(_list(header, "one_way", (bool,))),
        input_symbols=tuple(_integer(a, "input_symbols") for a in _list(header, "input_symbols", (int,))),
        cell_state=_integers(tensors, "cell_state"),
        cell_read=_integers(tensors, "cell_read"),
    )
    return axes, tensors


def _list(header: dict[str, Any], name: str, kinds: tuple[type, ...]) -> list[Any]:
    value = header.get(name)
    require(isinstance(value, list) and all(isinstance(v, kinds) for v in value), f"header: `{name}` is not a list of "
            + " or ".join("null" if kind is type(None) else kind.__name__ for kind in kinds))  # fmt: skip
    return cast(list[Any], value)


def _names(header: dict[str, Any], name: str) -> tuple[str, ...]:
    return tuple(_list(header, name, (str,)))


def _text(header: dict[str, Any], name: str) -> str:
    value = header.get(name)
    require(isinstance(value, str), f"header: `{name}` is not a string")
    return cast(str, value)


def _integer(value: Any, name: str) -> int:
    require(isinstance(value, int) and not isinstance(value, bool), f"header: `{name}` is not a whole number")
    return cast(int, value)


def _tensor(tensors: Tensors, name: str, dtype: type[np.generic]) -> NDArray[Any]:
    if name not in tensors:
        raise FormError(f"tensor `{name}` is missing")
    array = tensors[name]
    require(array.dtype == dtype, f"tensor `{name}` is {array.dtype}, not {np.dtype(dtype)}")
    return array


def _float(tensors: Tensors, name: str) -> NDArray[np.float64]:
    return _tensor(tensors, name, np.float64)


def _integers(tensors: Tensors, name: str) -> NDArray[np.int64]:
    return _tensor(tensors, name, np.int64)


def _scalar(tensors: Tensors, name: str) -> float:
    array = _float(tensors, name)
    require(array.shape == (1,), f"tensor `{name}` has shape {array.shape}, not (1,)")
    return float(array[0])


def _sparse(axes: Axes, tensors: Tensors, data_name: str) -> csr_array:
    data = _float(tensors, data_name)
    indices, indptr = _integers(tensors, "weights_indices"), _integers(tensors, "weights_indptr")
    require(
        data.ndim == 1 and indices.shape == data.shape, f"tensors `{data_name}` and `weights_indices` differ in size"
    )
    require(
        indptr.shape == (axes.units + 1,)
        and bool(indptr[0] == 0 and indptr[-1] == data.size and (np.diff(indptr) >= 0).all()),
        f"tensor `weights_indptr` does not divide {data.size} entries among {axes.units} units",
    )
    require(within(indices, axes.basis), f"tensor `weights_indices`: an entry is outside the {axes.basis} columns")
    row = np.repeat(np.arange(axes.units), np.diff(indptr))
    require(
        bool((np.diff(row * axes.basis + indices) > 0).all()),
        "tensor `weights_indices`: columns of a unit must be in order, each once",
    )
    return csr_array((data, indices, indptr), shape=(axes.units, axes.basis))
