include "macros.tm"

machine majority
  "Are there more a or more b in a word? The verdict is a, b or tie."
  "Each round crosses off one a and one b: the first letter that is left, then the next of the other kind. When a"
  "letter finds no partner, its kind has the majority."
  blank  _
  input  a b
  start  first

  first:    x    ->   R
            a    -> x R want-b
            b    -> x R want-a
            _    ->   S neither
  want-b:   a x  ->   R
            b    -> x L return
            _    ->   S more-a
  want-a:   b x  ->   R
            a    -> x L return
            _    ->   S more-b
  return:   use find(_, L, turn)
  turn:     *    ->   R first

  more-a:   halt a
  more-b:   halt b
  neither:  halt tie

test "abba"   halts as tie
test "aab"    halts as a
test "babab"  halts as b
test ""       halts as tie in 1 step
