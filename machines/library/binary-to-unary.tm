machine binary-to-unary
  "Write as many marks as a binary number says."
  "Subtract one and write a mark behind the number, until there is nothing to subtract from."
  blank  _
  input  0 1
  start  right

  right:   0 1 |  ->   R
           _      ->   L borrow
  borrow:  |      ->   L
           0      -> 1 L
           1      -> 0 R mark
           _      ->   R erase  # the number was zero, and is all ones now
  mark:    0 1 |  ->   R
           _      -> | L borrow
  erase:   1      -> _ R
           | _    ->   S done
  done:    halt

test "101"  => "|||||"
test "11"   => "|||"
test "0"    => ""
test "001"  => "|"
test ""     => ""
