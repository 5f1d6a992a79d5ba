"""The checker of halting certificates: that a machine halts after so many steps, or that it runs forever.

It is handed a machine and a certificate that anybody may have written, trusts no figure in it, and imports nothing but
`machines`. What it has to settle is whether the certificate's proof holds for this machine; all arithmetic is exact.

A certificate is a JSON object:

    {"format": "triquetra halting certificate 1", "machine": digest of the machine,
     "input": {"origin": first position, "cells": [symbol, ...]},
     "claim": {"ending": "halted" | "undefined", "state": s, "steps": "n", "nonblank": "m"}
              or {"ending": "runs forever"},
     "proof": {"method": ..., ...}}

States and symbols are indices; integers may be written as numbers or as strings of decimal digits. Proofs:

* `rules`: `block` is a number of cells, `rules` and `run` as follows. The tape is cut into blocks of that size, one of
  which begins at the head's first cell; equal neighbours make a *run*. The head stands between two blocks and enters
  one of them; a *macro-step* is all that happens until it leaves that block. If it leaves on the far side in the
  state in which it entered, it crosses the whole run, and that is one macro-step too.
  A rule {"state": s, "enters": "left" | "right", "left": runs, "right": runs, "proof": uses} speaks of all tapes with
  these runs next to the head (nearest last) and anything beyond. A run [cells, modulus, rest] is modulus·z + rest
  blocks long, for each z ≥ 0 (a variable, numbered over the left and then the right runs); modulus 0: exactly `rest`;
  modulus -1: the endless blanks. What the rule says follows from its proof, a list of uses: −n is n macro-steps, r an
  earlier rule once, and [r, [c, a₁, a₂, ...]] an earlier rule c + Σ aᵢzᵢ times.
  `run` is the machine's run from its start, of uses −n and r; there r is the rule as often as it can be applied.
* `cycle`: the configurations after `before` and after `before + period` steps are the same.
* `translated cycle`: the same, but for a shift, in what the machine looks at from `before` on.
* `closed set`: a set of tapes closed under the machine's step, in which nothing halts. `radius` is n, `middles` is
  [[state, n cells left of the head, cell at the head, n cells right of it], ...]; `left` and `right` are all words of n
  cells that may stand in the two halves of the tape farther out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from math import comb, lcm
from typing import Any

from triquetra.machines import BLANK, RIGHT, STAY, InputError, Machine, Tape

FORMAT = "triquetra halting certificate 1"
ENDLESS = "runs forever"

# What a certificate may ask for; more is refused, not begun.
MAX_WORK = 20_000_000  # macro-steps, uses of rules, plain steps, middles
MAX_DIGITS = 1_000_000  # of one integer
MAX_BITS = 1 << 25  # of any number that comes up
MAX_BLOCK = 64  # cells
MAX_VARIABLES = 64  # in one rule
MAX_TERMS = 4096  # of a polynomial
MAX_DEGREE = 32  # of a polynomial that is summed over


class Refused(InputError):
    """The certificate does not prove what it claims; the message says where it fails."""


@dataclass(frozen=True, slots=True)
class Proved:
    """What was proved: `verdict` is `halted`, `undefined` or `runs forever`; the rest only where the machine halts."""

    verdict: str
    method: str
    state: int | None = None
    steps: int | None = None
    nonblank: int | None = None


def check(machine: Machine, certificate: object) -> Proved:
    """What a certificate proves of a machine.

    Raises: Refused: it proves nothing, or something else than it claims.
    """
    fields = _object(certificate, "certificate")
    if fields.get("format") != FORMAT:
        raise Refused(f"certificate: format is not `{FORMAT}`")
    if fields.get("machine") != machine.digest:
        raise Refused(f"certificate: it is about another machine than `{machine.name}`")
    if machine.tapes != 1 or machine.one_way[0]:
        raise Refused("certificate: only machines with one two-way tape have halting certificates")
    tape = _tape(machine, fields.get("input"))
    claim, proof = _object(fields.get("claim"), "claim"), _object(fields.get("proof"), "proof")
    methods: dict[object, Callable[[Machine, Tape, Mapping[str, Any]], Proved]] = {
        "rules": _check_rules, "cycle": _check_cycle, "translated cycle": _check_cycle, "closed set": _check_closed_set,
    }  # fmt: skip
    method = proof.get("method")
    if not isinstance(method, str) or method not in methods:
        raise Refused(f"proof: method is not one of {', '.join(map(str, methods))}")
    proved = methods[method](machine, tape, proof)
    if claim.get("ending") != proved.verdict:
        raise Refused(f"claim: ending is {claim.get('ending')!r}, but the proof ends with {proved.verdict!r}")
    if proved.verdict != ENDLESS:
        for name, value in (("state", proved.state), ("steps", proved.steps), ("nonblank", proved.nonblank)):
            if _integer(claim.get(name), f"claim: {name}") != value:
                raise Refused(f"claim: {name} is not what the proof comes to")
    return proved


# --- reading what strangers wrote -------------------------------------------------------------------------------------


def _object(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Refused(f"{where}: not an object")
    return value


def _list(value: object, where: str, most: int = MAX_WORK) -> list[Any]:
    if not isinstance(value, list):
        raise Refused(f"{where}: not a list")
    if len(value) > most:
        raise Refused(f"{where}: more than {most:,} entries")
    return value


def _integer(value: object, where: str, least: int | None = None, most: int | None = None) -> int:
    if isinstance(value, str):
        digits = value.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= MAX_DIGITS):
            raise Refused(f"{where}: not an integer of at most {MAX_DIGITS:,} digits")
        value = int(Decimal(value))  # not int(value), which refuses long ones
    if not isinstance(value, int) or isinstance(value, bool):
        raise Refused(f"{where}: not an integer")
    if (least is not None and value < least) or (most is not None and value > most):
        raise Refused(f"{where}: out of range")
    return value


def _word(machine: Machine, value: object, where: str, length: int | None = None) -> tuple[int, ...]:
    cells = tuple(_integer(cell, where, 0, len(machine.symbols) - 1) for cell in _list(value, where))
    if length is not None and len(cells) != length:
        raise Refused(f"{where}: not {length} cells")
    return cells


def _tape(machine: Machine, value: object) -> Tape:
    fields = _object(value, "input")
    origin = _integer(fields.get("origin"), "input: origin", -MAX_WORK, MAX_WORK)
    return Tape.of(_word(machine, fields.get("cells"), "input: cells"), origin)


class _Work:
    """Counts what is done, and refuses to do too much."""

    def __init__(self) -> None:
        self.left = MAX_WORK

    def spend(self, amount: int = 1) -> None:
        self.left -= amount
        if self.left < 0:
            raise Refused(f"proof: it takes more than {MAX_WORK:,} steps to check")


# --- polynomials: {variables multiplied: coefficient} -----------------------------------------------------------------

Polynomial = dict[tuple[int, ...], Fraction]
Form = tuple[int, ...]  # c + Σ aᵢzᵢ as (c, a₁, a₂, ...)


def _plus(one: Form, two: Form, factor: int = 1) -> Form:
    return tuple(a + factor * b for a, b in zip(one, two))


def _times(one: Polynomial, two: Polynomial) -> Polynomial:
    if len(one) * len(two) > 16 * MAX_TERMS:
        raise Refused(f"proof: a number of steps has more than {MAX_TERMS:,} terms")
    total: Polynomial = {}
    for m1, c1 in one.items():
        for m2, c2 in two.items():
            monomial = tuple(sorted(m1 + m2))
            total[monomial] = total.get(monomial, Fraction(0)) + c1 * c2
    return total


def _add(total: Polynomial, more: Polynomial, factor: Fraction = Fraction(1)) -> None:
    for monomial, c in more.items():
        total[monomial] = total.get(monomial, Fraction(0)) + factor * c
    if len(total) > MAX_TERMS:
        raise Refused(f"proof: a number of steps has more than {MAX_TERMS:,} terms")


def _polynomial(form: Form) -> Polynomial:
    return {(() if i == 0 else (i - 1,)): Fraction(c) for i, c in enumerate(form) if c}


def _compose(polynomial: Polynomial, values: Sequence[Form]) -> Polynomial:
    total: Polynomial = {}
    for monomial, c in polynomial.items():
        product: Polynomial = {(): c}
        for variable in monomial:
            product = _times(product, _polynomial(values[variable]))
        _add(total, product)
    return total


def _value(polynomial: Polynomial, values: Sequence[int]) -> int:
    """The value of a polynomial that is whole at all integers."""
    scale = lcm(*(c.denominator for c in polynomial.values()))
    total = 0
    for monomial, c in polynomial.items():
        term = c.numerator * (scale // c.denominator)
        for variable in monomial:
            term *= values[variable]
        total += term
    return total // scale


def _sum_over(polynomial: Polynomial, change: Sequence[int]) -> Polynomial:
    """Σ_{j=0}^{n−1} P(z + j·change), where n is the variable after those of `change`."""
    n = len(change)
    total: Polynomial = {}
    for monomial, c in polynomial.items():
        if len(monomial) > MAX_DEGREE:
            raise Refused(f"proof: a number of steps is of more than {MAX_DEGREE}th degree")
        product: Polynomial = {(): c}
        for variable in monomial:
            product = _times(product, {(variable,): Fraction(1), (n,): Fraction(change[variable])})
        for shifted, k in product.items():  # here variable n stands for j
            power = shifted.count(n)
            rest = shifted[: len(shifted) - power]
            _add(total, {tuple(sorted(rest + (n,) * p)): k * f for p, f in enumerate(_power_sum(power))})
    return total


@cache
def _power_sum(power: int) -> tuple[Fraction, ...]:
    """Coefficients of Σ_{j=0}^{n−1} jᵖ as a polynomial in n: n^{p+1} = Σ_{q ≤ p} C(p+1, q) Σ_{j<n} j^q."""
    total = [Fraction(0)] * (power + 1) + [Fraction(1)]
    for lower in range(power):
        for i, c in enumerate(_power_sum(lower)):
            total[i] -= comb(power + 1, lower) * c
    return tuple(c / (power + 1) for c in total)


# --- proofs by rules --------------------------------------------------------------------------------------------------

Block = tuple[int, ...]
Count = Form | None  # None: endless
Run = tuple[Block, Count]
Runs = tuple[list[Run], list[Run]]  # left and right of the head, nearest last


@dataclass(frozen=True, slots=True)
class _Exit:
    """What a macro-step does to a block; `halted` where the head stops inside it."""

    block: Block
    state: int
    rightward: bool
    steps: int
    halted: str | None = None


class _Blocks:
    """A machine on blocks of cells."""

    def __init__(self, machine: Machine, size: int, work: _Work) -> None:
        self.machine, self.size, self.work = machine, size, work
        self._known: dict[tuple[int, bool, Block], _Exit | None] = {}

    def enter(self, state: int, rightward: bool, block: Block) -> _Exit | None:
        """What happens when the head enters a block; None if it stays inside for ever."""
        key = (state, rightward, block)
        if key not in self._known:
            self._known[key] = self._enter(*key)
        return self._known[key]

    def _enter(self, state: int, rightward: bool, block: Block) -> _Exit | None:
        cells, head, steps = list(block), 0 if rightward else self.size - 1, 0
        seen = set()
        while 0 <= head < self.size:
            rule = self.machine.delta.get((state, (cells[head],)))
            if rule is None:
                return _Exit(tuple(cells), state, rightward, steps, _verdict(self.machine, state))
            here = (state, head, tuple(cells))
            if here in seen:
                return None
            seen.add(here)
            self.work.spend()
            cells[head] = rule.write[0]
            head += rule.move[0]
            state = rule.goto
            steps += 1
        return _Exit(tuple(cells), state, head > 0, steps)


def _verdict(machine: Machine, state: int) -> str:
    return "undefined" if machine.verdicts[state] is None else "halted"


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One run of a rule's start: modulus·z + rest blocks (exactly `rest`: modulus 0; endless: modulus -1)."""

    block: Block
    modulus: int
    rest: int


