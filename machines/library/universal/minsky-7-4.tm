# Source: M. Minsky, Size and structure of universal Turing machines using tag systems, Proc. Symposia in Pure
# Mathematics 5 (1962) 229-238; Computation: Finite and Infinite Machines (1967), section 14.8.
# The code of a tag system, and what was done about halting: machines/universal/minsky.py.
machine minsky-7-4
  "Minsky's universal machine with 7 states and 4 symbols: simulates 2-tag systems."
  "A tag system is coded on its tape; `triquetra tag FILE --on minsky-7-4` does that, and reads words back."
  blank    0
  start    q1
  symbols  1 X B

  q1:    0  ->   L
         1  ->   L q2
         X  -> 0 L
         B  -> 1 L
  q2:    0  -> X R
         1  -> B R
         X  -> 0 L q1
         B  -> X R q6
  q3:    0  ->   L halt
         1  -> B L
         X  ->   L
         B  -> 1 L q4
  q4:    0  -> X R q5
         1  ->   L q7
         X  ->   L
         B  -> 1 L
  q5:    0  -> X L q3
         1  -> B R
         X  ->   R
         B  -> 1 R
  q6:    0  -> B L q3
         1  -> B R
         X  ->   R
         B  -> 1 R
  q7:    0  -> X R q6
         1  ->   R
         X  -> 0 R
         B  -> 0 R q2
  halt:  halt

test ""  runs at least 100 steps
