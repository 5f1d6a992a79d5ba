# Macros for machines with one tape: include "@macros"

macro find(symbol goal, move way, state found)
  "Go one way until the goal stands under the head."

  seek:  goal  -> S found
         *     -> way

macro past(symbol goal, move way, state next)
  "Go one way to the goal, and one cell further."

  seek:  goal  -> way next
         *     -> way

macro put(symbol new, state next)
  "Write a symbol and stay."

  write:  *  -> new S next

macro wipe(move way, symbol end, state next)
  "Erase cell after cell up to the symbol `end`, which is left as it is."

  erase:  end  ->   S next
          *    -> _ way

macro strip(symbol zero, state next)
  "Erase zeros on the left of a number, from its first digit on; a number with no other digit keeps one zero."

  leading:  zero  -> _    R
            _     -> zero S next
            *     ->      S next
