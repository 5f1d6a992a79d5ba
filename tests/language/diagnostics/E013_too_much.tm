machine too-much
  blank _
  a: 0 -> 1 R L
     1 -> 0 1 R a
     2 -> L a b
     3 -> R *
     4 -> a, b R a
     5 -> skip(a) R a
     6 -> R a,b
     _ -> S halt
  b: halt

macro skip(state next)
  only: * -> R next
