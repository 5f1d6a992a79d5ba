"""Machines in the formats that people already have: one table of formats, one way in and one way out.

Whatever a reader leaves out, and whatever a format has no room for, is said: in the notes of what was read or written.
`write` reads back what it wrote before it hands it out, so that a format either holds the machine or refuses it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ..core import Input, InputError, Machine, Tape
from ..language import print_machine
from ..language.program import Program
from . import beaver, drawings, jflap, morphett, native, table_csv, turingmachine_io
from .automata_lib import from_automata as from_automata
from .automata_lib import to_automata as to_automata
from .detection import Certainty, Guess, describe, stranger
from .note import ANY_NAME, Spelling, apply_note, note_for, print_note, read_note, spell
from .source import CannotHold as CannotHold
from .source import FormatError as FormatError
from .source import FormatText, counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format: what it is called, its suffixes, and what reads, writes and recognises it.

    `read` is None for a drawing. What the format has no room for is noted between the two marks of `comment`; where
    that is None, `lost` says what is gone. `write_input` is the part of a text that puts something on the tape, where
    the format has one. `read_input` makes a tape of an input as people write it in this format. `clean` undoes what
    other programs do to comments.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    write: Callable[[Machine], str]
    read: Callable[[FormatText], Program] | None = None
    recognise: Callable[[str], Guess] | None = None
    comments: Callable[[str], list[str]] | None = None
    spelling: Spelling = ANY_NAME
    comment: tuple[str, str] | None = None
    lost: Callable[[Machine], list[str]] | None = None
    write_input: Callable[[Machine, Tape], str] | None = None
    read_input: Callable[[Machine, str], Tape | str] | None = None
    clean: Callable[[str], str] | None = None


FORMATS: tuple[Format, ...] = (
    Format(
        name="busy-beaver",
        title=beaver.NAME,
        suffixes=(".bb",),
        read=beaver.read,
        write=beaver.write,
        recognise=beaver.recognise,
        comments=beaver.comments,
        lost=beaver.lost,
    ),
    Format(
        name="jflap",
        title=jflap.NAME,
        suffixes=(".jff",),
        read=jflap.read,
        write=jflap.write,
        recognise=jflap.recognise,
        comments=jflap.comments,
        spelling=jflap.SPELLING,
        comment=("<!-- ", " -->"),
    ),
    Format(
        name="turingmachine.io",
        title=turingmachine_io.NAME,
        suffixes=(".yaml", ".yml"),
        read=turingmachine_io.read,
        write=turingmachine_io.write,
        recognise=turingmachine_io.recognise,
        comments=turingmachine_io.comments,
        spelling=turingmachine_io.SPELLING,
        comment=("# ", ""),
        write_input=turingmachine_io.write_input,
    ),
    Format(
        name="csv",
        title=table_csv.NAME,
        suffixes=(".csv", ".tsv"),
        read=table_csv.read,
        write=table_csv.write,
        recognise=table_csv.recognise,
        comments=table_csv.comments,
        spelling=table_csv.SPELLING,
        comment=("# ", ""),
        clean=table_csv.plain,
    ),
    Format(
        name="morphett",
        title=morphett.NAME,
        suffixes=(".morphett", ".txt"),
        read=morphett.read,
        write=morphett.write,
        recognise=morphett.recognise,
        comments=morphett.comments,
        spelling=morphett.SPELLING,
        comment=("; ", ""),
        read_input=morphett.read_input,
    ),
    Format(
        name="tm",
        title=native.NAME,
        suffixes=(".tm",),
        read=native.read,
        write=print_machine,
        recognise=native.recognise,
        comments=native.comments,
        comment=("# ", ""),
    ),
    Format(name="dot", title="Graphviz DOT", suffixes=(".dot", ".gv"), write=drawings.to_dot),
    Format(name="graphml", title="GraphML", suffixes=(".graphml",), write=drawings.to_graphml),
)
_VAGUE = ".txt"  # says nothing of what is in a file


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


def detect(text: str, path: str | None = None) -> Format:
    """The format of a text.

    The reader that is sure takes it; if none is, the end of the file's name decides, and then a resemblance. So a
    broken file is explained by the reader of its format, and what is in no format is not explained by any.

    Raises: InputError: the text is known to be something else; or nothing tells the format. The message says what the
        text looks like, which formats there are and how to name one.
    """
    guesses = [(format, format.recognise(text)) for format in FORMATS if format.recognise is not None]
    named = by_suffix(path) if path else None
    sure = [format for format, guess in guesses if guess.certainty is Certainty.SURELY]
    if len(sure) == 1 or named in sure:
        return named if named in sure and named is not None else sure[0]
    shown = path or "<text>"
    if not sure and (known := stranger(text)) is not None:
        raise InputError(f"{shown} is not a machine: {known}")
    if named is not None and named.read is not None and not sure and not shown.lower().endswith(_VAGUE):
        return named
    alike = [(format, guess) for format, guess in guesses if guess.certainty is not Certainty.NO]
    if not sure and len(alike) == 1:
        return alike[0][0]
    if not text.strip():
        return by_name("tm")
    raise InputError(_unknown(text, shown, [pair for pair in alike if not sure or pair[0] in sure]))


def _unknown(text: str, path: str, alike: list[tuple[Format, Guess]]) -> str:
    looks = "; ".join(f"like {format.title} ({format.name}), for {guess.reason}" for format, guess in alike)
    readable = ", ".join(f"{format.name} ({' '.join(format.suffixes)})" for format in FORMATS if format.read)
    return (
        f"{path}: {'several formats are possible' if alike else 'no format is recognised'}: {describe(text)}"
        + (f"; it looks {looks}" if alike else "")
        + f"\nformats: {readable}\nhelp: name one with --from, or end the file's name in its suffix"
    )


def read_program(text: str, suffix: str | None = None, *, format: str | None = None, path: str = "<text>") -> Program:
    """The program of a text in any format that can be read: its machine, its tests, what it puts on the tapes, notes.

    Args:
        suffix: the end of the file's name, such as `.jff`; it decides where the content does not.
        format: the name of the format, if it is known.
        path: the file's name, for messages, rule origins and the machine's name.

    Raises: FormatError (LanguageError for the language): the text is not in its format; the message points at the line.
        InputError: the format is not known; see `detect`.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    chosen = by_name(format) if format else detect(text, suffix)
    if chosen.read is None:
        raise InputError(f"{chosen.title} is a drawing of a machine; it can be written but not read")
    program = _read(chosen, FormatText(text if chosen.clean is None else chosen.clean(text), path, chosen.title))
    return replace(program, behind=_behind(chosen, text, program), format=chosen.name)


