"""Proof of agreement. What must be trusted is in two folders, and nowhere else:

    checker/          whether a certificate proves that forms agree with a machine     trusted: small, exact and dull
    halting_checker/  whether a certificate proves that a machine halts, or never does  trusted: small, exact and dull
    prover/           finds certificates and counterexamples                            need not be trusted
    second_opinion/   the same obligations for an SMT solver and for Coq                an outside check of the checker

The checkers stand alone, each by itself; the rest needs the runtimes. All is loaded on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from triquetra.forms.nearby import perturb as perturb
    from triquetra.forms.nearby import quantise as quantise

    from .checker import Certificate as Certificate
    from .checker import Fault as Fault
    from .checker import Proof as Proof
    from .checker import Refused as Refused
    from .checker import check as check
    from .checker import read_certificate as read_certificate
    from .checker import write_certificate as write_certificate
    from .prover.result import ProofResult as ProofResult
    from .prover.result import Proved as Proved
    from .prover.result import Refuted as Refuted
    from .prover.result import Unknown as Unknown
    from .prover.verification import Verification as Verification
    from .prover.verification import check_certificate as check_certificate
    from .prover.verification import verify_modes as verify_modes
    from .prover.verify import verify as verify

_HOME = {
    **dict.fromkeys(
        ("Certificate", "Fault", "Proof", "Refused", "check", "read_certificate", "write_certificate"),
        "triquetra.verifier.checker",
    ),
    **dict.fromkeys(("ProofResult", "Proved", "Refuted", "Unknown"), "triquetra.verifier.prover.result"),
    **dict.fromkeys(("perturb", "quantise"), "triquetra.forms.nearby"),
    **dict.fromkeys(("Verification", "check_certificate", "verify_modes"), "triquetra.verifier.prover.verification"),
    "verify": "triquetra.verifier.prover.verify",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module `triquetra.verifier` has no attribute `{name}`")
    import importlib

    return getattr(importlib.import_module(_HOME[name]), name)
