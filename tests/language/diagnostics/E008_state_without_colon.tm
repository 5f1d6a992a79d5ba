machine m
  blank _
  s1: 0 -> R s2
      _ -> S halt

  s2
      0 -> R
      1 -> S halt
