machine m
  blank _
  input 0 01
  a: 0 01 -> R
     _ -> S halt
test "0010" halts
