machine m
  blank R
  start a
  a: L S -> R
     1   -> R "S"
  S: test -> R halt
     halt -> R
  test -> L

macro p(symbol L)
  only: L -> R
