machine unary-subtract
  "Subtract tallies: |||||-||. Below zero the result is zero."
  "Take a mark off the right end and one off the left end, until one of the numbers is used up. This truncated"
  "subtraction, also called monus, is the one of the theory of computable functions."
  blank  _
  input  | -
  start  right

  right:  | -  ->   R
          _    ->   L take
  take:   |    -> _ L left
          -    -> _ S done  # nothing left to subtract
  left:   | -  ->   L
          _    ->   R pay
  pay:    |    -> _ R right
          -    -> _ R wipe  # nothing left to subtract from
  wipe:   |    -> _ R
          _    ->   S done
  done:   halt

test "|||||-||"  => "|||"
test "||-||"     => ""
test "|-|||"     => ""
test "|||-"      => "|||"
test "-"         => "" and halts in 3 steps
