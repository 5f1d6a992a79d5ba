include "macros.tm"

machine reverse
  "Reverse a word over a, b and c."
  "The letters are taken from the left and put, one after the other, at the left end of the result, which grows"
  "leftward: the first letter taken ends up last. Cells that were emptied hold x and are erased at the end."
  blank  _
  input  a b c
  start  take

  take:    a      -> x L find(_, L, put(a, return))
           b      -> x L find(_, L, put(b, return))
           c      -> x L find(_, L, put(c, return))
           _      ->   L erase
  return:  a b c  ->   R  # over the result
           x      ->   R gap
  gap:     x      ->   R
           *      ->   S take
  erase:   x      -> _ L
           *      ->   S done
  done:    halt

test "abc"  => "cba"
test "aab"  => "baa"
test "b"    => "b" and halts in 9 steps
test ""     => ""
