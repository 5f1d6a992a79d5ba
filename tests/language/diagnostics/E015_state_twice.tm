machine twice
  blank _
  a: 0 -> R
     _ -> S b
  b: 0 -> L
     _ -> S again(x)
  a: 1 -> R
  "again(x).back": _ -> S halt

macro again(symbol mark)
  there: * -> mark R back
  back:  * -> L halt
