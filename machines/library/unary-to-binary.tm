machine unary-to-binary
  "Write the number of marks in binary."
  "Each walk to the right crosses off every second mark, so that half of them are left; whether a mark remained over is"
  "the next binary digit, and is written on the left. n marks take in the order of n log n steps."
  blank  _
  input  |
  start  begin

  begin:    |  ->   S even
            _  -> 0 S done
  even:     x  ->   R
            |  -> x R odd
            _  ->   L digit-0
  odd:      x  ->   R
            |  ->   R even
            _  ->   L digit-1

  # Put the digit before those that are there already.
  digit-0:  | x 0 1  ->   L
            _        -> 0 R return
  digit-1:  | x 0 1  ->   L
            _        -> 1 R return
  return:   0 1      ->   R
            x        ->   R check
  check:    x        ->   R
            |        ->   L again  # there are marks left
            _        ->   L erase
  again:    x        ->   L
            0 1      ->   R even
  erase:    x        -> _ L
            0 1      ->   S done
  done:     halt

test "|||||"     => "101"
test "|"         => "1"
test "||||||||"  => "1000"
test ""          => "0" and halts in 1 step
