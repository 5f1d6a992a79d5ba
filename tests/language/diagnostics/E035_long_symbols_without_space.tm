machine m
  blank _
  input ab c
  a: ab c -> R
     _ -> S halt
test "abcab" halts
test "\"ab" halts
