"""One machine as a program on the tape of another, and its run followed from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ..core import STAY, Configuration, Input, Machine, Tape
from . import practical
from .catalogue import TAG_MACHINES, check_name, encode, load_universal
from .cocke_minsky import to_tag_system
from .encoding import CycleEnd

PRACTICAL = practical.NAME


@dataclass(frozen=True)
class Simulation:
    """A program for the universal machine `machine`.

    `tape` is what it starts on, and `cell` the state and symbol whose rule is applied once each cycle. `follow` turns
    configurations at the ends of cycles into those of the simulated machine, with the steps taken so far.
    `stays_count` tells whether rules that move nothing are steps of their own.
    """

    machine: Machine
    tape: Tape
    cell: tuple[int, int]
    follow: Callable[[Iterable[CycleEnd]], Iterator[CycleEnd]]
    stays_count: bool


def simulate(machine: Machine, *inputs: Input, on: str = PRACTICAL) -> Simulation:
    """`machine` and its input as a program for the universal machine named `on`.

    Every machine but `practical` simulates a tag system, which is made from the machine first.

    Raises: CannotEncode: the universal machine cannot simulate this machine; InputError: there is none of that name.
    """
    check_name(on, (PRACTICAL, *TAG_MACHINES))
    if on == PRACTICAL:
        universal = load_universal(PRACTICAL)
        cell = (universal.states.index(practical.CYCLE[0]), universal.symbols.index(practical.CYCLE[1]))

        def follow(ends: Iterable[CycleEnd]) -> Iterator[CycleEnd]:
            for steps, configuration in ends:
                yield steps, practical.decode(universal, machine, configuration)

        return Simulation(universal, practical.encode(universal, machine, *inputs), cell, follow, True)
    tags = to_tag_system(machine, *inputs)
    encoding = encode(tags.system, on)
    first = tags.system.initial

    def follow_words(ends: Iterable[CycleEnd]) -> Iterator[CycleEnd]:
        for steps, word in encoding.words(first, ends):
            if (configuration := tags.configuration(word)) is not None:
                yield steps, configuration

    return Simulation(encoding.machine, encoding.tape(first), encoding.cell, follow_words, False)


def expected(machine: Machine, configurations: Iterable[Configuration], stays_count: bool) -> Iterator[Configuration]:
    """Of a machine's own run, what a simulation shows: all of it, or what is left without stay moves."""
    for configuration in configurations:
        rule = machine.delta.get((configuration.state, configuration.read))
        if stays_count or rule is None or rule.move[0] != STAY:
            yield configuration


def same_from_the_head(one: Configuration, other: Configuration) -> bool:
    """Whether two configurations of one-tape machines are equal but for where cell 0 is."""
    return _centred(one) == _centred(other)


def _centred(configuration: Configuration) -> tuple[int, Tape]:
    (tape,), (head,) = configuration.tapes, configuration.heads
    return configuration.state, Tape.of(tape.cells, tape.origin - head)
