machine two-tape-add
  "Add the binary numbers on two tapes; the sum replaces the number on tape 1."
  "With a tape for each number both heads stand in the same column, and one walk over the digits is enough: 2n + 2"
  "steps for numbers of n digits, where one tape takes in the order of n squared. A number that has no more digits"
  "counts as 0."
  blank  _
  input  0 1
  tapes  2
  start  right

  # Both heads to the last digit.
  right:  (0 1),(0 1)  -> R,R
          (0 1),_      -> R,S
          _,(0 1)      -> S,R
          _,_          -> L,L add

  add:    _,_          ->     S,S done
          0,0 0,_ _,0  -> 0,* L,L
          0,1 1,0      -> 1,* L,L
          1,_ _,1      -> 1,* L,L
          1,1          -> 0,* L,L carry
  carry:  _,_          -> 1,* S,S done
          0,0 0,_ _,0  -> 1,* L,L add
          0,1 1,0      -> 0,* L,L
          1,_ _,1      -> 0,* L,L
          1,1          -> 1,* L,L
  done:   halt

test "1011", "110"  => "10001", "110"
test "1", "1"       => "10" and halts in 4 steps
test "", "101"      => "101", "101"
test "101"          => "101", ""
test ""             => "" and halts in 2 steps
