machine my machine
  blank  _
  input  0 1
  a:  0 1  -> R
      _    -> S halt

test "0" => "0" in 2 steps
test "0" => "0" halts in 2 steps
test "0" accepts rejects
test "0" runs forever
test "0" leaves marks
test "0" halts as
