machine m
  blank _
  a: 0 => 1 R
     1 → 0 R
     _ -> S halt
  b: 0 > R
