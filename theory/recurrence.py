"""How the basis ψ is built from past activity: products, shifts, and functions of one's own.

A `Basis` is a recipe, a value without arrays; `Sizes` says to which populations it applies. All but `Own` are products
of single past activities, so they compile to two integer arrays, which the fast engine reads.

Where the past does not reach back far enough, before the first step, activity is 0 and says nothing.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from triquetra.forms import FloatArray, FormError, IntArray, require
from triquetra.machines import InputError

if TYPE_CHECKING:
    from .models import Arrays, Sizes

KINDS = ("states", "actions", "observations")
FARTHEST = 10**9  # steps back, or places aside


@dataclass(frozen=True, eq=False)
class PastActivity:
    """What a function of one's own sees: all steps before this one, T of them (0 at the first).

    `states`, `actions`, `observations`: for each factor or modality (T,) + shape, the activity of "on", for Bernoulli
    variables; (T, L) + shape for categorical ones.
    """

    states: Arrays
    actions: Arrays
    observations: Arrays


class Basis(ABC):
    """A recipe for ψ_{τ−1}; see `past`, `product`, `shift`, `join` and `own`."""

    kind: ClassVar[str]

    @abstractmethod
    def shape(self, sizes: Sizes) -> tuple[int, ...]:
        """b, the shape of the basis that it makes; found without making anything of that size."""

    @abstractmethod
    def terms(self, sizes: Sizes) -> tuple[IntArray, IntArray]:
        """Two arrays b + (k,): which entries of the activity vector (`Layout`) are multiplied, and how many steps back.

        Raises: InputError: a population that the model has not, or a function of one's own.
        """


@dataclass(frozen=True, slots=True)
class Past(Basis):
    """Activity of one population `lag` steps ago: of one level, or (None) of "on", or of all levels if categorical."""

    population: str = "states"
    factor: int = 0
    lag: int = 1
    level: int | None = None
    kind: ClassVar[str] = "past"

    def __post_init__(self) -> None:
        require(self.population in KINDS, f"past: `{self.population}` is none of {', '.join(KINDS)}")
        require(
            1 <= self.lag <= FARTHEST, f"past: lag = {self.lag}; the basis is of the past, 1 to {FARTHEST:,} steps ago"
        )

    def shape(self, sizes: Sizes) -> tuple[int, ...]:
        levels, *shape = Layout(sizes).shape(self.population, self.factor)
        return tuple(shape) if self.level is not None or levels == 2 else (levels, *shape)

    def terms(self, sizes: Sizes) -> tuple[IntArray, IntArray]:
        index = Layout(sizes).index(self.population, self.factor)
        levels = index.shape[0]
        if self.level is not None:
            inside = 0 <= self.level < levels
            require(inside, f"past: level {self.level} of {self.population}[{self.factor}], which has {levels}")
            index = index[self.level]
        elif levels == 2:
            index = index[0]
        return index[..., None], np.full((*index.shape, 1), self.lag)


@dataclass(frozen=True, slots=True)
class Product(Basis):
    """All products of an entry of each part: the outer product, whose shape is that of the parts in turn."""

    parts: tuple[Basis, ...]
    kind: ClassVar[str] = "product"

    def shape(self, sizes: Sizes) -> tuple[int, ...]:
        return tuple(n for part in self.parts for n in part.shape(sizes))

    def terms(self, sizes: Sizes) -> tuple[IntArray, IntArray]:
        index, lag = self.parts[0].terms(sizes)
        for part in self.parts[1:]:
            other, other_lag = part.terms(sizes)
            index, lag = _outer(index, other), _outer(lag, other_lag)
        return index, lag


@dataclass(frozen=True, slots=True)
class Shift(Basis):
    """A basis moved by so many places along an axis: entry i takes what i − `by` was; cyclic, or with 0 moving in."""

    part: Basis
    by: int = 1
    axis: int = -1
    cyclic: bool = True
    kind: ClassVar[str] = "shift"

    def __post_init__(self) -> None:
        require(abs(self.by) <= FARTHEST, f"shift: by = {self.by}; at most {FARTHEST:,} places either way")

    def shape(self, sizes: Sizes) -> tuple[int, ...]:
        return self.part.shape(sizes)

    def terms(self, sizes: Sizes) -> tuple[IntArray, IntArray]:
        index, lag = self.part.terms(sizes)
        axes = index.ndim - 1
        require(
            -axes <= self.axis < axes, f"shift: there is no axis {self.axis} in a basis of shape {index.shape[:-1]}"
        )
        axis = self.axis % axes
        moved, lag = np.roll(index, self.by, axis), np.roll(lag, self.by, axis)
        if not self.cyclic:
            place = np.arange(index.shape[axis]) - self.by
            outside = (place < 0) | (place >= index.shape[axis])
            np.moveaxis(moved, axis, 0)[outside] = Layout(sizes).zero
        return moved, lag


@dataclass(frozen=True, slots=True)
class Join(Basis):
    """The parts one after the other, flattened."""

    parts: tuple[Basis, ...]
    kind: ClassVar[str] = "join"

    def shape(self, sizes: Sizes) -> tuple[int, ...]:
        return (sum(math.prod(part.shape(sizes)) for part in self.parts),)

    def terms(self, sizes: Sizes) -> tuple[IntArray, IntArray]:
        one = Layout(sizes).one
        pairs = [part.terms(sizes) for part in self.parts]
        width = max(index.shape[-1] for index, _ in pairs)

        def flat(array: IntArray, fill: int) -> IntArray:
            rows = array.reshape(-1, array.shape[-1])
            return np.pad(rows, ((0, 0), (0, width - rows.shape[1])), constant_values=fill)

        return np.concatenate([flat(i, one) for i, _ in pairs]), np.concatenate([flat(lag, 0) for _, lag in pairs])


@dataclass(frozen=True, slots=True)
class Own(Basis):
    """A function of one's own: `PastActivity` → array of shape `makes`, entries in [0, 1]."""

    function: Callable[[PastActivity], Any]
    makes: tuple[int, ...]
    kind: ClassVar[str] = "own"

    def shape(self, sizes: Sizes) -> tuple[int, ...]:
        """The shape that was stated."""
        return self.makes

    def terms(self, sizes: Sizes) -> tuple[IntArray, IntArray]:
        raise InputError("a basis of one's own function has no terms: it can neither be saved nor run by the kernel")

    def evaluate(self, past: PastActivity) -> FloatArray:
        """The basis after `past`. Raises: InputError: the function made another shape, or left [0, 1]."""
        made = np.asarray(self.function(past), dtype=np.float64)
        require(made.shape == self.makes, f"the basis function made shape {made.shape}, not {self.makes}")
        require(bool(((made >= 0) & (made <= 1)).all()), "the basis function made an entry outside [0, 1]")
        return made


