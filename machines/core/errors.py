"""What is raised where somebody's input is bad, and how much of that input its message repeats."""

from __future__ import annotations

import json

SHOWN = 60  # characters of a value in a message


class InputError(ValueError):
    """Bad input of any kind; the message names the place and the cure, and is all that a user needs to see."""


def shorten(value: object, most: int = SHOWN) -> str:
    """A value for a message, in at most `most` characters: a text as it is, anything else as JSON.

    Only the beginning of a long value is looked at, so that a message about 50 MB costs no more than another.
    """
    pieces: list[str] = []
    for piece in [value] if isinstance(value, str) else json.JSONEncoder(ensure_ascii=False).iterencode(value):
        pieces.append(piece[: most + 1])
        if sum(map(len, pieces)) > most:
            break
    text = "".join(pieces)
    return text if len(text) <= most else text[: most - 1] + "…"
