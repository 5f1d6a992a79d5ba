machine one-way-palindrome
  "Does a binary word read the same from both ends, on a tape that ends on the left?"
  "As `palindrome`, but nothing marks the left end. The way to find it: a move left from the first cell leaves the"
  "head where it is. So the machine leaves a mark, steps left, and looks whether it still stands on the mark. Here"
  "the marks x are what is crossed off, and a ! is put down for the test."
  blank    _
  input    0 1
  one-way
  start    first

  first:   x    ->   R
           0    -> x R end-0
           1    -> x R end-1
           _    ->   S accept
  end-0:   0 1  ->   R
           _ x  ->   L last-0
  end-1:   0 1  ->   R
           _ x  ->   L last-1
  last-0:  0    -> x L home
           1    ->   S reject
           x    ->   S accept  # the middle digit has no partner
  last-1:  1    -> x L home
           0    ->   S reject
           x    ->   S accept

  # Go left to the end of the tape.
  home:    *      ->   L
           x      -> ! L test
  test:    !      -> x S first  # still on the mark: this is the first cell
           0 1 x  ->   R unmark
  unmark:  !      -> x L home

test "0110"  accepts
test "010"   accepts
test "0111"  rejects
test "1"     accepts in 3 steps
test ""      accepts in 1 step
