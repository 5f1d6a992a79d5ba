"""Models from plain arrays: a network from its synapses, a generative model from its probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from triquetra.forms import FloatArray, FormError, require
from triquetra.machines import InputError

from .models import OFF, ON, Arrays, CanonicalNetwork, GenerativeModel, Shape, Sizes, silence
from .recurrence import Basis

Several = ArrayLike | Sequence[ArrayLike] | None
Blocks = ArrayLike | Sequence[ArrayLike] | Sequence[Sequence[ArrayLike]] | None
Bases = Basis | Sequence[Basis | None] | None
LOOSE = 1e-6  # a distribution that sums to 1 within it is normalised; single precision gets no closer


def network(
    *,
    W1: Blocks = None,
    W0: Blocks = None,
    W: Blocks = None,
    K: Several = None,
    V: Several = None,
    thresholds: Several = None,
    priors: Several = None,
    action_thresholds: Several = None,
    action_priors: Several = None,
    basis: Bases = None,
    action_basis: Bases = None,
    state_axes: int = 1,
    action_axes: int = 1,
) -> CanonicalNetwork:
    """A canonical network of Bernoulli neurons from arrays of any float or integer dtype.

    Each argument is one array, or a list of NumPy arrays, one a factor; of W1, W0 and W a list of lists, [factor]
    [modality]. All in nats but priors.

    Args:
        W1, W0: s + o, log-odds of an outcome for a neuron that is on, and for one that is off. Or
        W: s + o, the difference Ŵ = W1 − W0, which is split evenly: W1 = Ŵ/2, W0 = −Ŵ/2. None of them: no observations.
        K: s + b, K̂ = K1 − K0, from the basis ψ. None: no basis.
        V: y + b, V̂ = V1 − V0, of action neurons. None: no actions.
        thresholds: (2,) + s, the firing thresholds h1 and h0; or
        priors: s or one number, D = P(on), strictly between 0 and 1. Neither: one half.
        action_thresholds: (2,) + y, φ1 and φ0 of actions; or action_priors: y or one number, E. Neither: one half.
        basis, action_basis: how ψ is built from past activity (`theory.past` and so on); None: given to each run.
        state_axes, action_axes: how many axes s and y have.
    Raises: InputError: an argument is no array of numbers, a width does not fit, or a prior is certain.
    """
    require(W is None or (W1 is None and W0 is None), "network: give W1 and W0, or their difference W, not both")
    require((W1 is None) == (W0 is None), "network: W1 and W0 belong together; give both, or their difference W")
    if W is not None:
        halves = [[block / 2 for block in row] for row in _blocks("W", W)]
        on, off = halves, [[-half for half in row] for row in halves]
    else:
        on, off = ([] if given is None else _blocks(name, given) for name, given in (("W1", W1), ("W0", W0)))
    k, v = _several("K", K), _several("V", V)
    states = _states(on, k, state_axes, thresholds, priors)
    if not on:
        on = off = [[] for _ in states]
    outcomes = tuple(block.shape[state_axes:] for block in on[0]) if on else ()
    k = k or [np.zeros((*s, 0)) for s in states]
    _same_length("K", k, states)
    for name, blocks in (("W1", on), ("W0", off)):
        for f, (row, s) in enumerate(zip(blocks, states, strict=True)):
            require(len(row) == len(outcomes), f"{name}[{f}] has {len(row)} modalities, not {len(outcomes)}")
            for m, (block, o) in enumerate(zip(row, outcomes)):
                _fits(f"{name}[{f}][{m}]", block, (*s, *o))
    weights = tuple(
        tuple(np.stack([w1, w0])[None] for w1, w0 in zip(row1, row0)) for row1, row0 in zip(on, off)
    )  # fmt: skip
    actions = [block.shape[:action_axes] for block in v]
    sizes = Sizes(
        outcomes=outcomes,
        states=tuple(states),
        state_basis=tuple(_rest("K", f, block, s) for f, (block, s) in enumerate(zip(k, states))),
        actions=tuple(actions),
        action_basis=tuple(block.shape[action_axes:] for block in v),
        state_recurrence=_bases("basis", basis, len(states)),
        action_recurrence=_bases("action_basis", action_basis, len(actions)),
    )
    phi_x = _thresholds("thresholds", thresholds, "priors", priors, states)
    if thresholds is not None:  # h says what silent inputs say as well; φ does not
        phi_x = tuple(
            h - sum((silence(w, len(s)) for w in row), np.zeros(1)) for h, row, s in zip(phi_x, weights, states)
        )
    return CanonicalNetwork(
        sizes=sizes,
        W=weights,
        K=tuple(block[None] for block in k),
        V=tuple(block[None] for block in v),
        phi_x=phi_x,
        phi_y=_thresholds("action_thresholds", action_thresholds, "action_priors", action_priors, actions),
    )


def model(
    *,
    D: Several,
    A: Blocks = None,
    B: Several = None,
    C: Several = None,
    E: Several = None,
    basis: Bases = None,
    action_basis: Bases = None,
) -> GenerativeModel:
    """A generative model from probabilities, arrays of any float or integer dtype; levels lead every array.

    Each argument is one array, or a list of NumPy arrays, one a factor; of A a list of lists, [factor][modality].

    Args:
        D: (L,) + s, prior of the states: its first axis are the levels of each variable, the others the factor.
        A: (M, L) + o + s, P(outcome | state); `theory.likelihood` makes it of A1 and A0. None: no observations.
        B: (L,) + s + b, P(state | basis entry). None: no basis.
        C: (L,) + y + b, P(action | basis entry), and E: (L,) + y, prior of the actions. None: no actions.
        basis, action_basis: how the bases are built from past activity; None: they are given to each run.
    For a categorical variable that follows itself, `model(A=A, B=B, D=D, basis=theory.past())` with A (M, L), B (L, L)
    and D (L,) is the model that active-inference libraries write so.
    Raises: InputError: no array of numbers, a width that does not fit, a probability of 0 or 1, or no distribution.
    """
    d = _several("D", D)
    states, levels = [array.shape[1:] for array in d], tuple(len(array) for array in d)
    a = [[] for _ in d] if A is None else _blocks("A", A)
    b = _several("B", B) or [np.full((n, *s, 0), 1 / n) for n, s in zip(levels, states)]
    c, e = _several("C", C), _several("E", E)
    require((C is None) == (E is None), "model: C and E belong together; give the actions' prior E, and C")
    for name, arrays, wanted in (("A", a, d), ("B", b, d), ("C", c, e)):
        _same_length(name, arrays, wanted)
    outcomes = tuple(
        _between(f"A[0][{m}]", block, (levels[0],), states[0]) for m, block in enumerate(a[0] if a else [])
    )
    sizes = Sizes(
        outcomes=outcomes,
        states=tuple(states),
        state_basis=tuple(_rest("B", f, block, array.shape) for f, (block, array) in enumerate(zip(b, d))),
        actions=tuple(array.shape[1:] for array in e),
        action_basis=tuple(_rest("C", g, block, array.shape) for g, (block, array) in enumerate(zip(c, e))),
        outcome_levels=tuple(len(block) for block in (a[0] if a else [])),
        state_levels=levels,
        action_levels=tuple(len(array) for array in e),
        state_recurrence=_bases("basis", basis, len(d)),
        action_recurrence=_bases("action_basis", action_basis, len(e)),
    )
    return GenerativeModel(
        sizes=sizes,
        A=tuple(tuple(map(_logs, row)) for row in a),
        B=tuple(map(_logs, b)),
        C=tuple(map(_logs, c)),
        D=tuple(map(_logs, d)),
        E=tuple(map(_logs, e)),
    )


def likelihood(A1: ArrayLike, A0: ArrayLike) -> FloatArray:
    """(2, 2) + o + s: A of Bernoulli variables, from A1 = P(o = 1 | s = 1) and A0 = P(o = 1 | s = 0), o + s each."""
    on = np.stack([numbers("A1", A1), numbers("A0", A0)])
    return np.stack([on, 1.0 - on])


def pair(p: ArrayLike) -> FloatArray:
    """(2,) + shape: probabilities of "on" and their complements: B, C, D and E of Bernoulli variables."""
    on = numbers("pair", p)
    return np.stack([on, 1.0 - on])


def numbers(name: str, value: Any) -> FloatArray:
    """`value` as double precision. Raises: InputError: it is no array of numbers, ragged, or not finite."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise InputError(f"{name} is no array: its rows are of different lengths") from None
    if array.dtype.kind not in "buif":
        raise InputError(f"{name} is an array of {array.dtype}; numbers are needed, integer or floating")
    converted = array.astype(np.float64)
    bad = np.argwhere(~np.isfinite(converted))
    if len(bad):
        place = tuple(bad[0].tolist())
        raise InputError(f"{name}{list(place)} = {converted[place]} is not finite")
    return converted


