machine turing-1936-second
  "Turing's second machine: 0 0 1 0 1 1 0 1 1 1 0 1 1 1 1 ..."
  "Example II of section 3 of On Computable Numbers (1936), with his names for the states. Digits stand on every"
  "second square; on the squares between, x marks ones that are still to be copied into the next run of ones, which"
  "is longer by one. Turing writes several moves in a line; here each is a state. He prints two e (he writes a turned"
  "one) so that the beginning can be found."
  blank  _
  start  b

  b:          _  -> e R b-2
  b-2:        _  -> e R b-3
  b-3:        _  -> 0 R b-4
  b-4:        _  ->   R b-5
  b-5:        _  -> 0 L b-6
  b-6:        _  ->   L o

  # Mark each one of the last run.
  o:          1    ->   R o-2
              0    ->   S q
  o-2:        _    -> x L o-3
  o-3:        1    ->   L o-4
  o-4:        _ x  ->   L o

  # A one at the end for each mark.
  q:          0 1  ->   R skip(q)
              _    -> 1 L p
  p:          x    -> _ R q
              e    ->   R f
              _    ->   L skip-back
  skip-back:  0 1  ->   L p

  # And a zero.
  f:          0 1  ->   R skip(f)
              _    -> 0 L f-2
  f-2:        _    ->   L o

macro skip(state next)
  "Over a square for notes."

  note:  *  -> R next

test ""  runs forever at least 1_000 steps
