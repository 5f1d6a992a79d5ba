machine busy-beaver-5
  "The busy beaver with 5 states and 2 symbols: 47,176,870 steps, 4098 marks."
  "Found by Heiner Marxen and Jürgen Buntrock in 1990. That no machine with 5 states runs longer and halts was proved"
  "by the bbchallenge collaboration in 2024, and checked by the Coq proof assistant. Its run follows a Collatz-like"
  "rule: seen once a round, the block of marks grows by about 5/3."
  blank  0

  A:  0  -> 1 R B
      1  -> 1 L C
  B:  0  -> 1 R C
      1  -> 1 R B
  C:  0  -> 1 R D
      1  -> 0 L E
  D:  0  -> 1 L A
      1  -> 1 L D
  E:  0  -> 1 R halt
      1  -> 0 L A

test ""  halts in 47_176_870 steps and leaves 4098 marks
