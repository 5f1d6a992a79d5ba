"""What is true of a machine, found out by running it step by step: a second transcription, for the tests alone.

It knows nothing of the checker. What it says of a run that ends is certain; of one that does not end within its limit
it only says that it is longer than that.
"""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from triquetra.machines import Machine, from_busy_beaver
from triquetra.verifier.halting_checker import ProvedHalting, RefusedHalting, check

LIMIT = 3000  # steps
GENUINE: dict[str, tuple[Machine, dict]] = {
    name: (from_busy_beaver(table), certificate)
    for name, (table, certificate) in json.loads(Path(__file__).with_name("genuine.json").read_text()).items()
}
# Published counts of runs that are too long to be followed here: https://bbchallenge.org
PUBLISHED = {"bb5": (47_176_870, 4098)}


class Run:
    """A run from cells written from `origin` on, with the head at cell 0 in the start state."""

    def __init__(self, machine: Machine, cells: list[int], origin: int = 0) -> None:
        self.table = {(rule.state, rule.read[0]): (rule.write[0], rule.move[0], rule.goto) for rule in machine.rules}
        self.tape = {origin + place: cell for place, cell in enumerate(cells) if cell}
        self.state, self.head, self.steps = machine.start, 0, 0

    def step(self) -> bool:
        """One step, if there is one."""
        cell = self.table.get((self.state, self.tape.get(self.head, 0)))
        if cell is None:
            return False
        write, move, self.state = cell
        self.tape[self.head] = write
        if write == 0:
            del self.tape[self.head]
        self.head += move
        self.steps += 1
        return True


def truth(machine: Machine, cells: list[int], origin: int, limit: int = LIMIT) -> ProvedHalting | None:
    """How the run ends, if it does within so many steps; `method` is left empty."""
    run = Run(machine, cells, origin)
    while run.steps <= limit:
        if not run.step():
            ending = "undefined" if machine.verdicts[run.state] is None else "halted"
            return ProvedHalting(ending, "", run.state, run.steps, len(run.tape))
    return None


def must_be_true(machine: Machine, certificate: object, limit: int = LIMIT) -> bool:
    """Hold what the checker says of a certificate against the truth; whether it was accepted."""
    try:
        proved = check(machine, certificate)
    except RefusedHalting:
        return False
    assert isinstance(certificate, dict)
    true = truth(machine, certificate["input"]["cells"], certificate["input"]["origin"], limit)
    if true is None:
        assert proved.steps is None or proved.steps > limit, (machine, certificate, proved)
    else:
        said = (proved.verdict, proved.state, proved.steps, proved.nonblank)
        assert said == (true.verdict, true.state, true.steps, true.nonblank), (machine, certificate, proved, true)
    return True


def replaced(certificate: dict, path: tuple, value: object) -> dict:
    """A copy with another value at a path."""
    certificate = copy.deepcopy(certificate)
    parent: Any = entry(certificate, path[:-1])
    parent[path[-1]] = value
    return certificate


def places(value: object, path: tuple = ()) -> Iterator[tuple]:
    """The paths of all numbers, lists and objects inside."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in entries:
        yield (*path, key)
        yield from places(each, (*path, key))


def entry(value: Any, path: tuple) -> Any:
    """What is at a path."""
    for key in path:
        value = value[key]
    return value
