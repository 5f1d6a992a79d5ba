include "E028_include_cycle_back.tm"

machine m
  blank _
  a: _ -> R halt
