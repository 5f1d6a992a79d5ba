machine unary-prime
  "Is the number of marks on tape 1 a prime?"
  "Trial division by 2, 3, 4, ...: tape 2 holds the divisor, whose head runs to and fro over it while the head of"
  "tape 1 walks over the number. If both come to an end together, the divisor divides. A prime is divided by itself"
  "first, and then the head of tape 2 has not turned yet: the state `forth-first` knows that."
  blank  _
  input  |
  tapes  2
  start  begin

  # Tape 2 becomes ||, the first divisor; zero and one are no primes.
  begin:        |,_  -> |,| R,R begin-2
                _,_  ->     S,S reject
  begin-2:      |,_  -> |,| L,S home
                _,_  ->     S,S reject

  # Both heads to the first mark.
  home:         |,|  -> L,L
                |,_  -> L,S
                _,|  -> S,L
                _,_  -> R,R forth-first

  forth-first:  |,|  -> R,R
                |,_  -> S,L back
                _,_  -> S,S accept
  forth:        |,|  -> R,R
                |,_  -> S,L back
                _,|  -> S,R next
                _,_  -> S,S reject
  back:         |,|  -> R,L
                |,_  -> S,R forth
                _,|  -> S,R next
                _,_  -> S,S reject

  # The next divisor has one mark more.
  next:         _,|  ->     S,R
                _,_  -> *,| L,S home

test "|||||"      accepts
test "||||"       rejects
test "||"         accepts
test "|"          rejects in 2 steps
test ""           rejects in 1 step
test "|||||||||"  rejects
