machine two-wildcards
  blank _
  tapes 2
  a: 0,* -> R,R
     *,1 -> L,L
     *,* -> S,S halt
