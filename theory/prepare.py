"""What users give to a run, as `Signals`: checked, converted, and complete but for the bases that the run builds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from triquetra.forms import FloatArray, require
from triquetra.machines import InputError

from .build import Several, is_several, numbers
from .models import Arrays, Shape, Signals, Sizes
from .settings import LearningSettings


def given_bases(sizes: Sizes) -> list[str]:
    """Names of the bases that are not built and not empty."""
    kinds = (("basis", sizes.state_basis, sizes.state_recurrence),
             ("action_basis", sizes.action_basis, sizes.action_recurrence))  # fmt: skip
    return [
        f"{name}[{f}]"
        for name, shapes, built in kinds
        for f, (shape, recipe) in enumerate(zip(shapes, built))
        if recipe is None and 0 not in shape
    ]


def prepare(
    sizes: Sizes,
    observations: Several,
    basis: Several,
    action_basis: Several,
    risk: Several,
    precision: Several,
    *,
    steps: int | None = None,
) -> Signals:
    """Checked signals; a basis that is built from past activity is 0 here, and filled in as the run goes.

    Arguments as for `theory.perceive`; `steps`: T, where nothing that is given shows it.
    Raises: InputError: what is given does not fit the model, or is missing.
    """
    shown = _listed(observations)
    require(
        len(shown) == len(sizes.outcomes),
        f"observations: {len(shown)} arrays for {len(sizes.outcomes)} modalities (a list of arrays has one for each)",
    )
    seen = tuple(
        _outcomes(f"observations[{m}]" if len(shown) > 1 else "observations", one, n, o)
        for m, (one, n, o) in enumerate(zip(shown, sizes.outcome_levels, sizes.outcomes))
    )
    if steps is None:
        lengths = [
            len(one) for one in (*seen, *_listed(basis), *_listed(action_basis), *_listed(risk)) if np.ndim(one) > 0
        ]
        require(len(lengths) > 0, "the number of steps is unknown: nothing with an axis of time was given")
        steps = lengths[0]
    return Signals(
        observations=seen,
        state_basis=_bases("basis", basis, sizes.state_basis, sizes.state_recurrence, steps),
        action_basis=_bases("action_basis", action_basis, sizes.action_basis, sizes.action_recurrence, steps),
        risk=_risk(risk, sizes.actions, steps),
        precision=_precision(precision, len(seen), steps),
    )


def _listed(value: Any) -> list[Any]:
    """The arrays of an argument that is one array, a list of them, or None."""
    if value is None:
        return []
    return list(value) if is_several(value) else [value]


def _outcomes(name: str, value: Any, levels: int, shape: Shape) -> FloatArray:
    array = numbers(name, value)
    if levels == 2:
        _fits(name, array, shape)
        return array
    if array.ndim == 1 + len(shape):
        _fits(name, array, shape)
        whole = bool(((array == np.floor(array)) & (array >= 0) & (array < levels)).all())
        require(whole, f"{name}: a level is outside 0 … {levels - 1}; give levels, or shares (steps, {levels}, …)")
        one_hot: FloatArray = (array[:, None] == np.arange(levels).reshape(-1, *[1] * len(shape))).astype(np.float64)
        return one_hot
    _fits(name, array, (levels, *shape))
    require(bool((np.abs(array.sum(axis=1) - 1) < 1e-6).all()), f"{name}: shares of a variable do not sum to 1")
    return array


def _bases(name: str, value: Several, shapes: Sequence[Shape], built: Sequence[Any], steps: int) -> Arrays:
    given = _listed(value)
    wanted = [f for f, (shape, recipe) in enumerate(zip(shapes, built)) if recipe is None and 0 not in shape]
    if len(given) != len(shapes):
        require(
            len(given) in (0, len(wanted)), f"{name}: {len(given)} arrays for {len(wanted)} bases that are not built"
        )
        given = [given[wanted.index(f)] if given and f in wanted else None for f in range(len(shapes))]
    made = []
    for f, (one, shape, recipe) in enumerate(zip(given, shapes, built)):
        where = f"{name}[{f}]" if len(shapes) > 1 else name
        if recipe is not None or 0 in shape:
            require(one is None, f"{where} is built from past activity; leave it out")
            made.append(np.zeros((steps, *shape)))
            continue
        if one is None:
            raise InputError(
                f"{where} is missing: give ψ, (steps, {_spell(shape)}), or say how it is built (theory.past)"
            )
        array = numbers(where, one)
        _fits(where, array, shape)
        made.append(array)
    return tuple(made)


def _risk(value: Several, actions: Sequence[Shape], steps: int) -> Arrays:
    if not actions:
        require(all(np.ndim(one) == 0 for one in _listed(value)), "risk: this model has no actions")
        return ()
    if value is None:
        raise InputError("risk is missing: this model acts; give risk=0 (nothing is reversed), or Γ in [0, 1] by step")
    given = _listed(value)
    if len(given) == 1 and np.ndim(given[0]) == 0:
        given = given * len(actions)
    require(len(given) == len(actions), f"risk: {len(given)} arrays for {len(actions)} factors of actions")
    made = []
    for g, (one, shape) in enumerate(zip(given, actions)):
        array = numbers("risk", one)
        if array.ndim == 0:
            array = np.full((steps, *shape), float(array))
        elif array.ndim == 1 and shape != () and array.shape != (steps, *shape):
            array = np.broadcast_to(array.reshape(-1, *[1] * len(shape)), (len(array), *shape)).copy()
        _fits(f"risk[{g}]" if len(actions) > 1 else "risk", array, shape)
        made.append(array)
    return tuple(made)


def _precision(value: Several, modalities: int, steps: int) -> Arrays:
    if value is None:
        return ()
    given = list(value) if isinstance(value, (list, tuple)) else [value] * modalities
    require(len(given) == modalities, f"precision: {len(given)} for {modalities} modalities")
    arrays = [numbers("precision", one) for one in given]
    return tuple(np.full(steps, float(one)) if one.ndim == 0 else one for one in arrays)


def _fits(name: str, array: FloatArray, shape: Shape) -> None:
    require(array.shape[1:] == shape and array.ndim >= 1,
            f"{name} has shape {array.shape}; this model needs (steps, {_spell(shape)})")  # fmt: skip


def _spell(shape: Shape) -> str:
    return ", ".join(map(str, shape))


def one_step(value: Any) -> Any:
    """Arrays of one step with the axis of time that a run has; numbers stay as they are."""
    if is_several(value):
        return [np.asarray(one)[None] for one in value]
    return value if np.ndim(value) == 0 else np.asarray(value)[None]


def require_floor(settings: LearningSettings, given: Signals) -> None:
    """Raise `InputError` where risk may take away more than was learned."""
    reversing = any(bool((risk > 0.5).any()) for risk in given.risk)
    require(
        settings.floor > 0 or not reversing,
        "risk above ½ takes counts away, perhaps all; say how many stay: settings=LearningSettings(floor=0.01)",
    )
