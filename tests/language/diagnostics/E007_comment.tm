machine m
  blank _
  a: 0 -> R a // go on
     _ -> S halt