@dataclass(frozen=True)
class _Rule:
    """From a tape with runs `start`, if all conditions are ≥ 0 for its variables, the machine comes to runs `end`.

    `change`, if there: start and end are the same family and each zᵢ has grown by `change[i]`.
    `advances`: each application takes at least one step of the machine.
    """

    state: int
    rightward: bool
    start: tuple[list[_Pattern], list[_Pattern]]
    conditions: tuple[Form, ...]
    end_state: int
    end_rightward: bool
    end: Runs
    steps: Polynomial
    change: tuple[int, ...] | None
    advances: bool

    @cached_property
    def repeated_steps(self) -> Polynomial:
        """Steps of n applications; n is the variable after the rule's own."""
        assert self.change is not None
        return _sum_over(self.steps, self.change)


class _Walk:
    """Follows uses from a tape whose counts are forms in `variables` variables, and notes what that needs.

    Without variables it is the machine's own run. `conditions` are the forms that must be ≥ 0.
    """

    def __init__(self, blocks: _Blocks, state: int, rightward: bool, runs: Runs, variables: int) -> None:
        self.blocks, self.variables = blocks, variables
        self.state, self.rightward, self.runs = state, rightward, runs
        self.conditions: list[Form] = []
        self.certain = 0  # steps that depend on no variable
        self.steps: Polynomial = {}  # the others
        self.advances = False
        self.ending: str | None = None

    def constant(self, value: int) -> Form:
        return (value, *[0] * self.variables)

    def _require(self, form: Form) -> None:
        """Note that form ≥ 0 is needed, unless it is so for all z ≥ 0."""
        if any(a < 0 for a in form):
            if not any(form[1:]):
                raise Refused("a use is not possible there: a count or a condition would be negative")
            self.conditions.append(form)

    def _push(self, side: int, block: Block, count: Count) -> None:
        runs = self.runs[side]
        if runs and runs[-1][0] == block:
            top = runs[-1][1]
            runs[-1] = block, None if top is None or count is None else _plus(top, count)
        else:
            runs.append((block, count))

    def macro_step(self) -> None:
        self.blocks.work.spend()
        side = int(self.rightward)
        if not self.runs[side]:
            raise Refused("a macro-step leaves the runs that the rule speaks of")
        block, count = self.runs[side][-1]
        exit_ = self.blocks.enter(self.state, self.rightward, block)
        if exit_ is None:
            self.ending = ENDLESS
            return
        turns = exit_.rightward != self.rightward
        if exit_.halted is None and not turns and exit_.state == self.state:
            if count is None:
                self.ending = ENDLESS
                return
            self.runs[side].pop()
            self._push(1 - side, exit_.block, count)
            self.certain += count[0] * exit_.steps
            if any(count[1:]):
                _add(self.steps, _polynomial((0, *count[1:])), Fraction(exit_.steps))
            return
        if turns and exit_.block == block:
            if count is not None:
                self._require(_plus(count, self.constant(-1)))
        else:
            self._take(side)
            self._push(side if turns or exit_.halted else 1 - side, exit_.block, self.constant(1))
        self.certain += exit_.steps
        self.advances = True
        self.ending = exit_.halted
        self.state, self.rightward = exit_.state, exit_.rightward

    def _take(self, side: int) -> None:
        """Take one block off the nearest run; where its count has variables, one at least must be left."""
        block, count = self.runs[side].pop()
        if count is None:
            self.runs[side].append((block, None))
        elif any(count[1:]):
            self._require(_plus(count, self.constant(-2)))
            self.runs[side].append((block, _plus(count, self.constant(-1))))
        elif count[0] > 1:
            self.runs[side].append((block, self.constant(count[0] - 1)))
        elif count[0] < 1:
            raise Refused("a macro-step enters a run of no blocks")

    def use(self, rule: _Rule, times: Form | None) -> None:
        """A rule so many times; None: as often as it can be applied."""
        self.blocks.work.spend()
        values = self._match(rule)
        needs = [_at(condition, values, self.variables) for condition in rule.conditions] + values
        end: Iterable[tuple[int, Block, Count]]
        if rule.change is None:
            if times not in (None, self.constant(1)):
                raise Refused("a rule that does not repeat is used more than once")
            for need in needs:
                self._require(need)
            end = [
                (side, block, None if count is None else _at(count, values, self.variables))
                for side in (0, 1)
                for block, count in rule.end[side]
            ]
            self._count(rule.steps, values)
        else:
            slopes = [_slope(condition, rule.change) for condition in rule.conditions] + list(rule.change)
            if times is None:
                falling = [need[0] // -slope + 1 for need, slope in zip(needs, slopes) if slope < 0]
                if not falling:
                    self._for_ever(rule, needs)
                    return
                times = self.constant(min(falling))
            before_last = _plus(times, self.constant(-1))
            self._require(before_last)
            for need, slope in zip(needs, slopes):
                self._require(need if slope >= 0 else _plus(need, before_last, slope))
            after = [_plus(value, times, change) for value, change in zip(values, rule.change)]
            end = self._start(rule, after)
            self._count(rule.repeated_steps, [*values, times])
        for side, block, count in end:
            self._push(side, block, count)
        self.advances |= rule.advances
        self.state, self.rightward = rule.end_state, rule.end_rightward

    def _match(self, rule: _Rule) -> list[Form]:
        """Take the runs of a rule's start off the tape; its variables there."""
        if (self.state, self.rightward) != (rule.state, rule.rightward):
            raise Refused("a rule is used in another state than its own")
        values = []
        for runs, patterns in zip(self.runs, rule.start):
            if len(runs) < len(patterns):
                raise Refused("a rule is used where there are fewer runs than it speaks of")
            taken = runs[len(runs) - len(patterns) :]
            del runs[len(runs) - len(patterns) :]
            for (block, count), pattern in zip(taken, patterns):
                if block != pattern.block or (count is None) != (pattern.modulus < 0):
                    raise Refused("a rule is used on a tape that does not look like its start")
                if count is None:
                    continue
                over = _plus(count, self.constant(-pattern.rest))
                if pattern.modulus == 0:
                    if any(over):
                        raise Refused("a rule is used on a run of another length")
                else:
                    if any(a % pattern.modulus for a in over):
                        raise Refused("a rule is used on a run whose length is of another class")
                    values.append(tuple(a // pattern.modulus for a in over))
        return values

    def _start(self, rule: _Rule, values: Sequence[Form]) -> Iterator[tuple[int, Block, Count]]:
        """The runs of a rule's start with these variables."""
        variables = iter(values)
        for side in (0, 1):
            for pattern in rule.start[side]:
                if pattern.modulus < 0:
                    yield side, pattern.block, None
                elif pattern.modulus == 0:
                    yield side, pattern.block, self.constant(pattern.rest)
                else:
                    yield side, pattern.block, _plus(self.constant(pattern.rest), next(variables), pattern.modulus)

    def _for_ever(self, rule: _Rule, needs: Sequence[Form]) -> None:
        if self.variables or not rule.advances:
            raise Refused("a rule is used without end, inside a rule or without taking a step")
        for need in needs:
            self._require(need)
        self.ending = ENDLESS

    def _count(self, steps: Polynomial, values: Sequence[Form]) -> None:
        if self.variables:
            _add(self.steps, _compose(steps, values))
        else:
            self.certain += _value(steps, [value[0] for value in values])
            if self.certain.bit_length() > MAX_BITS:
                raise Refused(f"proof: a number has more than {MAX_BITS:,} bits")


def _at(form: Form, values: Sequence[Form], variables: int) -> Form:
    """The form with forms for its variables."""
    total = (form[0], *[0] * variables)
    for a, value in zip(form[1:], values):
        if a:
            total = _plus(total, value, a)
    return total


def _slope(form: Form, change: Sequence[int]) -> int:
    return sum(a * d for a, d in zip(form[1:], change))


def _check_rules(machine: Machine, tape: Tape, proof: Mapping[str, Any]) -> Proved:
    work = _Work()
    blocks = _Blocks(machine, _integer(proof.get("block"), "proof: block", 1, MAX_BLOCK), work)
    rules: list[_Rule] = []
    for number, text in enumerate(_list(proof.get("rules"), "proof: rules")):
        try:
            rules.append(_prove(blocks, rules, text))
        except Refused as reason:
            raise Refused(f"proof: rule {number}: {reason}") from None
    walk = _Walk(blocks, machine.start, True, _lay(tape, blocks.size), 0)
    for number, use in enumerate(_list(proof.get("run"), "proof: run")):
        try:
            _follow(walk, rules, use, once=False)
        except Refused as reason:
            raise Refused(f"proof: use {number} of the run: {reason}") from None
    if walk.ending is None:
        raise Refused("proof: the run breaks off before an end")
    if walk.ending == ENDLESS:
        return Proved(ENDLESS, "rules")
    nonblank = sum(
        count[0] * sum(cell != BLANK for cell in block) for runs in walk.runs for block, count in runs if count
    )
    return Proved(walk.ending, "rules", walk.state, walk.certain, nonblank)


def _follow(walk: _Walk, rules: Sequence[_Rule], use: object, *, once: bool) -> None:
    if walk.ending is not None:
        raise Refused("it goes on after the end")
    times = walk.constant(1) if once else None
    if once and isinstance(use, list):
        if len(use) != 2:
            raise Refused("a use is not [rule, times]")
        use, form = use
        times = tuple(_integer(a, "times") for a in _list(form, "times", MAX_VARIABLES + 1))
        if len(times) != walk.variables + 1:
            raise Refused("times: not a constant and a factor for each variable")
    number = _integer(use, "use", -MAX_WORK, len(rules) - 1)
    if number >= 0:
        walk.use(rules[number], times)
        return
    for _ in range(-number):
        if walk.ending is not None:
            raise Refused("it goes on after the end")
        walk.macro_step()


def _lay(tape: Tape, size: int) -> Runs:
    """The runs of a tape whose head is at cell 0."""
    sides: Runs = ([((BLANK,) * size, None)], [((BLANK,) * size, None)])
    first, last = tape.origin // size, -(-(tape.origin + len(tape.cells)) // size)
    for side, numbers in ((0, range(min(first, 0), 0)), (1, range(max(last, 0) - 1, -1, -1))):
        for number in numbers:
            block = tuple(tape[cell] for cell in range(number * size, (number + 1) * size))
            runs = sides[side]
            if runs[-1][0] != block:
                runs.append((block, (1,)))
            elif runs[-1][1] is not None:
                runs[-1] = block, (runs[-1][1][0] + 1,)
    return sides


def _prove(blocks: _Blocks, rules: Sequence[_Rule], text: object) -> _Rule:
    """The rule that a proof proves."""
    fields = _object(text, "rule")
    state = _integer(fields.get("state"), "state", 0, len(blocks.machine.states) - 1)
    if fields.get("enters") not in ("left", "right"):
        raise Refused("enters: neither `left` nor `right`")
    rightward = fields["enters"] == "right"
    start = (_patterns(blocks, fields.get("left"), "left"), _patterns(blocks, fields.get("right"), "right"))
    variables = sum(pattern.modulus > 0 for side in start for pattern in side)
    if variables > MAX_VARIABLES:
        raise Refused(f"more than {MAX_VARIABLES} variables")
    runs: Runs = ([], [])
    variable = 0
    for side, patterns in enumerate(start):
        for pattern in patterns:
            form = [pattern.rest, *[0] * variables]
            if pattern.modulus > 0:
                variable += 1
                form[variable] = pattern.modulus
            runs[side].append((pattern.block, None if pattern.modulus < 0 else tuple(form)))
    walk = _Walk(blocks, state, rightward, (list(runs[0]), list(runs[1])), variables)
    for use in _list(fields.get("proof"), "proof"):
        _follow(walk, rules, use, once=True)
    if walk.ending is not None:
        raise Refused("its proof comes to an end of the run")
    change = _change(start, runs, walk.runs) if (walk.state, walk.rightward) == (state, rightward) else None
    _add(walk.steps, {(): Fraction(walk.certain)})
    return _Rule(
        state, rightward, start, tuple(walk.conditions), walk.state, walk.rightward, walk.runs, walk.steps, change,
        walk.advances,
    )  # fmt: skip


def _patterns(blocks: _Blocks, value: object, where: str) -> list[_Pattern]:
    patterns = []
    for place, run in enumerate(_list(value, where, MAX_VARIABLES)):
        if len(_list(run, where, 3)) != 3:
            raise Refused(f"{where}: a run is not [cells, modulus, rest]")
        block = _word(blocks.machine, run[0], where, blocks.size)
        modulus, rest = _integer(run[1], where, -1), _integer(run[2], where, 0)
        if modulus < 0 and (place or any(block)):
            raise Refused(f"{where}: only blanks are endless, and nothing is beyond them")
        patterns.append(_Pattern(block, modulus, rest))
    return patterns


def _change(start: tuple[list[_Pattern], list[_Pattern]], before: Runs, after: Runs) -> tuple[int, ...] | None:
    """How much each variable has grown, if the tape after is of the same family as before."""
    change = []
    for side in (0, 1):
        if [block for block, _ in before[side]] != [block for block, _ in after[side]]:
            return None
        for pattern, (_, old), (_, new) in zip(start[side], before[side], after[side]):
            if old is None or new is None:
                if old is not new:
                    return None
                continue
            grown = _plus(new, old, -1)
            if any(grown[1:]) or (grown[0] % pattern.modulus if pattern.modulus else grown[0]):
                return None
            if pattern.modulus:
                change.append(grown[0] // pattern.modulus)
    return tuple(change)


# --- the other proofs -------------------------------------------------------------------------------------------------


def _check_cycle(machine: Machine, tape: Tape, proof: Mapping[str, Any]) -> Proved:
    """The same state, and the same cells (but for a shift) wherever the head comes, at both ends of a period."""
    before = _integer(proof.get("before"), "proof: before", 0, MAX_WORK)
    period = _integer(proof.get("period"), "proof: period", 1, MAX_WORK - before)
    cells = {tape.origin + i: cell for i, cell in enumerate(tape.cells) if cell != BLANK}
    state, head = machine.start, 0
    for moment in range(before + period + 1):
        if moment == before:
            old_state, old_head, old_cells = state, head, dict(cells)
            low = high = head
        elif moment > before:
            low, high = min(low, head), max(high, head)
        if moment < before + period:
            rule = machine.delta.get((state, (cells.get(head, BLANK),)))
            if rule is None:
                raise Refused(f"proof: the machine halts after {moment} steps")
            cells[head] = rule.write[0]
            head += rule.move[0]
            state = rule.goto
    shift = head - old_head
    if state != old_state:
        raise Refused("proof: the states at both ends of the period differ")
    if (proof["method"] == "cycle") != (shift == 0):
        raise Refused(f"proof: the head has moved by {shift} cells, which is no {proof['method']}")
    # What the head will look at: all cells that it looked at in the period, and all beyond on the side it moves to.
    seen = {*old_cells, *(cell - shift for cell in cells), *range(low, high + 1)}
    for cell in seen:
        counts = (cell >= low or shift < 0) and (cell <= high or shift > 0)
        if counts and old_cells.get(cell, BLANK) != cells.get(cell + shift, BLANK):
            raise Refused(f"proof: cell {cell} differs at both ends of the period")
    return Proved(ENDLESS, proof["method"])


def _check_closed_set(machine: Machine, tape: Tape, proof: Mapping[str, Any]) -> Proved:
    radius = _integer(proof.get("radius"), "proof: radius", 1, MAX_BLOCK)
    words = {}
    for side in ("left", "right"):
        given = _list(proof.get(side), f"proof: {side}")
        words[side] = {_word(machine, word, f"proof: {side}", radius) for word in given}
    middles = set()
    for middle in _list(proof.get("middles"), "proof: middles"):
        if len(_list(middle, "proof: middles", 4)) != 4:
            raise Refused("proof: middles: an entry is not [state, left, symbol, right]")
        middles.add((
            _integer(middle[0], "proof: middles", 0, len(machine.states) - 1),
            _word(machine, middle[1], "proof: middles", radius),
            _integer(middle[2], "proof: middles", 0, len(machine.symbols) - 1),
            _word(machine, middle[3], "proof: middles", radius),
        ))  # fmt: skip
    # The start is in the set: its middle, and every word of the halves of its tape farther out.
    near = tuple(tape[cell] for cell in range(-radius, radius + 1))
    if (machine.start, near[:radius], tape[0], near[radius + 1 :]) not in middles:
        raise Refused("proof: the start is not in the set")
    far = max(abs(tape.origin), abs(tape.origin + len(tape.cells))) + 1
    for first in range(2, far + 1):
        if tuple(tape[cell] for cell in range(first, first + radius)) not in words["right"]:
            raise Refused("proof: the right half of the start's tape is not in the set")
        if tuple(tape[-cell] for cell in range(first + radius - 1, first - 1, -1)) not in words["left"]:
            raise Refused("proof: the left half of the start's tape is not in the set")
    for side in ("left", "right"):
        if (BLANK,) * radius not in words[side]:
            raise Refused(f"proof: blanks are not in the set on the {side}")
    # Whatever a step leads to from the set is in the set.
    for state, left, symbol, right in middles:
        rule = machine.delta.get((state, (symbol,)))
        if rule is None:
            raise Refused(f"proof: state {state} halts on symbol {symbol}, and that is in the set")
        (write,), (move,) = rule.write, rule.move
        if move == STAY:
            following = [(rule.goto, left, write, right)]
        elif move == RIGHT:
            if left not in words["left"]:
                raise Refused("proof: the set is not closed: a word on the left is missing")
            following = [
                (rule.goto, (*left[1:], write), right[0], (*right[1:], beyond))
                for beyond in range(len(machine.symbols))
                if (*right[1:], beyond) in words["right"]
            ]
        else:
            if right not in words["right"]:
                raise Refused("proof: the set is not closed: a word on the right is missing")
            following = [
                (rule.goto, (beyond, *left[:-1]), left[-1], (write, *right[:-1]))
                for beyond in range(len(machine.symbols))
                if (beyond, *left[:-1]) in words["left"]
            ]
        if not middles.issuperset(following):
            raise Refused("proof: the set is not closed under the step")
    return Proved(ENDLESS, "closed set")
