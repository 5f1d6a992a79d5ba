machine compare
  "Compare two binary numbers: `101?11`. The verdict is less, equal or greater."
  "The last digits are taken off both numbers, pair after pair from the right, and the state remembers how the parts"
  "that were taken off compare: a pair of different digits decides whatever stood right of it. Where a number has no"
  "more digits its digit is 0, so that zeros on the left do not matter. A column of the left number that is done is"
  "written o."
  blank  _
  input  0 1 ?
  start  so-far-equal

  # The verdict so far is a parameter of the macro, so that the walking is written once for all three.
  so-far-equal:  use round(is-equal, is-less, is-equal, is-greater)
  is-less:       halt less
  is-equal:      halt equal
  is-greater:    halt greater

macro round(state verdict, state less, state equal, state greater)
  "Compare the next pair; `verdict` is the result if none is left."

  right:         0 1 ? o  ->   R
                 _        ->   L take
  take:          0        -> _ L zero
                 1        -> _ L one
                 ?        ->   L rest
  zero:          0 1      ->   L
                 ?        ->   L against-zero
  one:           0 1      ->   L
                 ?        ->   L against-one
  against-zero:  o        ->   L
                 0 _      -> o R round(verdict, less, equal, greater)
                 1        -> o R round(greater, less, equal, greater)
  against-one:   o        ->   L
                 0 _      -> o R round(less, less, equal, greater)
                 1        -> o R round(verdict, less, equal, greater)
  rest:          o 0      ->   L
                 1        ->   S greater
                 _        ->   S verdict

test "101?11"    halts as greater
test "011?101"   halts as less
test "110?0110"  halts as equal
test "1?0001"    halts as equal
test "?"         halts as equal in 4 steps
test "?1"        halts as less
test "1?"        halts as greater
