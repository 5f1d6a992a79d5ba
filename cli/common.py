"""What every command shares: exit statuses, errors that people can read, and one JSON object on request."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, ParamSpec

import typer

from .output import close_stdout, lost_output
from .output import print_json as print_json

if TYPE_CHECKING:
    from triquetra.machines import Program

P = ParamSpec("P")


class Exit(IntEnum):
    """Exit statuses of every command."""

    FINE = 0
    FAILED = 1  # disagreement, failed test, refuted
    BAD_INPUT = 2
    LIMIT = 3  # a limit was reached, or the answer is unknown
    INTERRUPTED = 130


def command(function: Callable[P, None]) -> Callable[P, None]:
    """Turn what a user or the machine brings about inside a command into a message on stderr and an exit status.

    Texts of `input_file` are put into `input`, so that a command sees words wherever they came from.
    """

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        from triquetra.machines import InputError

        try:
            if "input_file" in kwargs:
                kwargs["input"] = _words(kwargs)
                kwargs["input_file"] = None
            function(*args, **kwargs)
        except InputError as error:
            fail(shown(error), Exit.BAD_INPUT)
        except MemoryError:
            fail("error: this needs more memory than there is; ask for fewer cells or steps", Exit.BAD_INPUT)
        except KeyboardInterrupt:
            fail("interrupted; nothing was left half-written", Exit.INTERRUPTED)
        except BrokenPipeError:  # nobody reads on
            raise typer.Exit(int(Exit.FINE)) from None
        except OSError as error:
            close_stdout()
            fail(lost_output(error), Exit.BAD_INPUT)

    return guarded


def shown(error: Exception | str) -> str:
    """How an error reads on stderr."""
    from triquetra.machines.language.diagnostics import LanguageError, render_all

    if isinstance(error, LanguageError):
        return render_all(error.diagnostics, colour=sys.stderr.isatty() and not os.environ.get("NO_COLOR"))
    text = str(error)
    return text if text.startswith("error") else f"error: {text}"


def fail(message: str, status: Exit) -> NoReturn:
    """Say `message` on stderr and leave with `status`; one for a stdout that cannot be written comes first."""
    problem = close_stdout()
    with suppress(OSError):
        print(problem or message, file=sys.stderr)
    raise typer.Exit(int(Exit.BAD_INPUT if problem else status))


def open_program(file: str, format: str | None = None) -> Program:
    """The program that FILE names; what its reader left out or took in its own way is said on stderr.

    Raises: InputError: there is none.
    """
    from triquetra.machines.load import load

    program = load(file, format)
    print_notes(program.notes)
    return program


def print_notes(notes: Sequence[str]) -> None:
    """Say on stderr what was left out on the way."""
    for note in notes:
        print(f"note: {note}", file=sys.stderr)


def _words(options: Mapping[str, Any]) -> list[str]:
    """What is on the tapes: `input`, with `-` read from standard input, or the texts of the files `input_file`."""
    from triquetra.machines import InputError, read_text
    from triquetra.machines.files import decode_text
    from triquetra.machines.load import read_stdin

    given, files = options.get("input") or [], options["input_file"] or []
    if files and given:
        raise InputError("--input and --input-file both say what is on the tape; give one of them, once for each tape")
    sources = [options.get("file"), *(options.get("files") or ()), *given, *files]
    if sources.count("-") > 1:
        raise InputError("standard input, `-`, is named twice but can be read once")

    def text(source: str) -> str:
        read = decode_text(read_stdin(), "<stdin>") if source == "-" else read_text(source)
        return read.removesuffix("\n")

    return [text(file) for file in files] or [text(word) if word == "-" else word for word in given]


def one_word(words: list[str] | None) -> str:
    """The only input of a command that takes one; the empty word if none was given.

    Raises: InputError: there are several.
    """
    from triquetra.machines import InputError

    if len(words or []) > 1:
        raise InputError(f"{len(words or [])} inputs, but there is one tape; give --input once")
    return words[0] if words else ""


def refuse_ignored(context: typer.Context, options: Sequence[str], why: str) -> None:
    """Refuse options that were given although they have no effect; `options` are parameters' names.

    Raises: InputError: `--option WHY`.
    """
    from triquetra.machines import InputError

    for name in options:
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            raise InputError(f"--{name.replace('_', '-')} {why}")


def make_progress(label: str, total: int | None = None) -> tuple[Callable[[int], None], Callable[[], None]]:
    """A progress callback (steps so far) and what ends it; both do nothing unless stderr is a terminal."""
    if not sys.stderr.isatty():
        return (lambda _: None), (lambda: None)
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    progress = Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,} steps"), TimeElapsedColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    task = progress.add_task(label, total=total)
    progress.start()
    every = 1 << 10

    def report(steps: int) -> None:
        if steps % every == 0 or steps > every << 10:
            progress.update(task, completed=steps)

    return report, progress.stop


File = Annotated[
    str, typer.Argument(help="A path, - for standard input, a name such as @increment, or busy-beaver text.")
]
From = Annotated[
    str | None, typer.Option("--from", help="The format of FILE (see docs/formats.md), instead of finding it out.")
]
Inputs = Annotated[
    list[str] | None,
    typer.Option(
        "--input", "-i", help="What is on the tape, - to read it from standard input; once for each tape in use."
    ),
]
InputFiles = Annotated[
    list[str] | None,
    typer.Option("--input-file", help="A file with what is on the tape, instead of --input; once for each tape."),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")]
TapeMode = Annotated[str, typer.Option("--tape", help="external: the tape is in the environment; synaptic: in memory.")]
Cells = Annotated[int | None, typer.Option("--cells", min=1, show_default="1,024", help="Cells of synaptic memory.")]
GainOption = Annotated[
    float | None,
    typer.Option("--gain", min=0, max=300, help="Gain in nats; chosen from the cells if not given."),
]
Artifact = Annotated[str | None, typer.Option("--artifact", help="A folder with saved forms, instead of compiling.")]


Seconds = Annotated[float | None, typer.Option("--seconds", min=0, help="Give up on a machine after so many seconds.")]


def memory_cells(tape: str, cells: int | None) -> int | None:
    """N of a synaptic tape, or None for an external one.

    Raises: InputError: another word than `external` or `synaptic`, or cells for an external tape.
    """
    from triquetra.compiler.gain import DEFAULT_CELLS
    from triquetra.machines import InputError

    if tape == "synaptic":
        return cells or DEFAULT_CELLS
    if tape != "external":
        raise InputError(f"--tape {tape}: the tape is `external` or `synaptic`")
    if cells is not None:
        raise InputError("--cells is for a memory in synapses; add --tape synaptic")
    return None
