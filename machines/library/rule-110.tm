include "elementary.tm"

machine rule-110
  "The cellular automaton of rule 110, for as many generations as there are marks on tape 2."
  "110 is 01101110 in binary: the next values of 111, 110, 101, ..., 000. Matthew Cook proved (2004) that this rule"
  "can compute everything that can be computed."
  blank  _
  input  0 1 |
  tapes  2

  generation:  use automaton(0, 1, 1, 0, 1, 1, 1)

test "1", "|"    => "110"
test "1", "|||"  => "1101000"
test "1", ""     => "1" and halts in 1 step
