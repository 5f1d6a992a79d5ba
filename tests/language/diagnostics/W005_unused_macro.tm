machine m
  blank _
  a: _ -> R halt

macro skip(state next)
  only: * -> R next
