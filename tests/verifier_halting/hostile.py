"""Certificates of less than 1 MB that ask for too much, made by rule; `SAMPLES` are some."""

import json
from collections.abc import Callable

from triquetra.machines import Machine, from_busy_beaver

MEGABYTE = 1_000_000
Made = tuple[Machine, bytes]

# Sweeps to and fro over everything that is not blank, for ever.
SWEEPS = from_busy_beaver("0LB1RA2RA_0RA1LB2LB")
RUNS_RIGHT = from_busy_beaver("1RA1RA")
RUNS_LEFT = from_busy_beaver("1LA1LA")
CHANGES = from_busy_beaver("1RB1RB_1RA1RA")  # its state, too, while it runs right
# Counts in binary up to a mark, inside one block if that is long enough.
COUNTS = from_busy_beaver("0RA1RA2LB_1RA0LB---")
DIGITS = 159_000  # of numbers nearly as long as may be
HUGE = "9" * DIGITS


def certificate(machine: Machine, proof: object, cells: object = (), origin: object = 0) -> Made:
    """A certificate that the machine runs forever."""
    text = json.dumps({
        "format": "triquetra halting certificate 1", "machine": machine.digest,
        "input": {"origin": origin, "cells": cells}, "claim": {"ending": "runs forever"}, "proof": proof,
    }, separators=(",", ":")).encode()  # fmt: skip
    assert len(text) < MEGABYTE, len(text)
    return machine, text


def rules(
    machine: Machine, all_: list, run: object = (0,), block: int = 1, cells: object = (), origin: object = 0
) -> Made:
    """One by rules."""
    return certificate(machine, {"method": "rules", "block": block, "rules": all_, "run": run}, cells, origin)


def sweep(variables: int, proof: list, *, rest: object = 0, modulus: object = 1) -> dict:
    """A rule of SWEEPS over so many runs, which has the variables as their lengths."""
    right = [[[0], 0, 1], *([[1 + i % 2], modulus, rest] for i in range(variables))]
    return {"state": 0, "enters": "right", "left": [[[0], 0, 1]], "right": right, "proof": proof}


def first_sweep(variables: int, **run: object) -> dict:
    """Proved by macro-steps: there and back, with a turn at each end."""
    return sweep(variables, [-2 - 2 * variables], **run)


def doubled(variables: int) -> Made:
    """Each rule is the one before twice, after some with conditions of their own."""
    conditions = [[0, [1000, *(-(i * j % 7) for j in range(variables))]] for i in range(1, 900)]
    return rules(SWEEPS, [first_sweep(variables), sweep(variables, conditions), *(
        sweep(variables, [i, i]) for i in range(1, 60)
    )])  # fmt: skip


def sums_of_sums(variables: int) -> Made:
    """Each rule repeats the one before as often as all runs are long."""
    return rules(SWEEPS, [first_sweep(variables), *(
        sweep(variables, [[i, [0, *[1] * variables]]]) for i in range(60)
    )])  # fmt: skip


