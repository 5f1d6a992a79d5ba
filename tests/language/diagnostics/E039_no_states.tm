machine m
  blank _

piece p()
  "Nothing in here."
