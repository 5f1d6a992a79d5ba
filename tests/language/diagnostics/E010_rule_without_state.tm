machine no-state
  blank _
  0 1 -> R
  _   -> L done
  done: halt
