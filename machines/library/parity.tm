machine parity
  "Put a parity bit behind a binary word, so that the number of ones becomes even."
  "Two states are enough to know whether the ones read so far are even or odd in number."
  blank  _
  input  0 1
  start  even

  even:  0  ->   R
         1  ->   R odd
         _  -> 0 S done
  odd:   0  ->   R
         1  ->   R even
         _  -> 1 S done
  done:  halt

test "1011"  => "10111" and halts in 5 steps
test "1001"  => "10010"
test ""      => "0"
