# Source: T. Neary and D. Woods, Four small universal Turing machines, Fundamenta Informaticae 91 (2009)
# 105-126, Table 16.
# It halts by (u10, b), which has no rule. The code of a bi-tag system: machines/universal/neary_woods.py.
machine neary-woods-15-2
  "U(15,2): simulates bi-tag systems, and so Turing machines in polynomial time."
  "A bi-tag system is coded on its tape; `triquetra tag FILE --on neary-woods-15-2` does that, and reads words back."
  blank    c
  start    u1
  symbols  b

  u1:   c    ->   R u2
        b    ->   R
  u2:   c    -> b R u3
        b    ->   R u1
  u3:   c    ->   L u7
        b    -> c L u5
  u4:   c    ->   L u6
        b    ->   L u5
  u5:   c    -> b R u1
        b    ->   L u4
  u6:   c    -> b L u4
        b    ->   L u4
  u7:   c    ->   L u8
        b    ->   L
  u8:   c    -> b L u9
        b    ->   L u7
  u9:   c    ->   R u1
        b    ->   L u10
  u10:  c    -> b L u11
  u11:  c    ->   R u12
        b    ->   R u14
  u12:  c    ->   R u13
        b    ->   R
  u13:  c    ->   L u2
        b    ->   R u12
  u14:  c    ->   L u3
        b    -> c R u15
  u15:  c b  ->   R u14

test ""  runs at least 100 steps
