include "macros.tm"

machine palindrome
  "Does a word over a and b read the same from both ends?"
  "Erase the first letter, go to the last, compare and erase it, go back; again and again, in the order of n squared"
  "steps. The machine `two-tape-palindrome` needs 3n. On one tape nothing much faster exists (Hennie 1965)."
  blank  _
  input  a b
  start  first

  first:   a  -> _ R find(_, R, end-a)
           b  -> _ R find(_, R, end-b)
           _  ->   S accept
  end-a:   _  ->   L last-a
  end-b:   _  ->   L last-b
  last-a:  a  -> _ L find(_, L, turn)
           b  ->   S reject
           _  ->   S accept  # the middle letter of a word of odd length
  last-b:  b  -> _ L find(_, L, turn)
           a  ->   S reject
           _  ->   S accept
  turn:    _  ->   R first

test "abba"  accepts
test "abab"  rejects
test "aba"   accepts
test "a"     accepts
test ""      accepts in 1 step
