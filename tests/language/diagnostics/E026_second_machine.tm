machine first
  blank _
  a: _ -> R halt

machine second
  blank _
  a: _ -> L halt
