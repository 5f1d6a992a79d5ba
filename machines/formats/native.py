"""triquetra's own language as a format. All that it has no word for is what stands on the tapes: a comment notes it."""

from __future__ import annotations

import re

from ..language import Program, parse
from .detection import NO, Guess, perhaps, surely
from .note import read_note
from .source import FormatText

NAME = "triquetra's language"
_HEADER = re.compile(r"^[ \t]*(machine[ \t]+\S|(?:macro|piece)[ \t]+\S+[ \t]*\()", re.MULTILINE)
_COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*"|#(.*)')  # strings match too, and give nothing
_SETTING = re.compile(r"^[ \t]*(blank|start|tapes|symbols|include|test)[ \t]+\S", re.MULTILINE)


def recognise(text: str) -> Guess:
    """Whether a line begins a machine or a macro (`piece`, as it was called), or there are rules or settings."""
    if _HEADER.search(text):
        return surely("a line begins with `machine` or `macro`")
    if "->" in text:
        return perhaps("it has rules with `->`")
    found = _SETTING.search(text)
    return perhaps(f"a line begins with `{found[1]}`") if found else NO


def comments(text: str) -> list[str]:
    """The comments of a file."""
    return [found.strip() for found in _COMMENT.findall(text) if found.strip()]


def read(source: FormatText) -> Program:
    """The program of a file.

    Raises: LanguageError: all that is wrong with it; FormatError: a note says what the language itself has words for.
    """
    program = parse(source.text, source.path)
    note, line = read_note(source)
    if note.keys() - {"tapes"}:
        raise source.error(
            line, "the note speaks of more than tapes", expected='{"tapes": ...}', cure="say it in the language"
        )
    return program
