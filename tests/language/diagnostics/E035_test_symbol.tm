machine m
  blank _
  input 0 1
  a: 0 1 -> x R
     _   -> S halt

test "0x1" halts
test "01" => "x2"
test "\u{78}0" halts
