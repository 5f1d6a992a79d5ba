machine m
  blank   _   // the blank
  input   0 1 // digits
  symbols x   //x
  a:  0 1  -> R
      _    -> S ;halt
