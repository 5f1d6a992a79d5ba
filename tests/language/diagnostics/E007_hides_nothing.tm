machine m
  blank    _
  symbols  0 1
  a:  0  -> R p(0)
      1  -> R q(halt)
      _  -> R r(s(0))

macro p(symbol x state next)
  only:  *  -> x R next

macro q(state)
  only:  *  -> next R q(1, 2)
         0  -> L
         0  -> R t(0)

macro r(state next)
  only:  2  -> R u(next)
