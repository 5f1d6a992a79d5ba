machine clash
  blank _
  a: 0 1 -> R
     1 _ -> L halt
  b: 0 0 -> R a
     *   -> L a
