machine find-word
  "Does the word on tape 1 occur in the text on tape 2?"
  "Compare letter by letter; at a difference bring both heads back by as many letters as agreed, and try again one"
  "letter further on in the text."
  blank  _
  input  a b
  tapes  2
  start  compare

  compare:  a,a b,b      -> R,R
            _,*          -> S,S accept
            (a b),_      -> S,S reject  # the text is at its end
            a,b b,a      -> L,L back
  back:     (a b),(a b)  -> L,L
            _,*          -> R,R next
  next:     (a b),(a b)  -> S,R compare

test "ab", "bbab"   accepts
test "aa", "ababa"  rejects
test "", "ab"       accepts in 1 step
test "a", ""        rejects in 1 step
test "aab", "aaab"  accepts
