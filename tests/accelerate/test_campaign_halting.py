"""A long run of random machines: what is decided is certified, accepted, and what the plain run does."""

import random

import pytest

from triquetra.machines import from_busy_beaver
from triquetra.runtime import turing
from triquetra.runtime.accelerate import Ending, decide, run
from triquetra.runtime.accelerate.certificate import write_certificate
from triquetra.verifier.halting_checker import check, read_certificate

SIZES = ((3, 2), (4, 2), (5, 2), (6, 2), (2, 3), (3, 3), (2, 4), (3, 4), (2, 5))


def random_machine(rng, states, symbols):
    """With moves, and now and then a stay; one cell halts and another may be undefined."""
    letters = "ABCDEFGHIJ"[:states]
    cells = [f"{rng.randrange(symbols)}{rng.choice('LLLRRRS')}{rng.choice(letters)}" for _ in range(states * symbols)]
    cells[0] = "1RB"
    cells[rng.randrange(1, len(cells))] = "1RZ"
    if rng.random() < 0.3:
        cells[rng.randrange(1, len(cells))] = "---"
    return from_busy_beaver("_".join("".join(cells[i : i + symbols]) for i in range(0, len(cells), symbols)))


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(10))
def test_no_certificate_says_what_is_false(seed):
    rng = random.Random(seed)
    for _ in range(2000):
        machine = random_machine(rng, *rng.choice(SIZES))
        word = "".join(str(rng.randrange(len(machine.symbols))) for _ in range(rng.randrange(6)))
        plain = turing.run(machine, word, max_steps=200_000)
        # with little plain watching, so that closed sets and rules have their turn
        decision = decide(machine, word, max_steps=rng.choice((5, 50, 500)), max_macro_steps=2000)
        outcome = run(machine, word, block=rng.choice((1, 2, 3)), max_macro_steps=2000)
        for certificate in (decision.certificate, outcome.certificate):
            if certificate is None:
                continue
            proved = check(machine, read_certificate(write_certificate(certificate).encode()))
            if proved.verdict == Ending.ENDLESS:
                assert plain.verdict == "step limit", machine.name
            elif plain.verdict != "step limit":
                end = plain.configuration
                expected = (str(plain.verdict), end.state, plain.steps, end.tapes[0].nonblank)
                assert (proved.verdict, proved.state, proved.steps, proved.nonblank) == expected, machine.name
            else:
                assert proved.steps > 200_000, machine.name
