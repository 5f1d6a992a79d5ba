machine m
  blank _
  input a..z
  a: (a..c) -> (x y) R
     _ d -> (a b) R
     (e e) -> (f g) R
