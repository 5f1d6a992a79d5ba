"""The forms that a machine has: one table, which commands, the front door, tests and lockstep go through.

A further form is a class (`protocol.MachineForm`) and a line in `FORMS`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from triquetra.forms import Compiled
from triquetra.machines import Input, InputError, Machine, Outcome, Verdict, sentence
from triquetra.machines.files import write_together

from . import lockstep, turing
from .network import NetworkForm
from .pomdp import PomdpForm
from .protocol import MachineForm, Margin, Progress, Strayed
from .reference import TuringForm

FormClass = type[MachineForm[Any]]
FORMS: dict[str, FormClass] = {form.kind: form for form in (TuringForm, NetworkForm, PomdpForm)}
ALL = "all"
FAST_STEPS, DENSE_STEPS = 100_000_000, 100_000  # of a run, where no limit is given
AGREE_STEPS = 10_000  # of a comparison


def is_compiled(form: FormClass) -> bool:
    """Whether a form executes something that is made from the machine, and not the machine itself."""
    return form.executes is not Machine


def is_saved(form: FormClass) -> bool:
    """Whether what a form executes has files."""
    return "files" in {name for made in form.__mro__ if made is not MachineForm for name in vars(made)}


def form_names(word: str, *, among: Callable[[FormClass], bool] = lambda _: True) -> tuple[str, ...]:
    """The forms that a word names: one, or with `all` all of those in the table that are `among` what is asked for.

    Raises: InputError: there is no such form; the message has the nearest name.
    """
    names = tuple(kind for kind, form in FORMS.items() if among(form))
    if word == ALL:
        return names
    if word in names:
        return (word,)
    known = f"a form is {', '.join(f'`{name}`' for name in names)} or `{ALL}`"
    if word in FORMS:
        raise InputError(f"form `{word}` is not for this; {known} here")
    near = get_close_matches(str(word).lower(), (*names, ALL), n=1)
    raise InputError(f"there is no form `{word}`" + (f", but `{near[0]}`; {known}" if near else f"; {known}"))


def form_list(*, among: Callable[[FormClass], bool] = lambda _: True) -> str:
    """The words of `form_names`, for a help text."""
    names = form_names(ALL, among=among)
    return f"{', '.join(names)} or {ALL}"


def make_form(data: Any, cells: int | None = None) -> MachineForm[Any]:
    """The form that executes `data`: a `Machine`, a `Network`, a `Pomdp`; with N `cells` of memory or external tapes.

    Raises: InputError: no form does.
    """
    for form in FORMS.values():
        if isinstance(data, form.executes):
            return form(data, cells)
    known = ", ".join(dict.fromkeys(f"`{form.executes.__name__}`" for form in FORMS.values()))
    raise InputError(f"a `{type(data).__name__}` is no form of a machine; give a {known}")


def make_forms(
    machine: Machine, names: Sequence[str], compiled: Callable[[], Compiled], cells: int | None = None
) -> dict[str, MachineForm[Any]]:
    """The named forms, ready to run; `compiled` is asked only where a form needs it, and once."""
    once = cache(compiled)
    return {name: FORMS[name](FORMS[name].of(once()) if is_compiled(FORMS[name]) else machine, cells) for name in names}


def save(compiled: Compiled, folder: str | Path, names: Sequence[str] = ()) -> None:
    """Write what the forms of a machine execute, all of them or those named, whole or not at all.

    Raises: InputError: the folder cannot be made or written.
    """
    files: dict[str, bytes] = {}
    for name in names or form_names(ALL, among=is_saved):
        files |= FORMS[name].files(FORMS[name].of(compiled))
    write_together(folder, files)


def run_form(
    machine: Machine,
    form: MachineForm[Any],
    *inputs: Input,
    max_steps: int | None = None,
    dense: bool = False,
    foreign: bool = False,
    progress: Progress | None = None,
) -> tuple[Outcome, Margin]:
    """Run a form to its end: by its engine where it has one, or with every unit computed if `dense`; only then are
    there margins.

    Args:
        max_steps: most rules to apply; by default FAST_STEPS, or DENSE_STEPS where every unit is computed.
        foreign: the form is of another machine, and may end elsewhere than this one.
    Raises: InputError: an input does not fit; Undecodable: activities stopped encoding a configuration, or
        (`Strayed`) the run did not end where the machine's own is after so many steps.
    """
    outcome, margin = None, Margin()
    if not dense or not is_compiled(type(form)):
        outcome = form.fast(*inputs, max_steps=FAST_STEPS if max_steps is None else max_steps, progress=progress)
    if outcome is None:
        limit = DENSE_STEPS if max_steps is None else max_steps
        outcome, margin = lockstep.run(form, *inputs, max_steps=limit, progress=progress)
    if is_compiled(type(form)) and not foreign:
        _require_end_of(machine, inputs, form.cells, outcome)
    return replace(outcome, machine=machine), margin


def _require_end_of(machine: Machine, inputs: tuple[Input, ...], cells: int | None, outcome: Outcome) -> None:
    """Raise `Strayed` unless the machine is where a form ended after so many steps, and halts there if it does."""
    one_more = outcome.verdict is Verdict.LEFT_MEMORY  # a step that is not made, but where it leads decides
    own = turing.run(machine, *inputs, max_steps=outcome.steps + one_more, max_cells=cells)
    at, known = outcome.configuration, replace(outcome, verdict=Verdict.STEP_LIMIT)
    if own == outcome or (outcome.verdict is Verdict.ENDLESS and own == known):
        return
    state, read = machine.states[at.state], " ".join(machine.symbols[a] for a in at.read)
    if outcome.verdict in (Verdict.HALTED, Verdict.UNDEFINED) and (at.state, at.read) in machine.delta:
        raise Strayed("halt", 1.0, f"its halt unit is on in state {state} reading {read}, where the machine has a rule")
    ours, theirs = sentence(machine, outcome), sentence(machine, own)
    raise Strayed(f"state:{state}", 1.0, f"{ours}; the machine itself {theirs} (`agree` tells where they part)")
