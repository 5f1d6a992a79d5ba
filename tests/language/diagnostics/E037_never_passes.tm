machine m
  blank _
  a: 1 -> R
     _ -> S accept

test "1" accepts and rejects
test "1" accepts and runs at least 10 steps
test "1" halts in 2 steps and accepts in 3 steps
test "1" halts undefined and accepts
test "1" halts as lost
