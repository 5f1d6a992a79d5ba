machine m
  blank _
  symbols 0 1
  a: 0 -> R 1 a
     _ -> S halt
