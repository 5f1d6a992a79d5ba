"""Every diagnostic's code: what it means, why it is a mistake, and an example with its cure (from codes.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from ..core import InputError
from .diagnostics import nearest


@dataclass(frozen=True, slots=True)
class Code:
    """A code and what there is to know about it.

    `wrong` provokes the diagnostic and `right` is its cure; both are empty where it takes more than a text.
    """

    code: str
    title: str
    explanation: str
    wrong: str = ""
    right: str = ""


@cache
def codes() -> Mapping[str, Code]:
    """All codes in order."""
    text = (resources.files(__package__) / "codes.toml").read_text(encoding="utf-8")
    return MappingProxyType({code: Code(code, **fields) for code, fields in tomllib.loads(text).items()})


def explain(code: str) -> str:
    """All that is known about a code, as text.

    Raises: InputError: there is no such code; the message names one like it.
    """
    found = codes().get(code.upper())
    if found is None:
        similar = nearest(code.upper(), codes())
        raise InputError(f"there is no code {code}; " + (f"{similar} is one" if similar else "E001 is the first"))
    parts = [f"{found.code}: {found.title}", found.explanation.strip()]
    if found.wrong:
        parts += [f"Wrong:\n\n{_indented(found.wrong)}", f"Right:\n\n{_indented(found.right)}"]
    return "\n\n".join(parts)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.strip("\n").split("\n"))
