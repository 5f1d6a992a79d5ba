machine m
  blank _
  a: 0 -> 1, R, a
     1 -> 0, L
     _ -> S halt
     x -> 1, r, a
