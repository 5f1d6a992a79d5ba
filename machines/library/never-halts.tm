machine never-halts
  "Run to and fro on a growing block of marks, for ever."
  "The simplest kind of machine that neither halts nor comes back to where it was: a bouncer. That it never halts is"
  "seen by induction over its turns; that it is easy here does not make it easy in general (Turing 1936)."
  blank  0
  start  right

  right:  1  ->   R
          0  -> 1 L left
  left:   1  ->   L
          0  -> 1 R right

test ""     runs forever at least 2_000 steps
test "101"  runs forever at least 500 steps
