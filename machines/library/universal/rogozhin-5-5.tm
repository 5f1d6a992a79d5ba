# Source: Yu. Rogozhin, Small universal Turing machines, Theoretical Computer Science 168 (1996) 215-240.
# It halts by (q5, 0) or (q5, b), which have no rule. The code of a tag system: machines/universal/rogozhin.py.
machine rogozhin-5-5
  "UTM(5,5): simulates 2-tag systems."
  "A tag system is coded on its tape; `triquetra tag FILE --on rogozhin-5-5` does that, and reads words back."
  blank    b
  start    q1
  symbols  0 1 c d

  q1:  b      -> d R
       0      -> 1 R
       1      -> 0 L
       c      -> 0 R q2
       d      -> b L
  q2:  b      -> 0 L q4
       0 c d  ->   R
       1      -> 0 R
  q3:  b      ->   R q5
       0      -> c L q4
       1      -> 0 R
       c d    ->   R
  q4:  b      -> d L q3
       0      -> 1 L
       1      -> 0 R q2
       c d    ->   L
  q5:  1      ->   R
       c      -> 1 R q1
       d      -> b R

test ""  runs at least 100 steps
