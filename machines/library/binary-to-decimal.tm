machine binary-to-decimal
  "Write a binary number in decimal."
  "Horner's rule: for each binary digit b, from the left, the decimal number d on the left becomes 2d + b. Doubling"
  "is one walk over the decimal digits from the right, and b is the carry that it begins with. A binary digit that is"
  "done becomes the sign =, so that binary and decimal digits are not mixed up."
  blank  _
  input  0 1
  start  next

  next:     =    ->   R
            0    -> = L carry-0
            1    -> = L carry-1
            _    ->   L erase
  carry-0:  = 0  ->   L
            1    -> 2 L
            2    -> 4 L
            3    -> 6 L
            4    -> 8 L
            5    -> 0 L carry-1
            6    -> 2 L carry-1
            7    -> 4 L carry-1
            8    -> 6 L carry-1
            9    -> 8 L carry-1
            _    ->   R return
  carry-1:  =    ->   L
            0    -> 1 L carry-0
            1    -> 3 L carry-0
            2    -> 5 L carry-0
            3    -> 7 L carry-0
            4    -> 9 L carry-0
            5    -> 1 L
            6    -> 3 L
            7    -> 5 L
            8    -> 7 L
            9    ->   L
            _    -> 1 R return
  return:   =    ->   R next
            *    ->   R
  erase:    =    -> _ L
            _    -> 0 S done  # no digit but zeros
            *    ->   S done
  done:     halt

test "1010"      => "10"
test "11111111"  => "255"
test "0"         => "0"
test ""          => "0"
test "0001"      => "1"
