machine collatz
  "Follow the Collatz sequence of a binary number until it is 1."
  "Halve an even number, else triple it and add one. Halving is to erase the last digit, which is 0. To make 3n + 1"
  "in one walk from the right, each digit d becomes the last digit of 3d + c, where the carry c is 0, 1 or 2 and"
  "begins as 1. Nobody has proved that the sequence of every number comes to 1. For 27 it takes 111 stages."
  blank  _
  input  0 1
  start  right

  right:     0 1  ->   R
             _    ->   L halve
  halve:     0    -> _ L
             1    ->   L is-one
             _    ->   S none
  is-one:    _    ->   S done
             0 1  ->   R triple-1

  # triple-c: walk left with the carry c.
  triple-0:  0  ->   L
             1  ->   L triple-1
             _  ->   R right
  triple-1:  0  -> 1 L triple-0
             1  -> 0 L triple-2
             _  -> 1 R right
  triple-2:  0  ->   L triple-1
             1  ->   L
             _  -> 0 L triple-1
  done:      halt
  none:      reject

test "11"    => "1" and halts as halt
test "1"     => "1" and halts in 4 steps
test "1000"  => "1" and halts in 10 steps
test "111"   => "1"
test "0"     rejects
test ""      rejects
