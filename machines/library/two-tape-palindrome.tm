machine two-tape-palindrome
  "Does a word over a and b read the same from both ends? In linear time, with a second tape."
  "Copy the word to tape 2, bring the head of tape 1 back, and let the heads walk over the two copies in opposite"
  "directions: 3n + 3 steps for a palindrome of n letters."
  blank  _
  input  a b
  tapes  2
  start  copy

  copy:     a,_      -> a,a R,R
            b,_      -> b,b R,R
            _,_      ->     L,L rewind
  rewind:   (a b),*  ->     L,S
            _,*      ->     R,S compare
  compare:  a,a b,b  ->     R,L
            a,b b,a  ->     S,S reject
            _,_      ->     S,S accept

test "abba"  accepts in 15 steps
test "ab"    rejects
test "aba"   accepts
test ""      accepts in 3 steps
