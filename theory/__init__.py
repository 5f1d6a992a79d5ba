"""The theory as a library: canonical networks and the generative models that they invert, with one energy.

    network = theory.network(W1=W1, W0=W0, K=K, basis=theory.past(), priors=0.5)
    run = theory.learn(network, observations)          # activity, plasticity, and 𝒜 of every step
    print(theory.both(network, observations))          # 𝒜 and F beside each other
    model = theory.to_pomdp(network)                   # the same parameters as A, B, C, D, E

Values: `CanonicalNetwork`, `GenerativeModel`, `ModelRun`. Verbs: perceive, act, learn, both, descend, to_pomdp,
to_network, save, load, plot. Equations are numbered as in docs/theory.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .beliefs import LearningAgent as LearningAgent
    from .beliefs import ParameterCounts as ParameterCounts
    from .beliefs import complexity as complexity
    from .beliefs import free_energy as free_energy
    from .beliefs import total_free_energy as total_free_energy
    from .build import likelihood as likelihood
    from .build import model as model
    from .build import network as network
    from .build import pair as pair
    from .correspondence import constant as constant
    from .correspondence import to_network as to_network
    from .correspondence import to_pomdp as to_pomdp
    from .dynamics import Descent as Descent
    from .dynamics import descend as descend
    from .models import CanonicalNetwork as CanonicalNetwork
    from .models import Expectations as Expectations
    from .models import GenerativeModel as GenerativeModel
    from .models import Signals as Signals
    from .models import Sizes as Sizes
    from .neurons import PlasticNetwork as PlasticNetwork
    from .neurons import energy as energy
    from .picture import plot as plot
    from .recurrence import PastActivity as PastActivity
    from .recurrence import join as join
    from .recurrence import own as own
    from .recurrence import past as past
    from .recurrence import product as product
    from .recurrence import shift as shift
    from .runs import Equivalence as Equivalence
    from .runs import ModelRun as ModelRun
    from .runs import act as act
    from .runs import both as both
    from .runs import learn as learn
    from .runs import perceive as perceive
    from .saved import load as load
    from .saved import save as save
    from .settings import LearningSettings as LearningSettings

# Public name → module that defines it; imported on first use, so that the command line starts at once.
_HOME = {
    **dict.fromkeys(("LearningAgent", "ParameterCounts", "complexity", "free_energy", "total_free_energy"), "beliefs"),
    **dict.fromkeys(("likelihood", "model", "network", "pair"), "build"),
    **dict.fromkeys(("constant", "to_network", "to_pomdp"), "correspondence"),
    **dict.fromkeys(("Descent", "descend"), "dynamics"),
    **dict.fromkeys(("CanonicalNetwork", "Expectations", "GenerativeModel", "Signals", "Sizes"), "models"),
    **dict.fromkeys(("PlasticNetwork", "energy"), "neurons"),
    "plot": "picture",
    **dict.fromkeys(("PastActivity", "join", "own", "past", "product", "shift"), "recurrence"),
    **dict.fromkeys(("Equivalence", "ModelRun", "act", "both", "learn", "perceive"), "runs"),
    **dict.fromkeys(("load", "save"), "saved"),
    "LearningSettings": "settings",
}
__all__ = sorted(_HOME)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module `triquetra.theory` has no attribute `{name}`")
    import importlib

    return getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted(_HOME)
