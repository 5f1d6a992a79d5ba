# Source: Yu. Rogozhin, Small universal Turing machines, Theoretical Computer Science 168 (1996) 215-240, section 8.
# Printed b with a right and a left arrow are > and < here.
# It halts by (q3, <) or (q4, <), which have no rule. The code of a tag system: machines/universal/rogozhin.py.
machine rogozhin-4-6
  "UTM(4,6): simulates 2-tag systems."
  "A tag system is coded on its tape; `triquetra tag FILE --on rogozhin-4-6` does that, and reads words back."
  blank    0
  start    q1
  symbols  1 b > < c

  q1:  0 1  -> < L
       b    -> > R
       >    -> b L
       <    -> 0 R
       c    -> 0 R q4
  q2:  0    -> 1 L
       1    -> 0 R
       b    -> > L q3
       >    -> < R
       <    -> > L
       c    -> b R
  q3:  0    -> c R q1
       1    ->   R
       b    -> < R q4
       >    -> b R
       c    -> 1 R q1
  q4:  0 b  -> c L q2
       1    -> 0 R
       >    -> < R
       c    -> b R

test ""  runs at least 100 steps
