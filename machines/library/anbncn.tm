machine anbncn
  "Accept the words a...ab...bc...c with equally many a, b and c."
  "The standard example of a language that is not context-free. Each round crosses off an a, a b and a c, as A, B and"
  "C; when no a is left, nothing but B and C may be left either."
  blank  _
  input  a b c
  start  take-a

  take-a:  a        -> A R take-b
           B        ->   R rest
           _        ->   S accept
           *        ->   S reject
  take-b:  a B      ->   R
           b        -> B R take-c
           *        ->   S reject
  take-c:  b C      ->   R
           c        -> C L return
           *        ->   S reject
  return:  a b B C  ->   L
           A        ->   R take-a
  rest:    B C      ->   R
           _        ->   S accept
           *        ->   S reject

test "aabbcc"  accepts
test "abc"     accepts
test ""        accepts in 1 step
test "aabbc"   rejects
test "abcc"    rejects
test "acb"     rejects
test "abcabc"  rejects
