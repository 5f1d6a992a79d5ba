machine m
  blank _
  a: 0 1 -> R
     _ -> S halt
test "0" => "0" in 2 steps
test "0" => "0" halts in 2 steps
