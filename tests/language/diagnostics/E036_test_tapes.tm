machine m
  blank _
  tapes 2
  a: *,* -> S,S halt

test "", "", "" halts
test "" => "", *, ""
