machine m
  blank _
  a: _ -> R halt
  b: _ -> R c
  c: halt
