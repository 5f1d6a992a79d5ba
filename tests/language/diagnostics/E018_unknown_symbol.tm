machine alphabet
  blank _
  symbols zero one
  input zero one two
  a: zero -> on R
     four -> R skip(zer)
     _ -> S halt

macro skip(symbol x)
  only: x -> R
