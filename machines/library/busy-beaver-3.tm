machine busy-beaver-3
  "The busy beaver with 3 states and 2 symbols by steps: 21, with 5 marks."
  "Shen Lin and Tibor Radó proved in 1965 that no machine with 3 states runs longer and halts. Another one leaves more"
  "marks: `busy-beaver-3-marks`."
  blank  0

  A:  0  -> 1 R B
      1  -> 1 R halt
  B:  0  -> 1 L B
      1  -> 0 R C
  C:  0  -> 1 L C
      1  -> 1 L A

test ""  halts in 21 steps and leaves 5 marks
