include "no-such-file.tm"
include "."
include "@no-such-machine"
include ""

machine m
  blank _
  a: _ -> R halt
