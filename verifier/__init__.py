"""Proof of agreement: the claim, certificates, a small exact checker, counterexamples.

The checker (`check`, and what it imports) stands alone; the rest needs the runtimes and is loaded on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .certificate import Certificate as Certificate
from .certificate import Proof as Proof
from .certificate import read_certificate as read_certificate
from .certificate import write_certificate as write_certificate
from .check import check as check
from .saved import Refused as Refused

if TYPE_CHECKING:
    from .nearby import perturb as perturb
    from .nearby import quantise as quantise
    from .refute import Refuted as Refuted
    from .verdict import Proved as Proved
    from .verdict import Unknown as Unknown
    from .verdict import saved_bytes as saved_bytes
    from .verdict import verify as verify

_HOME = {
    **dict.fromkeys(("Proved", "Unknown", "saved_bytes", "verify"), "verdict"),
    **dict.fromkeys(("perturb", "quantise"), "nearby"),
    "Refuted": "refute",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module `triquetra.verifier` has no attribute `{name}`")
    import importlib

    return getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
