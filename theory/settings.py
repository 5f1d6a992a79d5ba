"""What a user chooses about learning; the same for a network's synapses and an agent's counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from triquetra.forms import FloatArray
from triquetra.machines import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningSettings:
    """How experience is weighed.

    Args:
        rate: counts that one step of experience adds.
        forgetting: part of what was learned that is lost in a step, in [0, 1): memory load and synapse drift back
            towards their first values, and settle at about 1/forgetting steps of experience.
        floor: least count that risk can leave, for and against; with it no memory ever becomes certain.
    Raises: InputError: a value out of range.
    """

    rate: float = 1.0
    forgetting: float = 0.0
    floor: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.rate < float("inf"):
            raise InputError(f"rate = {self.rate} must be positive")
        if not 0 <= self.forgetting < 1:
            raise InputError(f"forgetting = {self.forgetting} is outside [0, 1)")
        if not 0 <= self.floor < float("inf"):
            raise InputError(f"floor = {self.floor} must not be negative")

    def weights(self, steps: int) -> tuple[FloatArray, float]:
        """(T,): what each of T steps counts at their end, and the part of earlier counts that is kept."""
        kept = 1.0 - self.forgetting
        return self.rate * kept ** np.arange(steps - 1, -1, -1.0), kept**steps
