machine brackets
  "Are the brackets in a word balanced?"
  "Each round finds the first closing bracket and, left of it, the nearest opening one, and crosses off both. The"
  "word is balanced if every closing bracket finds a partner and no opening one is left."
  blank  _
  input  "(" ")"
  start  closing

  closing:  "(" x  ->   R
            ")"    -> x L opening
            _      ->   L check
  opening:  x      ->   L
            "("    -> x R closing
            _      ->   S reject  # nothing to close
  check:    x      ->   L
            "("    ->   S reject  # never closed
            _      ->   S accept

test "(()())"  accepts
test ""        accepts in 2 steps
test "(()"     rejects
test "())("    rejects
