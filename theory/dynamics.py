"""Activity on its way to rest: ẋ as descent of 𝒜, with or without noise, and F of the same activity beside it.

In the drive's own coordinate the motion is linear. With v = ln x, up to what all levels share, and drive d,

    v̇ = −v + d,    for Bernoulli neurons u̇ = −u + (d1 − d0) with u = sig⁻¹(x), so ẋ = x(1 − x)·(−sig⁻¹(x) + d1 − d0):

−∂𝒜/∂x in its natural (Fisher) metric, equation (8). So the trajectory is known in closed form, and with noise it is an
Ornstein–Uhlenbeck process, sampled without error of discretisation. `metric="flat"` integrates ẋ = −∂𝒜/∂x itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import solve_ivp
from scipy.special import expit, xlogy

from triquetra.forms import FloatArray, require
from triquetra.machines import InputError

from . import beliefs, neurons
from .build import numbers
from .correspondence import constants, to_pomdp
from .models import CanonicalNetwork, Expectations, Signals

Metric = Literal["natural", "flat"]


@dataclass(frozen=True, eq=False)
class Descent:
    """Trajectories of activity at n times, for each of T steps of signals.

    `times` (n,); `activity`: for each population (n, L, T) + shape, states first; `network_energy` and
    `agent_energy` (n, P, T): 𝒜 and F of each population, in nats; `constant` (P,): 𝒜 − F of a step, (3).
    """

    populations: tuple[str, ...]
    times: FloatArray
    activity: tuple[FloatArray, ...]
    network_energy: FloatArray
    agent_energy: FloatArray
    constant: FloatArray

    @property
    def energy(self) -> FloatArray:
        """(n,): 𝒜 of all populations and steps at each time, in nats."""
        return np.asarray(self.network_energy.sum(axis=(1, 2)))

    @property
    def free_energy(self) -> FloatArray:
        """(n,): F of the same activities, in nats."""
        return np.asarray(self.agent_energy.sum(axis=(1, 2)))

    @property
    def end(self) -> Expectations:
        """Where the activity is at the last time; states and actions as in a run."""
        last = tuple(x[-1] for x in self.activity)
        states = sum(name.startswith("states") for name in self.populations)
        return Expectations(last[:states], last[states:])


def descend(
    network: CanonicalNetwork,
    signals: Signals,
    *,
    start: Expectations | ArrayLike = 0.5,
    times: ArrayLike | None = None,
    noise: float = 0.0,
    rng: np.random.Generator | None = None,
    metric: Metric = "natural",
) -> Descent:
    """The activity's trajectory from `start` under the drive of `signals`, which stay as they are meanwhile.

    Args:
        signals: of T steps, ψ included, such as `run.signals`; each step has a trajectory of its own.
        start: activity at time 0: one number, the activity of "on" of all Bernoulli neurons, or pairs as in a run. With
            more than two levels one number makes them all equal.
        times: (n,), from 0 on and growing, in time constants; 101 times from 0 to 10 where nothing is said.
        noise: σ, in nats per square root of a time constant, of white noise on each level's drive; needs `rng`.
        metric: `natural`, in closed form; or `flat`, ẋ = −∂𝒜/∂x, integrated to a relative error of 1e-9 (Bernoulli
            neurons, without noise).
    The rest is `perceive`. Raises: InputError: times that do not grow, a start outside (0, 1), noise without `rng`.
    """
    at = np.linspace(0.0, 10.0, 101) if times is None else numbers("times", times)
    growing = at.ndim == 1 and at.size > 0 and at[0] >= 0 and bool((np.diff(at) > 0).all())
    require(growing, "descend: times must be a list that begins at 0 or later and grows")
    require(metric in ("natural", "flat"), f"descend: metric `{metric}` is neither `natural` nor `flat`")
    require(noise >= 0, f"descend: noise = {noise} must not be negative")
    if noise > 0 and rng is None:
        raise InputError("descend: noise is drawn from rng; give rng=np.random.default_rng(seed)")
    drives = neurons.drives(network, signals)
    log_joints = beliefs.log_joints(to_pomdp(network), signals)
    activity = []
    for drive, v in zip(drives, _starts(start, drives)):
        if metric == "flat":
            require(len(drive) == 2 and noise == 0, "descend: metric `flat` is for Bernoulli neurons without noise")
            activity.append(_flat(drive, v, at))
        else:
            activity.append(relax(drive, v, at, noise, rng))
    return Descent(
        network.sizes.populations,
        at,
        tuple(activity),
        np.stack([_energies(x, drive) for x, drive in zip(activity, drives)], axis=1),
        np.stack([_energies(q, joint) for q, joint in zip(activity, log_joints)], axis=1),
        constants(network),
    )


def _starts(start: Expectations | ArrayLike, drives: list[FloatArray]) -> list[FloatArray]:
    """ln of activity at time 0, (L, T) + shape for each population."""
    if isinstance(start, Expectations):
        pairs = list(start.states + start.actions)
        require(len(pairs) == len(drives), f"descend: a start of {len(pairs)} populations for {len(drives)}")
    else:
        on = numbers("start", start)
        require(on.ndim == 0, "descend: start is one number, or pairs as in a run")
        pairs = []
        for drive in drives:
            share = on if len(drive) == 2 else np.asarray(1 / len(drive))
            first = np.full((1, *drive.shape[1:]), float(share))
            pairs.append(
                np.concatenate(
                    [first, np.broadcast_to((1 - first) / (len(drive) - 1), (len(drive) - 1, *drive.shape[1:]))]
                )
            )
    for pair, drive in zip(pairs, drives):
        require(pair.shape == drive.shape, f"descend: a start of shape {pair.shape}, not {drive.shape}")
        require(bool(((pair > 0) & (pair < 1)).all()), "descend: activity at the start must lie between 0 and 1")
    return [np.log(pair) for pair in pairs]


def relax(
    drive: FloatArray, v: FloatArray, times: FloatArray, noise: float = 0.0, rng: np.random.Generator | None = None
) -> FloatArray:
    """(n, L, …): activity at n times, when v = ln x (L, …) relaxes to the drive (L, …) as e^−t.

    With noise: the exact law of an Ornstein–Uhlenbeck process.
    """
    made, now, before = [], v, 0.0
    for time in times.tolist():
        decay = np.exp(before - time)
        now = drive + (now - drive) * decay
        if noise > 0 and rng is not None:
            now = now + noise * np.sqrt((1 - decay**2) / 2) * rng.standard_normal(drive.shape)
        before = time
        made.append(neurons.rest(now))
    return np.stack(made)


def _flat(drive: FloatArray, v: FloatArray, times: FloatArray) -> FloatArray:
    """(n, 2, T) + shape of ẋ = −sig⁻¹(x) + d1 − d0, integrated in u = sig⁻¹(x)."""
    difference = (drive[0] - drive[1]).ravel()

    def motion(_: float, u: FloatArray) -> FloatArray:
        return np.asarray((difference - u) / (expit(u) * expit(-u)))

    first = (v[0] - v[1]).ravel()
    if times[-1] == 0 or first.size == 0:
        path = np.repeat(first[:, None], len(times), axis=1)
    else:
        solved = solve_ivp(motion, (0.0, float(times[-1])), first, method="LSODA", t_eval=times, rtol=1e-9, atol=1e-10)
        path = solved.y
    u = path.T.reshape(len(times), *drive.shape[1:])
    return np.stack([expit(u), expit(-u)], axis=1)


def _energies(x: FloatArray, expected: FloatArray) -> FloatArray:
    """(n, T): Σ x (ln x − expected) of activity (n, L, T) + shape; expected is a drive or a log joint, without n."""
    values = xlogy(x, x) - x * expected
    return np.asarray(values.sum(axis=(1, *range(3, values.ndim))))
