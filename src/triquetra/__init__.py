"""triquetra: one Turing machine as a table, a canonical neural network and a Bayesian agent.

machine = triquetra.load("@increment")
network, pomdp = triquetra.compile(machine)
print(triquetra.agree(machine, "1011"))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import agree as agree
    from .api import compile as compile
    from .api import load as load
    from .api import run as run
    from .forms import Network as Network
    from .forms import Pomdp as Pomdp
    from .forms import load_network as load_network
    from .forms import load_pomdp as load_pomdp
    from .forms import save as save
    from .machines import Machine as Machine
    from .verifier import verify as verify

__version__ = "0.1.0"

# Public name → module that defines it; imported on first use, so that the command line starts at once.
_HOME = {
    **dict.fromkeys(("agree", "compile", "load", "run"), "api"),
    **dict.fromkeys(("Network", "Pomdp", "load_network", "load_pomdp", "save"), "forms"),
    "Machine": "machines",
    "verify": "verifier",
}
__all__ = [
    "Machine", "Network", "Pomdp", "agree", "compile", "load", "load_network", "load_pomdp", "run", "save", "verify",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module `triquetra` has no attribute `{name}`")
    import importlib

    return getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
