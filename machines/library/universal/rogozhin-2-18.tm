# Source: Yu. Rogozhin, Small universal Turing machines, Theoretical Computer Science 168 (1996) 215-240.
# Printed arrows over a letter are written > and < here, and a subscript follows: c with a left arrow and 1 is c<1.
# It halts by (q1, c<1), which has no rule. The code of a tag system: machines/universal/rogozhin.py.
machine rogozhin-2-18
  "UTM(2,18): simulates 2-tag systems."
  "A tag system is coded on its tape; `triquetra tag FILE --on rogozhin-2-18` does that, and reads words back."
  blank    1<
  start    q1
  symbols  1 1> 1>1 1<1 b b> b< b>1 b<1 b2 b3 c c> c< c>1 c<1 c2

  q1:  1< 1    -> c2  L
       1>      -> 1<1 R
       1>1     -> 1   R
       1<1     -> 1>1 L
       b       -> b<  R
       b>      -> b<1 R
       b<      -> b   L
       b>1     -> b   R
       b<1     -> b>1 L
       b2      -> b3  L q2
       b3      -> b>1 L q2
       c       -> 1>  L q2
       c>      -> c<  R
       c<      -> c>1 L
       c>1     -> c<1 R q2
       c2      -> 1<  R
  q2:  1<      -> 1>  L
       1 1>    -> 1<  R
       1>1     -> 1<1 R
       1<1     -> 1   L
       b       -> b2  R q1
       b>      -> b<  R
       b< b<1  -> b>  L
       b>1 b3  -> b<1 R
       b2      -> b   R q1
       c c>    -> c<  R
       c<      -> c>  L
       c>1     -> c2  R
       c<1     -> c2  L q1
       c2      -> c   L

test ""  runs at least 100 steps
