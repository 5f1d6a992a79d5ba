machine m
  blank _
  a: 0 -> R put(1)
     1 -> R put(1, halt, halt)
     _ -> R none(1)

macro put(symbol x, state next)
  only: * -> x S next

macro none()
  only: * -> S halt
