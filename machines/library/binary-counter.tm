machine binary-counter
  "Count in binary for ever: 1, 10, 11, 100, ..."
  "The machine `increment` without an end. Each time the head comes to the blank on the right, the tape shows the"
  "next number. Every second number needs no carry, every fourth carries over one digit, every eighth over two:"
  "counting to n takes about 4n steps in all, however long the numbers are."
  blank  _
  input  0 1
  start  right

  right:  0 1  ->   R
          _    ->   L carry
  carry:  1    -> 0 L
          0 _  -> 1 R right

test ""      runs forever at least 1_000 steps
test "1011"  runs forever at least 1_000 steps
