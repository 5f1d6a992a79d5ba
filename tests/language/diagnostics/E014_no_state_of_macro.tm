machine m
  blank _
  a: 0 -> S p(0).secnd
     _ -> S b.third
  b: use p(1)
macro p(symbol x)
  first: x -> R second
  second: x -> L first
