# Source: T. Neary and D. Woods, Four small universal Turing machines, Fundamenta Informaticae 91 (2009)
# 105-126, Table 4.
# The printed symbol δ is d here. It halts by (u5, b), which has no rule.
# The code of a bi-tag system: machines/universal/neary_woods.py.
machine neary-woods-9-3
  "U(9,3): simulates bi-tag systems, and so Turing machines in polynomial time."
  "A bi-tag system is coded on its tape; `triquetra tag FILE --on neary-woods-9-3` does that, and reads words back."
  blank    c
  start    u1
  symbols  b d

  u1:  c    -> b R
       b    -> c L u2
       d    ->   R u3
  u2:  c    ->   L u3
       b    -> c L
       d    ->   L
  u3:  c    ->   L
       b    ->   L u4
       d    ->   R u1
  u4:  c    -> b L u9
       b d  ->   L
  u5:  c    ->   R u6
       d    ->   L u8
  u6:  c    -> b L u4
       b d  ->   R
  u7:  c    -> d L u4
       b d  ->   R
  u8:  c    ->   R u7
       b    -> c R u9
       d    ->   R
  u9:  c    -> b L u5
       b    -> c R u8
       d    -> c R u1

test ""  runs at least 100 steps
