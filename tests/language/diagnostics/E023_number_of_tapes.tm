machine tapes
  blank _
  tapes 2
  a: 0,0 1 -> R,R
     1,0 -> 0 R,R
     1,1 -> 0,0 R
     *,*,* -> S,S halt
