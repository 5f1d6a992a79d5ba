machine power-of-two
  "Is the number of marks a power of two?"
  "Walk to and fro and cross off every second mark, which halves the number, until one is left. If the number is odd"
  "and not one, it is no power of two. It is an example in Sipser's textbook (1997)."
  blank  _
  input  |
  start  first

  # The first mark stays as it is: it is blanked so that the left end can be found.
  first:   |    -> _ R one
           _    ->   S reject
  one:     x    ->   R
           |    -> x R even
           _    ->   S accept
  even:    x    ->   R
           |    ->   R odd
           _    ->   L return
  odd:     x    ->   R
           |    -> x R even
           _    ->   S reject
  return:  | x  ->   L
           _    ->   R one

test "||||"    accepts
test "|"       accepts in 2 steps
test "||"      accepts
test "||||||"  rejects
test "|||"     rejects
test ""        rejects in 1 step
