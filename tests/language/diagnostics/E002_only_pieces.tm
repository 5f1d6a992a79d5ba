# Pieces for other files; there is no machine here.
piece skip(state next)
  only: * -> R next
