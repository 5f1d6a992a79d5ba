machine busy-beaver-2
  "The busy beaver with 2 states and 2 symbols: 6 steps, 4 marks."
  "A busy beaver is a machine that, begun on an empty tape, runs as long (or leaves as many marks) as any machine of"
  "its size that halts. Tibor Radó asked for them in 1962, and proved that no algorithm finds them all."
  blank  0

  A:  0  -> 1 R B
      1  -> 1 L B
  B:  0  -> 1 L A
      1  -> 1 R halt

test ""  halts in 6 steps and leaves 4 marks and => "1111"
