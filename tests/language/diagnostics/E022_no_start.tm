machine no-start
  blank _
  start frist
  first: _ -> R halt
