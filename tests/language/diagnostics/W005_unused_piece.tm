machine m
  blank _
  a: _ -> R halt

piece skip(state next)
  only: * -> R next
