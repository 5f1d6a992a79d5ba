machine m
  blank _
  a: _ -> R p(halt)

piece p(state next)
  only: * -> R next

piece p(state next)
  only: * -> L next
