include "@nosuch"
machine m
  blank _
  a: * -> S find(_, R, halt)
