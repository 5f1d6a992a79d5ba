machine m
  blank _
  a: * -> R
test "" runs forever
