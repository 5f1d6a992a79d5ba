machine m
  blank  _
  a:  0 --> 1 R
      _ -->   S halt
      -  -> - R
