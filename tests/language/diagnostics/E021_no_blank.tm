machine no-blank
  a: _ -> R halt
