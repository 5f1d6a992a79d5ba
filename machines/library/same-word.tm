machine same-word
  "Is it the same word twice: w=w, with w over 0 and 1?"
  "Cross off the first digit, carry it in the state over the =, and compare it with the first digit there that is not"
  "crossed off; then come back. In the end neither side may have digits left."
  blank  _
  input  0 1 =
  start  first

  first:    0    -> x R over-0
            1    -> x R over-1
            =    ->   R rest
            _    ->   S reject  # there is no =
  over-0:   0 1  ->   R
            =    ->   R match-0
            _    ->   S reject
  over-1:   0 1  ->   R
            =    ->   R match-1
            _    ->   S reject
  match-0:  x    ->   R
            0    -> x L return
            *    ->   S reject
  match-1:  x    ->   R
            1    -> x L return
            *    ->   S reject
  return:   x    ->   L
            =    ->   L home
  home:     0 1  ->   L
            x    ->   R first
  rest:     x    ->   R
            _    ->   S accept
            *    ->   S reject

test "01=01"   accepts
test "="       accepts in 2 steps
test "01=10"   rejects
test "011=01"  rejects
test "01=011"  rejects
test "01"      rejects
test "0==0"    rejects
