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

* `rules`: `block` is a number of cells, `before` of steps (0 if absent), `enters`, `rules` and `run` as follows. After
  so many plain steps the tape is cut into blocks of that size, so that one begins at the head's cell, which the head
  enters to its right, or ends there, and the head enters it to its left (`enters`: "right", if absent, or "left").
  Equal neighbours make a *run*. The head stands between two blocks and enters one of them; a *macro-step* is all
  that happens until it leaves that block. If it leaves on the far side in the state in which it entered, it crosses the
  whole run, and that is one macro-step too.
  A rule {"state": s, "enters": "left" | "right", "left": runs, "right": runs, "proof": uses} speaks of all tapes with
  these runs next to the head (nearest last) and anything beyond. A run [cells, modulus, rest] is modulus·z + rest
  blocks long, for each z ≥ 0 (a variable, numbered over the left and then the right runs); modulus 0: exactly `rest`;
  modulus -1: the endless blanks. What the rule says follows from its proof, a list of uses: −n is n macro-steps, r an
  earlier rule once, and [r, [c, a₁, a₂, ...]] an earlier rule c + Σ aᵢzᵢ times. A rule can be repeated if it leads
  back to its own kind of tape and whether it still holds depends on counts that change by constants.
  `run` is the machine's run from its start, of uses −n and r; there r is the rule as often as it can be applied.
* `steps`: the machine halts when it is run.
* `cycle`: the configurations after `before` and after `before + period` steps are the same.
* `translated cycle`: the same, but for a shift, in what the machine looks at from `before` on.
* `closed set`: a set of tapes that holds the start, that no step leaves, and in which nothing halts. `radius` is n, the
  length of words; `middles` is [[state, word left of the head, cell at the head, word right of it], ...]; `left` and
  `right` are all words that may stand in the two halves of the tape farther out. A cell is [symbol, s₁, a₁, s₂, a₂,
  ...]: besides its symbol it remembers the state and the symbol read of its latest visits, up to `history` of them.
"""

from .check import check as check
from .reading import Proved as Proved
from .reading import Refused as Refused
from .reading import read_certificate as read_certificate
