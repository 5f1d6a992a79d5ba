include "no-such-file.tm"
include "."
include "@qqq"
include ""

machine m
  blank _
  a: _ -> R halt
