# a^n stands for the number n. Source: L. De Mol, Tag systems and Collatz-like functions, TCS 390 (2008) 92-101.
tag collatz
  "From a^n the next word of a's alone is a^(n/2) for even n, a^((3n+1)/2) for odd n."
  delete 2
  a -> b c
  b -> a
  c -> a a a
  word a a a
