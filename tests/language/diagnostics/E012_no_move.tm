machine no-move
  blank _
  a: 0 -> 1 left b
     1 -> 0 > b
     _ -> b
  b: 0 1 -> 0
     _ -> halt
