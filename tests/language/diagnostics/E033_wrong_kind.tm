machine m
  blank _
  a: 0 -> R put(1, L, halt)
     1 -> R put(put(1, R, halt), left, halt)
     _ -> R put(1, R, R)

macro put(symbol x, move way, state next)
  only: way -> x S next
        0   -> next S next
        1   -> S x
