machine m
  blank _
  symbols 0 1 x y
  input 0 1
  a: 0 -> R
     * -> x S halt