def past(population: str = "states", factor: int = 0, *, lag: int = 1, level: int | None = None) -> Past:
    """Activity of `states`, `actions` or `observations` `lag` steps ago; of Bernoulli variables that of "on"."""
    return Past(population, factor, lag, level)


def product(*parts: Basis) -> Product:
    """Every product of one entry of each part: ψ = x ⊗ y ⊗ …"""
    require(len(parts) > 0, "product: at least one part is needed")
    return Product(parts)


def shift(part: Basis, by: int = 1, *, axis: int = -1, cyclic: bool = True) -> Shift:
    """A basis moved by `by` places along `axis`; what moves in at the end is what moved out, or 0."""
    return Shift(part, by, axis, cyclic)


def join(*parts: Basis) -> Join:
    """Several bases as one, flattened."""
    require(len(parts) > 0, "join: at least one part is needed")
    return Join(parts)


def own(function: Callable[[PastActivity], Any], shape: tuple[int, ...] | int) -> Own:
    """A basis by a function of one's own of all past activity; `shape` is that of what it returns."""
    return Own(function, (shape,) if isinstance(shape, int) else tuple(shape))


class Layout:
    """The activity vector of one step: all levels of all states, then actions, then outcomes, then a one and a zero."""

    def __init__(self, sizes: Sizes) -> None:
        self._shapes = {
            "states": [(n, *s) for n, s in zip(sizes.state_levels, sizes.states)],
            "actions": [(n, *y) for n, y in zip(sizes.action_levels, sizes.actions)],
            "observations": [(n, *o) for n, o in zip(sizes.outcome_levels, sizes.outcomes)],
        }
        self._first: dict[tuple[str, int], int] = {}
        total = 0
        for kind, shapes in self._shapes.items():
            for f, shape in enumerate(shapes):
                self._first[kind, f] = total
                total += math.prod(shape)
        self.one, self.zero, self.size = total, total + 1, total + 2

    def shape(self, kind: str, factor: int) -> tuple[int, ...]:
        """(L,) + shape of a population. Raises: InputError: there is none."""
        shapes = self._shapes[kind]
        if not 0 <= factor < len(shapes):
            raise FormError(f"past: there are no {kind}[{factor}]; this model has {len(shapes)} of {kind}")
        return shapes[factor]

    def index(self, kind: str, factor: int) -> IntArray:
        """(L,) + shape: where the levels of a population stand. Raises: InputError: there is no such population."""
        shape = self.shape(kind, factor)
        first = self._first[kind, factor]
        return np.arange(first, first + math.prod(shape)).reshape(shape)

    def vector(self, states: Arrays, actions: Arrays, outcomes: Arrays) -> FloatArray:
        """(size,): the activity of one step, given arrays (L,) + shape."""
        parts = [array.ravel() for array in (*states, *actions, *outcomes)]
        return np.concatenate([*parts, [1.0, 0.0]])


