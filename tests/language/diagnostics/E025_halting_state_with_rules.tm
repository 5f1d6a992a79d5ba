machine halting
  blank _
  a: _ -> R done
  done: halt
     1 -> R a
  copy: use skip(a)
     1 -> R a

macro skip(state next)
  only: * -> R next
