machine m
  blank _
  input z..a
  a: 0..0 -> R
     1 -> R p(a..z)
