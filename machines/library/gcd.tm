machine gcd
  "The greatest common divisor of the tallies on two tapes, left on both."
  "Euclid's algorithm by subtraction (Elements, book VII): take the smaller number off the larger until they are"
  "equal. Both heads walk right together; the one that comes to the end first has the smaller number. On the way back"
  "the marks walked over are erased from the other."
  blank  _
  input  |
  tapes  2
  start  begin

  begin:       |,|  -> S,S walk
               _,|  -> S,S zero
               |,_  -> S,S zero
               _,_  -> S,S zero
  walk:        |,|  -> R,R
               |,_  -> L,L subtract-1
               _,|  -> L,L subtract-2
               _,_  -> S,S done

  # Tape 1 has more: erase as many marks there as tape 2 has.
  subtract-1:  |,|  -> _,| L,L
               _,_  ->     R,R first
  subtract-2:  |,|  -> |,_ L,L
               _,_  ->     R,R first

  # Both heads to the first mark that is left.
  first:       _,|  -> R,S
               |,_  -> S,R
               |,|  -> S,S walk
  done:        halt
  zero:        halt zero

test "||||||", "||||"  => "||", "||" and halts as halt
test "|||", "|||"      => "|||", "|||" and halts in 5 steps
test "|||||", "|||"    => "|", "|"
test "|", "||||"       => "|", "|"
test "", "||"          halts as zero
