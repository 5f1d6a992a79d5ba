include "macros.tm"

machine one-way-shift
  "Mark the left end of a one-way tape: shift the word one cell to the right and put a $ before it."
  "The first thing that many textbook machines do. The symbol that is displaced is carried in the state. At the end the"
  "head comes home to the $."
  blank    _
  input    0 1
  one-way
  start    begin

  begin:    0  -> $ R carry-0
            1  -> $ R carry-1
            _  -> $ S done
  carry-0:  0  ->   R
            1  -> 0 R carry-1
            _  -> 0 S home
  carry-1:  0  -> 1 R carry-0
            1  ->   R
            _  -> 1 S home
  home:     use find($, L, done)
  done:     halt

test "0110"  => "$0110"
test "1"     => "$1" and halts in 4 steps
test ""      => "$" and halts in 1 step
