include "macros.tm"

machine decrement
  "Subtract one from a binary number."
  "From the right end a 0 becomes 1 and borrows one further left; the first 1 pays and becomes 0. Zeros on the left are"
  "then erased. Zero has nobody to borrow from: the digits are restored and the machine halts as `underflow`."
  blank  _
  input  0 1
  start  right

  right:    0 1  ->   R
            _    ->   L borrow
  borrow:   0    -> 1 L
            1    -> 0 L left
            _    ->   R restore
  left:     0 1  ->   L
            _    ->   R strip(0, done)
  restore:  1    -> 0 R
            _    ->   S none
  done:     halt
  none:     halt underflow

test "1100"   => "1011" and halts as halt
test "1000"   => "111"
test "1"      => "0"
test "00110"  => "101"
test "000"    => "000" and halts as underflow
test ""       => "" and halts as underflow
