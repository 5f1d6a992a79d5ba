"""Perceive, act and learn: runs of a model over observations, with the energy of every step.

A network lowers 𝒜, a generative model lowers F; the verbs are the same, and each side computes with its own equations
(`neurons` and `beliefs`). `both` runs the two beside each other. Where the model says how its bases are built, ψ comes
from the past activity of the run itself; else it is given. Step τ is row τ − 1 of every array.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triquetra.forms import FloatArray, require

from . import beliefs, neurons
from .beliefs import LearningAgent
from .build import Several
from .correspondence import constants, to_pomdp
from .models import ON, Arrays, CanonicalNetwork, Expectations, GenerativeModel, Shape, Signals, Sizes
from .neurons import PlasticNetwork
from .prepare import given_bases, one_step, prepare, require_floor
from .recurrence import Layout, Own, PastActivity, evaluate
from .settings import LearningSettings

Value = CanonicalNetwork | GenerativeModel | PlasticNetwork | LearningAgent
Terms = dict[str, FloatArray]
Environment = Callable[[int, tuple[NDArray[np.int64], ...]], Any]
STATE_TERMS = {"network": ("input", "recurrence", "threshold"), "agent": ("likelihood", "transition", "prior")}
ACTION_TERMS = {"network": ("recurrence", "threshold"), "agent": ("preference", "prior")}


@dataclass(frozen=True, eq=False)
class ModelRun:
    """A run of T steps.

    `signals`: what was met, ψ included; `activity`: x and y of a network, posterior expectations of a generative model,
    (L, T) + shape each; `terms`: the energy by population and term, (T,) each, in nats; `decisions`: of each action
    factor (T,) + y_g, the level that was taken (only `act` decides); `end`: the model after the run, with its loads or
    counts where it learned, so that it can go on.
    """

    end: Value
    signals: Signals
    activity: Expectations
    terms: Mapping[str, Terms]
    decisions: tuple[NDArray[np.int64], ...] = ()

    @property
    def symbol(self) -> str:
        """What the energy is called: 𝒜 of a network, F of a generative model."""
        return "𝒜" if isinstance(self.end, (CanonicalNetwork, PlasticNetwork)) else "F"

    @property
    def energies(self) -> dict[str, FloatArray]:
        """(T,) of each population, in nats."""
        return {name: np.asarray(sum(terms.values())) for name, terms in self.terms.items()}

    @property
    def energy(self) -> FloatArray:
        """(T,): 𝒜 or F of each step, in nats."""
        return np.asarray(sum(self.energies.values(), np.zeros(self.signals.steps)))

    @property
    def model(self) -> CanonicalNetwork | GenerativeModel:
        """The network or the generative model at the end."""
        return _plain(self.end)


@dataclass(frozen=True, eq=False)
class Equivalence:
    """The two sides of one run. `constant` (P,): 𝒜 − F of a step, for each population, (3)."""

    network: ModelRun
    agent: ModelRun
    constant: FloatArray

    @property
    def gap(self) -> FloatArray:
        """(T,): 𝒜 − F − constant, in nats: 0 but for rounding."""
        return np.asarray(self.network.energy - self.agent.energy - self.constant.sum())

    @property
    def largest_gap(self) -> float:
        """The largest |𝒜 − F − constant| of any step, in nats."""
        return float(np.abs(self.gap).max(initial=0.0))

    def __str__(self) -> str:
        a, f = self.network.energy, self.agent.energy
        return (
            f"{len(a):,} steps: 𝒜 from {a[0]:.6g} to {a[-1]:.6g} nats, F from {f[0]:.6g} to {f[-1]:.6g} nats; "
            f"𝒜 − F is the stated constant {self.constant.sum():.6g} to {self.largest_gap:.1e}"
        )


def perceive(
    value: Value,
    observations: Several,
    *,
    basis: Several = None,
    action_basis: Several = None,
    risk: Several = None,
    precision: Several = None,
    noise: Expectations | None = None,
) -> ModelRun:
    """Infer states and actions in every step: activity at rest, or the posterior; nothing is learned.

    Args:
        observations: (T,) + o, of any dtype, entries in [0, 1]; of categorical outcomes the level, (T,) + o, or shares
            (T, M) + o; a list of arrays where there are several modalities.
        basis, action_basis: (T,) + b, ψ_{τ−1} in row τ, for factors whose basis is not built; a list where there are
            several such factors.
        risk: Γ, (T,) + y or one number, needed where there are actions; a list where there are several factors.
        precision: (T,) or one number for each modality: how many times an observation counts.
        noise: in nats, (1, T) + shape, added to the drive of "on".
    Raises: InputError: a width that does not fit, an entry outside [0, 1], risk or a basis that is missing.
    """
    given = prepare(_plain(value).sizes, observations, basis, action_basis, risk, precision)
    return _run(value, given, None, noise, digamma=False)


def learn(
    value: Value,
    observations: Several,
    *,
    load: float = 1.0,
    settings: LearningSettings | None = None,
    batch: bool = False,
    digamma: bool = False,
    basis: Several = None,
    action_basis: Several = None,
    risk: Several = None,
    precision: Several = None,
    noise: Expectations | None = None,
) -> ModelRun:
    """Perceive, and learn from it: synapses by (12), or counts by (13); step by step, or all steps as one `batch`.

    `load`: steps of experience that stand behind each parameter at first, of a value that has learned nothing yet; the
    `end` of an earlier run goes on with what it has. `digamma`: a generative model infers with E[ln θ] of its Dirichlet
    counts instead of ln E[θ]; a network has no such choice. Other arguments and errors as for `perceive`.
    """
    require(load > 0, f"load = {load} must be positive")
    state = learner_of(value, load)
    require(
        not digamma or isinstance(state, LearningAgent), "digamma is for generative models; a network has no counts"
    )
    given = prepare(_plain(value).sizes, observations, basis, action_basis, risk, precision)
    settings = settings or LearningSettings()
    require_floor(settings, given)
    if not batch:
        return _run(state, given, settings, noise, digamma)
    done = _run(state, given, None, noise, digamma)
    if isinstance(state, PlasticNetwork):
        return replace(done, end=neurons.learn(state, done.activity, done.signals, settings))
    return replace(done, end=beliefs.update(state, done.activity, done.signals, settings))


def act(
    value: Value,
    environment: Environment,
    steps: int,
    *,
    rng: np.random.Generator | None = None,
    settings: LearningSettings | None = None,
    load: float = 1.0,
) -> ModelRun:
    """Perceive and act in a loop: `environment(step, decisions)` gives the observations of a step, or (them, risk).

    Steps count from 1; `decisions` are those of the step before, one array y_g for each action factor (at step 1: none
    was taken, all are the last level, "off"). Observations are those of one step, as for `perceive` without the axis T;
    risk is 0 where none is given. A decision is drawn from y by `rng`, or without it the most probable. With
    `settings` the model learns on the way. Bases must be built from past activity.
    """
    sizes = _plain(value).sizes
    require(steps >= 1, f"steps = {steps}; at least one is needed")
    missing = given_bases(sizes)
    require(not missing, f"act: {', '.join(missing)} must be built from past activity; see theory.past")
    state = value if settings is None else learner_of(value, load)
    unroller = Unroller(state, sizes, steps, settings, digamma=False)
    taken = tuple(np.full(y, n - 1, np.int64) for n, y in zip(sizes.action_levels, sizes.actions))
    decisions = []
    for step in range(steps):
        shown = environment(step + 1, taken)
        observed, risk = shown if isinstance(shown, tuple) and len(shown) == 2 else (shown, 0.0)
        observed = one_step(observed) if sizes.outcomes else None
        given = prepare(sizes, observed, None, None, one_step(risk), None, steps=1)
        if settings is not None:
            require_floor(settings, given)
        activity = unroller.advance(given, None)
        taken = tuple(_decide(y[:, 0], rng) for y in activity.actions)
        decisions.append(taken)
    done = unroller.finish()
    return replace(done, decisions=tuple(np.stack(each) for each in zip(*decisions)))


def both(network: CanonicalNetwork, observations: Several, *, learning: bool = False, **options: Any) -> Equivalence:
    """The network and the generative model that it inverts over the same observations: 𝒜 and F beside each other.

    With `learning` each learns by its own rule; `options` as for `perceive`, or for `learn`.
    """
    verb: Callable[..., ModelRun] = learn if learning else perceive
    ours, theirs = verb(network, observations, **options), verb(to_pomdp(network), observations, **options)
    return Equivalence(ours, theirs, constants(network))


def _decide(y: FloatArray, rng: np.random.Generator | None) -> NDArray[np.int64]:
    """The level taken by each variable of an action factor, of shares (L,) + y."""
    if rng is None:
        return np.asarray(y.argmax(axis=0))
    u = rng.random(y.shape[1:])
    passed: NDArray[np.int64] = (u >= y.cumsum(axis=0)[:-1]).sum(axis=0)
    return passed


def _plain(value: Value) -> CanonicalNetwork | GenerativeModel:
    if isinstance(value, PlasticNetwork):
        return value.network
    return value.model if isinstance(value, LearningAgent) else value


def learner_of(value: Value, load: float) -> PlasticNetwork | LearningAgent:
    if isinstance(value, CanonicalNetwork):
        return PlasticNetwork.of(value, load)
    return LearningAgent.of(value, load) if isinstance(value, GenerativeModel) else value


def _run(
    value: Value, given: Signals, settings: LearningSettings | None, noise: Expectations | None, digamma: bool
) -> ModelRun:
    """All steps: at once where nothing depends on the past, else by the kernel, else one after the other."""
    sizes = _plain(value).sizes
    recurrent = any(recipe is not None for recipe in (*sizes.state_recurrence, *sizes.action_recurrence))
    if settings is None and not recurrent:
        x, terms = _moment(value, given, noise, digamma)
        return ModelRun(value, given, x, terms)
    own = any(isinstance(recipe, Own) for recipe in (*sizes.state_recurrence, *sizes.action_recurrence))
    if sizes.binary and not own and not given.precision and not digamma:
        from . import flat

        return flat.run(value, given, settings, noise)
    unroller = Unroller(value, sizes, given.steps, settings, digamma)
    for step in range(given.steps):
        unroller.advance(given.at(step), None if noise is None else noise.at(step))
    return unroller.finish()


def _moment(
    value: Value, now: Signals, noise: Expectations | None, digamma: bool
) -> tuple[Expectations, dict[str, Terms]]:
    """Activity and energies of steps whose ψ is known, with the parameters as they are."""
    if isinstance(value, (CanonicalNetwork, PlasticNetwork)):
        network = value.network if isinstance(value, PlasticNetwork) else value
        x = neurons.activity(network, now, noise)
        return x, neurons.energy_terms(network, x, now)
    logs = value.expected_logs(digamma=digamma) if isinstance(value, LearningAgent) else value
    q = beliefs.infer(logs, now, noise)
    return q, beliefs.free_energy_terms(logs, q, now)


class Unroller:
    """A run step by step: builds ψ, infers, learns, and keeps what `ModelRun` shows."""

    def __init__(
        self, value: Value, sizes: Sizes, steps: int, settings: LearningSettings | None, digamma: bool
    ) -> None:
        self.value, self.sizes, self.settings, self.digamma = value, sizes, settings, digamma
        self.layout = Layout(sizes)
        self.history = np.zeros((steps, self.layout.size))
        self.recipes = (sizes.state_recurrence, sizes.action_recurrence)
        self.terms = [
            [None if r is None or isinstance(r, Own) else r.terms(sizes) for r in recipes] for recipes in self.recipes
        ]
        self.signals: list[Signals] = []
        self.activity: list[Expectations] = []
        self.energies: list[dict[str, Terms]] = []

    def advance(self, given: Signals, noise: Expectations | None) -> Expectations:
        """One more step."""
        step = len(self.signals)
        now = replace(
            given,
            state_basis=self._psi(0, given.state_basis, step),
            action_basis=self._psi(1, given.action_basis, step),
        )
        x, energies = _moment(self.value, now, noise, self.digamma)
        if self.settings is not None:
            if isinstance(self.value, PlasticNetwork):
                self.value = neurons.learn(self.value, x, now, self.settings)
            elif isinstance(self.value, LearningAgent):
                self.value = beliefs.update(self.value, x, now, self.settings)
        outcomes = tuple(now.outcome(m, n)[:, 0] for m, n in enumerate(self.sizes.outcome_levels))
        states, actions = (tuple(pair[:, 0] for pair in group) for group in (x.states, x.actions))
        self.history[step] = self.layout.vector(states, actions, outcomes)
        self.signals.append(now)
        self.activity.append(x)
        self.energies.append(energies)
        return x

    def _psi(self, kind: int, given: Arrays, step: int) -> Arrays:
        made = []
        for array, recipe, terms in zip(given, self.recipes[kind], self.terms[kind]):
            if isinstance(recipe, Own):
                made.append(recipe.evaluate(self._past())[None])
            elif terms is not None:
                made.append(evaluate(terms, self.history, step)[None])
            else:
                made.append(array)
        return tuple(made)

    def _past(self) -> PastActivity:
        def series(levels: Sequence[int], shapes: Sequence[Shape], parts: list[Arrays], at: int) -> Arrays:
            made = []
            for f, (n, shape) in enumerate(zip(levels, shapes)):
                arrays = [p[f] for p in parts]
                one = np.concatenate(arrays, axis=at) if arrays else np.zeros((n, 0, *shape) if at else (0, *shape))
                made.append(one if not at else one[ON] if n == 2 else np.moveaxis(one, 0, 1))
            return tuple(made)

        sizes = self.sizes
        return PastActivity(
            series(sizes.state_levels, sizes.states, [x.states for x in self.activity], 1),
            series(sizes.action_levels, sizes.actions, [x.actions for x in self.activity], 1),
            series(sizes.outcome_levels, sizes.outcomes, [s.observations for s in self.signals], 0),
        )

    def finish(self) -> ModelRun:
        """The whole run."""

        def together(get: Callable[[Any], Arrays], parts: list[Any], axis: int) -> Arrays:
            return tuple(np.concatenate(each, axis=axis) for each in zip(*(get(part) for part in parts)))

        signals = Signals(**{
            name: together(lambda part, name=name: getattr(part, name), self.signals, 0)  # type: ignore[misc]
            for name in ("observations", "state_basis", "action_basis", "risk", "precision")
        })  # fmt: skip
        activity = Expectations(
            together(lambda x: x.states, self.activity, 1), together(lambda x: x.actions, self.activity, 1)
        )
        terms = {
            name: {term: np.concatenate([e[name][term] for e in self.energies]) for term in own}
            for name, own in (self.energies[0] if self.energies else {}).items()
        }
        return ModelRun(self.value, signals, activity, terms)
