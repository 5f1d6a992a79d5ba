machine m
  blank _
  input 0 _
  a: 0 _ -> R
