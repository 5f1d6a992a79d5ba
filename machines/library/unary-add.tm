machine unary-add
  "Add two numbers written as tallies: ||+|||."
  "Turn the plus sign into a mark, and take one mark away at the end."
  blank  _
  input  | +
  start  left

  left:   |  ->   R
          +  -> | R right
  right:  |  ->   R
          _  ->   L drop
  drop:   |  -> _ S done
  done:   halt

test "||+|||"  => "|||||"
test "+|"      => "|"
test "|+"      => "|"
test "+"       => "" and halts in 3 steps
