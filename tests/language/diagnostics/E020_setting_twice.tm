machine settings
  blank _
  start a
  blank 0
  start b
  a: _ -> R b
  b: _ -> R halt
