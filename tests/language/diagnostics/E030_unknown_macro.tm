machine calls
  blank _
  a: 0 -> R skp(halt)
     1 -> R other(halt)
     _ -> R skip(halt)

macro skip(state next)
  only: * -> R next
