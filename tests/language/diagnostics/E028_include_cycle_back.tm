include "E028_include_cycle.tm"

piece p()
  a: _ -> R halt
