"""A pass of the compiler: a pure function and what it promises of its result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pass(Generic[P, T]):
    """One step of the compiler: `run` takes the previous result, `ensures` is what it promises of its own."""

    run: Callable[P, T]
    ensures: Callable[[T], None]

    def __call__(self, checked: bool, *args: P.args, **kwargs: P.kwargs) -> T:
        result = self.run(*args, **kwargs)
        if checked:
            self.ensures(result)
        return result
