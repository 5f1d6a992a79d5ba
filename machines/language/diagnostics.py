"""Diagnostics: what is wrong, where, and the cure; one function draws them all."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..core import InputError
from .source import Span

MAX_SHOWN = 20  # diagnostics drawn in full
_WINDOW = 100  # columns of a source line that are shown


@dataclass(frozen=True, slots=True)
class Note:
    """Something else to know, with the place that it speaks of, if it has one."""

    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake (code E...) or warning (code W...).

    `message` says what is wrong, `label` stands under the carets, `help` states the cure.
    """

    code: str
    span: Span
    message: str
    label: str = ""
    notes: tuple[Note, ...] = ()
    help: str = ""

    @property
    def is_error(self) -> bool:
        """Whether nothing can be built because of it."""
        return self.code.startswith("E")


class LanguageError(InputError):
    """SourceText that is not a machine; `diagnostics` holds all that is wrong, and str() draws it."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = in_order(diagnostics)
        super().__init__(render_all(self.diagnostics))


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted by place, each mistake once."""
    unique: dict[tuple[str, int, int, str], Diagnostic] = {}
    for each in diagnostics:
        unique.setdefault((each.span.source.path, each.span.start, each.span.end, each.code), each)
    return tuple(unique[key] for key in sorted(unique))


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The one of `names` most like `name`, if any is like it."""
    found = difflib.get_close_matches(name, list(names), n=1, cutoff=0.6)
    return found[0] if found else None


def render_all(diagnostics: Sequence[Diagnostic], colour: bool = False) -> str:
    """All diagnostics, one below the other; the first `MAX_SHOWN` in full."""
    blocks = [render(each, colour) for each in diagnostics[:MAX_SHOWN]]
    hidden = len(diagnostics) - len(blocks)
    if hidden:
        blocks.append(f"... and {hidden:,} more")
    return "\n\n".join(blocks)


def render(diagnostic: Diagnostic, colour: bool = False) -> str:
    """One diagnostic as text: code and message, source line with carets, notes, help."""
    paint = _Paint(colour)
    kind, ink = ("error", _Paint.RED) if diagnostic.is_error else ("warning", _Paint.YELLOW)
    snippets = [diagnostic.span, *(note.span for note in diagnostic.notes if note.span)]
    gutter = max(len(str(span.line)) for span in snippets)
    lines = [
        paint(f"{kind}[{diagnostic.code}]", ink) + paint(f": {diagnostic.message}", _Paint.BOLD),
        *_snippet(diagnostic.span, diagnostic.label, gutter, paint, ink),
    ]
    for note in diagnostic.notes:
        lines.append(f"{paint('note', _Paint.BLUE)}: {note.text}")
        if note.span:
            lines += _snippet(note.span, "", gutter, paint, _Paint.BLUE)
    if diagnostic.help:
        lines.append(f"{paint('help', _Paint.GREEN)}: {diagnostic.help}")
    return "\n".join(lines)


class _Paint:
    """ANSI colours, or none."""

    BOLD, RED, GREEN, YELLOW, BLUE = "1", "1;31", "1;32", "1;33", "1;34"

    def __init__(self, on: bool) -> None:
        self.on = on

    def __call__(self, text: str, ink: str) -> str:
        return f"\x1b[{ink}m{text}\x1b[0m" if self.on and text else text


def _snippet(span: Span, label: str, gutter: int, paint: _Paint, ink: str) -> list[str]:
    """The place, the source line and the carets."""
    text = span.source.line(span.line)
    start = span.column - 1
    end = max(start, min(start + span.end - span.start, len(text)))
    prefix, suffix = "", ""
    first = max(0, min(start - _WINDOW // 3, len(text) - _WINDOW))
    if len(text) > _WINDOW:
        last = min(first + _WINDOW, len(text))
        prefix, suffix = "..." if first else "", "..." if last < len(text) else ""
        text, start, end = text[first:last], start - first, min(end, last) - first
    shown = prefix + _visible(text) + suffix
    indent = columns(prefix + _visible(text[:start]))
    width = max(1, columns(_visible(text[start:end])))
    bar = paint("|", _Paint.BLUE)
    number = paint(str(span.line).rjust(gutter), _Paint.BLUE)
    margin = " " * gutter
    marks = paint("^" * width + (f" {label}" if label else ""), ink)
    return [
        f"{margin}{paint('-->', _Paint.BLUE)} {span.source.path}:{span.line}:{span.column}",
        f"{margin} {bar}",
        f"{number} {bar} {shown}".rstrip(),
        f"{margin} {bar} {' ' * indent}{marks}",
    ]


def _visible(text: str) -> str:
    """The text with tabs as spaces and unprintable characters replaced, so that columns can be counted."""
    return "".join(c if c.isprintable() else "    " if c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text)


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
