include "E028_include_cycle.tm"

macro p()
  a: _ -> R halt
