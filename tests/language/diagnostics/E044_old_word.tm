machine m
  blank _
  a: _ -> R find(1, halt)
piece find(symbol goal, state found)
  seek: goal -> S found
        * -> R nowhere(1)
