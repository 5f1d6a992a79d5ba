"""`python -m tests.verifier_halting.make_genuine`: write genuine.json anew, certificates of every kind that are true.

They are kept because the checker's mutants are tested without anything that can make them.
"""

import json
import random
from pathlib import Path

from triquetra.machines import from_busy_beaver
from triquetra.runtime.accelerate import decide, engine, run

NAMED = {
    "bb5": "1RB1LC_1RC1RB_1RD0LE_1LA1LD_1RZ0LA",
    "champion": "1RB2LA1RA2LB2LA_0LA2RB3RB4RA1RZ",
    "bb2": "1RB1LB_1LA1RZ",
    "steps": "1RB1LB_1LA1RZ",
    "undefined": "1RB1LB_1LA---",
    "powers": "1RB2LA1RZ5LB5LA4LB_1LA4RB3RB5LB1LB4RA",  # one rule multiplies a count by 4, again and again
    "bouncer": "1RB1LA_0LA1RB",  # writes a longer and longer run of 1s, to and fro
    "turns": "1RB1LB_1LC0RC_0LA1RC",  # repeats itself in place
    "runner": "1RB1LC_1LC1LB_1LA1RB",  # repeats itself further and further on
    "counter": "1RB1LA_0LA0RB_1LA1LB",  # counts in binary
    "remembering": "1RB1LC_0LA0RB_1LA---",  # counts too, but words of its tape say little without history
}


def random_table(rng: random.Random) -> str:
    """Of a small machine that halts somewhere."""
    states, symbols = rng.choice(((2, 2), (3, 2), (4, 2), (2, 3)))
    cells = []
    for _ in range(states * symbols):
        cells.append(f"{rng.randrange(symbols)}{rng.choice('LLLRRRS')}{rng.choice('ABCD'[:states])}")
    cells[rng.randrange(len(cells))] = rng.choice(("1RZ", "0LZ", "---"))
    return "_".join("".join(cells[i : i + symbols]) for i in range(0, len(cells), symbols))


def features(certificate: dict) -> set:
    """What the parts of a certificate show, for a choice that shows all."""
    proof, ending = certificate["proof"], certificate["claim"]["ending"]
    cells, origin = certificate["input"]["cells"], certificate["input"]["origin"]
    found = {(proof["method"], ending, origin < 0, bool(cells))}
    if proof["method"] == "closed set":
        found |= {("closed set", proof["radius"], proof["history"])}
    for rule in proof.get("rules", ()):
        runs = [(run[1], bool(run[2])) for run in rule["left"] + rule["right"]]
        uses = [
            ("times", any(use[1][1:]), len(use[1])) if isinstance(use, list) else ("use", use >= 0)
            for use in rule["proof"]
        ]
        shape = (ending, proof["block"])
        found |= {(*shape, run) for run in runs} | {(*shape, use) for use in uses}
        found |= {(*shape, rule["enters"], len(rule["left"]), len(rule["right"]))}
    if proof["method"] == "rules":
        found |= {("last", ending, proof["block"], proof["run"][-1] >= 0), ("rules", ending, len(proof["rules"]))}
    return found


def main() -> None:
    """Choose certificates that show something new."""
    made = {}
    for name, table in NAMED.items():
        machine = from_busy_beaver(table)
        size = {"bb2": 1, "bb5": 3, "bouncer": 1}.get(name)
        by_rules = name in ("bb2", "bb5", "bouncer", "champion", "powers", "undefined")
        found = (run(machine, block=size) if by_rules else decide(machine)).certificate
        made[name] = [table, found]
    seen = set().union(*(features(certificate) for _, certificate in made.values()))
    engine.SIGHTINGS, engine.SIGHTINGS_LOOP = 2, 1  # rules are made as early as can be, so that there are more of them
    rng = random.Random(11)
    for number in range(6000):
        table = random_table(rng)
        machine = from_busy_beaver(table)
        word = [machine.symbols[rng.randrange(len(machine.symbols))] for _ in range(rng.choice((0, 0, 3, 6)))]
        if number % 2:
            found = run(machine, word, block=rng.choice((1, 1, 2, 3)), max_macro_steps=400).certificate
        else:
            found = decide(machine, word, max_steps=rng.choice((10, 100)), max_macro_steps=400).certificate
        if found is None or len(json.dumps(found)) > 2500:
            continue
        if features(found) - seen:
            seen |= features(found)
            made[f"random {number}"] = [table, found]
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(each, separators=(',', ':'))}" for name, each in made.items())
    Path(__file__).with_name("genuine.json").write_text(f"{{\n{lines}\n}}\n")
    print(len(made), "certificates")


if __name__ == "__main__":
    main()