def long_times(variables: int) -> Made:
    """Each rule repeats the one before a number of times with thousands of digits."""
    digits = "9" * (600_000 // (60 * (variables + 1)))
    return rules(SWEEPS, [first_sweep(variables), *(
        sweep(variables, [[i, [digits, *[digits] * variables]]]) for i in range(60)
    )])  # fmt: skip


def closed(number: int) -> Made:
    """A closed set in which every middle has so many words to go on with, all different by what they remember."""
    cells = [[0], *([0, i] for i in range(number - 1))]
    behind = [[0]], [[1, 0, 0]]
    return certificate(RUNS_RIGHT, {
        "method": "closed set", "radius": 1, "history": 1, "left": behind, "right": [[cell] for cell in cells],
        "middles": [[0, [[0]], [0], [[0]]], *([0, behind[1], one, [two]] for one in cells for two in cells)],
    })  # fmt: skip


def long_words(radius: int, history: int) -> Made:
    """Words and cells as long as they may be, as many as there is room for."""
    cell = [0, *[0, 0] * history]
    words = [[[0]] * radius, *(
        [[*cell[:-1], i], *[cell] * (radius - 1)] for i in range(900_000 // (4 * radius * (2 * len(cell) + 3)) - 2)
    )]  # fmt: skip
    return certificate(RUNS_LEFT, {
        "method": "closed set", "radius": radius, "history": history, "left": words, "right": words,
        "middles": [[0, word, [0], word] for word in words],
    })  # fmt: skip


def cycle(machine: Machine, before: int, period: int, method: str = "translated cycle", **tape: object) -> Made:
    """A long plain run."""
    return certificate(machine, {"method": method, "before": before, "period": period}, **tape)


def raw(text: bytes) -> Made:
    """What is hardly a certificate."""
    assert len(text) < MEGABYTE
    return SWEEPS, text


def divisions(digits: int) -> Made:
    """A rule about lengths in a class modulo a long number, used again and again on a length that is longer still."""
    one_class = sweep(1, [], rest=0, modulus="9" * digits)
    return rules(SWEEPS, [one_class, sweep(1, [0] * 300_000, rest="9" * 144_000, modulus=0)])


def nested(depth: int) -> object:
    """Lists in lists."""
    value: object = 0
    for _ in range(depth):
        value = [value]
    return value


SAMPLES: dict[str, Callable[[], Made]] = {
    **{f"conditions doubled, {v} variables": lambda v=v: doubled(v) for v in (1, 3, 8)},
    **{f"sums of sums, {v} variables": lambda v=v: sums_of_sums(v) for v in (1, 2, 8, 62)},
    **{f"times of many digits, {v} variables": lambda v=v: long_times(v) for v in (1, 8, 62)},
    **{f"divisions by {d} digits": lambda d=d: divisions(d) for d in (1, 1000, 72_000)},
    "400,000 uses": lambda: rules(CHANGES, [
        {"state": 0, "enters": "right", "left": [], "right": [[[0], -1, 0]], "proof": [-2]}
    ], [0] * 400_000),
    "macro-steps one at a time": lambda: rules(SWEEPS, [], [-1] * 300_000, cells=[1, 2] * 100),
    "as many macro-steps as can be asked for": lambda: rules(SWEEPS, [], [-5_000_000] * 80_000, cells=[1, 2] * 100),
    "many rules": lambda: rules(SWEEPS, [sweep(0, [])] * 9000),
    "many rules of many variables": lambda: rules(SWEEPS, [first_sweep(62)] * 700),
    "many rules of many variables, used": lambda: rules(
        SWEEPS, [first_sweep(62), *[sweep(62, [0] * 100)] * 600]
    ),
    "a long use": lambda: rules(SWEEPS, [first_sweep(1), sweep(1, [[0, [1] * 400_000]])]),
    "a long run of a start": lambda: rules(SWEEPS, [sweep(1, [-4], rest=HUGE)] * 5),
    "many runs in a start": lambda: rules(SWEEPS, [sweep(60_000, [])]),
    "a counter in one block": lambda: rules(COUNTS, [], [-1], block=64, cells=[0] * 51 + [2]),
    "counters in many blocks": lambda: rules(COUNTS, [], [-1000], block=16, cells=([0] * 15 + [2]) * 5000),
    "many blocks": lambda: rules(RUNS_RIGHT, [], [-1, -300_000], block=1, cells=[0, 1] * 200_000),
    "many long blocks": lambda: rules(SWEEPS, [], [-300_000], block=64, cells=[*[1] * 63, 2, 1, 2, 2] * 6000),
    "an input far away": lambda: rules(RUNS_RIGHT, [], [-1, -300_000], cells=[1], origin=2_000_000),
    "an input far to the left": lambda: rules(RUNS_LEFT, [], [-300_000], cells=[0, 1] * 200_000, origin=-2_000_000),
    "powers": lambda: rules(SWEEPS, [first_sweep(1), *(sweep(1, [[i, [2**4000, 0]]]) for i in range(300))]),
    **{f"{n} words for {n} squared middles": lambda n=n: closed(n) for n in (10, 130, 180)},
    **{f"words of {r} cells that remember {h}": lambda r=r, h=h: long_words(r, h)
       for r, h in ((64, 64), (64, 0), (1, 64), (8, 8))},
    "a long cycle": lambda: cycle(RUNS_RIGHT, 1_000_000, 1_000_000),
    "a long way to a cycle": lambda: cycle(RUNS_RIGHT, 1_999_999, 1),
    "a long cycle with an input far away": lambda: cycle(
        RUNS_LEFT, 1, 1_999_999, cells=[0, 1] * 200_000, origin=-2_000_000
    ),
    "cycles too long to ask for": lambda: cycle(RUNS_RIGHT, 2_000_000, 2_000_000),
    "steps without end": lambda: certificate(RUNS_RIGHT, {"method": "steps"}, cells=[0, 1] * 200_000),
    "lists in lists": lambda: raw(b"[" * (MEGABYTE - 1)),
    "objects in objects": lambda: raw(b'{"a":' * 190_000),
    "lists in lists as deep as they are read": lambda: certificate(SWEEPS, nested(900)),
    "a long number": lambda: raw(b"1" * (MEGABYTE - 1)),
    "a long fraction": lambda: raw(b"0." + b"1" * (MEGABYTE - 10)),
    "a large exponent": lambda: raw(b"1e" + b"9" * (MEGABYTE - 10)),
    "a long word": lambda: raw(b'"' + b"x" * (MEGABYTE - 10) + b'"'),
    "a long method": lambda: certificate(SWEEPS, {"method": "x" * 900_000}),
    "many lists of nothing": lambda: raw(b"[" + b"[]," * 333_000 + b"0]"),
    "many objects": lambda: raw(b"[" + b"{}," * 333_000 + b"0]"),
    "an exponent in words": lambda: rules(SWEEPS, [first_sweep(1), sweep(1, [[0, ["1e99999999", 0]]])]),
    "numbers as long as may be": lambda: rules(SWEEPS, [first_sweep(1)], [HUGE] * 6),
}  # fmt: skip


if __name__ == "__main__":  # hostile.py NAME: check one within 10 s and 1 GB, and print the answer
    import resource
    import sys

    from triquetra.verifier.halting_checker import RefusedHalting, check, read_certificate

    machine, text = SAMPLES[sys.argv[1]]()
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
    try:
        print(check(machine, read_certificate(text)))
    except RefusedHalting as refusal:
        print(refusal)
