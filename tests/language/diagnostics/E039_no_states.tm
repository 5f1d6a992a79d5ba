machine m
  blank _

macro p()
  "Nothing in here."
