"""The corpus in all forms, to the end: `python -m tests.corpus.table` prints docs/corpus.md.

Every machine runs with its input for as many steps as the corpus did, in the Turing kernel and in the event-driven
network and agent, with external and with synaptic tape; outcomes are hashed, so that equal digests are equal outcomes.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from triquetra.compiler import compile_machine
from triquetra.machines import Outcome, from_busy_beaver
from triquetra.runtime import event_network, event_pomdp, turing

FOLDER = Path(__file__).parent
CELLS = 100_000
# Of the sampled machines with 26 rows, two were run with the letter Z halting, the others with Z as the 26th row; the
# text cannot tell which, and we read Z as a row where there is one. Their forms are compared, their counts are not.
AMBIGUOUS = frozenset({"pub-180", "pub-265"})

FORMS: dict[str, Callable[[Any, str, int], Outcome]] = {
    "Turing": lambda c, word, steps: turing.run(c.machine, word, max_steps=steps),
    "network, external": lambda c, word, steps: event_network.run(c.network, word, max_steps=steps),
    "agent, external": lambda c, word, steps: event_pomdp.run(c.pomdp, word, max_steps=steps),
    "network, synaptic": lambda c, word, steps: event_network.run(c.network, word, cells=CELLS, max_steps=steps),
    "agent, synaptic": lambda c, word, steps: event_pomdp.run(c.pomdp, word, cells=CELLS, max_steps=steps),
}


@dataclass
class Group:
    """Machines of one kind: how they ended, how many steps they made, a digest of all outcomes for each form."""

    machines: int = 0
    verdicts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    steps: int = 0
    wrong: list[str] = field(default_factory=list)
    digests: dict[str, Any] = field(default_factory=lambda: {form: hashlib.sha256() for form in FORMS})


def entries() -> Iterator[tuple[str, dict[str, Any]]]:
    """Group and entry of every machine of the corpus."""
    for known in json.loads((FOLDER / "busy_beavers.json").read_text()):
        entry = {"input": "", "verdict": "halted", "max_steps": known["steps"] + 1} | known
        yield known["id"], entry
    for known in json.loads((FOLDER / "sampled.json").read_text()):
        yield f"sampled {known['states']}×{known['symbols']}", known


def run_all() -> dict[str, Group]:
    """Every group, with what did not agree with the corpus in `wrong`."""
    groups: dict[str, Group] = defaultdict(Group)
    for name, known in entries():
        group = groups[name]
        machine = from_busy_beaver(known["table"])
        compiled = compile_machine(machine, cells=CELLS)
        group.machines += 1
        for form, run in FORMS.items():
            outcome = run(compiled, known["input"], known["max_steps"])
            tape = outcome.configuration.tapes[0]
            ended = (str(outcome.verdict).removeprefix("step "), outcome.steps, tape.nonblank)
            if known["id"] not in AMBIGUOUS and ended != (known["verdict"], known["steps"], known["nonblank"]):
                group.wrong.append(f"{known['id']} in the form {form}: {ended}")
            group.digests[form].update(repr((known["id"], ended, outcome.configuration)).encode())
        group.verdicts[ended[0]] += 1
        group.steps += outcome.steps
    return groups


def page(groups: dict[str, Group]) -> str:
    """docs/corpus.md."""
    lines = [
        "# The corpus in all forms",
        "",
        "Printed by `python -m tests.corpus.table`: every machine of tests/corpus with its input, for as many steps as",
        "the corpus names, in the Turing kernel and in the event-driven network and agent with external tape and with",
        f"{CELLS:,} cells of synaptic memory. The digest is over verdict, steps, marks and final configuration of all",
        "machines of a row; where all forms have the same, it stands once. Verdict, steps and marks are those of the",
        "corpus, except for two machines whose text is ambiguous (pub-180 and pub-265, in the row 26×2).",
        "",
        "| machines | number | halted | undefined | limit | steps | forms with this digest | digest |",
        "|---|---:|---:|---:|---:|---:|---|---|",
    ]
    for name, group in groups.items():
        by_digest = defaultdict(list)
        for form, digest in group.digests.items():
            by_digest[digest.hexdigest()[:16]].append(form)
        counts = " | ".join(str(group.verdicts.get(each, 0)) for each in ("halted", "undefined", "limit"))
        for digest, forms in by_digest.items():
            which = "all five" if len(forms) == len(FORMS) else ", ".join(forms)
            lines.append(f"| {name} | {group.machines} | {counts} | {group.steps:,} | {which} | `{digest}` |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(run_all()), end="")
