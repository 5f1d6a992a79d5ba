include "macros.tm"

machine subtract
  "Subtract a binary number from one at least as large: `1011-110`."
  "Column by column from the right, as in the machine `add`: the last digit of the right number is taken off, the next"
  "column of the left number pays, and a column that is 0 borrows from those further left. If there is nobody to borrow"
  "from, the result would be negative: the machine halts with that verdict, and what is on the tape means nothing."
  blank  _
  input  0 1 -
  start  right

  right:        0 1 - O I  ->   R
                _          ->   L take
  take:         0          -> _ L zero
                1          -> _ L one
                -          -> _ L clean
  zero:         0 1        ->   L
                -          ->   L zero-column
  zero-column:  O I        ->   L
                0 _        -> O R right
                1          -> I R right
  one:          0 1        ->   L
                -          ->   L one-column
  one-column:   O I        ->   L
                1          -> O R right
                0          -> I L borrow
                _          ->   S below-zero
  borrow:       0          -> 1 L
                1          -> 0 R right
                _          ->   S below-zero
  clean:        O          -> 0 L
                I          -> 1 L
                0 1        ->   L
                _          ->   R strip(0, done)
  done:         halt
  below-zero:   halt negative

test "1011-110"  => "101" and halts as halt
test "1000-1"    => "111"
test "101-101"   => "0"
test "110-"      => "110"
test "1-0001"    => "0"
test "10-11"     halts as negative
test "-1"        halts as negative
