machine increment
  "Add one to a binary number."
  "The number is written with its highest digit on the left. The head walks to its end and comes back: a 1 becomes 0"
  "and carries one further left; the first 0, or the blank before the number, takes the carry and becomes 1."
  blank  _
  input  0 1
  start  right

  right:  0 1  ->   R
          _    ->   L carry
  carry:  1    -> 0 L
          0 _  -> 1 S done
  done:   halt

test "1011"  => "1100"
test "0"     => "1" and halts in 3 steps
test "111"   => "1000"
test ""      => "1" and halts in 2 steps
