machine m
  blank _
  input 0
  a: 0 _ -> R b
     x   -> L
  b: 0   -> R
     x _ -> S halt
     *   -> L a
