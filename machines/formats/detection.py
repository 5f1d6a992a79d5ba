"""Which format a text is in: what a reader says of it, and things that are known but are no machines."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import IntEnum

SHOWN = 40  # characters of a text that a message repeats
NO_TEXT = "it is no text in UTF-8; a machine is a text file"
_DRAWING = "which is not read; give the machine that it was made from"


class Certainty(IntEnum):
    """How sure a reader is that a text is in its format."""

    NO = 0
    PERHAPS = 1  # its messages would help
    SURELY = 2


@dataclass(frozen=True, slots=True)
class Guess:
    """How sure a reader is, and what in the text makes it so."""

    certainty: Certainty
    reason: str = ""


NO = Guess(Certainty.NO)


def surely(reason: str) -> Guess:
    """The text is in the format."""
    return Guess(Certainty.SURELY, reason)


def perhaps(reason: str) -> Guess:
    """The text resembles the format."""
    return Guess(Certainty.PERHAPS, reason)


def stranger(text: str) -> str | None:
    """What the text is, and what it is good for, if it is something known that holds no machine; else None."""
    start = text[:4_000].lstrip("\ufeff \t\r\n")
    if "\0" in start:
        return NO_TEXT
    if re.match(r"(?:(?://|#).*\n|\s)*(?:strict\s+)?(?:di)?graph\b[^{\n]*\{", start):
        return f"it is a drawing for Graphviz (DOT), {_DRAWING}"
    if start.startswith("<"):
        tag = re.search(r"<(graphml|svg|html)\b", start, re.IGNORECASE)
        name = {"graphml": "GraphML", "svg": "SVG", "html": "HTML"}.get(tag[1].lower()) if tag else None
        return f"it is a drawing or a page ({name}), {_DRAWING}" if name else None
    if start.startswith(("{", "[")):
        return _of_json(text)
    columns = start.partition("\n")[0].replace('"', "").split(",")
    if sum(re.match(r"(state|read|risk)(\[\d+\])?:", column) is not None for column in columns) >= 2:
        return "it is a recording of activity; `triquetra decompile` reads the machine off it"
    return None


def _of_json(text: str) -> str | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    format = str(value.get("format", "")) if isinstance(value, dict) else ""
    if "certificate" in format:
        halting = "halt" in format
        command = "check-halts" if halting else "check"
        return f"it is a certificate; give it to `triquetra {command} CERTIFICATE MACHINE`, the machine second"
    if format == "triquetra":
        return "it is part of a saved network or agent; give the machine, and the folder with --artifact"
    return "it is JSON, in which no machine is read; give the machine's own file"


def describe(text: str) -> str:
    """What a text looks like, in a few words."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if not lines:
        return "it is empty"
    first = "".join(c if c.isprintable() else "?" for c in lines[0][:SHOWN]) + ("…" if len(lines[0]) > SHOWN else "")
    size = "one line" if len(lines) == 1 else f"{len(lines):,} lines, the first"
    return f"it is {size} that reads `{first}`" if len(lines) == 1 else f"it has {size} of which is `{first}`"
