include "elementary.tm"

machine rule-90
  "The cellular automaton of rule 90, for as many generations as there are marks on tape 2."
  "Each cell becomes the sum of its two neighbours modulo 2. One cell that is 1 grows into Sierpinski's triangle. The"
  "number of the rule (Stephen Wolfram 1983) has in binary the next values of 111, 110, 101, ..., 000: 90 is"
  "01011010."
  blank  _
  input  0 1 |
  tapes  2

  generation:  use automaton(0, 1, 0, 1, 1, 0, 1)

test "1", "|"     => "101"
test "1", "||||"  => "100000001"
test "11", "|"    => "1111"
test "1", ""      => "1" and halts in 1 step
