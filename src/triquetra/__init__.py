"""triquetra: one Turing machine as a table, a canonical neural network and a Bayesian agent.

    machine = triquetra.load("@increment")
    compiled = triquetra.compile(machine)
    print(triquetra.run(compiled, "1011", form="network"))
    assert triquetra.agree(compiled, "1011")
    print(triquetra.verify(compiled))

What goes wrong through an input is an `InputError`, whose message says where and what would help.
"""

from __future__ import annotations as _annotations

from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

if _TYPE_CHECKING:
    from . import testing as testing
    from . import theory as theory
    from .api import agree as agree
    from .api import compile as compile
    from .api import load as load
    from .api import load_compiled as load_compiled
    from .api import run as run
    from .api import save as save
    from .api import verify as verify
    from .forms import Compiled as Compiled
    from .forms import FormError as FormError
    from .forms import Network as Network
    from .forms import Pomdp as Pomdp
    from .forms import load_network as load_network
    from .forms import load_pomdp as load_pomdp
    from .machines import Configuration as Configuration
    from .machines import InputError as InputError
    from .machines import Machine as Machine
    from .machines import Outcome as Outcome
    from .machines import Tape as Tape
    from .machines import Verdict as Verdict
    from .runtime.lockstep import Agreement as Agreement
    from .runtime.protocol import Undecodable as Undecodable
    from .verifier import ProofResult as ProofResult
    from .verifier import Proved as Proved
    from .verifier import Refuted as Refuted
    from .verifier import Unknown as Unknown

__version__ = "0.1.0"

# Public name → module that defines it; imported on first use, so that the command line starts at once.
_HOME = {
    **dict.fromkeys(("agree", "compile", "load", "load_compiled", "run", "save", "verify"), "api"),
    **dict.fromkeys(("Compiled", "FormError", "Network", "Pomdp", "load_network", "load_pomdp"), "forms"),
    **dict.fromkeys(("Configuration", "InputError", "Machine", "Outcome", "Tape", "Verdict"), "machines"),
    "Agreement": "runtime.lockstep",
    "Undecodable": "runtime.protocol",
    **dict.fromkeys(("ProofResult", "Proved", "Refuted", "Unknown"), "verifier"),
}
_MODULES = ("testing", "theory")
__all__ = [
    "Agreement", "Compiled", "Configuration", "FormError", "InputError", "Machine", "Network", "Outcome", "Pomdp",
    "ProofResult", "Proved", "Refuted", "Tape", "Undecodable", "Unknown", "Verdict", "agree", "compile", "load",
    "load_compiled", "load_network", "load_pomdp", "run", "save", "verify",
]  # fmt: skip


def __getattr__(name: str) -> _Any:
    import importlib

    if name in _MODULES:
        return importlib.import_module(f".{name}", __name__)
    if name not in _HOME:
        raise AttributeError(f"module `triquetra` has no attribute `{name}`")
    return getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted([*__all__, *_MODULES, "__version__"])
