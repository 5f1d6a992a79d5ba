machine two words
  blank _ 0
  a: 0 : 1 -> R
     _ -> -> R halt
  b: accept now

macro skip(next)
  only: * -> R next

test "1" => 1
test accept
test "1" halts in few moves
input 0, 1
