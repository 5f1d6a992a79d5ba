machine decimal-increment
  "Add one to a decimal number."
  "As in binary: 9 becomes 0 and carries; any other digit becomes the next one. A table of digits must be written out,"
  "since a Turing machine knows symbols, not numbers."
  blank  _
  input  0 1 2 3 4 5 6 7 8 9
  start  right

  right:  _    ->   L carry
          *    ->   R
  carry:  0 _  -> 1 S done
          1    -> 2 S done
          2    -> 3 S done
          3    -> 4 S done
          4    -> 5 S done
          5    -> 6 S done
          6    -> 7 S done
          7    -> 8 S done
          8    -> 9 S done
          9    -> 0 L
  done:   halt

test "1299"  => "1300"
test "999"   => "1000"
test "0"     => "1" and halts in 3 steps
test ""      => "1"
