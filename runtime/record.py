"""Recording a form's activity while it runs."""

from __future__ import annotations

from typing import Any

import numpy as np

from triquetra.forms import FloatArray
from triquetra.forms.recording import Recording
from triquetra.machines import Input, InputError

from .protocol import Form

RECORDED = ("read", "state", "halt", "move", "risk")


def record(form: Form[Any], *inputs: Input, max_steps: int) -> Recording:
    """Activity of read, state, halt, movement and risk units: a row for the start, then one for each step.

    Ends with the step in which `halt` is on, or after `max_steps`.
    Raises: InputError: a form without activities (a table), or no steps at all.
    """
    state = form.init(*inputs)
    start = form.decode(state).state
    rows: list[FloatArray] = []
    names: tuple[str, ...] = ()
    for _ in range(max_steps):
        state = form.step(state)
        found = [pair for units, on in form.activities(state) for pair in zip(units, on.tolist()) if _recorded(pair[0])]
        names = tuple(name for name, _ in found)
        rows.append(np.array([activity for _, activity in found]))
        if form.halted(state):
            break
    if not names:
        raise InputError(f"nothing to record: the {form.name} form has no activities, or max_steps is 0")
    first = np.zeros(len(names))
    first[[i for i, name in enumerate(names) if name.startswith("state:")][start]] = 1.0
    return Recording(names, np.stack([first, *rows]))


def _recorded(name: str) -> bool:
    return name.split(":")[0].split("[")[0] in RECORDED
