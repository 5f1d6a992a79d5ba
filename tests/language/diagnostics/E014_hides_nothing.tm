machine m
  blank  _
  a:  0  -> R nowhere
      0  -> L
  b:  halt
      1  -> R elsewhere
  a:  1  -> R astray
