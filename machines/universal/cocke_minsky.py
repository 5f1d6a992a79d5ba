"""Two-symbol Turing machines as 2-tag systems.

Source: J. Cocke and M. Minsky, Universality of tag systems with P = 2, Journal of the ACM 11 (1964) 15-20. The halves
of the tape left and right of the head are binary numbers, lowest digit next to the head, and stand in unary in the
word: it doubles with each cell that the machine uses. A move doubles the half where it leaves a digit (the near one)
and halves the other (the far one); whether halving leaves a letter over decides in which phase the next letters are
read, and so tells the digit that comes under the head.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..core import LEFT, RIGHT, STAY, Configuration, Input, Machine, Rule, Tape, start
from ..tag import TagSystem, Word
from .encoding import CannotEncode

MAX_LETTERS = 2**20  # of the initial word
Situation = tuple[int, int]  # a state and the symbol read in it
Role = tuple[str, object]  # what a letter is for, and the situation (for `D` and the like also the digit) it is for
_FILL: Role = ("x", None)  # every second letter between two steps, never read
_HALT: Role = ("H", None)
# Frequent letters first: a universal machine gives the first letters of an alphabet the shortest codes.
_ORDER = "xnfscdtgFSTCDGNK"


@dataclass(frozen=True)
class TagSimulation:
    """The tag system that simulates a machine from its start on one input, and what its words stand for."""

    machine: Machine
    system: TagSystem
    roles: Mapping[str, Role]

    def configuration(self, word: Word) -> Configuration | None:
        """The configuration that a word stands for at the beginning of a step or at the end, its head on cell 0.

        None for all other words.
        """
        kind, detail = self.roles[word[0]]
        if kind == "H":
            kind, detail = self.roles[word[1]]
        if kind not in ("N", "K"):
            return None
        assert isinstance(detail, tuple)
        situation, move = detail
        border = next(place for place, letter in enumerate(word) if self.roles[letter][0] == "F")
        near, far = (border - 2) // 2, (len(word) - border - 2) // 2
        left, right = (near, far) if move == RIGHT else (far, near)
        state, symbol = situation
        digits = f"{left:b}", f"{right:b}"[::-1]
        cells = [int(digit) for digit in digits[0]] + [symbol] + [int(digit) for digit in digits[1]]
        return Configuration(state, (0,), (Tape.of(cells, -len(digits[0])),))


def to_tag_system(machine: Machine, *inputs: Input) -> TagSimulation:
    """The 2-tag system that runs as `machine` does on its input, `stay` moves taken together with the next move.

    Raises: CannotEncode: the machine has another number of symbols than 2, several tapes or a one-way tape, or
        stays in a cell for ever, or the input is too long for unary numbers.
    """
    if machine.tapes != 1 or machine.one_way[0] or len(machine.symbols) != 2:
        raise CannotEncode(
            f"`{machine.name}`: only machines with one two-way tape and two symbols are made into tag systems"
        )
    at = start(machine, *inputs)
    (head,), (tape,) = at.heads, at.tapes
    first = _settle(machine, (at.state, tape[head]))
    productions = _productions(machine, first)
    left = sum(tape[head - 1 - place] << place for place in range(max(0, head - tape.origin)))
    right = sum(tape[head + 1 + place] << place for place in range(max(0, tape.origin + len(tape.cells) - head)))
    if left + right > MAX_LETTERS:
        raise CannotEncode(
            f"the input of `{machine.name}` would be a word of {left + right:,} letters, twice as many for each cell; "
            f"at most {MAX_LETTERS:,} are made"
        )
    rule = _rule(machine, first)
    word: list[Role] = [("N", (first, rule.move[0])), _FILL] if rule else [_HALT, ("K", (first, RIGHT))]
    near, far = (right, left) if rule and rule.move[0] == LEFT else (left, right)
    word += [("n", first), _FILL] * near + [("F", first), _FILL] + [("f", first), _FILL] * far
    return _named(machine, productions, word)


def _rule(machine: Machine, situation: Situation) -> Rule | None:
    return machine.delta.get((situation[0], (situation[1],)))


def _settle(machine: Machine, situation: Situation) -> Situation:
    """The situation after all stay moves from here."""
    seen = {situation}
    while (rule := _rule(machine, situation)) is not None and rule.move[0] == STAY:
        situation = (rule.goto, rule.write[0])
        if situation in seen:
            raise CannotEncode(f"`{machine.name}` stays for ever in state {machine.states[situation[0]]}")
        seen.add(situation)
    return situation


def _productions(machine: Machine, first: Situation) -> dict[Role, list[Role]]:
    """What each letter appends, for the situations that can follow `first`."""
    productions: dict[Role, list[Role]] = {_FILL: [_FILL]}
    if _rule(machine, first) is None:
        return productions | {("K", (first, RIGHT)): [_FILL]} | {(name, first): [_FILL] for name in "nFf"}
    todo = [first]
    done: set[Situation] = set()
    while todo:
        q = todo.pop()
        if q in done:
            continue
        done.add(q)
        rule = _rule(machine, q)
        if rule is None:
            continue
        move = rule.move[0]
        # double the near half and add the digit; read the far half in pairs
        productions["N", (q, move)] = [("C", q), _FILL] + [("c", q), _FILL] * rule.write[0]
        productions["n", q] = [("c", q), _FILL] * 2
        productions["F", q] = [("S", q)]
        productions["f", q] = [("s", q)]
        # of each pair of letters one is read: the first after an odd far half, the second after an even one
        for letter, chosen in zip("CcSs", "DdTt"):
            productions[letter, q] = [(chosen, (q, 1)), (chosen, (q, 0))]
        for digit in (0, 1):
            r = _settle(machine, (rule.goto, digit))
            todo.append(r)
            shift = [_FILL] * (digit == 0)  # after an even far half one letter more is deleted
            after = _rule(machine, r)
            halves = r if after else first  # after halting any letters will do, as none is read
            if after is None:
                begin, names = [_HALT, ("K", (r, move))], "nFf"
                productions["K", (r, move)] = [_FILL]
            elif after.move[0] == move:
                begin, names = [("N", (r, move)), _FILL], "nFf"
            else:  # the halves change places: what is now far stands in front and goes to the end first
                begin, names = [("G", r), _FILL], "gNn"
                productions["G", r] = [("F", r), _FILL]
                productions["g", r] = [("f", r), _FILL]
            productions["D", (q, digit)] = shift + begin
            for chosen, name in zip("dTt", names):
                detail: object = (r, after.move[0]) if name == "N" and after else halves
                productions[chosen, (q, digit)] = [(name, detail), _FILL]
    return productions


def _named(machine: Machine, productions: dict[Role, list[Role]], word: list[Role]) -> TagSimulation:
    """The system with letters that behave alike made one, and short names."""
    classes = _alike(productions)
    members: dict[int, Role] = {}
    for role in productions:
        members.setdefault(classes[role], role)
    chosen = sorted(members.values(), key=lambda role: _ORDER.index(role[0]))
    names = {classes[_HALT]: "H"}
    count: dict[str, int] = {}
    for role in chosen:
        number = count[role[0]] = count.get(role[0], -1) + 1
        names[classes[role]] = role[0] if role == _FILL else f"{role[0]}{number}"
    spell = {role: names[classes[role]] for role in (*productions, _HALT)}
    system = TagSystem(
        name=f"{machine.name} as a tag system",
        productions=tuple((spell[role], tuple(spell[each] for each in productions[role])) for role in chosen),
        halting=(spell[_HALT],),
        initial=tuple(spell[role] for role in word),
    )
    return TagSimulation(machine, system, {spell[role]: role for role in (_HALT, *chosen)})


def _alike(productions: dict[Role, list[Role]]) -> dict[Role, int]:
    """The coarsest classes of letters whose productions are alike letter by letter; `N`, `K` keep their situations."""

    def number(keys: dict[Role, object]) -> dict[Role, int]:
        found: dict[object, int] = {}
        return {role: found.setdefault(key, len(found)) for role, key in keys.items()}

    roles = (*productions, _HALT)
    classes = number({role: role if role[0] in "NK" else role[0] for role in roles})
    while True:
        refined = number(
            {role: (classes[role], tuple(classes[each] for each in productions.get(role, ()))) for role in roles}
        )
        if len(set(refined.values())) == len(set(classes.values())):
            return refined
        classes = refined
