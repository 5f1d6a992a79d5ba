"""The canonical neural network that a machine becomes: weights with named axes, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array

from triquetra.machines.core.words import plural

from .axes import Axes, FloatArray, make_read_only, require, require_array


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Network:
    """Weights of a canonical neural network; every weight is a difference Ŵ = W1 − W0 in nats of log-odds.

    One schedule serves every machine (docs/forms.md); p are place neurons, ψ coincidences:

        y  = sig(V̂ p) from the synaptic memory, or sig(Ŵ o + ĥʸ) from an external tape
        ψ  = x ⊗ y¹ ⊗ … ⊗ yᵗ, kept in the R cells of `axes`
        (x′, halt, m, Γ) = sig(K̂ (ψ; x) + ĥ)
        V̂′ = clip(β (V̂ + η (1 − 2Γ) ⊙ (2y − 1) pᵀ), −M, M)
        p′ = sig(g ψᵖ + hᵖ),  ψᵖ = p shifted by m

    Shapes: `weights` K̂ (units, basis) sparse; `bias` ĥ (units,); `sensory_weights` Ŵ (t, k, k), row = unit,
    column = symbol observed; `sensory_bias` ĥʸ (t, k); `place_weight` g, `place_bias` hᵖ, `saturation` M in
    nats; `rate` η in nats; `bistability` β, a factor.
    Arrays are copied, and cannot be written to.
    Raises: FormError: a shape is wrong or an entry is not finite.
    """

    axes: Axes
    weights: csr_array = field(repr=False)
    bias: FloatArray = field(repr=False)
    sensory_weights: FloatArray = field(repr=False)
    sensory_bias: FloatArray = field(repr=False)
    place_weight: float
    place_bias: float
    saturation: float
    rate: float
    bistability: float

    def __post_init__(self) -> None:
        make_read_only(self)
        axes = self.axes
        require(
            self.weights.shape == (axes.units, axes.basis),
            f"weights have shape {self.weights.shape}, not ({axes.units}, {axes.basis})",
        )
        require_array("weights.data", self.weights.data, (self.weights.nnz,))
        require_array("bias", self.bias, (axes.units,))
        require_array("sensory_weights", self.sensory_weights, (axes.t, axes.k, axes.k))
        require_array("sensory_bias", self.sensory_bias, (axes.t, axes.k))
        for name in ("place_weight", "place_bias", "saturation", "rate", "bistability"):
            require(bool(np.isfinite(getattr(self, name))), f"{name} = {getattr(self, name)} is not finite")
        require(self.saturation > 0, f"saturation = {self.saturation} must be positive")

    def __repr__(self) -> str:
        return f"<{self}>"

    def __str__(self) -> str:
        axes = self.axes
        return (
            f"network of {axes.name}: {axes.cells} coincidence {plural(axes.cells, 'unit')}, "
            f"{axes.units} units, {self.weights.nnz} synapses, place weight {self.place_weight:g} nats"
        )