def is_several(value: Any) -> bool:
    """Whether a value is a list of NumPy arrays, or of lists of them, and not one array."""
    return isinstance(value, (list, tuple)) and any(isinstance(v, np.ndarray) or is_several(v) for v in value)


def _several(name: str, value: Several) -> list[FloatArray]:
    """One array a factor."""
    if value is None:
        return []
    if is_several(value):
        return [numbers(f"{name}[{i}]", one) for i, one in enumerate(value)]  # type: ignore[arg-type]
    return [numbers(name, value)]


def _blocks(name: str, value: Any) -> list[list[FloatArray]]:
    """[factor][modality]; a list of arrays is one modality for each factor."""
    if not is_several(value):
        return [[numbers(name, value)]]
    rows = [row if is_several(row) else [row] for row in value]
    return [[numbers(f"{name}[{f}][{m}]", one) for m, one in enumerate(row)] for f, row in enumerate(rows)]


def _states(
    on: list[list[FloatArray]], k: list[FloatArray], axes: int, thresholds: Several, priors: Several
) -> list[Shape]:
    """s of each factor, from the first argument that shows it."""
    for name, shown, first in (("W1", [row[0] for row in on if row], 0), ("K", k, 0),
                               ("thresholds", _several("thresholds", thresholds), 1),
                               ("priors", _several("priors", priors), 0)):  # fmt: skip
        if shown:
            for f, array in enumerate(shown):
                require(
                    array.ndim >= first + axes, f"{name}[{f}] has {array.ndim} axes; {first + axes} or more are needed"
                )
            return [array.shape[first : first + axes] for array in shown]
    return []


