"""The universal machines by name, and the code of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources

from ..core import InputError, Machine
from ..language import parse
from ..language.diagnostics import nearest
from ..tag import BitagSystem, System, TagSystem
from .encoding import CannotEncode, Encoding
from .minsky import Minsky74
from .neary_woods import NearyWoods93, NearyWoods152
from .rogozhin import Rogozhin46, Rogozhin55, Rogozhin218

TAG_MACHINES: Mapping[str, Callable[[Machine, TagSystem], Encoding]] = {
    "minsky-7-4": Minsky74,
    "rogozhin-2-18": Rogozhin218,
    "rogozhin-4-6": Rogozhin46,
    "rogozhin-5-5": Rogozhin55,
}
BITAG_MACHINES: Mapping[str, Callable[[Machine, BitagSystem], Encoding]] = {
    "neary-woods-9-3": NearyWoods93,
    "neary-woods-15-2": NearyWoods152,
}
UNIVERSAL_MACHINES = (*TAG_MACHINES, *BITAG_MACHINES)


@cache
def load_universal(name: str) -> Machine:
    """The universal machine `name` of the library's folder `universal`."""
    path = resources.files("triquetra.machines") / "library" / "universal" / f"{name}.tm"
    return parse(path.read_text(encoding="utf-8"), str(path)).machine


def check_name(name: str, known: Sequence[str]) -> None:
    """Raises InputError: `name` is none of the universal machines `known`."""
    if name not in known:
        near = nearest(name, known)
        cure = f"`{near}` is one" if near else f"there are {', '.join(known)}"
        raise InputError(f"`{name}` is no universal machine here; {cure}")


def encode(system: System, on: str) -> Encoding:
    """`system` as a program for the universal machine named `on`.

    Raises: CannotEncode: the machine simulates another kind of system; InputError: there is no such machine.
    """
    check_name(on, UNIVERSAL_MACHINES)
    if isinstance(system, TagSystem) and on in TAG_MACHINES:
        return TAG_MACHINES[on](load_universal(on), system)
    if isinstance(system, BitagSystem) and on in BITAG_MACHINES:
        return BITAG_MACHINES[on](load_universal(on), system)
    wanted, others = ("2-tag", BITAG_MACHINES) if on in TAG_MACHINES else ("bi-tag", TAG_MACHINES)
    raise CannotEncode(f"{on} simulates {wanted} systems; for `{system.name}` choose one of {', '.join(others)}")
