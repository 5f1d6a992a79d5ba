machine numbers
  blank _
  tapes 2
  one-way 0 3 both
  a: *,* -> S,S halt

test "" halts in many steps
test "" leaves -1 marks
test "" runs at least 0 steps