def _thresholds(name: str, given: Several, prior_name: str, priors: Several, shapes: Sequence[Shape]) -> Arrays:
    """(2,) + shape for each factor: as given, or the logarithms of priors, or of one half."""
    require(given is None or priors is None, f"network: give {name} or {prior_name}, not both")
    if given is not None:
        pairs = _several(name, given)
        _same_length(name, pairs, shapes)
        for i, (array, shape) in enumerate(zip(pairs, shapes)):
            _fits(f"{name}[{i}]", array, (2, *shape))
        return tuple(pairs)
    shares = _several(prior_name, 0.5 if priors is None else priors)
    if len(shares) == 1 and shares[0].ndim == 0:
        shares = [np.full(shape, float(shares[0])) for shape in shapes]
    _same_length(prior_name, shares, shapes)
    made = []
    for i, (p, shape) in enumerate(zip(shares, shapes)):
        _fits(f"{prior_name}[{i}]", p, shape)
        bad = np.argwhere(~((p > 0) & (p < 1)))
        if len(bad):
            place = tuple(bad[0].tolist())
            raise FormError(
                f"{prior_name}[{i}]{list(place)} = {p[place]:g} is outside (0, 1); no neuron can be certain"
            )
        logs = np.empty((2, *shape))
        logs[ON], logs[OFF] = np.log(p), np.log1p(-p)
        made.append(logs)
    return tuple(made)


def _logs(p: FloatArray) -> FloatArray:
    """Logarithms of distributions along the first axis; what is off by single precision is normalised."""
    total = p.sum(axis=0)
    near = np.abs(total - 1) <= LOOSE
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(p / np.where(near, total, 1.0))


def _bases(name: str, given: Bases, factors: int) -> tuple[Basis | None, ...]:
    bases = (given,) * factors if given is None or isinstance(given, Basis) else tuple(given)
    if isinstance(given, Basis):
        require(factors == 1, f"{name}: there are {factors} factors; give a list, one recipe (or None) for each")
    for one in bases:
        require(one is None or isinstance(one, Basis), f"{name}: {one!r} is no recipe; see theory.past and theory.own")
    _same_length(name, bases, range(factors))
    return bases


def _same_length(name: str, given: Sequence[Any], wanted: Sequence[Any]) -> None:
    require(len(given) == len(wanted), f"{name} has {len(given)} arrays for {len(wanted)} factors")


def _fits(name: str, array: FloatArray, shape: Shape) -> None:
    require(array.shape == shape, f"{name} has shape {array.shape}, not {shape}")


def _rest(name: str, factor: int, array: FloatArray, first: Shape) -> Shape:
    """What follows the axes `first` of an array."""
    require(
        array.shape[: len(first)] == first, f"{name}[{factor}] has shape {array.shape}, which begins not with {first}"
    )
    return array.shape[len(first) :]


def _between(name: str, array: FloatArray, level: Shape, last: Shape) -> Shape:
    """o of a block A (M, L) + o + s."""
    o = array.shape[2 : array.ndim - len(last)]
    fits = array.ndim >= 2 + len(last) and array.shape[1:] == (*level, *o, *last)
    require(
        fits, f"{name} has shape {array.shape}; outcome levels, state levels {level}, outcomes and {last} are needed"
    )
    return o
