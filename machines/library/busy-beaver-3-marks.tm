machine busy-beaver-3-marks
  "The busy beaver with 3 states and 2 symbols by marks: 6, in 14 steps."
  "With 3 states the longest run and the most marks belong to different machines (Lin and Radó 1965); the other one is"
  "`busy-beaver-3`."
  blank  0

  A:  0  -> 1 R B
      1  -> 1 R halt
  B:  0  -> 0 R C
      1  -> 1 R B
  C:  0  -> 1 L C
      1  -> 1 L A

test ""  halts in 14 steps and leaves 6 marks and => "111111"
