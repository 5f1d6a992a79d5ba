"""The checker of halting certificates: that a machine halts after so many steps, or that it runs forever.

It is handed a machine and a certificate that anybody may have written, trusts no figure in it, and imports nothing but
the machines' core. What it has to settle is whether the certificate's proof holds for this machine; all arithmetic is
exact, and what a certificate may ask for is bounded (`limits.py`) and paid for before it is done.

What a certificate says
=======================

    {"format": "triquetra halting certificate 1", "machine": digest of the machine,
     "input": {"origin": first position, "cells": [symbol, ...]},
     "claim": {"ending": "halted" | "undefined", "state": s, "steps": "n", "nonblank": "m"}
              or {"ending": "runs forever"},
     "proof": {"method": ..., ...}}

The head starts at position 0. States and symbols are indices; integers may be written as numbers or as strings of
decimal digits.

*Acceptance.* The proof is followed from the start; it comes to an ending, and to a state, a number of steps and a
number of cells that are not blank where the machine halts. The certificate is accepted if these are what it claims.
Whatever goes wrong on the way is a refusal, and each method below ends in what is true or not at all.

Proofs by running
=================

* `steps`: the machine halts when it is run.
* `cycle`: after `before` and after `before + period` steps the states, the places of the head and all cells that the
  head was at in between are the same. What follows depends on nothing else, so it follows again, for ever.
* `translated cycle`: the same, but the head has moved by a shift ≠ 0, and so have the cells. Next time the head comes
  to cells farther out on the side of the shift, so all cells on that side must agree, too, to the end of the tape.

Proofs by a closed set
======================

`closed set`: a set of tapes that holds the start, that no step leaves, and in which nothing halts. `radius` is n, the
length of words; `middles` is [[state, word left of the head, cell at the head, word right of it], ...]; `left` and
`right` are all words that may stand in the two halves of the tape farther out. A cell is [symbol, s₁, a₁, s₂, a₂, ...]:
besides its symbol it remembers the state and the symbol read of its latest visits, up to `history` of them.

A tape is in the set if its middle is one of `middles`, and every n cells in a row from the second cell right of the
head on are one of `right`, and so on the left. A step to the right moves the head onto the first cell of the right
word; of the new right word all but the last cell are known, and that is any cell with which a word of `right` goes on;
the old left word is now farther out. So the set is closed if for each middle the left word is in `left` and all middles
with such a last cell are in `middles`. What cells remember is of no account for soundness: it only tells more tapes
apart.

Proofs by rules
===============

`rules`: `block` is a number of cells, `before` of steps (0 if absent), `enters`, `rules` and `run` as follows. After so
many plain steps the tape is cut into blocks of that size, so that one begins at the head's cell, which the head enters
to its right, or ends there, and the head enters it to its left (`enters`: "right", if absent, or "left"). Equal
neighbours make a *run*; the outermost runs are endless blanks. The head stands between two blocks and enters one of
them.

*Macro-step.* All that happens until the head leaves the block that it enters. If it leaves on the far side in the state
in which it entered, it crosses the whole run, and that is one macro-step too; if that run is endless, or the head never
leaves its block, the machine runs forever.

*Rule.* {"state": s, "enters": "left" | "right", "left": runs, "right": runs, "proof": uses} speaks of all tapes with
these runs next to the head (nearest last) and anything beyond. A run [cells, modulus, rest] is modulus·z + rest blocks
long, for each z ≥ 0 (a variable, numbered over the left and then the right runs); modulus 0: exactly `rest`; modulus
-1: the endless blanks. What the rule says follows from its proof, a list of uses: −n is n macro-steps, r an earlier
rule once, and [r, [c, a₁, a₂, ...]] an earlier rule c + Σ aᵢzᵢ times.

*What it means.* Lengths are forms c + Σ aᵢzᵢ. A proof is followed with forms for lengths, and what that needs is noted:
a list of forms, the *conditions*. The rule then says: wherever all conditions are ≥ 0, the machine comes from the
rule's start to its end in so many steps, a polynomial in the variables. Each use keeps this true:

* A macro-step that crosses a run of `count` blocks takes it to the other side, for every length.
* One block is taken off a run only if one is left (count − 2 ≥ 0 is a condition), or if the length does not vary. Where
  the block comes out as it was and the head turns back, it is enough that there is one, and there is (see below).
* A rule is used where state, side, blocks, lengths and classes of lengths are those of its start. Its conditions, with
  the forms of this place for its variables, are conditions here; and the variables are ≥ 0.
* A rule is used n times at once only if its end is its start with other variables, and if each condition changes from
  one time to the next by a constant, or never falls. Then it holds every time if it holds the first and the last time;
  n ≥ 1 is a condition. Steps are summed over the times, or found by repeated squaring where variables are multiplied.

*The run.* `run` is the machine's run from its start, of uses −n and r; there is no variable, so that conditions are
numbers, and r is the rule as often as it can be applied. If no condition ever falls it can be applied for ever: then
the machine runs forever, if each application takes at least one step.

*Invariant.* Every finite run of a tape that a machine comes to has at least one block. The start is laid so; a
macro-step puts down one block, or a run that it crosses, and takes a block off where one is left; a rule does what its
proof does. It is held for every run that is put down (`_Walk.push`). A rule whose start has a run of no blocks speaks
of no tape at all.
"""

from .check import check as check
from .limits import RefusedHalting as RefusedHalting
from .reading import ProvedHalting as ProvedHalting
from .reading import read_certificate as read_certificate
