"""`triquetra tag`: a tag or bi-tag system, run by itself or inside a universal machine in any form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .common import (
    Cells,
    Exit,
    GainOption,
    InputFiles,
    Inputs,
    Json,
    TapeMode,
    command,
    fail,
    memory_cells,
    one_word,
    print_json,
    refuse_ignored,
)
from .forms import refuse_for_table
from .output import count
from .programs import DENSE_STEPS, FAST_STEPS, StepLimit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triquetra.machines.tag import System, Word

SHOWN = 90  # characters of a word


@command
def tag(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="A .tag file.")],
    input: Inputs = None,
    input_file: InputFiles = None,
    on: Annotated[str | None, typer.Option("--on", help="A universal machine, such as minsky-7-4.")] = None,
    form: Annotated[str, typer.Option("--form", "-f", help="With --on: {forms}.")] = "turing",
    tape: TapeMode = "external",
    cells: Cells = None,
    gain: GainOption = None,
    dense: Annotated[bool, typer.Option("--dense", help="Compute every unit at every step.")] = False,
    max_words: Annotated[int, typer.Option("--max-words", min=1, help="Stop after so many words.")] = 1000,
    max_steps: StepLimit = None,
    trace: Annotated[bool, typer.Option("--trace", help="Print every word as it passes.")] = False,
    json: Json = False,
) -> None:
    """Run a tag system; with --on, as a program on a universal machine's tape, each word read back from there."""
    from itertools import islice

    from triquetra.machines import InputError
    from triquetra.machines.tag import load_tag, words
    from triquetra.machines.universal import Garbled, encode
    from triquetra.runtime.cycles import form_cycle_ends
    from triquetra.runtime.forms import form_names
    from triquetra.runtime.protocol import Undecodable

    from .forms import make_forms

    if on is None:
        ignored = ("form", "tape", "cells", "gain", "dense", "max_steps")
        refuse_ignored(context, ignored, "is for a run on a universal machine; add --on")
    if json:
        refuse_ignored(context, ("trace",), "is for the text; the object of --json has every word")
    system = load_tag(file)
    word = system.word(one_word(input)) if input else system.initial
    if not word:
        raise InputError(f"{file} has no initial word; add a line `word ...` or give --input")
    expected = list(islice(words(system, word), max_words))
    finished = system.step(expected[-1]) is None
    limit = max_steps if max_steps is not None else DENSE_STEPS if dense else FAST_STEPS
    runs: dict[str, list[tuple[int, Word]]] = {}
    if on is None:
        runs["itself"] = _show(system, "itself", enumerate(expected), trace and not json)
    else:
        code = encode(system, on)
        start, memory = code.tape(word), memory_cells(tape, cells)
        names = form_names(form)
        refuse_for_table(context, names, ("dense", "tape", "cells", "gain"))
        forms = make_forms(code.machine, names, cells=memory, gain=gain)
        for name, executed in forms.items():
            ends = form_cycle_ends(code.machine, executed, code.cell, start, max_steps=limit, dense=dense)
            try:
                passing = islice(code.words(word, ends), len(expected))
                runs[name] = _show(system, f"{on}, {name}", passing, trace and not json)
            except (Undecodable, Garbled) as error:
                fail(f"the {name} no longer encodes a run of `{system.name}`: {error}", Exit.FAILED)
    agree = all(each == want for run in runs.values() for (_, each), want in zip(run, expected))
    complete = finished and all(len(run) == len(expected) for run in runs.values())
    if json:
        print_json(_describe(system, on, runs, agree, complete))
    else:
        for name, run in runs.items():
            print(f"{name:<8} {_sentence(system, run, on is not None, complete)}")
        if on is not None:
            print("every word is the system's own" if agree else "the words are NOT the system's own")
    if not agree:
        raise typer.Exit(Exit.FAILED)
    if not complete:
        raise typer.Exit(Exit.LIMIT)


def _show(system: System, title: str, passing: Iterable[tuple[int, Word]], trace: bool) -> list[tuple[int, Word]]:
    """The words of a run; printed as they pass when `trace`."""
    if trace:
        print(f"# {title}")
    passed = []
    for steps, word in passing:
        passed.append((steps, word))
        if trace:
            print(f"{steps:>12,}  {_short(system, word)}", flush=True)
    return passed


def _short(system: System, word: Word) -> str:
    text = system.spell(word)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}… ({len(word):,} letters)"


def _sentence(system: System, run: list[tuple[int, Word]], on_machine: bool, complete: bool) -> str:
    steps, last = run[-1]
    of = f", {count(steps, 'step')} of the machine" if on_machine else ""
    return f"{count(len(run), 'word')}{of}; {'ends with' if complete else 'stopped at'} {_short(system, last)}"


def _describe(
    system: System, on: str | None, runs: dict[str, list[tuple[int, Word]]], agree: bool, complete: bool
) -> dict[str, Any]:
    return {
        "system": system.name,
        "on": on,
        "agree": agree,
        "complete": complete,
        "runs": {
            name: {"steps": [steps for steps, _ in run], "words": [system.spell(word) for _, word in run]}
            for name, run in runs.items()
        },
    }
