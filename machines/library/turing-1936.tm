machine turing-1936
  "The first machine that was ever published: 0 1 0 1 0 1 ..."
  "Example I of section 3 of Alan Turing's On Computable Numbers (1936), with his names for the states. It writes the"
  "binary fraction of 1/3 on every second square, and never halts: such a machine Turing called circle-free. The"
  "squares in between are left for notes, which this machine does not need."
  blank  _
  start  b

  b:  _  -> 0 R c
  c:  _  ->   R e
  e:  _  -> 1 R k
  k:  _  ->   R b

test ""  runs forever at least 1_000 steps
