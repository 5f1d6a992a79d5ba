machine m
  blank _
  a: use p(0).second
macro p(symbol x)
  first: x -> R second
  second: x -> L first
