"""Nearby networks: weights with noise, or in the number formats that accelerators use. All of them can be verified."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np
from scipy.sparse import csr_array

from triquetra.machines import InputError

from .axes import FloatArray
from .network import Network

NumberFormat = Literal["float32", "float16", "bfloat16", "int8"]


def perturb(network: Network, radius: float, seed: int = 0) -> Network:
    """The network with every weight and bias moved by a uniform random number from −radius to radius, in nats.

    The memory's constants M, η and β stay as they are, as in the radius that a certificate states.
    """
    generator = np.random.default_rng(seed)

    def noisy(values: FloatArray) -> FloatArray:
        return values + generator.uniform(-radius, radius, values.shape)

    return _mapped(network, noisy)


def quantise(network: Network, number_format: NumberFormat) -> Network:
    """The network with all its numbers rounded to a format; int8 has one scale for each array.

    Raises: InputError: an unknown format, or a number that is too large for it.
    """
    rounding = {"float32": _cast(np.float32), "float16": _cast(np.float16), "bfloat16": _bfloat16, "int8": _int8}
    if number_format not in rounding:
        raise InputError(f"{number_format} is no number format; use {', '.join(rounding)}")
    quantised = _mapped(network, rounding[number_format])
    constants = rounding[number_format](np.array([network.saturation, network.rate, network.bistability]))
    return replace(quantised, saturation=float(constants[0]), rate=float(constants[1]), bistability=float(constants[2]))


def _mapped(network: Network, change: Callable[[FloatArray], FloatArray]) -> Network:
    weights = network.weights
    place = change(np.array([network.place_weight, network.place_bias]))
    return replace(
        network,
        weights=csr_array((change(weights.data), weights.indices, weights.indptr), shape=weights.shape),
        bias=change(network.bias),
        sensory_weights=change(network.sensory_weights),
        sensory_bias=change(network.sensory_bias),
        place_weight=float(place[0]),
        place_bias=float(place[1]),
    )


def _cast(dtype: type[np.floating]) -> Callable[[FloatArray], FloatArray]:
    def cast(values: FloatArray) -> FloatArray:
        with np.errstate(over="ignore"):
            return np.asarray(values.astype(dtype).astype(np.float64))

    return cast


def _bfloat16(values: FloatArray) -> FloatArray:
    """Round to nearest, ties to even, at the 16th bit of a float32."""
    bits = values.astype(np.float32).view(np.uint32)
    rounded = (bits + np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))) & np.uint32(0xFFFF0000)
    return np.asarray(rounded.view(np.float32).astype(np.float64))


def _int8(values: FloatArray) -> FloatArray:
    scale = float(np.abs(values).max(initial=0.0)) / 127
    return np.asarray(np.round(values / scale) * scale) if scale else values
