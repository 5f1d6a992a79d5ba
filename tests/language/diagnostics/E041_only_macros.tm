# Macros for other files; there is no machine here, but mistakes are found.
macro skip(symbol over, state next)
  only:  over  -> R
         *     -> S next
  other: 0 0   -> L nowhere
