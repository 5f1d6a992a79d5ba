blank _
"This should stand below the line `machine`."

machine late
  a: _ -> R skip(halt)

macro skip(state next)
  blank 0
  only: * -> R next
