machine m
  blank _
  s: 0 -> R nowhere
     0 -> L
     _ -> S halt
