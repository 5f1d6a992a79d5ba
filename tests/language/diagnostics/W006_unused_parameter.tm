machine m
  blank _
  a: _ -> R skip(1, L, halt)

macro skip(symbol x, move way, state next)
  only: * -> R next
