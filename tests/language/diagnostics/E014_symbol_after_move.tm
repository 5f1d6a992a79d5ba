machine m
  blank _
  input 0 1
  a: 0 -> R 1
     1 -> R
     _ -> S halt