def read(text: str, suffix: str | None = None, *, format: str | None = None, path: str = "<text>") -> Machine:
    """The machine of a text in any format that can be read; see `read_program`, which also has what else is in it."""
    return read_program(text, suffix, format=format, path=path).machine


def _read(format: Format, source: FormatText) -> Program:
    assert format.read is not None
    program = format.read(source)
    if format.comment is None:
        return program
    note, line = read_note(source)
    return apply_note(source, program, note, line) if note else program


def _behind(format: Format, text: str, program: Program) -> tuple[str, ...]:
    """The comments of a text, but for those that a writer here makes of the machine itself."""
    own = {program.machine.name, *program.machine.documentation.split("\n")}
    found = format.comments(text) if format.comments else []
    number = sum(each not in own and not each.startswith("triquetra:") for each in found)
    return (counted(number, "comment"),) if number else ()


def input_tapes(program: Program, given: Sequence[str]) -> tuple[Input, ...]:
    """What a run starts on: what is given, in the convention of the program's format, else what its file says.

    Raises: MachineError: an input that the convention does not allow.
    """
    if not given:
        return program.inputs
    reader = by_name(program.format).read_input
    return tuple(given if reader is None else (reader(program.machine, text) for text in given))


@dataclass(frozen=True, slots=True)
class Written:
    """A text, and notes on what it does not hold."""

    text: str
    notes: tuple[str, ...] = ()


def write_program(program: Program, format: str) -> Written:
    """The text of a program in a format, and notes on what of it stays behind; see `write`.

    Raises: as `write`.
    """
    chosen, machine = by_name(format), program.machine
    tests = [counted(len(program.tests), "test")] if program.tests else []
    pieces = ", ".join((*tests, *program.behind))
    notes = [f"left behind: {pieces}"] if pieces else []
    if chosen.read is None:
        return Written(
            chosen.write(machine), (f"{chosen.title} is a drawing, from which no machine is read back", *notes)
        )
    if chosen.comment is None:
        text = chosen.write(machine)
        gone = chosen.lost(machine) if chosen.lost else []
        gone += ["its documentation"] if machine.documentation else []
        gone += ["what stands on its tapes"] if program.inputs else []
        return Written(text, (*([f"{chosen.title} has no room for {', '.join(gone)}"] if gone else []), *notes))
    spelled = spell(machine, chosen.spelling)
    text = chosen.write(spelled)
    if chosen.write_input is not None and len(program.inputs) == 1:
        text += chosen.write_input(spelled, program.inputs[0])
    path = f"<{chosen.name}>"
    try:
        note = note_for(program, spelled, chosen.read(FormatText(text, path, chosen.title)))
        if note:
            before, after = chosen.comment
            text += f"{before}{print_note(note)}{after}\n"
        back = _read(chosen, FormatText(text, path, chosen.title))
    except InputError as error:  # a table too large for a text of its own
        raise CannotHold(chosen.title, machine, f"its text cannot be read back: {error}", "use .csv") from None
    if back.machine != machine or back.inputs != program.inputs:
        raise CannotHold(chosen.title, machine, "reading it back gives another machine", "use .tm")
    return Written(text, tuple(notes))


def write(machine: Machine, format: str) -> str:
    """The text of a machine in a format; reading it gives an equal machine (in busy-beaver text, equal up to names).

    Raises:
        CannotHold: the format cannot hold the machine; the message says why.
        InputError: there is no such format.
    """
    return write_program(Program(machine), format).text
