machine divisible-by-three
  "Is a binary number divisible by three?"
  "A finite automaton: reading one more digit d makes 2n + d of n, so it is enough to remember n modulo 3."
  blank  _
  input  0 1
  start  remainder-0

  remainder-0:  0  -> R
                1  -> R remainder-1
                _  -> S accept
  remainder-1:  0  -> R remainder-2
                1  -> R remainder-0
                _  -> S reject
  remainder-2:  0  -> R remainder-1
                1  -> R
                _  -> S reject

test "110"   accepts in 4 steps
test "111"   rejects
test "1001"  accepts
test "0"     accepts
test ""      accepts in 1 step
test "10"    rejects
