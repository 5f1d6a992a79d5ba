machine busy-beaver-2x3
  "The busy beaver with 2 states and 3 symbols: 38 steps, 9 marks."
  "Found by Allen Brady in 1988; Grégory Lafitte and Christophe Papazian proved in 2007 that there is no better one."
  blank  0

  A:  0  -> 1 R B
      1  -> 2 L B
      2  -> 1 R halt
  B:  0  -> 2 L A
      1  -> 2 R B
      2  -> 1 L B

test ""  halts in 38 steps and leaves 9 marks
