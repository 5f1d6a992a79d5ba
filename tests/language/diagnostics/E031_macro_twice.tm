machine m
  blank _
  a: _ -> R p(halt)

macro p(state next)
  only: * -> R next

macro p(state next)
  only: * -> L next
