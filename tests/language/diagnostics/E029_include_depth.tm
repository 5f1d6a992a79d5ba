include "nested/1.tm"

machine m
  blank _
  a: _ -> R halt
