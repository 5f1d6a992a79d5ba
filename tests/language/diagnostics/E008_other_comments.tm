// a machine
; of two lines
machine m
  blank _
  a: 0 -> R
     _ -> S halt