def evaluate(terms: tuple[IntArray, IntArray], history: FloatArray, step: int) -> FloatArray:
    """b: the products of past activity at `step` (from 0), of a history (T, size) known up to the row before it."""
    index, lag = terms
    constant = index >= history.shape[1] - 2
    known = constant | (lag <= step)
    values = np.where(constant, (index == history.shape[1] - 2) * 1.0, history[np.where(known, step - lag, 0), index])
    made: FloatArray = np.where(known, values, 0.0).prod(axis=-1)
    return made


def describe(basis: Basis) -> dict[str, Any]:
    """A basis as what JSON can hold. Raises: InputError: it has a function of one's own."""
    if isinstance(basis, Past):
        return {"past": basis.population, "factor": basis.factor, "lag": basis.lag, "level": basis.level}
    if isinstance(basis, (Product, Join)):
        return {basis.kind: [describe(part) for part in basis.parts]}
    if isinstance(basis, Shift):
        return {"shift": describe(basis.part), "by": basis.by, "axis": basis.axis, "cyclic": basis.cyclic}
    raise InputError("a basis of one's own function cannot be saved; save the model without it and give ψ to each run")


def parse(value: Any, depth: int = 0) -> Basis:
    """The inverse of `describe`. Raises: FormError: it describes no basis."""
    require(isinstance(value, dict) and depth < 32, "recurrence: a basis is an object, at most 32 deep")
    kinds = [kind for kind in ("past", "product", "join", "shift") if kind in value]
    require(len(kinds) == 1, f"recurrence: {sorted(value)} describe no basis")
    (kind,) = kinds
    if kind in ("product", "join"):
        parts = value[kind]
        require(isinstance(parts, list) and len(parts) > 0, f"recurrence: `{kind}` is a list of bases")
        made = tuple(parse(part, depth + 1) for part in parts)
        return Product(made) if kind == "product" else Join(made)
    if kind == "shift":
        require(isinstance(value.get("cyclic"), bool), "recurrence: `cyclic` is true or false")
        return Shift(parse(value[kind], depth + 1), _whole(value, "by"), _whole(value, "axis"), value["cyclic"])
    require(isinstance(value[kind], str), "recurrence: `past` names a population")
    level = None if value.get("level") is None else _whole(value, "level")
    return Past(value[kind], _whole(value, "factor"), _whole(value, "lag"), level)


def _whole(value: dict[str, Any], name: str) -> int:
    number = value.get(name)
    if not isinstance(number, int) or isinstance(number, bool):
        raise FormError(f"recurrence: `{name}` is not a whole number")
    return number


def _outer(a: IntArray, b: IntArray) -> IntArray:
    """Shapes a + (j,) and b + (k,) → a + b + (j + k,): the terms of every pair of entries side by side."""
    left = a.reshape(*a.shape[:-1], *[1] * (b.ndim - 1), a.shape[-1])
    right = b.reshape(*[1] * (a.ndim - 1), *b.shape)
    shape = (*a.shape[:-1], *b.shape[:-1])
    return np.concatenate(
        [np.broadcast_to(left, (*shape, a.shape[-1])), np.broadcast_to(right, (*shape, b.shape[-1]))], axis=-1
    )
