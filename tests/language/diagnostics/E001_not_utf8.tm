machine latin
  "Saved as Latin-1: café."
  blank _
  a: _ -> R halt
