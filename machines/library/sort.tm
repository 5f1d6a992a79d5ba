machine sort
  "Sort a word over 1, 2 and 3."
  "Gnome sort: walk right while the word is in order; where a larger symbol stands before a smaller one, swap the two"
  "and step back. The state `after-x` has just read x; `put-x` holds x and writes it on the left."
  blank  _
  input  1 2 3
  start  begin

  begin:    _    ->   S done
            *    ->   S look
  look:     1    ->   R after-1
            2    ->   R after-2
            3    ->   R after-3
            _    ->   R  # stepped back over the left end
  after-1:  1    ->   R
            2    ->   R after-2
            3    ->   R after-3
            _    ->   S done
  after-2:  1    -> 2 L put-1
            2    ->   R
            3    ->   R after-3
            _    ->   S done
  after-3:  1    -> 3 L put-1
            2    -> 3 L put-2
            3    ->   R
            _    ->   S done
  put-1:    2 3  -> 1 L look
  put-2:    3    -> 2 L look
  done:     halt

test "3121"  => "1123"
test "321"   => "123"
test "123"   => "123" and halts in 5 steps
test ""      => "" and halts in 1 step
