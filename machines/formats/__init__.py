"""Machines in the formats that people already have: one table of formats, one way in and one way out.

`write` reads back what it wrote before it hands it out, so that a format either holds the machine or refuses it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..core import InputError, Machine
from . import beaver, drawings, jflap, morphett, table_csv, turingmachine_io
from .automata_lib import from_automata as from_automata
from .automata_lib import to_automata as to_automata
from .note import Spelling, apply_note, note_for, print_note, read_note, spell
from .source import CannotHold as CannotHold
from .source import FormatError as FormatError
from .source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format: what it is called, its suffixes, and what reads, writes and recognises it.

    `read` is None for a drawing. `spelling` is None where the text keeps all names as they are, or none; otherwise what
    the format has no room for is noted between the two marks of `comment`.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    write: Callable[[Machine], str]
    read: Callable[[Source], Machine] | None = None
    looks_like: Callable[[str], bool] | None = None
    spelling: Spelling | None = None
    comment: tuple[str, str] = ("", "")


def _read_language(source: Source) -> Machine:
    from ..language import parse

    return parse(source.text, source.path).machine


def _write_language(machine: Machine) -> str:
    from ..language import print_machine

    return print_machine(machine)


# in the order in which a text is tried
FORMATS: tuple[Format, ...] = (
    Format(
        name="busy-beaver",
        title=beaver.NAME,
        suffixes=(".bb",),
        read=beaver.read,
        write=beaver.write,
        looks_like=beaver.looks_like,
    ),
    Format(
        name="jflap",
        title=jflap.NAME,
        suffixes=(".jff",),
        read=jflap.read,
        write=jflap.write,
        looks_like=jflap.looks_like,
        spelling=jflap.SPELLING,
        comment=("<!-- ", " -->"),
    ),
    Format(
        name="turingmachine.io",
        title=turingmachine_io.NAME,
        suffixes=(".yaml", ".yml"),
        read=turingmachine_io.read,
        write=turingmachine_io.write,
        looks_like=turingmachine_io.looks_like,
        spelling=turingmachine_io.SPELLING,
        comment=("# ", ""),
    ),
    Format(
        name="csv",
        title=table_csv.NAME,
        suffixes=(".csv", ".tsv"),
        read=table_csv.read,
        write=table_csv.write,
        looks_like=table_csv.looks_like,
        spelling=table_csv.SPELLING,
        comment=("# ", ""),
    ),
    Format(
        name="morphett",
        title=morphett.NAME,
        suffixes=(".morphett", ".txt"),
        read=morphett.read,
        write=morphett.write,
        looks_like=morphett.looks_like,
        spelling=morphett.SPELLING,
        comment=("; ", ""),
    ),
    Format(name="tm", title="triquetra's language", suffixes=(".tm",), read=_read_language, write=_write_language),
    Format(name="dot", title="Graphviz DOT", suffixes=(".dot", ".gv"), write=drawings.to_dot),
    Format(name="graphml", title="GraphML", suffixes=(".graphml",), write=drawings.to_graphml),
)


def by_name(name: str) -> Format:
    """The format of this name.

    Raises: InputError: there is none; the message lists them.
    """
    for format in FORMATS:
        if format.name == name.lower():
            return format
    raise InputError(f"there is no format `{name}`; there are: {', '.join(format.name for format in FORMATS)}")


def by_suffix(path: str) -> Format | None:
    """The format that the end of a path speaks of, if any."""
    return next((format for format in FORMATS if path.lower().endswith(format.suffixes)), None)


def detect(text: str, suffix: str | None = None) -> Format:
    """The format of a text by its content; where the content tells nothing, by the suffix; else the language."""
    named = by_suffix(suffix) if suffix else None
    if named is not None and named.name == "tm" and not beaver.looks_like(text):
        return named
    for format in FORMATS:
        if format.looks_like is not None and format.looks_like(text):
            return format
    return named if named is not None and named.read is not None else by_name("tm")


def read(text: str, suffix: str | None = None, *, format: str | None = None, path: str = "<text>") -> Machine:
    """The machine of a text in any format that can be read.

    Args:
        suffix: the end of the file's name, such as `.jff`; it decides where the content does not.
        format: the name of the format, if it is known.
        path: the file's name, for messages, rule origins and the machine's name.

    Raises: FormatError (LanguageError for the language): the text is not in its format; the message points at the line.
    """
    chosen = by_name(format) if format else detect(text, suffix)
    if chosen.read is None:
        raise InputError(f"{chosen.title} is a drawing of a machine; it can be written but not read")
    source = Source(text.replace("\r\n", "\n").replace("\r", "\n"), path, chosen.title)
    return _read(chosen, source)


def _read(format: Format, source: Source) -> Machine:
    assert format.read is not None
    machine = format.read(source)
    if format.spelling is None:
        return machine
    note, line = read_note(source)
    return apply_note(source, machine, note, line) if note else machine


def write(machine: Machine, format: str) -> str:
    """The text of a machine in a format; reading it gives an equal machine (in busy-beaver text, equal up to names).

    Raises:
        CannotHold: the format cannot hold the machine; the message says why.
        InputError: there is no such format.
    """
    chosen = by_name(format)
    if chosen.spelling is None or chosen.read is None:
        return chosen.write(machine)
    spelled = spell(machine, chosen.spelling)
    text = chosen.write(spelled)
    source = Source(text, f"<{chosen.name}>", chosen.title)
    note = note_for(machine, spelled, chosen.read(source))
    if note:
        before, after = chosen.comment
        text += f"{before}{print_note(note)}{after}\n"
    if _read(chosen, Source(text, source.path, chosen.title)) != machine:
        raise CannotHold(chosen.title, machine, "reading it back gives another machine", "use .tm")
    return text
