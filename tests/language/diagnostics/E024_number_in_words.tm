machine m
  blank _
  tapes two
  a: 0,_ -> R,S
     _,_ -> S,S halt
