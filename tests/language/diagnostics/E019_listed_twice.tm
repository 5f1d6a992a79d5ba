machine listed-twice
  blank _
  symbols 0 1 0
  input 0 1 1
  tapes 2
  one-way 1 1
  a: *,* -> S,S put(0, 1)

macro put(symbol x, symbol x)
  only: *,* -> x,x S,S halt
