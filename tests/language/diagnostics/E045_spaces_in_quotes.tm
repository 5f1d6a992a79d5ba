machine m
  blank  _
  a:  0  -> R “the end”
      _  -> S 'b
  "the end":  halt
  b:          halt
