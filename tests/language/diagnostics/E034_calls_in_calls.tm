machine m
  blank _
  a: _ -> R p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(halt))))))))))))))))))))))))))))))))))))))))))))))))))))

macro p(state next)
  only: * -> R next
