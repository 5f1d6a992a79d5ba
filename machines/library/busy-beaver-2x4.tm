machine busy-beaver-2x4
  "The busy beaver with 2 states and 4 symbols: 3,932,964 steps, 2050 marks."
  "Found by Terry and Shawn Ligocki in 2005. The proof that there is no better one came with that for 5 states, in"
  "2024."
  blank  0

  A:  0  -> 1 R B
      1  -> 2 L A
      2  -> 1 R A
      3  -> 1 R A
  B:  0  -> 1 L B
      1  -> 1 L A
      2  -> 3 R B
      3  -> 1 R halt

test ""  halts in 3_932_964 steps and leaves 2050 marks
