machine "un\known"
  blank _
  symbols "\u{110000}" "\u{zz}"
  a: _ -> R halt
