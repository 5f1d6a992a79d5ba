"""`triquetra learn`: a network learns a machine from experience, and the result is proved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .common import (
    Exit,
    File,
    From,
    Json,
    command,
    open_program,
    print_json,
)
from .output import Force, count, new_files

if TYPE_CHECKING:
    from triquetra.studies.learning.lesson import Lesson


@command
def learn(
    file: File,
    from_: From = None,
    states: Annotated[str, typer.Option("--states", help="shown or hidden to the learner.")] = "shown",
    steps: Annotated[int, typer.Option("--steps", min=1, help="Steps of experience.")] = 10_000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Equal seeds give equal experience.")] = 0,
    out: Annotated[str | None, typer.Option("--out", "-o", help="Save the learned network in this folder.")] = None,
    force: Force = False,
    json: Json = False,
) -> None:
    """Watch an unknown machine on random tapes, learn its network online, and prove what was learned."""
    from pathlib import Path

    from triquetra.forms import KINDS, save
    from triquetra.machines import InputError
    from triquetra.machines.language import print_machine
    from triquetra.studies.learning.lesson import learn as learn_machine

    if states not in ("shown", "hidden"):
        raise InputError(f"--states {states}: the states are `shown` or `hidden`")
    if out is not None:
        new_files(force, *(Path(out) / f"{kind}.json" for kind in KINDS))
    machine = open_program(file, from_).machine
    lesson = learn_machine(machine, steps, seed, hidden=states == "hidden")
    learned, verdict = lesson.learned, lesson.verdict
    if out is not None:
        save(lesson.network, out)

    def cells(places: tuple[tuple[int, tuple[int, ...]], ...]) -> list[str]:
        return [f"{machine.states[s]} {' '.join(machine.symbols[a] for a in read)}" for s, read in places]

    missing = cells(tuple(dict.fromkeys((d.first, d.read) for d in lesson.missing)))
    wrong = cells(tuple(dict.fromkeys((d.first, d.read) for d in lesson.wrong)))
    if json:
        print_json({
            "machine": machine.name, "states": states, "steps": steps, "runs": lesson.runs, "seed": seed,
            "verdict": verdict, "verdicts_learned": lesson.shows_verdicts,
            "learned_states": len(learned.states), "learned_rules": len(learned.rules),
            "energy": lesson.course(), "missing_cells": missing, "wrong_cells": wrong,
            "learned": print_machine(learned), "out": out,
        })  # fmt: skip
    else:
        print(f"{machine}")
        print(f"  {count(steps, 'step')} of experience in {count(lesson.runs, 'run')} on random tapes, states {states}")
        print(f"  learned: {count(len(learned.states), 'state')}, {count(len(learned.rules), 'rule')}")
        print(f"  {_energies(lesson)}")
        for name, places in (("never met, so the network halts there", missing), ("done otherwise", wrong)):
            if places:
                print(
                    f"  {name}: {count(len(places), 'cell')}: {', '.join(places[:8])}{', …' if len(places) > 8 else ''}"
                )
        print(_sentence(lesson))
        if out is not None:
            print(f"  the network is saved in {out}")
    if verdict != "proved":
        raise typer.Exit(int(Exit.FAILED if verdict == "wrong" else Exit.LIMIT))


def _energies(lesson: Lesson) -> str:
    """How 𝒜 falls over a lesson, and that F is the same."""
    course = lesson.course()
    return (
        f"energy of a step: 𝒜 {course['first_tenth']:.3f} nats in the first tenth, {course['last_tenth']:.3f} in the "
        f"last; F is the same to {max(course['largest_gap'], 1e-12):.0e} nats"
    )


def _sentence(lesson: Lesson) -> str:
    """What is proved. What its halting states mean, the learner of hidden states was not shown."""
    name = lesson.machine.name
    does = f"does what {name} does" if lesson.shows_verdicts else f"writes, moves and halts as {name} does"
    said = {
        "proved": f"PROVED: on every input, at every step, the learned network {does} (external tape)",
        "partly": f"PROVED IN PART: on every input the learned network {does}, up to a cell never met",
        "wrong": f"NOT {name}: it agrees with all that was seen, but more experience is needed",
        "unproved": "UNKNOWN: the verifier found no proof",
    }[lesson.verdict]
    if lesson.verdict in ("proved", "partly") and not lesson.shows_verdicts:
        meanings = sorted({verdict for verdict in lesson.machine.verdicts if verdict is not None})
        if meanings:
            said += f"\n  not learned, as states were hidden: where halting means `{'`, where `'.join(meanings)}`"
    return said
