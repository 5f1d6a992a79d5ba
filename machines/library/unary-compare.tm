machine unary-compare
  "Compare tallies: ||?|||. The verdict is less, equal or greater."
  "Take a mark off the left end and one off the right end, until one of the numbers is used up."
  blank  _
  input  | ?
  start  left

  left:     |    -> _ R right
            ?    ->   R rest
  right:    | ?  ->   R
            _    ->   L take
  take:     |    -> _ L home
            ?    ->   S more
  home:     | ?  ->   L
            _    ->   R left
  rest:     |    ->   S fewer
            _    ->   S as-many
  fewer:    halt less
  as-many:  halt equal
  more:     halt greater

test "||?|||"  halts as less
test "||?||"   halts as equal
test "|||?||"  halts as greater
test "?"       halts as equal in 2 steps
test "|?"      halts as greater
test "?|"      halts as less
