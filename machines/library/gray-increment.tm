machine gray-increment
  "The next number in reflected Gray code."
  "In Gray code neighbouring numbers differ in one digit: 0, 1, 11, 10, 110, 111, 101, 100. If the number of ones is"
  "even, the last digit changes; if it is odd, the digit left of the last 1 does. So the head walks right, keeping"
  "count of the ones modulo 2, and then back to the digit that changes. Patented by Frank Gray in 1953."
  blank  _
  input  0 1
  start  even

  even:  0    ->   R
         1    ->   R odd
         _    ->   L flip
  odd:   0    ->   R
         1    ->   R even
         _    ->   L seek
  seek:  0    ->   L
         1    ->   L flip
  flip:  0 _  -> 1 S done
         1    -> 0 S done
  done:  halt

test "110"   => "111"
test "10"    => "110" and halts in 6 steps
test ""      => "1" and halts in 2 steps
test "0000"  => "0001"
test "100"   => "1100"
