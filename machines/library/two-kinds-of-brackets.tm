machine two-kinds-of-brackets
  "Are round and square brackets in a word balanced and properly nested?"
  "Tape 2 is a stack: an opening bracket is pushed, a closing one must find its partner on top. So the word is"
  "read once only. A machine with nothing but a stack, a pushdown automaton, can do this too."
  blank  _
  input  "(" ")" [ ]
  tapes  2
  start  read

  # The head of tape 2 stands behind the top of the stack.
  read:        "(",_    -> *,"(" R,R
               [,_      -> *,[   R,R
               ")",_    ->       S,L pop-round
               ],_      ->       S,L pop-square
               _,_      ->       S,L empty
  pop-round:   ")","("  -> *,_   R,S read
               ")",*    ->       S,S reject
  pop-square:  ],[      -> *,_   R,S read
               ],*      ->       S,S reject
  empty:       _,_      ->       S,S accept
               _,*      ->       S,S reject

test "[()]()"  accepts
test ""        accepts in 2 steps
test "([)]"    rejects
test "[("      rejects
test ")"       rejects in 2 steps
