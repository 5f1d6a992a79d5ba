machine m
  blank _
  a: 0 -> R 1 a
     _ -> S halt
