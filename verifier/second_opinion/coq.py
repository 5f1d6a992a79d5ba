"""The induction step for a proof assistant: a file that Coq accepts if a network agrees with a machine for ever.

It holds the machine and the network's weights, exactly, and after them `agreement.v`: the semantics of both, the local
margins, computed by Coq itself, and the induction on steps, for every tape and every number of steps. External tape,
one tape; sig is any function within ε of 0 and 1 beyond the margin; the rounding of doubles is left to the checker.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal
from fractions import Fraction
from importlib.resources import files

from triquetra.forms import Network
from triquetra.machines import InputError, Machine

from .smt import Term, parameters

EIGHTH = Fraction(1, 8)  # nats; margins are multiples of it
ROOM = EIGHTH  # that ε needs of a margin: what is off may add so much to a drive


def to_coq(machine: Machine, network: Network, margin: Fraction) -> str:
    """The text of a Coq 8.16 file which states and proves agreement on all tapes.

    Args:
        margin: nats that every drive is to clear, with all activities within ε of one-hot; as in a certificate.
    Raises: InputError: more than one tape, or a margin so small that ε would not be below ½.
    """
    if machine.tapes != 1:
        raise InputError(f"`{machine.name}` has {machine.tapes} tapes; the induction is written for one")
    margin = (margin - ROOM) // EIGHTH * EIGHTH
    if margin < 1:
        raise InputError("the margin is below a nat; the induction needs activities near 0 and 1")
    epsilon = _power_above(Decimal(margin.numerator) / Decimal(margin.denominator))
    found = parameters(network)
    seen, k = found.sensory, len(machine.symbols)
    axes = network.axes
    rules = [
        f"(({rule.state}, {rule.read[0]})%nat, ({rule.write[0]}%nat, {rule.goto}%nat, ({rule.move[0]})%Z))"
        for rule in machine.rules
    ]
    cells = [f"({state}, {read})%nat" for state, read in zip(axes.cell_state.tolist(), axes.cell_read[:, 0].tolist())]
    units = [
        f"({_q(bias)}, {_list(f'({column}%nat, {_q(weight)})' for column, weight in row)})" for bias, row in found.units
    ]
    sensory = [_list(_q(seen[0, unit, symbol][0]) for symbol in range(k)) for unit in range(k)]
    data = f"""(* {_comment(machine.name)}: its rules, and the weights of its network, exactly. *)
From Coq Require Import QArith ZArith List Bool Lia Lqa.
Import ListNotations.
Open Scope Q_scope.

Definition n : nat := {len(machine.states)}. (* states {_comment(" ".join(machine.states))} *)
Definition k : nat := {k}. (* symbols {_comment(" ".join(machine.symbols))} *)
Definition start : nat := {machine.start}.
Definition one_way : bool := {str(machine.one_way[0]).lower()}.
(* (state, read), (write, next state, move) *)
Definition rules : list ((nat * nat) * (nat * nat * Z)) := {_list(rules)}.

(* Coincidences (state, read); then bias and synapses of each unit: states, halt, left, right, risk. *)
Definition cells : list (nat * nat) := {_list(cells)}.
Definition units : list (Q * list (nat * Q)) := {_list(units)}.
Definition sensory : list (list Q) := {_list(sensory)}. (* of each read unit, for each symbol that is shown *)
Definition sensory_bias : list Q := {_list(_q(seen[0, unit, 0][1]) for unit in range(k))}.
Definition margin : Q := {_rational(margin)}. (* nats *)
Definition epsilon : Q := {_rational(epsilon)}. (* at least exp (- margin) *)

"""
    return data + files(__package__).joinpath("agreement.v").read_text(encoding="utf-8")


def _power_above(margin: Decimal) -> Fraction:
    """The least power of two that is above e^-margin."""
    error = Fraction(Context(prec=50).exp(-margin)) * (1 + Fraction(1, 10**40))
    power = Fraction(1)
    while power / 2 > error:
        power /= 2
    return power


def _q(term: Term) -> str:
    return _rational(term[0])


def _rational(x: Fraction) -> str:
    return f"({x.numerator} # {x.denominator})"


def _list(items: Iterable[str]) -> str:
    return f"[{'; '.join(items)}]"


def _comment(text: str) -> str:
    """Text that cannot end a comment or open a string in it."""
    return "".join(c if c.isalnum() or c in " _-.,'" else "." for c in text)
