machine busy-beaver-4
  "The busy beaver with 4 states and 2 symbols: 107 steps, 13 marks."
  "Found by Allen Brady, who proved it in 1983 by looking at every machine with 4 states."
  blank  0

  A:  0  -> 1 R B
      1  -> 1 L B
  B:  0  -> 1 L A
      1  -> 0 L C
  C:  0  -> 1 R halt
      1  -> 1 L D
  D:  0  -> 1 R D
      1  -> 0 R A

test ""  halts in 107 steps and leaves 13 marks
