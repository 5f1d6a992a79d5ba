machine copy
  "Copy a binary word behind itself: 011 becomes 011=011."
  "Each round marks a digit (a for 0, b for 1), carries it to the first blank behind the =, and comes back. Which"
  "digit is carried is known by the state only, so the round is a macro that is used once for each digit."
  blank  _
  input  0 1
  start  right

  right:   0 1  ->   R
           _    -> = S return
  return:  0 1  ->   L
           =    ->   L return
           a b  ->   R next
           _    ->   R next
  next:    0    -> a R carry(0, return)
           1    -> b R carry(1, return)
           =    ->   L unmark
  unmark:  a    -> 0 L
           b    -> 1 L
           _    ->   R done
  done:    halt

macro carry(symbol digit, state next)
  "Take a digit to the first blank on the right."

  walk:  _  -> digit L back
         *  ->       R
  back:  *  ->       S next

test "011"  => "011=011"
test "0"    => "0=0"
test ""     => "=" and halts in 5 steps
