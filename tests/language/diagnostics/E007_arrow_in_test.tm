machine m
  blank _
  a: 0 -> R
     _ -> S halt
test "0" -> "0"
